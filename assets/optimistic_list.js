// What this person just did, over what the server last said: the whole truth of the list on this screen.
//
// Three layers: `base` (the rows as loaded, and every change that the server told since), then `ops` (gestures that
// the server has not answered), merged by `view`. Nothing here knows React, the network or the clock; screen.js does.

import { byDueDate, comparison, countsWith, groupOf, underHeadings } from "./agenda.js";
import { arranged } from "./by_hand.js";
import { meet } from "./edits.js";
import { keyOfNew } from "./position.js";
import { BLANK, NO_COUNTS, NO_GROUPS, WRITTEN } from "./task_fields.js";

/** How long a gesture may go unanswered, in milliseconds, before it says so at its task. */
export const PATIENCE = 3000;
/** The loading that the document brought along: nothing is sent before the server has said the same over the socket. */
export const OF_DOCUMENT = "document"; // as state/first_page.py has it
export const NO_ANSWER = "Not saved: the server did not answer.";

export const emptyStore = () => ({
  loadId: "",
  lostId: "", // the loading that was there when the connection broke
  page: 0,
  seq: 0,
  base: new Map(), // id → row
  counts: NO_COUNTS,
  groups: NO_GROUPS, // how many tasks the list holds under each heading
  open: {}, // how many tasks are open in each list beside the Inbox, by its id
  beyond: 0, // how many tasks match and are not loaded yet
  counted: 0, // how many of more were counted; 0: all
  ops: [], // {nonce, kind, id, fields, shown, version, row, sentAt, error, isPassing}, oldest first
  edits: new Map(), // see edits.js
  inbox: "", // the id of the list in which tasks lie that name none
  inTrash: false, online: false, hasGap: false, isHeld: false,
});

/** Take in what the server says: `server` is {load_id, page, rows, changes, count, is_counted, counts, groups, open_counts, status}. */
export function receive(store, server) {
  if (!server.load_id) return store;
  let next = { ...store, inbox: server.user_id ?? "", inTrash: server.status === "deleted" };
  if (server.load_id !== store.loadId) {
    // A new loading: what was sent before it and got no answer is sent once more; the server knows nonces.
    next = { ...next, loadId: server.load_id, page: 0, seq: 0, base: new Map(), ops: unsent(revived(store.ops)), hasGap: false, counts: server.counts, groups: server.groups, open: server.open_counts ?? {} };
  }
  if (server.page > next.page) {
    next.base = new Map([...next.base, ...server.rows.map((row) => [row.id, { ...BLANK, list_id: next.inbox, ...row }])]);
    next.page = server.page;
    next.beyond = Math.max(server.count - next.base.size, 0);
    next.counted = server.is_counted === false ? server.count : 0;
  }
  for (const change of server.changes) {
    if (change.seq <= next.seq) continue;
    if (change.seq > next.seq + 1) next.hasGap = true;
    next = absorb(next, whole(change, next.inbox));
  }
  return next;
}

/** A change with all of its row: what is as usual did not travel. */
export const whole = (change, inbox) => (change.row ? { ...change, row: { ...BLANK, list_id: inbox, ...change.row, id: change.id } } : change);

function absorb(store, change) {
  const own = store.ops.find((op) => op.nonce === change.nonce);
  let base = new Map(store.base);
  if (change.row && !change.is_hidden) base = put(base, change.id, change.row);
  else if (!change.is_unknown) base.delete(change.id);
  const isMoot = (op, i) => own?.kind === "delete" && op.id === own.id && op.error && i < store.ops.indexOf(own);
  // What failed before this was saved may say the opposite of it: only the person knows whether it still holds.
  const settled = (op, i) => (op.id === own?.id && i < store.ops.indexOf(own) ? { ...op, isPassing: false } : op);
  const ops = change.error
    ? store.ops.map((op) => (op === own ? { ...op, error: change.error, isPassing: Boolean(change.is_passing) } : op))
    : store.ops.map(settled).filter((op, i) => store.ops[i] !== own && !isMoot(store.ops[i], i));
  // Of the counts, only what is different now has travelled.
  const [counts, groups, open] = [{ ...store.counts, ...change.counts }, { ...store.groups, ...change.groups }, { ...store.open, ...change.open_counts }];
  return { ...store, base, ops, counts, groups, open, edits: meet(store.edits, change, own), seq: change.seq };
}

