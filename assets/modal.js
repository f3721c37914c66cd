// Native modal dialogs.
import { createElement, Fragment, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useBlocker } from "react-router";

const LEAVING = 200; // how long a dialog is seen to leave, see styles.css

/**
 * A native modal dialog that follows `isOpen`; closing it by Escape or by its backdrop calls `onDismiss`.
 * What it held stays to be seen while it leaves, and each opening starts fresh.
 */
export function Modal({ isOpen, onDismiss, children, ...props }) {
  const dialog = useRef(null);
  const kept = useRef(null);
  const openings = useRef({ isOpen: false, count: 0 }).current;
  const [, drawAgain] = useState(0);
  if (isOpen) kept.current = children;
  if (isOpen && !openings.isOpen) openings.count += 1;
  openings.isOpen = isOpen;
  useLayoutEffect(() => {
    if (isOpen && !dialog.current.open) {
      dialog.current.showModal();
      dialog.current.querySelector("[data-autofocus]")?.focus();
    }
    if (isOpen || !dialog.current.open) return undefined;
    // Closing computes all styles; with the next frame, that is done once and the rest of the page is there before.
    let gone;
    const frame = requestAnimationFrame(() => {
      dialog.current.close();
      gone = setTimeout(() => {
        kept.current = null;
        drawAgain(openings.count);
      }, LEAVING);
    });
    return () => (cancelAnimationFrame(frame), clearTimeout(gone));
  }, [isOpen]);
  // Text that is selected with the mouse may begin or end beside the dialog: a click there does both.
  const at = useRef({}).current;
  const onBackdrop = {
    onPointerDown: ({ target }) => (at.pressed = target),
    onPointerUp: ({ target }) => (at.released = target),
    onClick: (event) => [event.target, at.pressed, at.released].every((place) => place === dialog.current) && onDismiss(event),
  };
  const onCancel = (event) => (event.preventDefault(), onDismiss(event));
  return createElement("dialog", { ...props, ...onBackdrop, ref: dialog, onCancel }, createElement(Fragment, { key: openings.count }, kept.current));
}

const openDialog = () => [...document.querySelectorAll("dialog[open]")].at(-1);

/** Going back closes the dialog that is open, and leads nowhere. For one component of a page: a router asks one alone. */
export function useBackToClose() {
  const blocker = useBlocker(({ historyAction }) => historyAction === "POP" && Boolean(openDialog()));
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    blocker.reset();
    openDialog()?.dispatchEvent(new Event("cancel", { cancelable: true }));
  }, [blocker]);
}
