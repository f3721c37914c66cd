// The task dialog. A new task is made by its button; of one that is open, a field is saved when it is left, or has rested. The form
// follows its task wherever nothing is typed, so that typing is never overwritten.
import { NO_STEPS, drawnSteps } from "./activity.js";
import * as drafts from "./drafts.js";
import { PARTS, asHeld, changedFields, completeYear, draftOf, fieldsOf, isTouched, partOf, problemsOf, titleProblem } from "./fields.js";
import { completeForGood, create, duplicate, pause, perform, resume, saveOver, skip, trash } from "./commands.js";
import { say } from "./notices.js";
import { listForNew, listName, pathOf, placeOf } from "./lists.js";
import * as optimistic from "./optimistic_list.js";
import { givenHere } from "./place.js";
import { knownRows, server, store, subscribe, ui, update } from "./screen.js";
import { addSubtasks, titlesIn } from "./subtasks.js";
import { BLANK, WRITTEN } from "./task_fields.js";
import { repeatWords } from "./words.js";

const REST = 600; // after the last letter, in milliseconds, before it is saved
const RESTING = ["title", "description", "repeat"];
const SAVED = 2000; // how long it is said that all is saved

let bring = () => {};

/** Have `fetch(id)` bring what the row of a task does not say, and its subtasks, which `withWhole` then takes in. */
export const fetchTasksBy = (fetch) => (bring = fetch);
export const fetchTask = (id) => bring(id);

const NO_PARTS = new Map();
const opened = (mode, row, description) => ({ mode, row, description, parts: NO_PARTS, parent: null, steps: NO_STEPS, problems: {}, news: "", theirs: {}, isGone: false, formatted: "", isWriting: false });

/** The form of the dialog, once it is that of the task that is open now. */
function form() {
  const held = document.querySelector("dialog[data-of][open] form");
  return held?.dataset.form === (ui.dialog?.row?.id ?? "") ? held : null;
}

export function open(row) {
  if (ui.dialog?.row?.id === row.id || !leaveTask()) return;
  show(row);
  if (row.description || row.subtasks || row.parent_id) fetchTask(row.id);
}

function show(row) {
  // As the server has it: what this person did since is over it in any case.
  const said = { ...row, ...store.base.get(row.id) };
  savedAt = 0;
  update(store, { dialog: opened("edit", said, said.has_more ? null : said.description) });
  takeDraft();
}

/* ---------- the task, and what its form holds beyond it ---------- */

/** The task that is open: as the server has it, with what this person changed since, whether or not that could be saved. */
const taskNow = () => ({ ...ui.dialog.row, description: ui.dialog.description, ...optimistic.ownFields(store, ui.dialog.row.id) });

let followed = null; // the task as its form followed it last
let savedAt = 0;

/** Have the form hold what its task is by now, but for what is typed in it. */
function followTask() {
  const before = followed;
  followed = ui.dialog?.row ? { ...taskNow(), saving: optimistic.savingOf(store, ui.dialog.row.id) } : null;
  if (!followed || before?.id !== followed.id) return;
  if (before.saving && !followed.saving && !store.ops.some((op) => op.id === followed.id && op.error)) tellSaved();
  const elements = form()?.elements ?? {};
  for (const name of Object.keys(WRITTEN)) {
    const input = elements[name];
    // A description that has just come is drawn as one.
    if (!input || before[name] === null || asHeld(name, before[name]) === asHeld(name, followed[name])) continue;
    if (!isTouched(name, input, before[name])) put(input, followed[name] ?? "");
  }
}

subscribe(followTask);

function tellSaved() {
  savedAt = Date.now();
  setTimeout(() => update(store), SAVED);
}

/** What the form of a new task holds, or that of one that is open beyond its task, as a draft; null when that is nothing. */
function typedInDialog() {
  const held = form();
  if (!held || !ui.dialog) return null;
  const fields = allTyped(held);
  if (ui.dialog.row) return draftOf(ui.dialog.row.id, fields, taskNow());
  return fields.title || fields.description ? { mode: "new", id: "", fields } : null;
}

