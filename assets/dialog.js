// The task dialog: a new task, or one as it was when the dialog opened, so that typing is never overwritten.
import { NO_STEPS, drawnSteps } from "./activity.js";
import * as drafts from "./drafts.js";
import { asHeld, changedFields, completeYear, fieldsOf, isTouched, problemOf, titleProblem } from "./fields.js";
import { completeForGood, create, duplicate, pause, perform, resume, saveOver, skip, trash } from "./commands.js";
import { say } from "./notices.js";
import { listForNew, listName, pathOf, placeOf } from "./lists.js";
import * as optimistic from "./optimistic_list.js";
import { givenHere } from "./place.js";
import { knownRows, server, store, ui, update } from "./screen.js";
import { addSubtasks, titlesIn } from "./subtasks.js";
import { BLANK, WRITTEN } from "./task_fields.js";
import { repeatWords } from "./words.js";

let bring = () => {};

/** Have `fetch(id)` bring what the row of a task does not say, and its subtasks, which `withWhole` then takes in. */
export const fetchTasksBy = (fetch) => (bring = fetch);
export const fetchTask = (id) => bring(id);

const NO_PARTS = new Map();
const opened = (mode, row, description) => ({ mode, row, description, parts: NO_PARTS, parent: null, steps: NO_STEPS, problem: null, news: "", theirs: {}, isGone: false, formatted: "", isWriting: false });
const form = () => document.querySelector("dialog[data-of][open] form");

export function open(row) {
  if (ui.dialog?.row?.id === row.id || !leaveTask()) return;
  show(row);
  if (row.description || row.subtasks || row.parent_id) fetchTask(row.id);
}

function show(row) {
  update(store, { dialog: opened("edit", row, row.has_more ? null : row.description) });
  takeDraft();
}

/** What was half-typed in the task that is open, before this page was left, is in its fields again. */
export function takeDraft() {
  const id = ui.dialog?.row?.id;
  const at = drafts.waiting.findIndex(({ dialog, quickAdd }) => id && dialog?.id === id && !quickAdd);
  if (at < 0) return;
  const [{ key, dialog }] = drafts.waiting.splice(at, 1);
  drafts.drop(key);
  update(store, { draft: drafts.waiting[0] ?? null });
  fill(dialog.fields);
}

/** Open a task of which `said` is the whole, or which has to be fetched. */
export function openWhole(row, said) {
  if (!said) return open(row);
  show(row);
  update(store, { dialog: withWhole(ui.dialog, server) });
}

/** The task that is open may have been changed while nothing was heard. */
export const refreshTask = () => ui.dialog?.row && fetchTask(ui.dialog.row.id);

/** Save what was typed in the task that is open, to make way for something else; false where it cannot be saved, and stays open. */
export function leaveTask() {
  if (ui.dialog && !typedInDialog()) shut();
  else if (ui.dialog) form().requestSubmit();
  return !ui.dialog;
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
  requestAnimationFrame(() => form()?.elements[name].focus());
}

/** Open the task before or after the open one, with the focus on the button that did; at the end of the list on the other one. */
export function openInTurn(row, { currentTarget }) {
  const { name } = currentTarget;
  open(row);
  const button = (which) => form()?.querySelector(`[name=${which}]:enabled`);
  requestAnimationFrame(() => (button(name) ?? button(name === "next" ? "previous" : "next"))?.focus());
}

/** Open the dialog where it says how the task repeats, with the choices. */
export function openRepeat(row) {
  open(row);
  requestAnimationFrame(() => {
    const button = form()?.querySelector("[data-do=repeat]");
    button?.focus();
    button?.click();
  });
}

export const openNew = () => leaveTask() && update(store, { dialog: opened("new", null, "") });

let typed = null; // what the form of a task holds beyond it, and what is wrong with that

function shut() {
  typed = null;
  drafts.keep("dialog", null);
  update(store, { dialog: null });
}

/** Close without saving; what was typed can be had back for as long as the notice stands. */
export function close() {
  const left = typedInDialog();
  if (form()?.contains(document.activeElement)) focusRow(ui.dialog.row?.id);
  shut();
  if (left) say("Closed without saving.", () => reopen(left));
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
  const [left, before] = [typed, inDialog()];
  shut();
  if (!left) return;
  if (!left.problem) return saveTyped(before, left.draft.fields, {});
  drafts.waiting.unshift({ dialog: left.draft });
  update(store, { draft: drafts.waiting[0] });
}

