// Native modal dialogs.
import { createElement, Fragment, useLayoutEffect, useRef, useState } from "react";

const LEAVING = 200; // how long a dialog is seen to leave, see styles.css

/**
 * A native modal dialog that follows `isOpen`; closing it by Escape or by its backdrop calls `onDismiss`.
 * What it held stays to be seen while it leaves, and each opening starts anew.
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
  const onBackdrop = (event) => event.target === dialog.current && onDismiss(event);
  return createElement("dialog", { ...props, ref: dialog, onCancel: (event) => (event.preventDefault(), onDismiss(event)), onClick: onBackdrop }, createElement(Fragment, { key: openings.count }, kept.current));
}