/** What was half-typed in the task that is open, before this page was left, is in its fields again. */
export function takeDraft() {
  const id = ui.dialog?.row?.id;
  const at = drafts.waiting.findIndex(({ dialog, quickAdd }) => id && dialog?.id === id && !quickAdd);
  if (at < 0) return;
  const [{ key, dialog }] = drafts.waiting.splice(at, 1);
  drafts.drop(key);
  update(store, { draft: drafts.waiting[0] ?? null });
  fill(dialog);
}

/** Open a task of which `said` is the whole, or which has to be fetched. */
export function openWhole(row, said) {
  if (!said) return open(row);
  show(row);
  update(store, { dialog: withWhole(ui.dialog, server) });
}

/** The task that is open may have been changed while nothing was heard. */
export const refreshTask = () => ui.dialog?.row && fetchTask(ui.dialog.row.id);

/** Close the task that is open, to make way for something else; false where what is typed cannot be saved, and it stays open. */
export function leaveTask() {
  if (ui.dialog?.mode === "new" && typedInDialog()) form().requestSubmit();
  else if (ui.dialog && saveAll() && !isAway()) focusProblem();
  else if (ui.dialog) close();
  return !ui.dialog;
}

/** Have `act` get the form of the task that is open, once it is drawn: on a busy machine that may take some frames. */
function onceDrawn(act) {
  const of = ui.dialog?.row?.id;
  requestAnimationFrame(() => {
    if (!ui.dialog || ui.dialog.row?.id !== of) return;
    const drawn = form();
    drawn ? act(drawn) : onceDrawn(act);
  });
}

/** For a click on a title; where it ended a selection of the title's text, that was what it was for. */
export function openTitle(row, { detail, currentTarget }) {
  const selection = getSelection();
  const isSelecting = () => detail && !selection.isCollapsed && selection.containsNode(currentTarget, true);
  // A click on what is selected takes the selection back, but only after it was heard of.
  if (isSelecting()) setTimeout(() => isSelecting() || open(row));
  else open(row);
}

/** Open the dialog at one of its fields. */
export function openAt(row, name) {
  open(row);
  onceDrawn(({ elements }) => elements[name].focus());
}

/** Open the task before or after the open one, with the focus on the button that did; at the end of the list on the other one. */
export function openInTurn(row, { currentTarget }) {
  const { name } = currentTarget;
  open(row);
  onceDrawn((drawn) => {
    const button = (which) => drawn.querySelector(`[name=${which}]:enabled`);
    (button(name) ?? button(name === "next" ? "previous" : "next"))?.focus();
  });
}

/** Open the dialog where it says how the task repeats, with the choices. */
export function openRepeat(row) {
  open(row);
  onceDrawn((drawn) => {
    const button = drawn.querySelector("[data-do=repeat]");
    button?.focus();
    button?.click();
  });
}

export const openNew = () => leaveTask() && update(store, { dialog: opened("new", null, "") });

let typed = null; // what the form of a task holds beyond it, and what is wrong with that
let resting; // until what is typed is saved

function shut() {
  typed = null;
  clearTimeout(resting);
  drafts.keep("dialog", null);
  update(store, { dialog: null });
}

/** Close; what could not be saved, and a new task that was not made, can be had back for as long as the notice stands. */
export function close() {
  const left = ui.dialog.row ? saveAll() : typedInDialog();
  if (form()?.contains(document.activeElement)) focusRow(ui.dialog.row?.id);
  shut();
  if (!left) return;
  const [name] = Object.keys(left.was ?? {});
  say(WRITTEN[name] ? `Closed without saving the ${WRITTEN[name].label.toLowerCase()}.` : "Closed without saving.", () => reopen(left));
}

/** The focus goes back to the task, once the panel has closed: that was opened from another one, where one came in place of the other. */
function focusRow(id) {
  const focus = () => {
    const row = document.querySelector(`[data-task="${id}"]`);
    if (!ui.dialog && !row?.contains(document.activeElement)) row?.focus({ preventScroll: true });
  };
  requestAnimationFrame(() => requestAnimationFrame(focus));
}