/** The copy is of what is saved. */
export const duplicateOpened = () => (typedInDialog() ? say("Save what you typed first, so that the copy has it.") : duplicate(ui.dialog.row));

const withOpened = (act) => () => {
  const { row } = ui.dialog;
  shut();
  act(row);
};
export const trashOpened = withOpened(trash);
export const skipOpened = withOpened(skip);
export const pauseOpened = withOpened(pause);
export const resumeOpened = withOpened(resume);
export const completeOpened = withOpened(completeForGood);

export function save(event) {
  event.preventDefault();
  const { mode, row, isGone, isErased } = ui.dialog;
  const before = inDialog();
  completeYear(event.currentTarget);
  const problem = problemIn(event.currentTarget, before);
  if (problem) return refuse(problem, event.currentTarget);
  const fields = allTyped(event.currentTarget);
  typed = null;
  drafts.keep("dialog", null);
  if (mode === "new" || isErased) return create(withoutSubtask(fields), { dialog: null });
  if (isGone) perform("restore", row.id, { row });
  return saveTyped(before, fields, { dialog: null });
}

const withoutSubtask = ({ subtask: _subtask, ...fields }) => fields;

/** Save what differs from the task, and the subtask that was being typed. */
function saveTyped(before, fields, nextUi) {
  if (fields.subtask) addSubtasks(before, [fields.subtask]);
  return saveOver(before, withoutSubtask(fields), nextUi);
}

/** Say what is wrong at its field, where it stands until something is typed. */
function refuse(problem, { elements }) {
  update(store, { dialog: { ...ui.dialog, problem } });
  elements[problem.field].focus();
}

/** Keep what the dialog's form holds as a draft. */
export function keepDialog() {
  if (ui.dialog.problem) update(store, { dialog: { ...ui.dialog, problem: null } });
  const draft = typedInDialog();
  typed = draft && { draft, problem: problemIn(form(), inDialog()) };
  drafts.keep("dialog", draft);
}

