// What is half-typed on this page: kept while it is typed, and offered back after whatever interrupted it.
import { keepDialog, leaveField, reopen, takeDraft } from "./dialog.js";
import * as drafts from "./drafts.js";
import { say } from "./notices.js";
import { write } from "./quick_add.js";
import { keepFields } from "./row_fields.js";
import { store, ui, update } from "./screen.js";

const NO_STORAGE = "This browser keeps no drafts: what is half-typed is lost when the page closes.";

/** For each input on the page. */
export function keepDraft({ target }) {
  if (target.id === "quick-add" && ui.quickAddError) update(store, { quickAddError: "" });
  if (target.id === "quick-add") drafts.keep("quickAdd", target.value.trim() ? target.value : null);
  else if (target.closest("dialog") && ui.dialog) keepDialog(target, target === document.activeElement);
  else if (target.closest(".row-editor") && ui.editing) keepFields(target.form);
}

/** For each field on the page that is left. */
export const leaveDraft = ({ target }) => ui.dialog && target.closest("dialog") && leaveField(target);

/** Look for what this person left here, once it is known who they are; whether that is only known now. */
export function takeUp(said) {
  if (!said.load_id || !said.email) return false;
  const isNews = drafts.begin(said.email, () => say(NO_STORAGE), offer);
  const line = document.getElementById("quick-add");
  // Typed before this script was there to hear it.
  if (isNews && line?.value) keepDraft({ target: line });
  return isNews;
}

/** Offer what waits first; it waits until the person has chosen. */
function offer() {
  takeDraft();
  update(store, { draft: drafts.waiting[0] ?? null });
}

function chosen() {
  const { key, dialog } = drafts.waiting.shift();
  // What was typed in a row that went is this tab's own.
  if (key) drafts.drop(key);
  else if (dialog) drafts.keep("dialog", null);
  offer();
}

/** Put what was half-typed back where it was; where something is written by now, into the dialog. */
export function restoreDraft() {
  const { quickAdd, dialog } = ui.draft;
  const line = document.getElementById("quick-add");
  const isFree = line && !line.value;
  if (quickAdd && isFree) {
    write(quickAdd);
  }
  // Both find no room at once: the one is offered again.
  if (quickAdd && !isFree && dialog) drafts.waiting.splice(1, 0, { quickAdd });
  chosen();
  if (dialog) reopen(dialog);
  else if (!isFree) reopen({ id: "", fields: { title: quickAdd } });
  else line.focus();
}

export const discardDraft = chosen;
