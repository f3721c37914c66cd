// The trash on the screen: what leaves it at once, what comes back when the server says no, and what it says of time.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as optimistic from "../../assets/optimistic_list.js";
import { NO_COUNTS, NO_GROUPS } from "../../assets/task_fields.js";
import { deletedWords, writeAs } from "../../assets/words.js";

writeAs({ date_order: "dmy", time_format: "24h" });
const CLOCK = { today: "2026-03-10", now: "2026-03-10T12:00:00" };
const COUNTS = { ...NO_COUNTS, total: 4, completed: 1, pending: 3, medium_priority: 3 };

const row = (id, deleted_at, fields = {}) => ({ id, version: 2, title: `Task ${id}`, deleted_at, ...fields });
const said = (rows, fields = {}) => ({ load_id: "first", page: 1, rows, changes: [], counts: COUNTS, groups: NO_GROUPS, status: "deleted", ...fields });
const loaded = (...rows) => optimistic.receive(optimistic.connect(optimistic.emptyStore(), true), said(rows));
const elsewhere = (store, status) => optimistic.receive(store, said([], { load_id: "second", status }));
const says = (store, ...changes) =>
  optimistic.receive(store, said([], { changes: changes.map((change, i) => ({ seq: store.seq + 1 + i, ...change })) }));
const gesture = (store, kind, id, op = {}) =>
  optimistic.outbox(optimistic.perform(store, { nonce: `${kind}-${id}`, kind, id, at: 5_000_000, ...op }), 1_000)[1];
const seen = (store) => [...optimistic.rowsOf(store).values()].map(({ title, error }) => title + (error ? ` (${error})` : ""));
const counts = (store) => optimistic.countsOf(store, CLOCK);
const trash = () => loaded(row("1", 300), row("2", 200), row("3", 100));

test("a task that is deleted forever leaves at once and moves no count", () => {
  const store = gesture(trash(), "erase", "2");
  assert.deepEqual(seen(store), ["Task 1", "Task 3"]);
  assert.deepEqual(counts(store), COUNTS);
  const gone = says(store, { id: "2", nonce: "erase-2", is_hidden: true });
  assert.deepEqual(seen(gone), ["Task 1", "Task 3"]);
  assert.deepEqual(gone.ops, []);
});

test("a task that could not be deleted forever comes back and says why", () => {
  const store = says(gesture(trash(), "erase", "2"), { id: "2", nonce: "erase-2", is_unknown: true, error: "No." });
  assert.deepEqual(seen(store), ["Task 1", "Task 2 (No.)", "Task 3"]);
  assert.deepEqual(seen(optimistic.retry(store, "2")), ["Task 1", "Task 3"]);
  assert.deepEqual(seen(optimistic.discard(store, "2")), ["Task 1", "Task 2", "Task 3"]);
});

test("a task that was restored elsewhere while it was to be deleted forever says that it was kept", () => {
  const store = says(gesture(trash(), "erase", "2"), { id: "2", nonce: "erase-2", is_hidden: true, row: row("2", 0), error: "Kept." });
  assert.deepEqual(seen(store), ["Task 2 (Kept.)", "Task 1", "Task 3"]);
  assert.deepEqual(seen(optimistic.discard(store, "2")), ["Task 1", "Task 3"]);
});

test("an emptied trash is empty at once, but for what was deleted after the person looked", () => {
  const store = gesture(trash(), "empty", "2", { fields: { until: 200 } });
  assert.deepEqual(seen(store), ["Task 1"]);
  assert.deepEqual(counts(store), COUNTS);
});

test("the answer to an emptied trash comes with a new loading and shows nothing of the old one in between", () => {
  const store = gesture(trash(), "empty", "1", { fields: { until: 300 } });
  const emptied = optimistic.receive(store, said([], { load_id: "second", changes: [{ seq: 1, id: "1", nonce: "empty-1", is_hidden: true }] }));
  assert.deepEqual([seen(emptied), emptied.ops, emptied.hasGap], [[], [], false]);
});

test("a trash that could not be emptied says so at the task that was deleted last", () => {
  const store = optimistic.expire(gesture(trash(), "empty", "1", { fields: { until: 300 } }), 10_000);
  assert.deepEqual(seen(store), [`Task 1 (${optimistic.NO_ANSWER})`, "Task 2", "Task 3"]);
  assert.deepEqual(seen(optimistic.discard(store, "1")), ["Task 1", "Task 2", "Task 3"]);
});

test("a restored task leaves the trash and counts at once", () => {
  const store = gesture(trash(), "restore", "1");
  assert.deepEqual(seen(store), ["Task 2", "Task 3"]);
  assert.deepEqual(counts(store), { ...COUNTS, total: 5, pending: 4, medium_priority: 4 });
});

test("what waits to be sent is seen where it belongs, whatever page is open", () => {
  let store = optimistic.connect(trash(), false);
  store = optimistic.perform(store, { nonce: "restore-1", kind: "restore", id: "1", at: 5_000_000 });
  store = optimistic.perform(store, { nonce: "create-9", kind: "create", id: "9", fields: { title: "New" }, at: 5_000_001 });
  assert.deepEqual(seen(store), ["Task 2", "Task 3"]);
  assert.deepEqual(seen(elsewhere(store, "all")), ["New", "Task 1"]);
});

test("a deletion that waits to be sent is in the trash already", () => {
  let store = optimistic.connect(elsewhere(loaded(), "all"), false);
  store = optimistic.receive(store, said([row("1", 0)], { load_id: "third", status: "all" }));
  store = optimistic.perform(store, { nonce: "delete-1", kind: "delete", id: "1", at: 5_000_000 });
  assert.deepEqual(seen(store), []);
  assert.deepEqual(seen(elsewhere(store, "deleted")), ["Task 1"]);
});

test("what failed outside the trash is not said in it", () => {
  let store = optimistic.receive(trash(), said([row("7", 0)], { load_id: "second", status: "all" }));
  store = says(gesture(store, "delete", "7"), { id: "7", nonce: "delete-7", is_unknown: true, error: "No." });
  store = optimistic.receive(store, said([row("7", 0)], { load_id: "third", status: "all" }));
  assert.deepEqual(seen(store), ["Task 7 (No.)"]);
  assert.deepEqual(seen(elsewhere(store, "deleted")), []);
});

test("a deleted task says when, on the wall clock of the person, and how long it stays", () => {
  const at = (...moment) => Date.UTC(...moment) * 1000;
  const words = (moment) => deletedWords(moment, "Europe/Berlin", "2026-03-10");
  assert.equal(words(at(2026, 2, 10, 7, 55)), "Deleted today at 08:55. 30 days left.");
  assert.equal(words(at(2026, 2, 9, 23, 30)), "Deleted today at 00:30. 30 days left.");
  assert.equal(words(at(2026, 2, 9, 22, 30)), "Deleted yesterday at 23:30. 29 days left.");
  assert.equal(words(at(2026, 2, 5, 12, 0)), "Deleted on Thu 5 Mar. 25 days left.");
  assert.equal(words(at(2026, 1, 16, 12, 0)), "Deleted on Mon 16 Feb. 8 days left.");
  assert.equal(words(at(2026, 1, 9, 12, 0)), "Deleted on Mon 9 Feb. 1 day left.");
  assert.equal(words(at(2026, 1, 8, 12, 0)), "Deleted on Sun 8 Feb. Removed today.");
});