/** The page has gone, and the fields with it: what was typed is saved, or offered back where it cannot be. */
export function leavePage() {
  if (typed && ui.dialog?.row && !isAway()) {
    const { draft, problems } = typed;
    const own = Object.fromEntries(Object.keys(draft.was).map((name) => [name, draft.fields[name]]));
    saveParts(own, problems);
    if (addTyped(own.subtask, problems)) delete own.subtask;
    const left = draftOf(draft.id, own, taskNow());
    typed = left && { draft: { ...left, fields: draft.fields } };
  }
  if (typed) drafts.waiting.unshift({ dialog: typed.draft });
  shut();
  update(store, { draft: drafts.waiting[0] ?? null });
}

/** The row of the open task, as the page has it where it knows it. */
const rowNow = () => knownRows().get(ui.dialog.row.id) ?? ui.dialog.row;

/** What is done to the open task closes it. */
const withOpened = (act) => () => {
  saveAll();
  const row = rowNow();
  shut();
  act(row);
};
export const trashOpened = withOpened(trash);
export const skipOpened = withOpened(skip);
export const pauseOpened = withOpened(pause);
export const resumeOpened = withOpened(resume);
export const completeOpened = withOpened(completeForGood);

export function duplicateOpened() {
  saveAll();
  duplicate(rowNow());
}

/* ---------- saving ---------- */

/** For the submit of the dialog's form: makes a new task; of one that is open, Enter says that it is done. */
export function save(event) {
  event.preventDefault();
  if (ui.dialog.row) return leaveTask();
  completeYear(event.currentTarget);
  return makeTask({});
}

/** Make a new task of what the form holds, if it may be one; a day that `before` has already is not judged. */
function makeTask(before) {
  const held = form();
  const problems = problemsIn(held, before);
  if (Object.keys(problems).length) return refuse(problems);
  const fields = withoutSubtask(allTyped(held));
  typed = null;
  drafts.keep("dialog", null);
  return create(fields, { dialog: null });
}

/** Save the fields of the open task that are as they may be. One that somebody else changed meanwhile waits for a choice, until one leaves. */
export function saveOpened(isLeaving = false) {
  const held = form();
  clearTimeout(resting);
  if (!held || !ui.dialog?.row || isAway()) return;
  completeYear(held);
  const problems = problemsIn(held, taskNow());
  saveParts(typedFields(held), problems, isLeaving ? {} : ui.dialog.theirs);
  if (JSON.stringify(problems) !== JSON.stringify(ui.dialog.problems)) update(store, { dialog: { ...ui.dialog, problems } });
  keepTyped();
}

function saveParts(fields, problems, undecided = {}) {
  for (const part of PARTS) {
    if (part.some((name) => name in problems || name in undecided)) continue;
    const own = Object.fromEntries(Object.entries(fields).filter(([name]) => part.includes(name)));
    if (!Object.keys(changedFields(own, taskNow())).length) continue;
    // What failed is written again.
    dropFailed(part);
    saveOver({ ...taskNow(), version: ui.dialog.seen ?? ui.dialog.row.version }, own, {}, `${ui.dialog.row.id} ${part[0]}`);
  }
}

const dropFailed = (part) => update(optimistic.withoutFailed(store, ui.dialog.row.id, part));

/** Save all of the open task, a subtask that is being typed too. Returns what cannot be saved, as a draft; null when that is nothing. */
function saveAll() {
  saveOpened(true);
  const line = form()?.elements.subtask;
  if (line && !isAway() && addTyped(line.value, ui.dialog.problems)) line.value = "";
  keepTyped();
  return typedInDialog();
}

/** Whether the task was deleted elsewhere: then nothing of it is saved by itself. */
const isAway = () => ui.dialog.isGone || ui.dialog.isErased;

/** Take a task that was deleted elsewhere out of the trash, or make it a new one where it is gone for good. */
export function bringBack() {
  const { row, isErased } = ui.dialog;
  if (isErased) return makeTask(taskNow());
  perform("restore", row.id, { row });
  update(store, { dialog: { ...ui.dialog, isGone: false, news: "" } });
  return saveOpened();
}

