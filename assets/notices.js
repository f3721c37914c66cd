// One notice at a time says what was done, and for ten seconds takes it back.
import { createElement } from "react";
import { letterOf } from "./keys.js";
import { store, ui, update } from "./screen.js";

const NOTICE_TIME = 10_000;
const NOTICE_STEP = 250;

let noticeTimer;
let steps = []; // the notices that can still be taken back, latest last

/** A new notice; while it stands, what was told before it can be taken back after it. One that is `of` the same as the latest takes its place. */
export function noticed(notice) {
  if (notice.of && steps.at(-1)?.of === notice.of) steps.pop();
  if (notice.undo) steps.push(notice);
  return timed(notice);
}

/** The fields to which the latest notice leads back, if it is `of` this. */
export const wayBackOf = (of) => (of && steps.at(-1)?.of === of ? steps.at(-1).back : {});

/** A sentence that begins with somebody's words in quotes; they may run from right to left, and are kept apart by `Sentence`. */
export const named = (name, words) => ["“", { name }, `”${words}`];

/** Draws a sentence, which is a text or parts of one: a name in it, given as {name}, turns nothing around it. */
export const Sentence = ({ parts }) => [parts].flat().map((part, i) => (part.name === undefined ? part : createElement("bdi", { key: i }, part.name)));

const plain = (parts) => [parts].flat().map((part) => part.name ?? part).join("");

/** A notice, which goes after its time; the time stands still while somebody is at it, or the tab is hidden. */
function timed(notice) {
  clearInterval(noticeTimer);
  let left = NOTICE_TIME;
  noticeTimer = setInterval(() => {
    if (document.hidden || document.querySelector(".toast:is(:hover, :focus-within)")) return;
    left -= NOTICE_STEP;
    if (left > 0) return;
    clearInterval(noticeTimer);
    dismiss();
  }, NOTICE_STEP);
  return { more: "", ...notice, key: plain(notice.text), canUndo: Boolean(notice.undo) };
}

/** Tell something that was done elsewhere on the page, as `Sentence` draws it; `undo` takes it back. */
export const say = (text, undo) => update(store, { notice: noticed({ text, undo }) });

/** Say more in the notice that stands. */
export const retell = (changes) => update(store, { notice: { ...ui.notice, ...changes } });

/** Scroll as little as it takes to see a row that the notice would cover; one that is out of sight stays there. */
export function uncover(id) {
  const row = document.querySelector(`[data-task="${id}"]`);
  const { top, bottom } = row?.getBoundingClientRect() ?? {};
  if (bottom > 0 && top < innerHeight) row.scrollIntoView({ block: "nearest" });
}

export function dismiss() {
  steps = [];
  update(store, { notice: null });
}

/** Take back the latest step, and offer to take back the one before it. */
export function undo() {
  const step = steps.pop();
  steps = steps.filter((before) => !isRefused(before));
  const before = steps.at(-1);
  update(store, { notice: before ? timed(before) : null });
  step?.undo();
}

/** Do what else the notice offers: a step of its own, taken back before the one that the notice told. */
export const doMore = () => ui.notice?.onMore();

/** "Task saved." is not true of a gesture that failed: its row says so. */
export const isRefused = (notice) => store.ops.some((op) => op.error && op.nonce === notice?.nonce);

export function undoByKey(event) {
  const isTyping = event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog");
  if (letterOf(event) === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !isTyping && ui.notice?.undo && !isRefused(ui.notice)) {
    event.preventDefault();
    undo();
  }
}