/**
 * Add a gesture. `op` is {nonce, kind, id, fields, at, made, shown?, row?, version?}: `at` is microseconds on the server's clock, `made`
 * milliseconds on that of the device; kinds: see state/gestures.py.
 */
export function perform(store, op) {
  const create = op.kind === "change" && unmade(store, op.id);
  // What had no answer may be there: it is asked for before it is changed. What was refused is made as it is corrected.
  if (create?.isPassing) return perform(sentAgain(store, create), op);
  if (create && isCorrection(store, create, op)) return corrected(store, create, op);
  const row = op.row ?? rowsOf(store).get(op.id) ?? null;
  const version = op.version || store.base.get(op.id)?.version || null;
  return { ...store, ops: [...store.ops, { fields: {}, ...op, row, version, sentAt: 0, error: "" }] };
}

/** The new task of this id that is not made, as its gesture; undefined when there is none. */
export const unmade = (store, id) => store.ops.find((op) => op.id === id && MAKING.includes(op.kind) && op.error);

const MAKING = ["create", "duplicate"];

const sentAgain = (store, op, changes = {}) => ({
  ...store,
  ops: store.ops.map((each) => (each === op ? { ...op, sentAt: 0, error: "", isPassing: false, ...changes } : each)),
});

/** The changes that failed with a new task, since there was none. */
const failedWith = ({ ops }, create) => ops.filter((op) => op.id === create.id && op !== create);

/** A new task cannot be completed, and what comes and goes is no correction. */
const isCorrection = (store, create, op) =>
  create.kind === "create" &&
  [...failedWith(store, create), { ...op, error: "none" }].every(({ kind, error, fields }) => kind === "change" && error && !("is_completed" in fields));

function corrected(store, create, { nonce, fields }) {
  const failed = failedWith(store, create);
  const all = Object.assign({}, create.fields, ...failed.map((op) => op.fields), fields);
  return sentAgain({ ...store, ops: store.ops.filter((op) => !failed.includes(op)) }, create, { nonce, fields: all, shown: { ...create.shown, ...fields } });
}

/** How many gestures are on their way at once: the rest follows as they are answered, no faster than the server hears. */
const WINDOW = 20;

/** The gestures to send now, oldest first, and the store in which they are sent. */
export function outbox(store, now) {
  if (!store.online || store.isHeld || [store.lostId, OF_DOCUMENT].includes(store.loadId)) return [[], store];
  const open = store.ops.filter((op) => !op.error);
  const due = open.slice(0, WINDOW).filter((op) => !op.sentAt);
  if (!due.length) return [due, store];
  const ops = store.ops.map((op) => (due.includes(op) ? { ...op, sentAt: now } : op));
  return [due, { ...store, ops }];
}

/** What was sent too long ago is rolled back and says so; a late answer still settles it. */
export function expire(store, now) {
  const late = (op) => op.sentAt && !op.error && now - op.sentAt >= PATIENCE;
  if (!store.online || !store.ops.some(late)) return store;
  return { ...store, ops: store.ops.map((op) => (late(op) ? { ...op, error: NO_ANSWER, isPassing: true } : op)) };
}

/** The socket came or went. What is on its way when it goes waits, without an error, for the next loading. */
export const connect = (store, online) =>
  store.online === online ? store : { ...store, online, lostId: online ? store.lostId : store.loadId, ops: unsent(store.ops) };

/** What another tab has left without an answer, in the order in which all of it was made. */
export function adopt(store, gestures) {
  const ops = [...unsent(revived(gestures)), ...store.ops].sort((a, b) => madeAt(a) - madeAt(b));
  return { ...store, ops };
}

// What an older version has kept knows the server's clock alone.
const madeAt = ({ made, at }) => made ?? at / 1000;