/** Have the field hold again what is saved. */
export function discardField(name) {
  const part = partOf(name);
  dropFailed(part);
  for (const each of part) put(form().elements[each], taskNow()[each] ?? "");
  keepTyped();
}

export const retryOpened = () => update(optimistic.retry(store, ui.dialog.row.id));

const withoutSubtask = ({ subtask: _subtask, ...fields }) => fields;

/** Say what is wrong at its field, where it stands until something is typed. */
function refuse(problems) {
  update(store, { dialog: { ...ui.dialog, problems } });
  focusProblem();
}

function focusProblem() {
  const field = form().elements[Object.keys(ui.dialog.problems)[0]];
  // By its button, beside which it stands then.
  const closed = field?.closest("[popover]:not(:popover-open)");
  if (closed) form().querySelector(`[popovertarget="${CSS.escape(closed.id)}"]`).click();
  field?.focus();
}

/** For what is typed or chosen in the dialog: keep it as a draft, and save it in a while; at once what is chosen by one press. */
export function keepDialog({ name, type } = {}, isTyping = true) {
  const part = partOf(name);
  const problems = Object.fromEntries(Object.entries(ui.dialog.problems).filter(([each]) => !part.includes(each)));
  if (Object.keys(problems).length !== Object.keys(ui.dialog.problems).length) update(store, { dialog: { ...ui.dialog, problems } });
  keepTyped();
  const isResting = RESTING.includes(name);
  const isChosen = !isTyping || type === "radio";
  if (!ui.dialog.row || !(name in WRITTEN) || !(isChosen || isResting)) return;
  clearTimeout(resting);
  resting = setTimeout(saveOpened, isResting ? REST : 0);
}

/** For a field of the dialog that is left. */
export const leaveField = ({ name }) => name in WRITTEN && saveOpened();

function keepTyped() {
  const draft = typedInDialog();
  typed = draft && { draft, problems: problemsIn(form(), ui.dialog.row ? taskNow() : {}) };
  drafts.keep("dialog", draft);
}

/** A description that is still on its way is not what anybody typed. */
function typedFields(elements) {
  const { description, ...fields } = fieldsOf(elements);
  return ui.dialog.description === null ? fields : { ...fields, description };
}

/** What stands in the line that adds a subtask. */
function typedSubtask({ elements }) {
  const subtask = elements.subtask?.value.trim();
  return subtask ? { subtask } : {};
}

const allTyped = (form) => ({ ...typedFields(form), ...typedSubtask(form) });

/** What is wrong with what a form holds, the line that adds a subtask included, by field. */
function problemsIn(fields, before) {
  const { subtask } = typedSubtask(fields);
  const words = subtask && titleProblem(subtask);
  return { ...problemsOf(fields, before), ...(words && { subtask: words }) };
}

/** Add the subtask that was typed, if it may be one; says whether. */
function addTyped(title, problems) {
  const isRight = Boolean(title?.trim()) && !problems.subtask;
  if (isRight) addSubtasks(ui.dialog.row, [title.trim()]);
  return isRight;
}

/** The line stays for the next subtask, and keeps what cannot be one. */
function addFrom(line) {
  const words = titleProblem(line.value);
  if (words) return refuse({ subtask: words });
  addTyped(line.value, {});
  line.value = "";
  keepTyped();
  requestAnimationFrame(() => requestAnimationFrame(() => line.scrollIntoView({ block: "nearest" })));
}

/** For the keys in that line, which is a field of the task's form: Enter alone does not save that. */
export function addByEnter(event) {
  if (event.key !== "Enter") return;
  event.preventDefault();
  // Enter that confirms a candidate of an input method adds nothing; Safari says so by the code alone.
  if (!event.nativeEvent.isComposing && event.keyCode !== 229) addFrom(event.currentTarget);
}

