// A server, its lossy channels and tabs, to try the optimistic list against: what dashboard/state/tasks.py and assets/tasks.js
// do around optimistic_list.js, reduced to the order in which things can happen. Everything that can vary is drawn from one seed.
import assert from "node:assert/strict";
import * as optimistic from "../../assets/optimistic_list.js";
import { BLANK, NO_COUNTS, NO_GROUPS, WRITTEN } from "../../assets/task_fields.js";

export const CLOCK = { today: "2026-03-10", now: "2026-03-10T12:00:00" };
const MOST_CHANGES = 20;
const KEPT_ANSWERS = 64;
const UNLOADED = { load_id: "", page: 0, rows: [], changes: [], counts: NO_COUNTS, groups: NO_GROUPS, status: "all" };

/** Mulberry32: the same seed, the same numbers. */
export function randomness(seed) {
  let state = seed >>> 0;
  const number = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count) => Math.floor(number() * count);
  const pick = (list) => list[below(list.length)];
  return { below, pick, chance: (share) => number() < share };
}

/** What the lists of a status hold. */
export const HOLDS = {
  all: (task) => !task.deleted_at,
  pending: (task) => !task.deleted_at && !task.is_completed,
  deleted: (task) => Boolean(task.deleted_at),
};

/** What a person would see of a row; how it got there and when is not drawn. */
export const drawn = ({ id, title, description, priority, is_completed, due_date, due_time }) =>
  ({ id, title, description, priority, is_completed, due_date, due_time });

/** The tasks, and what the server knows of each tab until it is restarted. */
export class Server {
  tasks = new Map(); // id → row
  done = new Set(); // the nonces that were ever answered with yes
  refused = new Set(); // and with no
  log = []; // every gesture that was carried out: {tab, nonce, kind, id, fields, version, based_on}
  made = new Map(); // id → how often a task was made under it
  refuses = () => "";
  #states = new Map();
  #now = 1_000_000;

  constructor(aheadBy = 0) {
    this.#now += aheadBy;
  }

  restart() {
    this.#states.clear();
  }

  /** One message of a tab; the server's answers go into its channel. */
  handle(tab, [name, gesture]) {
    if (name === "hydrate") {
      tab.down.push({ ...this.#stateOf(tab).said });
      tab.up.push(["listen"], ["load"]);
    } else if (name === "load") this.#load(tab);
    else if (name === "listen") this.#listen(tab);
    else this.#perform(tab, gesture);
  }

  /** Let a tab's listener read what it has heard of. */
  hear(tab) {
    const state = this.#stateOf(tab);
    const latest = new Map();
    for (const event of state.heard.splice(0)) {
      if (state.own.delete(`${event.id} ${event.version}`)) continue;
      const based = [latest.get(event.id)?.based_on, event.based_on].filter((version) => version != null);
      latest.set(event.id, { ...event, based_on: based.length ? Math.min(...based) : null });
    }
    if (latest.size > MOST_CHANGES) return this.#load(tab);
    if (latest.size) this.#say(tab, { changes: [...latest.values()].map(({ id, based_on }) => this.#change(tab, id, { based_on })) });
  }

  hasNews = (tab) => this.#stateOf(tab).heard.length > 0;
  list = (status) => [...this.tasks.values()].filter(HOLDS[status]);

  /** The Metrics. */
  counts() {
    const counts = { ...NO_COUNTS };
    for (const task of this.list("all")) {
      const open = !task.is_completed;
      const due = task.due_date && `${task.due_date}T${task.due_time || "24:00"}:00`;
      const of = (priority) => open && task.priority === priority;
      counts.total += 1;
      counts.completed += Number(!open);
      counts.pending += Number(open);
      counts.overdue += Number(Boolean(open && due && due < CLOCK.now));
      counts.due_today += Number(open && task.due_date === CLOCK.today);
      counts.until_tonight += Number(Boolean(open && due && task.due_date <= CLOCK.today));
      counts.high_priority += Number(of("High"));
      counts.medium_priority += Number(of("Medium"));
      counts.low_priority += Number(of("Low"));
    }
    return counts;
  }

  #stateOf(tab) {
    if (!this.#states.has(tab)) {
      this.#states.set(tab, { said: { ...UNLOADED }, seq: 0, answers: new Map(), own: new Set(), heard: [], listens: false });
    }
    return this.#states.get(tab);
  }

  #say(tab, delta) {
    const state = this.#stateOf(tab);
    Object.assign(state.said, delta);
    tab.down.push(delta);
  }

