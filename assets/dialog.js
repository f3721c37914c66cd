// The task dialog: a new task, or one as it was when the dialog opened, so that typing is never overwritten.
import * as drafts from "./drafts.js";
import { asHeld, changedFields, completeYear, fieldsOf, isTouched, problemOf } from "./fields.js";
import { completeForGood, create, pause, perform, resume, saveOver, skip, trash } from "./commands.js";
import { say } from "./notices.js";
import { listForNew, listName, placeOf } from "./lists.js";
import * as optimistic from "./optimistic_list.js";
import { givenHere } from "./place.js";
import { server, store, ui, update } from "./screen.js";
import { BLANK, WRITTEN } from "./task_fields.js";
import { addDays, nextWeek, repeatWords } from "./words.js";

let fetchDescription = () => {};

/** Have `fetch(id)` bring the whole of a long description, which `withDescription` then takes in. */
export const fetchDescriptionsBy = (fetch) => (fetchDescription = fetch);

const opened = (mode, row, description) => ({ mode, row, description, problem: null, news: "", theirs: {}, isGone: false, formatted: "", isWriting: false });
const form = () => document.querySelector("dialog[open] form");

export function open(row) {
  update(store, { dialog: opened("edit", row, row.has_more ? null : row.description) });
  if (row.description) fetchDescription(row.id);
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

/** Open the dialog where it says how the task repeats, with the choices. */
export function openRepeat(row) {
  open(row);
  requestAnimationFrame(() => {
    const button = form()?.querySelector("[data-do=repeat]");
    button?.focus();
    button?.click();
  });
}

export const openNew = () => update(store, { dialog: opened("new", null, "") });

function shut() {
  drafts.keep("dialog", null);
  update(store, { dialog: null });
}

/** Close without saving; what was typed can be had back for as long as the notice stands. */
export function close() {
  const typed = typedInDialog();
  shut();
  if (typed) say("Closed without saving.", () => reopen(typed));
}

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
  const problem = problemOf(event.currentTarget, before);
  if (problem) return refuse(problem, event.currentTarget);
  const fields = typedFields(event.currentTarget);
  drafts.keep("dialog", null);
  if (mode === "new" || isErased) return create(fields, { dialog: null });
  if (isGone) perform("restore", row.id, { row });
  return saveOver(before, fields, { dialog: null });
}

/** Say what is wrong at its field, where it stands until something is typed. */
function refuse(problem, { elements }) {
  update(store, { dialog: { ...ui.dialog, problem } });
  elements[problem.field].focus();
}

/** Keep what the dialog's form holds as a draft. */
export function keepDialog() {
  markDay(form());
  if (ui.dialog.problem) update(store, { dialog: { ...ui.dialog, problem: null } });
  drafts.keep("dialog", typedInDialog());
}

/** What the dialog's form holds beyond the task, as {mode, id, fields}; null when that is nothing. */
function typedInDialog() {
  const typed = form();
  if (!typed || !ui.dialog) return null;
  const fields = typedFields(typed);
  const isChanged = ui.dialog.row ? Object.keys(changedFields(fields, inDialog())).length : fields.title || fields.description;
  return isChanged ? { mode: ui.dialog.mode, id: ui.dialog.row?.id ?? "", fields } : null;
}

/** A description that is still on its way is not what anybody typed. */
function typedFields(elements) {
  const { description, ...fields } = fieldsOf(elements);
  return ui.dialog.description === null ? fields : { ...fields, description };
}

/** The task as it was when the dialog opened. */
const inDialog = () => ({ ...ui.dialog.row, description: ui.dialog.description });

/** Open the dialog again with what was typed in it; a task that is gone from the list becomes a new one. */
export function reopen({ id, fields }) {
  const row = optimistic.rowsOf(store).get(id);
  row ? open(row) : openNew();
  update(store, { dialog: { ...ui.dialog, isWriting: true } });
  requestAnimationFrame(() => {
    const { elements } = form();
    for (const [name, value] of Object.entries(fields)) if (elements[name]) put(elements[name], value ?? "");
    keepDialog();
  });
}

/** The dialog with what the server says of its description, unless the description is another one by now. */
export function withDescription(dialog, said) {
  if (!dialog?.row || said?.id !== dialog.row.id || (dialog.description ?? said.description) !== said.description) return dialog;
  return { ...dialog, description: said.description, formatted: said.formatted };
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

/** Set the date field of the dialog's form from one of its quick buttons. */
export function pickDay(event) {
  const { form: fields, value } = event.currentTarget;
  fields.elements.due_date.value = value;
  if (!value) fields.elements.due_time.value = "";
  fields.elements.due_date.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The quick buttons of the dialog's form say which of them holds. */
function markDay(fields) {
  const day = fields.elements.due_date.value;
  for (const chip of fields.querySelectorAll("[aria-label='Quick dates'] button")) chip.setAttribute("aria-pressed", String(chip.value === day));
}

/** A value of a field as it is told. */
export const valueWords = (name, value) => (name === "list_id" ? listName(value) : name === "repeat" ? repeatWords(value) : value);

const NO_ERRORS = Object.fromEntries(Object.keys(WRITTEN).map((name) => [name, ""]));

/** The dialog as it is drawn. */
export function dialogOf(clock) {
  if (!ui.dialog) return null;
  const { mode, row, description, problem, news, isGone, theirs, formatted, isWriting } = ui.dialog;
  const days = { today: clock.today, tomorrow: addDays(clock.today, 1), next_week: nextWeek(clock.today) };
  const task = row ?? { id: "", ...BLANK, ...givenHere(clock.today), list_id: listForNew() || server.user_id };
  return {
    mode,
    errors: { ...NO_ERRORS, ...(problem && { [problem.field]: problem.words }) },
    news,
    is_gone: isGone,
    is_ready: description !== null,
    formatted: isWriting ? "" : formatted,
    theirs: Object.entries(theirs).map(([name, value]) => ({ name, label: WRITTEN[name].label, value: valueWords(name, value) || "none" })),
    days,
    is_locked: Boolean(row) && placeOf(row).is_locked,
    task: { ...task, description: description ?? "" },
  };
}