/** For a paste into that line: of several lines, each is a subtask. */
export function pasteSubtasks(event) {
  const titles = titlesIn(event.clipboardData.getData("text/plain"));
  if (titles.length < 2) return;
  event.preventDefault();
  addSubtasks(ui.dialog.row, titles);
}

/** Open the dialog again with what was typed in it; a task that is gone from the list becomes a new one. */
export function reopen(draft) {
  const row = optimistic.rowsOf(store).get(draft.id);
  row ? open(row) : openNew();
  fill(draft);
}

/** Have the fields hold a draft again: of a task that there is, what was changed. What somebody else has changed since is told. */
function fill({ fields, was }) {
  const isOpen = Boolean(ui.dialog.row);
  const names = Object.keys(fields).filter((name) => !isOpen || !was || name in was || !(name in WRITTEN));
  update(store, { dialog: { ...ui.dialog, isWriting: ui.dialog.isWriting || names.includes("description") } });
  onceDrawn(({ elements }) => {
    const now = isOpen ? taskNow() : {};
    const isOther = (name) => isOpen && name in WRITTEN && now[name] !== null && asHeld(name, now[name]) !== asHeld(name, was?.[name]) && asHeld(name, now[name]) !== asHeld(name, fields[name]);
    const theirs = Object.fromEntries(names.filter(isOther).map((name) => [name, now[name]]));
    for (const name of names) if (elements[name]) put(elements[name], fields[name] ?? "");
    if (Object.keys(theirs).length) update(store, { dialog: { ...ui.dialog, theirs, news: "Changed since this was typed." } });
    keepTyped();
    if (isOpen) resting = setTimeout(saveOpened, REST);
  });
}

/** The dialog with what the server says of the whole of its task; not of its description, if that is another one by now. */
export function withWhole(dialog, { opened: said, user_id }) {
  if (!dialog?.row || said?.id !== dialog.row.id || said === dialog.said || !said.row) return dialog;
  const parts = new Map(said.parts.map((row) => [row.id, optimistic.whole({ id: row.id, row }, user_id).row]));
  const parent = said.parent && optimistic.whole({ id: said.parent.id, row: said.parent }, user_id).row;
  const isOther = (dialog.description ?? said.description) !== said.description;
  return { ...dialog, said, parts, parent, ...(!isOther && { description: said.description, formatted: said.formatted }) };
}

/** The dialog with a change to one of its subtasks, or to the task that it is a part of. */
export function withPart(dialog, { id, row, is_deleted, is_unknown }) {
  if (row && id === dialog?.parent?.id) return { ...dialog, parent: row };
  const isPart = row?.parent_id === dialog?.row?.id && !is_deleted;
  if (!dialog?.row || is_unknown || !(isPart || dialog.parts.has(id))) return dialog;
  const parts = new Map(dialog.parts);
  if (isPart) parts.set(id, row);
  else parts.delete(id);
  return { ...dialog, parts };
}

/** The dialog with a change to its task that this person made by the gesture `op`. */
export function withOwnChange(dialog, { id, row }, op) {
  if (!row || id !== dialog?.row?.id) return dialog;
  const { description } = op.fields;
  return merged(dialog, row, description ?? dialog.description);
}

/** The dialog with its task as the server has it now; `whole` is the description where the row has its beginning only. */
function merged(dialog, row, whole = dialog.description) {
  const description = row.has_more ? whole : row.description;
  return { ...dialog, row: { ...dialog.row, ...row }, description, formatted: description === dialog.description ? dialog.formatted : "" };
}

/** Show the description as text to write in. A click on a link in it, or one that ends a selection, is not for that. */
export function writeDescription({ target }) {
  if (target.closest("a") || !getSelection().isCollapsed) return;
  update(store, { dialog: { ...ui.dialog, isWriting: true } });
  requestAnimationFrame(() => form()?.elements.description.focus());
}

const on = ({ device }) => (device ? ` (${device})` : "");