const unsent = (ops) => ops.map((op) => (op.error ? op : { ...op, sentAt: 0 }));

/** What failed for want of a server alone (`isPassing`) waits like the rest once there is one again. */
const revived = (ops) => ops.map((op) => (op.isPassing ? { ...op, error: "", isPassing: false } : op));

/** Send again what failed at this task, with the same nonces: the server will not do it twice. */
export const retry = (store, id) => ({
  ...store,
  ops: store.ops.map((op) => (op.id === id && op.error ? { ...op, sentAt: 0, error: "", isPassing: false } : op)),
});

export const discard = (store, id) => ({ ...store, ops: store.ops.filter((op) => op.id !== id || !op.error) });

const writesOf = (store, id) => store.ops.filter((op) => op.id === id && ["create", "change"].includes(op.kind));

/** What this person wrote in the fields of a task that the server has not answered, or not saved. */
export const ownFields = (store, id) => Object.assign({}, ...writesOf(store, id).map((op) => op.fields));

/** "Saving" while something that was done to a task has no answer. */
export const savingOf = (store, id) => (store.ops.some((op) => op.id === id && !op.error) ? "Saving" : "");

const failedChanges = (store, id) => writesOf(store, id).filter((op) => op.error && op.kind === "change");

/** Why fields of a task were not saved, as {name: words}. */
export const failedFields = (store, id) => {
  const named = failedChanges(store, id).map(({ fields, error }) => [Object.keys(WRITTEN).find((name) => name in fields), error]);
  return Object.fromEntries(named.filter(([name]) => name));
};

/** The store without the changes of these fields alone that were not saved. */
export function withoutFailed(store, id, names) {
  const failed = failedChanges(store, id).filter(({ fields }) => Object.keys(fields).every((name) => names.includes(name)));
  return { ...store, ops: store.ops.filter((op) => !failed.includes(op)) };
}

/** The rows as this person sees them: id → row with `pending`, `error`. */
export const rowsOf = (store) =>
  new Map([...withGestures(store)].filter(([, row]) => Boolean(row.deleted_at) === store.inTrash));

/** Where it was, or in front of all: by relevance, rows are drawn as they lie here. */
const put = (rows, id, row) => (rows.has(id) ? rows.set(id, row) : new Map([[id, row], ...rows]));

function withGestures({ base, ops, inbox }) {
  let rows = new Map(base);
  for (const op of ops) {
    const snapshot = op.kind === "create" ? { ...BLANK, list_id: inbox, ...op.fields, ...op.shown } : op.row;
    // A change to what is not here changes nothing, until it fails and says so.
    const row = rows.get(op.id) ?? (op.kind === "change" && !op.error ? null : snapshot);
    // In the trash or outside, wherever the gesture was made.
    if (op.error) rows = row ? put(rows, op.id, { ...row, id: op.id, deleted_at: op.row?.deleted_at ?? 0, error: op.error, is_unmade: MAKING.includes(op.kind) }) : rows;
    else if (op.kind === "erase") rows.delete(op.id);
    else if (op.kind === "empty") emptied(rows, op.fields.until);
    else if (row || op.kind === "restore") {
      const next = { ...changed(row ?? BLANK, op), id: op.id, pending: true };
      rows = put(rows, op.id, next);
      takeAlong(rows, row ?? BLANK, next);
    }
  }
  return rows;
}

/** What is done to a task is done to its subtasks: they lie where it lies, and are completed, opened and deleted with it. */
function takeAlong(rows, before, next) {
  const isNew = (name) => before[name] !== next[name];
  const isDone = next.completed_at && !before.completed_at;
  for (const [id, part] of rows) {
    if (part.parent_id !== next.id) continue;
    const along = {};
    for (const name of ["list_id", "section_id"]) if (isNew(name)) along[name] = next[name];
    if (isDone ? !part.is_completed : isNew("completed_at") && part.completed_at === before.completed_at) {
      Object.assign(along, { is_completed: next.is_completed, completed_at: next.completed_at });
    }
    if (isNew("deleted_at") && part.deleted_at === before.deleted_at) along.deleted_at = next.deleted_at;
    if (Object.keys(along).length) rows.set(id, { ...part, ...along });
  }
}