/** What the dialog's form holds beyond the task, as {mode, id, fields}; null when that is nothing. */
function typedInDialog() {
  const held = form();
  if (!held || !ui.dialog) return null;
  const fields = allTyped(held);
  const isChanged = ui.dialog.row ? Object.keys(changedFields(fields, inDialog())).length : fields.title || fields.description;
  return isChanged ? { mode: ui.dialog.mode, id: ui.dialog.row?.id ?? "", fields } : null;
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

/** What is wrong with what a form holds, the line that adds a subtask included. */
function problemIn(fields, before) {
  const { subtask } = typedSubtask(fields);
  const words = subtask && titleProblem(subtask);
  return problemOf(fields, before) ?? (words ? { field: "subtask", words } : null);
}

/** Add the subtask that was typed; the line stays for the next one, and keeps what cannot be one. */
function addTyped(line) {
  const words = titleProblem(line.value);
  if (words) return refuse({ field: "subtask", words }, line.form);
  const title = line.value.trim();
  line.value = "";
  keepDialog();
  addSubtasks(ui.dialog.row, [title]);
  requestAnimationFrame(() => requestAnimationFrame(() => line.scrollIntoView({ block: "nearest" })));
}

/** For the keys in that line, which is a field of the task's form: Enter alone does not save that. */
export function addByEnter(event) {
  if (event.key !== "Enter") return;
  event.preventDefault();
  // Enter that confirms a candidate of an input method adds nothing; Safari says so by the code alone.
  if (!event.nativeEvent.isComposing && event.keyCode !== 229) addTyped(event.currentTarget);
}

/** For a paste into that line: of several lines, each is a subtask. */
export function pasteSubtasks(event) {
  const titles = titlesIn(event.clipboardData.getData("text/plain"));
  if (titles.length < 2) return;
  event.preventDefault();
  addSubtasks(ui.dialog.row, titles);
}

/** The task as it was when the dialog opened. */
const inDialog = () => ({ ...ui.dialog.row, description: ui.dialog.description });

/** Open the dialog again with what was typed in it; a task that is gone from the list becomes a new one. */
export function reopen({ id, fields }) {
  const row = optimistic.rowsOf(store).get(id);
  row ? open(row) : openNew();
  fill(fields);
}

function fill(fields) {
  update(store, { dialog: { ...ui.dialog, isWriting: true } });
  requestAnimationFrame(() => {
    const { elements } = form();
    for (const [name, value] of Object.entries(fields)) if (elements[name]) put(elements[name], value ?? "");
    keepDialog();
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

/** The dialog with what this person did to its task beside it. */
export function withOwnChange(dialog, { id, row }) {
  if (!row || id !== dialog?.row?.id) return dialog;
  const { version, is_completed, completed_at, subtasks, section_id, parent_id, position } = row;
  return { ...dialog, row: { ...dialog.row, version, is_completed, completed_at, subtasks, section_id, parent_id, position } };
}

/** Show the description as text to write in. A click on a link in it, or one that ends a selection, is not for that. */
export function writeDescription({ target }) {
  if (target.closest("a") || !getSelection().isCollapsed) return;
  update(store, { dialog: { ...ui.dialog, isWriting: true } });
  requestAnimationFrame(() => form()?.elements.description.focus());
}

const on = ({ device }) => (device ? ` (${device})` : "");

/** A change from elsewhere to the task in the dialog: taken over where nothing was typed, shown where something was. */
export function withChange(dialog, change) {
  if (!dialog?.row || change.id !== dialog.row.id || change.is_unknown) return dialog;
  if (change.is_deleted) return { ...dialog, isGone: true, news: `This task was moved to the trash on another device just now${on(change)}.` };
  if (!change.row) return { ...dialog, isGone: false, isErased: true, news: `This task was deleted forever on another device${on(change)}. Saving makes it a new one.` };
  const { row } = change;
  if (!isNews(dialog, row)) return { ...dialog, row: { ...dialog.row, ...row } };
  const theirs = {};
  for (const name of Object.keys(WRITTEN)) {
    const before = name === "description" ? (dialog.description ?? "") : dialog.row[name];
    const input = form()?.elements[name];
    if (!input || row[name] === before || (name === "description" && row.has_more)) continue;
    if (!isTouched(name, input, before)) put(input, row[name]);
    else if (input.value !== asHeld(name, row[name])) theirs[name] = row[name];
  }
  const description = row.has_more ? dialog.description : row.description;
  const formatted = description === dialog.description ? dialog.formatted : "";
  return { ...dialog, row: { ...dialog.row, ...row }, description, formatted, isGone: false, theirs, news: `Changed on another device just now${on(change)}.` };
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

/** Put what the other editor wrote into the field in which this person was writing too. */
export function takeField(name) {
  put(form().elements[name], ui.dialog.theirs[name]);
  const { [name]: _taken, ...theirs } = ui.dialog.theirs;
  update(store, { dialog: { ...ui.dialog, theirs } });
}

/** A value of a field as it is told. */
export const valueWords = (name, value) => (name === "list_id" ? listName(value) : name === "repeat" ? repeatWords(value) : value);

const NO_ERRORS = Object.fromEntries([...Object.keys(WRITTEN), "subtask"].map((name) => [name, ""]));

/** The dialog as it is drawn. */
export function dialogOf(clock) {
  if (!ui.dialog) return null;
  const { mode, row, description, problem, news, isGone, theirs, formatted, isWriting } = ui.dialog;
  const task = row ?? { id: "", ...BLANK, ...givenHere(clock.today), list_id: listForNew() || server.user_id };
  return {
    mode,
    errors: { ...NO_ERRORS, ...(problem && { [problem.field]: problem.words }) },
    news,
    is_gone: isGone,
    is_ready: description !== null,
    formatted: isWriting ? "" : formatted,
    theirs: Object.entries(theirs).map(([name, value]) => ({ name, label: WRITTEN[name].label, value: valueWords(name, value) || "none" })),
    today: clock.today,
    path: row ? pathOf(row) : [],
    activity: drawnSteps(ui.dialog.steps, clock.today),
    is_locked: Boolean(row) && placeOf(row).is_locked,
    parent: (row?.parent_id && (knownRows().get(row.parent_id) ?? ui.dialog.parent)) || null,
    task: { ...task, description: description ?? "" },
  };
}