/** A change from elsewhere to the task in the dialog: told, and where this person writes, too, with its value. `after` is the store with it. */
export function withChange(dialog, change, after) {
  if (!dialog?.row || change.id !== dialog.row.id || change.is_unknown) return dialog;
  if (change.is_deleted) return { ...dialog, isGone: true, news: `This task was moved to the trash on another device just now${on(change)}.` };
  if (!change.row) return { ...dialog, isGone: false, isErased: true, news: `This task was deleted forever on another device${on(change)}.` };
  const { row } = change;
  const next = merged(dialog, row);
  if (!isNews(dialog, row)) return next;
  const theirs = Object.fromEntries(Object.keys(WRITTEN).filter((name) => isMet(dialog, row, name, after)).map((name) => [name, row[name]]));
  const seen = Object.keys(theirs).length ? (dialog.seen ?? dialog.row.version) : null;
  return { ...next, isGone: false, isErased: false, theirs, seen, news: `Changed on another device just now${on(change)}.` };
}

/** Whether another value came to a field in which something is typed, or of which what was saved has no answer yet. */
function isMet(dialog, row, name, after) {
  const before = name === "description" ? (dialog.description ?? "") : dialog.row[name];
  const input = form()?.elements[name];
  if (!input || row[name] === before || (name === "description" && row.has_more)) return false;
  const isOwn = name in optimistic.ownFields(after, row.id) || isTouched(name, input, taskNow()[name]);
  return isOwn && input.value !== asHeld(name, row[name]);
}

/** Whether a change is one to the task itself: not where only its subtasks or its place are others. */
function isNews({ row: before, description, isGone, isErased }, row) {
  const isSame = (name) => (name === "description" && description !== null ? (row.has_more ? description.startsWith(row[name]) : description === row[name]) : before[name] === row[name]);
  return isGone || isErased || before.is_completed !== row.is_completed || !Object.keys(WRITTEN).every(isSame);
}

/** Have a field of the form hold something else; the repeat is drawn by a part of its own, which hears of it. */
function put(input, value) {
  input.value = value;
  // What radio buttons hold together is no element.
  input.dispatchEvent?.(new Event("change", { bubbles: true }));
}

/** Of two values of a field, take what the other editor wrote, or keep one's own. */
export function takeField(name) {
  put(form().elements[name], ui.dialog.theirs[name]);
  keepField(name);
}

export function keepField(name) {
  const { [name]: _chosen, ...theirs } = ui.dialog.theirs;
  update(store, { dialog: { ...ui.dialog, theirs, seen: Object.keys(theirs).length ? ui.dialog.seen : null } });
  saveOpened();
}

/** A value of a field as it is told. */
export const valueWords = (name, value) => (name === "list_id" ? listName(value) : name === "repeat" ? repeatWords(value) : value);

const NO_ERRORS = Object.fromEntries([...Object.keys(WRITTEN), "subtask"].map((name) => [name, ""]));

/** The dialog as it is drawn. */
export function dialogOf(clock) {
  if (!ui.dialog) return null;
  const { mode, row, problems, news, isGone, isErased, theirs, formatted, isWriting } = ui.dialog;
  const task = row ? taskNow() : { id: "", ...BLANK, ...givenHere(clock.today), list_id: listForNew() || server.user_id };
  const saving = row ? optimistic.savingOf(store, row.id) : "";
  return {
    mode,
    errors: { ...NO_ERRORS, ...problems },
    failed: { ...NO_ERRORS, ...(row && optimistic.failedFields(store, row.id)) },
    saving: saving || (Date.now() - savedAt < SAVED ? "Saved" : ""),
    news,
    is_gone: isGone,
    is_erased: Boolean(isErased),
    is_ready: task.description !== null,
    formatted: isWriting ? "" : formatted,
    theirs: Object.entries(theirs).map(([name, value]) => ({ name, label: WRITTEN[name].label, value: valueWords(name, value) || "none" })),
    today: clock.today,
    path: row ? pathOf(task) : [],
    activity: drawnSteps(ui.dialog.steps, clock.today),
    is_locked: Boolean(row) && placeOf(row).is_locked,
    parent: (row?.parent_id && (knownRows().get(row.parent_id) ?? ui.dialog.parent)) || null,
    task: { ...task, description: task.description ?? "" },
  };
}