/** The ids of tasks that gestures touch: their own, and those of the subtasks that they take along. */
function touched(store, ops, rows) {
  const ids = new Set(ops.map((op) => op.id));
  for (const some of [store.base, rows]) for (const [id, row] of some) if (row.parent_id && ids.has(row.parent_id)) ids.add(id);
  return ids;
}

const emptied = (rows, until) =>
  rows.forEach(({ deleted_at }, id) => deleted_at && deleted_at <= until && rows.delete(id));

const NOT_YET = 2 ** 52; // later than any answer: what has none comes after all that has, so that answers move no row

/** When something was done, in microseconds since 1970, answered or not. */
export const momentOf = (at) => (at >= NOT_YET ? at - NOT_YET : at);

function changed(row, op) {
  // Beside which task it is put is for the server; `shown` says where that is, until it answers.
  const { before: _before, after: _after, of: _of, ...said } = op.fields;
  const fields = Object.fromEntries(Object.entries({ ...said, ...op.shown }).map(([name, value]) => [name, value ?? ""]));
  const at = NOT_YET + (op.at ?? 0);
  const next = { ...row, ...fields, updated_at: at, created_at: MAKING.includes(op.kind) ? at : row.created_at };
  if (op.kind === "create" && !next.position) next.position = keyOfNew(op.at ?? 0);
  if (op.kind === "delete" || op.kind === "restore") next.deleted_at = op.kind === "delete" ? op.at || 1 : 0;
  if ("due_date" in fields && !fields.due_date) next.due_time = "";
  if ("description" in fields) next.has_more = false;
  if ("is_completed" in fields) next.completed_at = fields.is_completed ? row.completed_at || at : 0;
  return next;
}

/** Counts with what is pending in them: what each touched task adds now, less what it added before. `namesOf(row)`: the counts it is in. */
function withPending(store, before, namesOf) {
  const counts = { ...before };
  const ops = store.ops.filter((op) => !op.error);
  if (!ops.length) return counts;
  const rows = withGestures({ ...store, ops });
  const count = (row, by) => row && !row.deleted_at && namesOf(row).forEach((name) => (counts[name] = (counts[name] ?? 0) + by));
  for (const id of touched(store, ops, rows)) {
    count(store.base.get(id), -1);
    count(rows.get(id), 1);
  }
  return counts;
}

/** The counts of the cards. */
export const countsOf = (store, clock) => withPending(store, store.counts, (row) => countsWith(row, clock));

/** How many tasks are under each heading, those that are not loaded too. */
export const groupCountsOf = (store, clock, isHere = () => true) => withPending(store, store.groups, (row) => (isHere(row) ? [groupOf(row, clock)] : []));

/** How many tasks are open in each list beside the Inbox, by its id. */
export const openCountsOf = (store) => withPending(store, store.open, (row) => (row.is_completed ? [] : [row.list_id]));

/** How many open tasks have each label, by its key: `keysOf(row)` has those of a row. */
export const labelCountsOf = (store, counts, keysOf) => withPending(store, counts, (row) => (row.is_completed ? [] : keysOf(row)));

/**
 * The list as it is drawn: groups of rows in order. `clock` is {today, now} on the user's wall clock; `page` says which rows are on it, and
 * under which headings (see place.js); with `isByHand` they are `sections` of a list, in which subtasks are put away where `isFolded(id)`.
 */
export function view(store, { sort, order }, clock, page) {
  const rows = [...rowsOf(store).values()].filter(page?.holds ?? (() => true));
  if (!sort && page?.isByHand) return arranged(rows, page.sections ?? [], page.isFolded);
  rows.sort(comparison(sort, order));
  if (sort) return rows.length ? [{ key: "all", label: "", tasks: rows }] : [];
  if (page?.headingOf) return underHeadings(rows, page.headingOf, page.headings);
  return byDueDate(rows, clock);
}
