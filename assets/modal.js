// Native modal dialogs.
import { createElement, Fragment, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { useBlocker } from "react-router";
import { isLeavingTask } from "./task_address.js";

const LEAVING = 200; // how long a dialog is seen to leave, see styles.css

const WIDE = "(width >= 64rem)"; // from here on there is room beside the page
const followWidth = (listener) => {
  const width = matchMedia(WIDE);
  width.addEventListener("change", listener);
  return () => width.removeEventListener("change", listener);
};
const useIsWide = () => useSyncExternalStore(followWidth, () => matchMedia(WIDE).matches, () => false);

const covering = new Set(); // dialogs that are modal now
function cover(dialog, isModal) {
  if (isModal) covering.add(dialog);
  else covering.delete(dialog);
  // Not by :has(): of a page with thousands of rows that is asked with each change.
  document.body.toggleAttribute("data-covered", covering.size > 0);
}

/**
 * A native modal dialog that follows `isOpen`; closing it by Escape or by its backdrop calls `onDismiss`.
 * What it held stays to be seen while it leaves, and each opening starts fresh. With `beside`, which names the part of the page that it
 * is then, it stands beside the page where there is room, and takes nothing from it.
 */
export function Modal({ isOpen, beside = "", onDismiss, children, ...props }) {
  const dialog = useRef(null);
  const kept = useRef(null);
  const openings = useRef({ isOpen: false, count: 0 }).current;
  const [, drawAgain] = useState(0);
  const isBeside = useIsWide() && Boolean(beside);
  if (isOpen) kept.current = children;
  if (isOpen && !openings.isOpen) openings.count += 1;
  openings.isOpen = isOpen;
  useLayoutEffect(() => {
    if (isOpen && dialog.current.open && dialog.current.matches(":modal") === isBeside) dialog.current.close();
    if (isOpen && !dialog.current.open) {
      if (isBeside) dialog.current.show();
      else dialog.current.showModal();
      cover(dialog.current, !isBeside);
      dialog.current.querySelector("[data-autofocus]")?.focus();
    }
    if (isOpen || !dialog.current.open) return undefined;
    // Closing computes all styles; with the next frame, that is done once and the rest of the page is there before.
    let gone;
    const frame = requestAnimationFrame(() => {
      dialog.current.close();
      cover(dialog.current, false);
      gone = setTimeout(() => {
        kept.current = null;
        drawAgain(openings.count);
      }, LEAVING);
    });
    return () => (cancelAnimationFrame(frame), clearTimeout(gone));
  }, [isOpen, isBeside]);
  useLayoutEffect(() => {
    const { current } = dialog;
    return () => cover(current, false);
  }, []);
  useLayoutEffect(() => {
    if (!isOpen || !isBeside) return undefined;
    document.body.setAttribute("data-panel", "");
    return () => document.body.removeAttribute("data-panel");
  }, [isOpen, isBeside]);
  // Text that is selected with the mouse may begin or end beside the dialog: a click there does both.
  const at = useRef({}).current;
  const onBackdrop = {
    onPointerDown: ({ target }) => (at.pressed = target),
    onPointerUp: ({ target }) => (at.released = target),
    onClick: (event) => [event.target, at.pressed, at.released].every((place) => place === dialog.current) && onDismiss(event),
  };
  const onCancel = (event) => (event.preventDefault(), onDismiss(event));
  // A modal one hears of Escape by itself; a menu in it hears of it first.
  const isForMenu = () => dialog.current.querySelector(":popover-open");
  const onKeyDown = (event) => isBeside && event.key === "Escape" && !event.defaultPrevented && !isForMenu() && onDismiss(event);
  const landmark = isBeside && isOpen ? { role: "complementary", "aria-label": beside } : {};
  const drawn = createElement("dialog", { ...props, ...onBackdrop, ref: dialog, onCancel, onKeyDown }, createElement(Fragment, { key: openings.count }, kept.current));
  return createElement("div", landmark, drawn);
}

/** What is drawn in the dialog of a task alone, where it covers the page, and not beside the page. */
export const OverPage = ({ children }) => (useIsWide() ? null : children);

/** The dialog that is open; a task has an address, and going back leaves that. */
const openDialog = () => [...document.querySelectorAll("dialog[open]:not([data-of=edit])")].at(-1);

/** Going back closes the dialog that is open, and leads nowhere. For one component of a page: a router asks one alone. */
export function useBackToClose() {
  const blocker = useBlocker(({ historyAction }) => historyAction === "POP" && !isLeavingTask() && Boolean(openDialog()));
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    blocker.reset();
    openDialog()?.dispatchEvent(new Event("cancel", { cancelable: true }));
  }, [blocker]);
}
