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
