// The React half of the instant list: feeds overlay.js with what the server says, draws from it, sends gestures.
import { createElement, Fragment, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import * as drafts from "./drafts.js";
import * as edits from "./edits.js";
import * as overlay from "./overlay.js";
import { reloadIfReplaced } from "./upgrade.js";
import { addDays, deletedWords, dueWords, wallClock } from "./words.js";

const BANNER_DELAY = 1000;
const NOTICE_TIME = 10_000;
const NOTICE_STEP = 250;
const LEAVING = 200; // how long a dialog is seen to leave, see styles.css
const STAYING = { completed: 1240, removed: 240 }; // how long a task is seen to leave, see styles.css
const FIRST_RETRY = 2000;
const LAST_RETRY = 60_000;
const TITLE_LENGTH = 255;

let store = overlay.emptyStore();
let server = { load_id: "", status: "all", sort: "", order: "", timezone: "UTC", load_error: "", next_cursor: "" };
let ui = { dialog: null, editing: null, question: null, notice: null, draft: null, isCut: false, quickAddError: "" };
let send = () => {};
let screen = null;
const listeners = new Set();

const subscribe = (listener) => (listeners.add(listener), () => listeners.delete(listener));

/** Take over a new store or part of the interface, draw, and send what is to be sent. */
function update(nextStore, nextUi) {
  const [due, sent] = overlay.outbox(nextStore, Date.now());
  store = sent;
  ui = { ...ui, ...nextUi };
  screen = null;
  listeners.forEach((listener) => listener());
  // In the same turn, but after React has drawn: the eye comes first.
  queueMicrotask(() => deliver(due, sent.loadId));
}

function deliver(due, loadId) {
  drafts.keepQueue(store.ops);
  for (const { nonce, kind, id, fields, version } of due) send({ load_id: loadId, nonce, kind, id, fields, version });
  if (due.length) setTimeout(() => update(overlay.expire(store, Date.now())), overlay.PATIENCE);
}

let drawn = new Map(); // id → the row as it was drawn last

/** The very object of last time where nothing about the row changed, so that React passes it over. */
function asBefore(row) {
  const before = drawn.get(row.id) ?? {};
  return Object.keys({ ...before, ...row }).every((name) => before[name] === row[name]) ? before : row;
}

function draw() {
  const clock = wallClock(server.timezone);
  const groups = overlay.view(withStaying(store), server, clock).map((group) => ({
    ...group,
    count: group.tasks.filter((row) => row.is_leaving !== "removed").length,
    tasks: group.tasks.map((row) => asBefore(shown(row, clock))),
  }));
  drawn = new Map(groups.flatMap((group) => group.tasks.map((row) => [row.id, row])));
  const [total, completed, pending, overdue, due_today, high_priority, medium_priority, low_priority] =
    overlay.countsOf(store, clock);
  return {
    groups,
    metrics: { total, completed, pending, overdue, due_today, high_priority, medium_priority, low_priority },
    phase: groups.length ? "ready" : store.loadId ? "empty" : server.load_error ? "failed" : "loading",
    connection: !ui.isCut ? "online" : navigator.onLine ? "reconnecting" : "offline",
    waiting: store.ops.filter((op) => !op.error).length,
    notice: isRefused(ui.notice) ? null : ui.notice,
    draft: ui.draft && { title: titleOf(ui.draft) },
    quickAddError: ui.quickAddError,
    dialog: dialogOf(clock),
    question: ui.question,
  };
}

function shown(row, clock) {
  const isOverdue = !row.is_completed && overlay.dueKey(row) < clock.now;
  const isToday = row.due_date === clock.today;
  return {
    pending: false,
    error: "",
    lost: edits.lostWords(store.edits, row.id),
    is_leaving: "",
    ...row,
    editor: ui.editing?.row.id === row.id ? { ...ui.editing.row, ...ui.editing.typed, error: ui.editing.error } : null,
    is_completed: row.is_completed || row.is_leaving === "completed",
    due_words: dueWords(row.due_date, row.due_time, clock.today),
    due_kind: !row.due_date ? "none" : isOverdue ? "overdue" : isToday ? "today" : "plain",
    deleted_words: row.deleted_at ? deletedWords(row.deleted_at, server.timezone, clock.today) : "",
  };
}

const useScreen = (part) =>
  useSyncExternalStore(
    subscribe,
    () => (screen ??= draw())[part],
    () => (screen ??= draw())[part],
  );
export const useGroups = () => useScreen("groups");
export const useMetrics = () => useScreen("metrics");
export const usePhase = () => useScreen("phase");
export const useConnection = () => useScreen("connection");
export const useWaiting = () => useScreen("waiting");
export const useDraft = () => useScreen("draft");
export const useNotice = () => useScreen("notice");
export const useQuickAddError = () => useScreen("quickAddError");
export const useDialog = () => useScreen("dialog");
export const useQuestion = () => useScreen("question");

/** Draws nothing: its props are the server's words, and what it is told, the screen follows. */
export function TaskFeed({ said, isOnline, onGesture, onOpen, onReload }) {
  const open = useRef(onOpen);
  const wasAway = useRef(false);
  useLayoutEffect(() => {
    send = onGesture;
    open.current = onOpen;
    fetchDescription = (id) => open.current(id);
    // A server that was replaced says nothing yet: what it said last still stands.
    if (said.load_id || !store.loadId) server = said;
    if (said.leave_to) leave(said.leave_to);
    if (said.load_id !== store.loadId) staying.clear();
    const left = takeUp(said);
    const received = overlay.receive(overlay.connect(store, isOnline), said);
    if (received.hasGap && !store.hasGap) onReload();
    const elsewhere = said.changes.filter((change) => change.seq > store.seq && !isOwn(change)).map(overlay.whole);
    const dialog = elsewhere.reduce(withChange, withDescription(ui.dialog, said.opened));
    update(received, { dialog, ...left, ...withoutFields(received) });
  }, [said, isOnline]);
  useEffect(() => {
    if (isOnline) {
      if (wasAway.current) reloadIfReplaced();
      wasAway.current = false;
      return update(store, { isCut: false });
    }
    wasAway.current = true;
    const timer = setTimeout(() => update(store, { isCut: true }), BANNER_DELAY);
    return () => clearTimeout(timer);
  }, [isOnline]);
  useEffect(() => {
    if (!said.failures) return undefined;
    const timer = setTimeout(onReload, Math.min(FIRST_RETRY * 2 ** (said.failures - 1), LAST_RETRY));
    return () => clearTimeout(timer);
  }, [said.failures]);
  useEffect(() => {
    const minute = setInterval(() => update(store), 30_000);
    window.addEventListener("keydown", undoByKey);
    document.addEventListener("input", keepDraft);
    return () => {
      clearInterval(minute);
      window.removeEventListener("keydown", undoByKey);
      document.removeEventListener("input", keepDraft);
    };
  }, []);
  return null;
}

function leave(address) {
  if (!drafts.mayGo()) return;
  drafts.leaveTab();
  window.location.replace(address);
}

let lastMoment = 0;

/** A UUID of version 7: the ids of two gestures sort in the order in which they were made. */
function uuid7() {
  lastMoment = Math.max(Date.now(), lastMoment + 1);
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(lastMoment / 256 ** (5 - i)) % 256;
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

function perform(kind, id, { fields = {}, row, version, notice = null, ...nextUi } = {}) {
  // The random end of an id is enough to tell one tab's gestures apart, and it travels back with each answer.
  const nonce = uuid7().slice(-12);
  const op = { nonce, kind, id, fields, row, version, at: lastMoment * 1000 };
  update(overlay.perform(store, op), { ...nextUi, ...(notice && { notice: noticed({ ...notice, nonce }) }) });
}

/** "Task saved." is not true of a gesture that failed: its row says so. */
const isRefused = (notice) => store.ops.some((op) => op.error && op.nonce === notice?.nonce);

let noticeTimer;

/** A notice, which goes after its time; the time stands still while somebody is at it, or the tab is hidden. */
function noticed(notice) {
  clearInterval(noticeTimer);
  let left = NOTICE_TIME;
  noticeTimer = setInterval(() => {
    if (document.hidden || document.querySelector(".toast:is(:hover, :focus-within)")) return;
    left -= NOTICE_STEP;
    if (left > 0) return;
    clearInterval(noticeTimer);
    update(store, { notice: null });
  }, NOTICE_STEP);
  return { ...notice, canUndo: Boolean(notice.undo) };
}

/** Tell something that was done elsewhere on the page. */
export const say = (text) => update(store, { notice: noticed({ text }) });

const namesOf = (fields, row) => Object.fromEntries(Object.keys(fields).map((name) => [name, row[name] || (name.startsWith("due") ? null : row[name])]));

let staying = new Map(); // tasks that are still seen where they were, id → row, until they have left

/** A task that leaves its place is seen to: `why` is a key of STAYING, or empty when it stays or comes back. */
function letStay(row, why) {
  staying.delete(row.id);
  if (!why || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const seen = { ...row, is_leaving: why };
  staying.set(row.id, seen);
  setTimeout(() => staying.get(row.id) === seen && staying.delete(row.id) && update(store), STAYING[why]);
}

/** The store for the eye alone: what is counted and sent has changed already. */
function withStaying(store) {
  if (!staying.size) return store;
  const base = new Map(store.base);
  for (const [id, row] of staying) base.set(id, { ...row, ...base.get(id), is_completed: row.is_completed, is_leaving: row.is_leaving });
  const isLeaving = (op) => staying.has(op.id) && !op.error && (op.fields.is_completed || REMOVING.includes(op.kind));
  return { ...store, base, ops: store.ops.filter((op) => !isLeaving(op)) };
}

const REMOVING = ["delete", "restore", "erase"];

let ticked = ""; // the task whose box was clicked last

export function tick(row, isCompleted, clicks) {
  // Where a row moves away under a double click, its second half was not meant for the row that is there now.
  if (clicks > 1 && row.id !== ticked) return;
  ticked = row.id;
  const isMoving = !server.sort || !["all", "completed"].includes(server.status);
  letStay(row, isCompleted && isMoving ? "completed" : "");
  perform("change", row.id, {
    fields: { is_completed: isCompleted },
    notice: {
      text: isCompleted ? "Task completed." : "Task open again.",
      undo: () => {
        letStay(row, "");
        perform("change", row.id, { fields: { is_completed: !isCompleted } });
      },
    },
  });
}

export function trash(row) {
  letStay(row, "removed");
  perform("delete", row.id, {
    notice: {
      text: `“${row.title}” moved to trash.`,
      undo: () => {
        letStay(row, "");
        perform("restore", row.id, { row });
      },
    },
  });
}

export function restore(row) {
  letStay(row, "removed");
  perform("restore", row.id, { row, notice: { text: `“${row.title}” restored.` } });
}

// What cannot be undone asks first; `yes` is what it does then.
const ask = (question) => update(store, { question });

export const askToErase = (row) =>
  ask({
    title: "Delete forever?",
    text: `“${row.title}” is removed for good and cannot be restored.`,
    verb: "Delete forever",
    yes: () => {
      letStay(row, "removed");
      perform("erase", row.id, { row, notice: { text: `“${row.title}” deleted forever.` } });
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

export const retry = (row) => update(overlay.retry(store, row.id));
export const discard = (row) => update(overlay.discard(store, row.id));

export function undo() {
  const { notice } = ui;
  update(store, { notice: null });
  notice?.undo?.();
}

export const dismiss = () => update(store, { notice: null });

function undoByKey(event) {
  const isTyping = event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog");
  if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !isTyping && ui.notice?.undo && !isRefused(ui.notice)) {
    event.preventDefault();
    undo();
  }
}

/** What is wrong with a title before it is sent; the server has the last word. */
function titleProblem(title) {
  if (!title.trim()) return "Enter a title.";
  if ([...title.trim()].length > TITLE_LENGTH) return `Use at most ${TITLE_LENGTH} characters in the title.`;
  return "";
}

export function add(event) {
  event.preventDefault();
  const input = event.currentTarget.elements.title;
  const title = input.value;
  const quickAddError = titleProblem(title);
  if (quickAddError) return update(store, { quickAddError });
  input.value = "";
  drafts.keep("quickAdd", null);
  const draft = ui.draft?.dialog ? ui.draft : null;
  perform("create", uuid7(), { fields: { title: title.trim() }, notice: { text: "Task added." }, quickAddError: "", draft });
}

let fetchDescription = () => {};

const opened = (mode, row, description) => ({ mode, row, description, error: "", news: "", theirs: {}, isGone: false });

export function open(row) {
  update(store, { dialog: opened("edit", row, row.has_more ? null : row.description) });
  if (row.has_more) fetchDescription(row.id);
}

export const openNew = () => update(store, { dialog: opened("new", null, "") });

function shut() {
  drafts.keep("dialog", null);
  update(store, { dialog: null });
}

/** Close without saving; what was typed can be had back for as long as the notice stands. */
export function close() {
  const typed = typedInDialog();
  shut();
  if (typed) update(store, { notice: noticed({ text: "Closed without saving.", undo: () => reopen(typed) }) });
}

/** What the dialog's form holds beyond the task, as {mode, id, fields}; null when that is nothing. */
function typedInDialog() {
  const typed = form();
  if (!typed || !ui.dialog) return null;
  const fields = fieldsOf(typed);
  const isTouched = ui.dialog.row ? Object.keys(changedFields(fields, inDialog())).length : fields.title || fields.description;
  return isTouched ? { mode: ui.dialog.mode, id: ui.dialog.row?.id ?? "", fields } : null;
}

/** The task as it was when the dialog opened. */
const inDialog = () => ({ ...ui.dialog.row, description: ui.dialog.description });

/** Open the dialog again with what was typed in it; a task that is gone from the list becomes a new one. */
function reopen({ id, fields }) {
  const row = overlay.rowsOf(store).get(id);
  row ? open(row) : openNew();
  requestAnimationFrame(() => {
    for (const [name, value] of Object.entries(fields)) form().elements[name].value = value ?? "";
    keepDraft({ target: form().elements.title });
  });
}

function keepDraft({ target }) {
  if (target.id === "quick-add") drafts.keep("quickAdd", target.value.trim() ? target.value : null);
  else if (target.closest("dialog") && ui.dialog) {
    markDay(form());
    drafts.keep("dialog", typedInDialog());
  } else if (target.closest(".row-editor") && ui.editing) {
    // Nothing is drawn: the fields hold it, and have it again when the row moves to another group meanwhile.
    ui.editing.typed = fieldsOf(target.form);
    drafts.keep("dialog", typedInRow());
  }
}

const titleOf = (draft) => draft.dialog?.fields.title || draft.quickAdd || "a task";

const NO_STORAGE = "This browser keeps no drafts: what is half-typed is lost when the page closes.";

/** Take up what this person left here: gestures are sent again under their nonces, half-typed words are offered. */
function takeUp(said) {
  if (!said.load_id || !said.email) return {};
  const left = drafts.begin(said.email, () => update(store, { notice: noticed({ text: NO_STORAGE }) }));
  if (!left) return {};
  const line = document.getElementById("quick-add");
  // Typed before this script was there to hear it.
  if (line?.value) keepDraft({ target: line });
  store = { ...store, ops: [...left.queue.map((op) => ({ ...op, sentAt: 0 })), ...store.ops] };
  return { draft: left.draft };
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

function withDescription(dialog, said) {
  if (!dialog?.row || dialog.description !== null || said?.id !== dialog.row.id) return dialog;
  return { ...dialog, description: said.description };
}

const isOwn = (change) => store.ops.some((op) => op.nonce === change.nonce);
const form = () => document.querySelector("dialog[open] form");

const on = ({ device }) => (device ? ` (${device})` : "");

/** A change from elsewhere to the task in the dialog: taken over where nothing was typed, shown where something was. */
function withChange(dialog, change) {
  if (!dialog?.row || change.id !== dialog.row.id || change.is_unknown) return dialog;
  if (change.is_deleted) return { ...dialog, isGone: true, news: `This task was moved to the trash on another device just now${on(change)}.` };
  if (!change.row) return { ...dialog, isGone: false, isErased: true, news: `This task was deleted forever on another device${on(change)}. Saving makes it a new one.` };
  const { row } = change;
  const theirs = {};
  for (const name of Object.keys(edits.FIELDS)) {
    const before = name === "description" ? (dialog.description ?? "") : dialog.row[name];
    const input = form()?.elements[name];
    if (!input || row[name] === before || (name === "description" && row.has_more)) continue;
    if (input.value === before) input.value = row[name];
    else if (input.value !== row[name]) theirs[name] = row[name];
  }
  const description = row.has_more ? dialog.description : row.description;
  return { ...dialog, row: { ...dialog.row, ...row }, description, isGone: false, theirs, news: `Changed on another device just now${on(change)}.` };
}

/** Put what the other editor wrote into the field in which this person was writing too. */
export function takeField(name) {
  form().elements[name].value = ui.dialog.theirs[name];
  const { [name]: _taken, ...theirs } = ui.dialog.theirs;
  update(store, { dialog: { ...ui.dialog, theirs } });
}

/** The dialog as it is drawn: the task as it was when it was opened, so that typing is never overwritten. */
function dialogOf(clock) {
  if (!ui.dialog) return null;
  const { mode, row, description, error, news, isGone, theirs } = ui.dialog;
  const days = { today: clock.today, tomorrow: addDays(clock.today, 1), next_week: addDays(clock.today, 7) };
  const task = row ?? { id: "", title: "", priority: "Medium", due_date: "", due_time: "" };
  return {
    mode,
    error,
    news,
    is_gone: isGone,
    is_ready: description !== null,
    theirs: Object.entries(theirs).map(([name, value]) => ({ name, label: edits.FIELDS[name], value: value || "none" })),
    days,
    task: { ...task, description: description ?? "" },
  };
}

function fieldsOf(elements) {
  const { title, description, priority, due_date, due_time } = Object.fromEntries(new FormData(elements));
  return {
    title: title.trim(),
    ...(description === undefined || ui.dialog.description === null ? {} : { description: description.replaceAll("\r\n", "\n") }),
    priority,
    due_date: due_date || null,
    due_time: (due_date && due_time) || null,
  };
}

export function save(event) {
  event.preventDefault();
  const { mode, row, isGone, isErased } = ui.dialog;
  const before = inDialog();
  const fields = fieldsOf(event.currentTarget);
  const error = titleProblem(fields.title);
  if (error) return update(store, { dialog: { ...ui.dialog, error } });
  drafts.keep("dialog", null);
  if (mode === "new" || isErased) return perform("create", uuid7(), { fields, notice: { text: "Task added." }, dialog: null });
  if (isGone) perform("restore", row.id, { row });
  return saveOver(before, fields, { dialog: null });
}

/** Send what differs from the task as it was when its fields were opened, and close them by `nextUi`. */
function saveOver(before, fields, nextUi) {
  const changed = changedFields(fields, before);
  if (!Object.keys(changed).length) return update(store, nextUi);
  const back = () => perform("change", before.id, { fields: namesOf(changed, before) });
  return perform("change", before.id, { fields: changed, version: before.version, notice: { text: "Task saved.", undo: back }, ...nextUi });
}

/** The fields that differ from what they were before; a date takes its time along. */
function changedFields(fields, before) {
  const differs = ([name, value]) => (before[name] || null) !== (value || null);
  const changed = Object.fromEntries(Object.entries(fields).filter(differs));
  return changed.due_date ? { ...changed, due_time: fields.due_time } : changed;
}

export function trashOpened() {
  const { row } = ui.dialog;
  shut();
  trash(row);
}

/** Set the date field of the dialog's form from one of its quick buttons. */
export function pickDay(event) {
  const { form: fields, value } = event.currentTarget;
  fields.elements.due_date.value = value;
  fields.elements.due_date.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The quick buttons of the dialog's form say which of them holds. */
function markDay(fields) {
  const day = fields.elements.due_date.value;
  for (const chip of fields.querySelectorAll("[aria-pressed]")) chip.setAttribute("aria-pressed", String(chip.value === day));
}

/* ---------- editing in place: the fields of one row at a time ---------- */

/** Open the fields of a row, and close those of another. */
export function editInPlace(row) {
  leaveFields();
  update(store, { editing: { row, typed: null, error: "" } });
}

export function saveInPlace(event) {
  event.preventDefault();
  const { row } = ui.editing;
  const typed = fieldsOf(event.currentTarget);
  const error = titleProblem(typed.title);
  if (error) return update(store, { editing: { row, typed, error } });
  drafts.keep("dialog", null);
  focusRow(row.id);
  return saveOver(row, typed, { editing: null });
}

export function cancelInPlace() {
  focusRow(ui.editing.row.id);
  leaveFields();
}

/** Close without saving; what was typed can be had back, in the dialog, for as long as the notice stands. */
function leaveFields() {
  const typed = typedInRow();
  if (ui.editing) shutFields();
  if (typed) update(store, { notice: noticed({ text: "Closed without saving.", undo: () => reopen(typed) }) });
}

function shutFields() {
  drafts.keep("dialog", null);
  update(store, { editing: null });
}

/** What the fields of a row hold beyond the task, as a draft of the dialog's kind; null when that is nothing. */
function typedInRow() {
  const { row, typed } = ui.editing ?? {};
  return typed && Object.keys(changedFields(typed, row)).length ? { mode: "edit", id: row.id, fields: typed } : null;
}

/** When the row that is edited is in the list no more, what was typed is offered back. */
function withoutFields(next) {
  if (!ui.editing || overlay.rowsOf(next).has(ui.editing.row.id)) return {};
  const typed = typedInRow();
  return { editing: null, ...(typed && { draft: { ...ui.draft, dialog: typed } }) };
}

/** The row may be drawn in another place by then. */
const focusRow = (id) => requestAnimationFrame(() => document.querySelector(`[data-task="${id}"]`)?.focus());

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
    requestAnimationFrame(() => openings.isOpen || dialog.current?.close());
    const gone = setTimeout(() => {
      kept.current = null;
      drawAgain(openings.count);
    }, LEAVING);
    return () => clearTimeout(gone);
  }, [isOpen]);
  const onBackdrop = (event) => event.target === dialog.current && onDismiss(event);
  return createElement("dialog", { ...props, ref: dialog, onCancel: (event) => (event.preventDefault(), onDismiss(event)), onClick: onBackdrop }, createElement(Fragment, { key: openings.count }, kept.current));
}