  #load(tab) {
    const state = this.#stateOf(tab);
    const rows = this.list(tab.status);
    const counts = this.counts();
    Object.assign(state, { socket: tab.socket, seq: 0, counts });
    this.#say(tab, { counts, load_id: `${tab.name}-${(this.#now += 1)}`, page: 1, rows, changes: [], status: tab.status });
  }

  #listen(tab) {
    this.#stateOf(tab).listens = true;
  }

  #perform(tab, gesture) {
    const state = this.#stateOf(tab);
    const { nonce, id } = gesture;
    // Sent before the loading that is on its way to the tab: after it, the tab sends it again, in order.
    if (gesture.load_id !== state.said.load_id || tab.socket !== state.socket) return;
    let error = state.answers.get(nonce);
    if (error === undefined) {
      error = this.refuses() || this.#carryOut(tab, gesture);
      if (error) this.refused.add(nonce);
      else (state.answers.set(nonce, error), this.done.add(nonce));
      if (state.answers.size > KEPT_ANSWERS) state.answers.delete(state.answers.keys().next().value);
    }
    this.#say(tab, { changes: [this.#change(tab, id, { nonce, error })] });
  }

  /** The services: why not, or nothing. */
  #carryOut(tab, { nonce, kind, id, fields, version }) {
    const task = this.tasks.get(id);
    const isThere = task && !task.deleted_at;
    const isDone = { create: isThere, restore: isThere, delete: !isThere, erase: !task }[kind];
    if (isDone) return "";
    if (kind === "create" ? task : kind === "change" ? !isThere : !task) return "This task does not exist, or it is in the trash.";
    assert.ok(tab.isOpen(nonce), `${nonce} is carried out after its answer was seen`);
    this.log.push({ tab, nonce, kind, id, fields, version: (task?.version ?? 0) + 1, based_on: version });
    const at = (this.#now += 1);
    if (kind === "create") this.made.set(id, (this.made.get(id) ?? 0) + 1);
    const next = {
      create: () => ({ ...NEW, ...withoutNull(fields), id, created_at: at }),
      change: () => applied(task, withoutNull(fields), at),
      delete: () => ({ ...task, deleted_at: at }),
      restore: () => ({ ...task, deleted_at: 0 }),
      erase: () => null,
    }[kind]();
    const before = task?.version ?? 0;
    if (next) this.tasks.set(id, { ...next, version: before + 1, updated_at: at });
    else this.tasks.delete(id);
    const event = { id, version: next ? before + 1 : Infinity, based_on: kind === "change" ? version : null };
    this.#stateOf(tab).own.add(`${id} ${event.version}`);
    for (const state of this.#states.values()) if (state.listens) state.heard.push(event);
    return "";
  }

  #change(tab, id, { nonce = "", error = "", based_on = null }) {
    const [state, task] = [this.#stateOf(tab), this.tasks.get(id)];
    const change = { seq: (state.seq += 1), id, row: task ?? null, nonce, error, based_on };
    const known = state.counts ?? {};
    state.counts = this.counts();
    const counts = Object.fromEntries(Object.entries(state.counts).filter(([name, count]) => known[name] !== count));
    return { ...change, counts, is_hidden: !task || !HOLDS[tab.status](task), is_deleted: Boolean(task?.deleted_at) };
  }
}

