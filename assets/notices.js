// One notice at a time says what was done, and for ten seconds takes it back.
import { createElement } from "react";
import { store, ui, update } from "./screen.js";

const NOTICE_TIME = 10_000;
const NOTICE_STEP = 250;

let noticeTimer;

/** A sentence that begins with somebody's words in quotes; they may run from right to left, and are kept apart by `Sentence`. */
export const named = (name, words) => ["“", { name }, `”${words}`];

/** Draws a sentence, which is a text or parts of one: a name in it, given as {name}, turns nothing around it. */
export const Sentence = ({ parts }) => [parts].flat().map((part, i) => (part.name === undefined ? part : createElement("bdi", { key: i }, part.name)));

const plain = (parts) => [parts].flat().map((part) => part.name ?? part).join("");

/** A notice, which goes after its time; the time stands still while somebody is at it, or the tab is hidden. */
export function noticed(notice) {
  clearInterval(noticeTimer);
  let left = NOTICE_TIME;
  noticeTimer = setInterval(() => {
    if (document.hidden || document.querySelector(".toast:is(:hover, :focus-within)")) return;
    left -= NOTICE_STEP;
    if (left > 0) return;
    clearInterval(noticeTimer);
    dismiss();
  }, NOTICE_STEP);
  return { ...notice, key: plain(notice.text), canUndo: Boolean(notice.undo) };
}

/** Tell something that was done elsewhere on the page, as `Sentence` draws it; `undo` takes it back. */
export const say = (text, undo) => update(store, { notice: noticed({ text, undo }) });

export const dismiss = () => update(store, { notice: null });

/** Scroll as little as it takes to see a row that the notice would cover; one that is out of sight stays there. */
export function uncover(id) {
  const row = document.querySelector(`[data-task="${id}"]`);
  const { top, bottom } = row?.getBoundingClientRect() ?? {};
  if (bottom > 0 && top < innerHeight) row.scrollIntoView({ block: "nearest" });
}

export function undo() {
  const { notice } = ui;
  dismiss();
  notice?.undo?.();
}

/** "Task saved." is not true of a gesture that failed: its row says so. */
export const isRefused = (notice) => store.ops.some((op) => op.error && op.nonce === notice?.nonce);

export function undoByKey(event) {
  const isTyping = event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog");
  if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !isTyping && ui.notice?.undo && !isRefused(ui.notice)) {
    event.preventDefault();
    undo();
  }
}
