// The menu of a row: one for all of them. The browser shows it, where its button names it as its popover.
import { store, update } from "./screen.js";

/** Have the menu be of this task. */
export const openRowMenu = (row) => update(store, { rowMenu: row.id });

/** Close it before its entry does anything: the focus is back at its row then, and so after a dialog that the entry opens. */
export function closeRowMenu({ currentTarget, target }) {
  if (target.closest("button")) currentTarget.hidePopover();
}
