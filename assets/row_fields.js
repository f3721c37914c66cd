// Editing in place: the fields of one row at a time.
import { reopen } from "./dialog.js";
import * as drafts from "./drafts.js";
import { completeYear, draftOf, fieldsOf, problemOf } from "./fields.js";
import { saveOver } from "./commands.js";
import { say } from "./notices.js";
import * as optimistic from "./optimistic_list.js";
import { store, ui, update } from "./screen.js";

/** Open the fields of a row, and close those of another. */
export function editInPlace(row) {
  leaveFields();
  update(store, { editing: { row, typed: null, problem: null } });
}

export function saveInPlace(event) {
  event.preventDefault();
  const { row } = ui.editing;
  completeYear(event.currentTarget);
  const typed = fieldsOf(event.currentTarget);
  const problem = problemOf(event.currentTarget, row);
  if (problem) {
    update(store, { editing: { row, typed, problem } });
    return event.currentTarget.elements[problem.field].focus();
  }
  drafts.keep("dialog", null);
  focusRow(row.id);
  return saveOver(row, typed, { editing: null });
}

export function cancelInPlace() {
  focusRow(ui.editing.row.id);
  leaveFields();
}

/** Close without saving; what was typed can be had back, in the dialog, for as long as the notice stands. */
function leaveFields() {
  if (!ui.editing) return;
  const typed = typedInRow();
  drafts.keep("dialog", null);
  update(store, { editing: null });
  if (typed) say("Closed without saving.", () => reopen(typed));
}

/** Keep what the fields hold as a draft, of the dialog's kind. */
export function keepFields(form) {
  // Nothing is drawn: the fields hold it, and have it again when the row moves to another group meanwhile.
  ui.editing.typed = fieldsOf(form);
  drafts.keep("dialog", typedInRow());
  if (ui.editing.problem) update(store, { editing: { ...ui.editing, problem: null } });
}

/** What the fields of a row hold beyond the task; null when that is nothing. */
function typedInRow() {
  const { row, typed } = ui.editing;
  return typed && draftOf(row.id, typed, row);
}

/** When the row that is edited is in the list no more, what was typed is offered back. */
export function withoutFields(next) {
  if (!ui.editing || optimistic.rowsOf(next).has(ui.editing.row.id)) return {};
  const typed = typedInRow();
  if (typed) drafts.waiting.unshift({ dialog: typed });
  return { editing: null, ...(typed && { draft: drafts.waiting[0] }) };
}

/** The row may be drawn in another place by then. */
const focusRow = (id) => requestAnimationFrame(() => document.querySelector(`[data-task="${id}"]`)?.focus());
