// A menu that is opened where it was asked for: by a click, a context menu, or a key.

const menu = (id) => document.getElementById(id);

/** Show the menu of this id below what was pressed. */
export function showMenu(id, event) {
  event.preventDefault();
  const { left, bottom } = event.currentTarget.getBoundingClientRect();
  menu(id).style.setProperty("--left", `${left}px`);
  menu(id).style.setProperty("--top", `${bottom + 4}px`);
  // The button that is still down would close it when it comes up.
  if (event.buttons) addEventListener("pointerup", () => setTimeout(() => menu(id).showPopover()), { once: true });
  else menu(id).showPopover();
}

export const hideMenu = (id) => menu(id).hidePopover();

/** The menu opens with the focus on what is chosen; the arrows choose another. */
export function showChoice({ newState, currentTarget }) {
  if (newState === "open") currentTarget.querySelector(":checked")?.focus();
}

/** A choice by a pointer closes the menu, and so does Enter, which would send the form that it is in. */
export function closeChoices(event) {
  const isEnter = event.key === "Enter";
  if (!isEnter && !event.detail) return;
  if (isEnter) event.preventDefault();
  event.currentTarget.hidePopover();
}
