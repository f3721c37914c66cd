// What is half-typed on this page: kept while it is typed, and offered back after whatever interrupted it.
import { keepDialog, reopen } from "./dialog.js";
import * as drafts from "./drafts.js";
import { say } from "./notices.js";
import { keepFields } from "./row_fields.js";
import { store, ui, update } from "./screen.js";

const NO_STORAGE = "This browser keeps no drafts: what is half-typed is lost when the page closes.";

/** For each input on the page. */
export function keepDraft({ target }) {
  if (target.id === "quick-add" && ui.quickAddError) update(store, { quickAddError: "" });
  if (target.id === "quick-add") drafts.keep("quickAdd", target.value.trim() ? target.value : null);
  else if (target.closest("dialog") && ui.dialog) keepDialog();
  else if (target.closest(".row-editor") && ui.editing) keepFields(target.form);
}

/** What this person left here, once it is known who they are: {draft, queue} as in drafts.js; null when that was before. */
export function takeUp(said) {
  if (!said.load_id || !said.email) return null;
  const left = drafts.begin(said.email, () => say(NO_STORAGE));
  const line = document.getElementById("quick-add");
  // Typed before this script was there to hear it.
  if (left && line?.value) keepDraft({ target: line });
  return left;
}

/** Put what was half-typed back where it was. */
export function restoreDraft() {
  const { quickAdd, dialog } = ui.draft;
  update(store, { draft: null });
  const line = document.getElementById("quick-add");
  if (quickAdd && line) line.value = quickAdd;
  if (dialog) reopen(dialog);
  else line?.focus();
}

export function discardDraft() {
  drafts.discardAll();
  update(store, { draft: null });
}