const NEW = BLANK;
const withoutNull = (fields) => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value ?? ""]));

function applied(task, fields, at) {
  const next = { ...task, ...fields };
  if (!next.due_date) next.due_time = "";
  next.completed_at = next.is_completed ? task.completed_at || at : 0;
  return next;
}

/** A tab: assets/tasks.js without React, on Reflex's event queue and a socket that can be lost. */
export class Tab {
  store = optimistic.emptyStore();
  up = [];
  down = [];
  isConnected = false;
  socket = 0;
  isOnline = false; // what the page believes
  made = []; // the ops of this tab's gestures, in order
  discarded = new Set();
  failed = new Set();
  #said = { ...UNLOADED };
  #left = [];
  #waiting = []; // Reflex keeps events for later while there is no socket
  #open = new Map(); // nonce → op, until its answer was seen

  constructor(name, server, clock, status = "all") {
    Object.assign(this, { name, server, clock, status });
  }

  rows = () => optimistic.rowsOf(this.store);

  connect() {
    Object.assign(this, { isConnected: true, socket: this.socket + 1, up: [["hydrate"], ...this.#waiting.splice(0)], down: [] });
    this.isOnline = true;
    this.render();
  }

  /** The connection breaks, with all that is on its way. */
  cut() {
    Object.assign(this, { isConnected: false, up: [], down: [] });
  }

  /** The page is loaded again; this tab's storage has kept the gestures without an answer. */
  reload() {
    this.cut();
    const { ops } = this.store;
    Object.assign(this, { store: optimistic.emptyStore(), isOnline: false });
    this.#said = { ...UNLOADED };
    this.#waiting = [];
    this.#left.push(...ops);
    this.connect();
  }

  /** The page learns that there is no connection; it may be back before that. */
  notice() {
    this.isOnline = false;
    this.render();
  }

  /** Take in the next of the server's words; React may draw only after several of them. */
  take() {
    Object.assign(this.#said, this.down.shift());
  }

  render() {
    const said = { ...this.#said };
    if (said.load_id) this.store = { ...this.store, ops: [...this.#left.splice(0).map((op) => ({ ...op, sentAt: 0 })), ...this.store.ops] };
    const received = optimistic.receive(optimistic.connect(this.store, this.isOnline), said);
    if (received.hasGap && !this.store.hasGap) this.#send(["load"]);
    this.#update(received);
    const left = new Set([...this.#left, ...this.store.ops].map((op) => op.nonce));
    for (const op of this.#open.values()) {
      if (left.has(op.nonce) || this.isGivenUp(op)) continue;
      this.#open.delete(op.nonce);
      assert.ok(this.server.done.has(op.nonce), `${op.nonce} counts as saved, and the server never did it`);
    }
  }

  /** Whether a failed gesture was discarded, or its task deleted with it. */
  isGivenUp = (op) =>
    this.discarded.has(op.nonce) ||
    (this.failed.has(op.nonce) && this.made.some(({ kind, id, nonce }) => kind === "delete" && id === op.id && this.server.done.has(nonce)));

  isOpen = (nonce) => this.#open.has(nonce);

  perform(kind, id, { fields = {}, row, version } = {}) {
    const op = { nonce: `${this.name}${this.made.length + 1}-${kind}`, kind, id, fields, row, version, at: this.clock() };
    this.made.push(op);
    this.#open.set(op.nonce, op);
    const next = optimistic.perform(this.store, op);
    // What a correction takes the place of is given up.
    for (const { nonce } of this.store.ops) if (!next.ops.some((each) => each.nonce === nonce)) this.discarded.add(nonce);
    this.#update(next);
  }

  /** Three seconds and more pass. */
  wait() {
    this.clock(optimistic.PATIENCE);
    this.#update(optimistic.expire(this.store, this.clock()));
  }

  retry(id) {
    this.#update(optimistic.retry(this.store, id));
  }

  discard(id) {
    for (const op of this.store.ops) if (op.id === id && op.error) this.discarded.add(op.nonce);
    this.#update(optimistic.discard(this.store, id));
  }

  #update(next) {
    const [due, sent] = optimistic.outbox(next, this.clock());
    this.store = sent;
    for (const { nonce, kind, id, fields, version } of due) this.#send(["perform", { load_id: sent.loadId, nonce, kind, id, fields, version }]);
    for (const op of this.store.ops) if (op.error) this.failed.add(op.nonce);
    this.#check();
  }

  #send(message) {
    (this.isConnected ? this.up : this.#waiting).push(message);
  }

  /** Between a gesture and its answer the view shows it; after a failure it shows that. */
  #check() {
    const rows = this.rows();
    this.store.ops.forEach((op, i) => {
      const row = rows.get(op.id);
      const others = this.store.ops.filter((other) => other !== op && other.id === op.id);
      const later = this.store.ops.filter((other, j) => j > i && other.id === op.id);
      // What comes and goes hides the rest; a later failure shows beside it.
      if ((op.error ? others : later).some(({ kind, error }) => (MOVES.includes(kind) && !error) || (!op.error && error))) return;
      if (op.error) assert.ok(row?.error, `${op.nonce} failed, and nothing says so`);
      else if (op.kind === "erase" || op.kind === (this.status === "deleted" ? "restore" : "delete")) assert.equal(row, undefined, `${op.nonce} does not show`);
      else if (row || op.kind !== "change") {
        assert.ok(row?.pending, `${op.nonce} does not show as pending`);
        for (const [name, value] of Object.entries(op.fields)) {
          if (later.some(({ fields }) => name in fields || (name === "due_time" && "due_date" in fields))) continue;
          assert.equal(row[name], value ?? "", `${op.nonce} does not show its ${name}`);
        }
      }
    });
  }
}

const MOVES = ["delete", "restore", "erase"];

/** Something that a person could do at this tab now; `mayUndo` says which deletes they would take back. */
export function gesture(tab, random, mayUndo = () => true) {
  const rows = [...tab.rows().values()];
  const row = rows.length ? random.pick(rows) : null;
  const deletes = new Map(tab.made.filter((op) => op.kind === "delete").map((op) => [op.id, op]));
  const deleted = [...deletes.values()].filter((op) => mayUndo(op) && !tab.rows().has(op.id));
  const kind = random.pick(["create", "tick", "tick", "edit", "edit", "edit", "delete", "restore"]);
  if (tab.status === "deleted") row && tab.perform(random.pick(["restore", "erase"]), row.id, { row });
  else if (kind === "restore" && deleted.length) {
    const { id, row: before } = random.pick(deleted);
    tab.perform("restore", id, { row: before });
  } else if (kind === "create" || !row) {
    tab.perform("create", `${tab.name}-task-${String(tab.made.length).padStart(3, "0")}`, { fields: { title: `Task ${tab.made.length}`, ...someFields(random) } });
  } else if (kind === "tick") tab.perform("change", row.id, { fields: { is_completed: !row.is_completed } });
  else if (kind === "edit") tab.perform("change", row.id, { fields: someFields(random, { title: `Words ${random.below(1000)}` }) });
  else tab.perform("delete", row.id, { row });
}

function someFields(random, atLeast = {}) {
  const fields = {
    title: () => `Words ${random.below(1000)}`,
    description: () => random.pick(["", "Two litres", "Free range"]),
    priority: () => random.pick(["High", "Medium", "Low"]),
    due_date: () => random.pick([null, "2026-03-09", "2026-03-10", "2026-03-11"]),
  };
  const names = Object.keys(fields).filter((name) => name in WRITTEN && random.chance(0.3));
  const chosen = Object.fromEntries(names.map((name) => [name, fields[name]()]));
  if (chosen.due_date) chosen.due_time = random.pick([null, "09:00", "18:30"]);
  return names.length ? chosen : atLeast;
}
