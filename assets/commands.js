// What a person does to tasks: shown at once, sent, and taken back where that is possible.
import { rowBehind } from "./by_hand.js";
import * as edits from "./edits.js";
import { changedFields, namesOf } from "./fields.js";
import { letStay } from "./row_exit.js";
import { named, noticed, uncover, wayBackOf } from "./notices.js";
import * as optimistic from "./optimistic_list.js";
import { keyBeside } from "./position.js";
import { present, server, store, ui, update } from "./screen.js";
import { WRITTEN } from "./task_fields.js";
import { sayWhere } from "./whereabouts.js";

let lastMoment = 0;
let lastMade = 0;

/** A UUID of version 7: the ids of two gestures sort in the order in which they were made. */
export function uuid7() {
  lastMoment = Math.max(present(), lastMoment + 1);
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(lastMoment / 256 ** (5 - i)) % 256;
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

/**
 * Make a gesture (kinds: see state/gestures.py) and, at the same stroke, change the interface by `nextUi`. `shown` is what the row shows
 * besides its fields until the server has answered.
 */
export function perform(kind, id, { fields = {}, shown, row, version, notice = null, ...nextUi } = {}) {
  // The random end of an id is enough to tell one tab's gestures apart, and it travels back with each answer.
  const nonce = uuid7().slice(-12);
  // Tabs of one device agree on its own clock alone: what each takes for the server's depends on how long its page was on the way.
  lastMade = Math.max(Date.now(), lastMade);
  // A subtask that is no row of this page is known by the task that is open.
  const before = row ?? (store.base.has(id) ? undefined : ui.dialog?.parts.get(id));
  const op = { nonce, kind, id, fields, shown, row: before, version, at: lastMoment * 1000, made: lastMade };
  update(optimistic.perform(store, op), { ...nextUi, ...(notice && { notice: noticed({ ...notice, nonce }) }) });
}

export function create(fields, nextUi) {
  const id = uuid7();
  perform("create", id, { fields, notice: { text: "Task added.", about: id }, ...nextUi });
  requestAnimationFrame(() => uncover(id));
  sayWhere(id);
}

/**
 * Send what differs from the task as it was when its fields were opened, and close them by `nextUi`. Where a field is saved by itself, again
 * and again, `of` names it: then one Undo leads back to before all of that.
 */
export function saveOver(before, fields, nextUi, of = "") {
  const changed = changedFields(fields, before);
  const [first] = Object.keys(changed);
  if (!first) return update(store, nextUi);
  // A first repeat may set the day, too.
  const touched = changed.repeat ? { ...changed, due_date: 0, due_time: 0 } : changed;
  const back = { ...namesOf(touched, before), ...wayBackOf(of) };
  const undo = () => perform("change", before.id, { fields: back });
  const { label } = WRITTEN[changed.repeat === undefined ? first : "repeat"];
  const told = (end) => `${of ? `${label} changed` : "Task saved"}${end}`;
  const notice = { ...noticeOf({ ...before, ...back }, changed, told, undo), of, back };
  return perform("change", before.id, { fields: changed, version: before.version, notice, ...nextUi });
}

/** The notice of a change, told by `told(end)`. Another date is for this task of a series alone; from the notice it is for all that come after it, too. */
function noticeOf(before, changed, told, undo) {
  const isMoved = before.repeat && before.due_date && changed.due_date && !("repeat" in changed);
  if (!isMoved) return { text: told("."), undo };
  return { text: told(", this time only."), undo, more: "All from here", onMore: () => shift(before, changed.due_date) };
}

/** Put a task on another day, called `words`; its time stays. */
export function moveToDay(row, due_date, words) {
  const changed = { due_date };
  const undo = () => perform("change", row.id, { fields: { due_date: row.due_date } });
  perform("change", row.id, { fields: changed, notice: noticeOf(row, changed, (end) => named(row.title, ` moved to ${words}${end}`), undo) });
}

/** Have all that come after a task move as it did: its rule goes along with its date. */
function shift(before, due_date) {
  const undo = () => perform("change", before.id, { fields: { due_date, repeat: before.repeat } });
  perform("shift", before.id, { fields: { due_date, was: before.due_date }, notice: { text: named(before.title, " moved, with all that come after it."), undo } });
}

export function tick(row, isCompleted) {
  const text = !isCompleted ? "Task open again." : row.repeat_words ? `Task completed. It repeats ${row.repeat_words}.` : "Task completed.";
  complete(row, { is_completed: isCompleted }, text);
}

export const completeForGood = (row) => complete(row, { is_completed: true, repeat: null }, "Task completed for good. Nothing follows it.");

function complete(row, fields, text) {
  // What was refused is not there to be done.
  if (optimistic.unmade(store, row.id)) return update(store);
  const isMoving = !server.sort || !["all", "completed"].includes(server.status);
  letStay(row, fields.is_completed && isMoving ? "completed" : "");
  const before = { ...namesOf(fields, row), is_completed: !fields.is_completed };
  const undo = () => {
    letStay(row, "");
    perform("change", row.id, { fields: before });
  };
  perform("change", row.id, { fields, notice: { text, undo } });
}

/** A gesture that gives a task of a series another date, or none; `words` say it after the title. */
function redate(kind, row, words, shown) {
  const undo = () => perform("change", row.id, { fields: namesOf({ due_date: 0, due_time: 0, repeat: 0 }, row) });
  perform(kind, row.id, { shown, notice: { text: named(row.title, words), undo } });
}

/** Move a task that repeats on to its next date. */
export const skip = (row) => redate("skip", row, " skipped this time.");

/** Take the date of a task that repeats away until its series goes on. */
export const pause = (row) => redate("pause", row, " is paused: it has no date until you resume it.", { due_date: "", due_time: "" });
export const resume = (row) => redate("resume", row, " goes on.");

/** Make a task like this one, with its subtasks, right behind it. */
export function duplicate(row) {
  const id = uuid7();
  const position = keyBeside(row, rowBehind([...optimistic.rowsOf(store).values()], row));
  const subtasks = row.subtasks.replace(/^\d+/, "0");
  const notice = { text: named(row.title, " duplicated."), undo: () => perform("delete", id) };
  perform("duplicate", id, { fields: { of: row.id }, row, shown: { position, subtasks, is_completed: false, completed_at: 0 }, notice });
}

/** Asks first where a task repeats: this one, or the series. */
export function trash(row) {
  if (!row.repeat || row.is_completed) return moveToTrash(row);
  return ask({
    title: "Delete this one, or the series?",
    text: named(row.title, " repeats. When you delete this one, the next one takes its place."),
    verb: "Delete the series",
    yes: () => moveToTrash(row),
    other: "Delete this one",
    no: () => moveToTrash(row, { keep_series: true }),
  });
}

function moveToTrash(row, fields = {}) {
  letStay(row, "removed");
  perform("delete", row.id, {
    fields,
    notice: {
      text: named(row.title, " moved to trash."),
      undo: () => {
        letStay(row, "");
        perform("restore", row.id, { row });
      },
    },
  });
}

export function restore(row) {
  letStay(row, "removed");
  perform("restore", row.id, { row, notice: { text: named(row.title, " restored.") } });
}

// What cannot be undone asks first; `yes` is what it does then.
export const ask = (question) => update(store, { question });

export const askToErase = (row) =>
  ask({
    title: "Delete forever?",
    text: named(row.title, " is removed for good and cannot be restored."),
    verb: "Delete forever",
    yes: () => {
      letStay(row, "removed");
      perform("erase", row.id, { row, notice: { text: named(row.title, " deleted forever.") } });
    },
  });

/** Removes what is in the trash now: what is deleted later, on another device, was not asked about. */
export function askToEmpty() {
  const [row] = [...store.base.values()].filter((row) => row.deleted_at).sort((a, b) => b.deleted_at - a.deleted_at);
  if (!row) return undefined;
  const emptying = { row, fields: { until: row.deleted_at }, notice: { text: "Trash emptied." } };
  return ask({
    title: "Empty the trash?",
    text: "All tasks in it are removed for good and cannot be restored.",
    verb: "Empty trash",
    yes: () => perform("empty", row.id, emptying),
  });
}

export const sayNo = () => ask(null);

/** The other thing that could be done. */
export function sayOther() {
  const { no } = ui.question;
  ask(null);
  no();
}

export function sayYes() {
  const { yes } = ui.question;
  ask(null);
  yes();
}

/** Write again what another editor overwrote, this time having seen theirs. */
export function keepMine(row) {
  const fields = edits.lostFields(store.edits, row.id);
  takeTheirs(row);
  perform("change", row.id, { fields });
}

export const takeTheirs = (row) => update({ ...store, edits: edits.forget(store.edits, row.id) });

export const retry = (row) => update(optimistic.retry(store, row.id));
export const discard = (row) => update(optimistic.discard(store, row.id));
