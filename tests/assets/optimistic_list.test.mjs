// The merge of rows, changes and gestures, with no browser around it.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as optimistic from "../../assets/optimistic_list.js";
import { BLANK, NO_COUNTS, NO_GROUPS } from "../../assets/task_fields.js";

const CLOCK = { today: "2026-03-10", now: "2026-03-10T12:00:00" };
const AGENDA = { sort: "", order: "" };

const row = (id, fields = {}) => ({ ...BLANK, id, version: 1, title: `Task ${id}`, created_at: Number(id) || 0, ...fields });
const loaded = (...rows) =>
  optimistic.receive(optimistic.connect(optimistic.emptyStore(), true), {
    load_id: "first",
    page: 1,
    rows,
    changes: [],
    count: rows.length,
    counts: { ...NO_COUNTS, total: rows.length, pending: rows.length, medium_priority: rows.length },
    groups: NO_GROUPS,
    status: "all",
  });
const loadedAgain = (store) =>
  optimistic.receive(store, { load_id: "again", page: 1, rows: [...store.base.values()], changes: [], counts: store.counts, groups: store.groups, status: "all" });
const says = (store, ...changes) =>
  optimistic.receive(store, {
    load_id: store.loadId,
    page: store.page,
    rows: [],
    changes: changes.map((change, i) => ({ seq: store.seq + 1 + i, ...change })),
    status: "all",
  });
const gesture = (store, kind, id, fields = {}, nonce = `${kind}-${id}`) =>
  optimistic.outbox(optimistic.perform(store, { nonce, kind, id, fields, at: 5_000_000 }), 1_000)[1];
const seen = (store) => Object.fromEntries([...optimistic.rowsOf(store)].map(([id, r]) => [id, r.title + (r.is_completed ? " ✓" : "") + (r.error ? " !" : "")]));

test("what a task was changed to is known until the server has it, and what was not saved can be taken back by field", () => {
  const both = gesture(gesture(loaded(row("1")), "change", "1", { title: "Oat milk" }), "change", "1", { labels: "shop" }, "labels");
  assert.deepEqual([optimistic.ownFields(both, "1"), optimistic.savingOf(both, "1")], [{ title: "Oat milk", labels: "shop" }, "Saving"]);
  const failed = says(both, { id: "1", nonce: "change-1", error: "Too long." });
  assert.deepEqual([optimistic.failedFields(failed, "1"), optimistic.ownFields(failed, "1").title], [{ title: "Too long." }, "Oat milk"]);
  assert.deepEqual(optimistic.ownFields(optimistic.withoutFailed(failed, "1", ["title"]), "1"), { labels: "shop" });
  const saved = says(failed, { id: "1", nonce: "labels", row: row("1", { labels: "shop" }) });
  assert.deepEqual([optimistic.ownFields(saved, "1"), optimistic.savingOf(saved, "1")], [{ title: "Oat milk" }, ""]);
});

test("a tick shows at once and is marked pending", () => {
  const shown = optimistic.rowsOf(gesture(loaded(row("1")), "change", "1", { is_completed: true })).get("1");
  assert.equal(shown.is_completed, true);
  assert.equal(shown.pending, true);
});

test("one answer changes every task of a gesture, and what comes again under its nonce settles nothing else", () => {
  const store = gesture(gesture(loaded(row("1")), "change", "1", { is_completed: true }), "change", "1", { title: "Mine" }, "next");
  const ticked = { id: "1", nonce: "change-1", row: row("1", { version: 2, is_completed: true }) };
  const answered = says(store, ticked, { id: "2", row: row("2", { title: "The next one" }) });
  assert.deepEqual(seen(answered), { 1: "Mine ✓", 2: "The next one" });
  const again = says(answered, { ...ticked, based_on: 1 });
  assert.deepEqual([again.ops.map((op) => op.nonce), seen(again)], [["next"], seen(answered)]);
});

test("a gesture over what the document brought along waits until the server has said the same", () => {
  const brought = { ...loaded(row("1")), loadId: optimistic.OF_DOCUMENT };
  const ticked = optimistic.perform(brought, { nonce: "n", kind: "change", id: "1", fields: { is_completed: true }, at: 1 });
  assert.deepEqual([seen(ticked), optimistic.outbox(ticked, 1_000)[0]], [{ 1: "Task 1 ✓" }, []]);
  assert.deepEqual(seen(optimistic.expire(ticked, 60_000)), { 1: "Task 1 ✓" });
  const [due, sent] = optimistic.outbox(loadedAgain(ticked), 2_000);
  assert.deepEqual([due.map((op) => op.nonce), seen(sent)], [["n"], { 1: "Task 1 ✓" }]);
});

test("a tick moves the counts at once, both of them", () => {
  const store = gesture(loaded(row("1"), row("2")), "change", "1", { is_completed: true });
  assert.deepEqual(optimistic.countsOf(store, CLOCK), { ...NO_COUNTS, total: 2, completed: 1, pending: 1, medium_priority: 1 });
});

test("an answer tells only the counts that are different now", () => {
  const store = says(loaded(row("1"), row("2")), { id: "1", row: row("1", { is_completed: true }), counts: { completed: 1, pending: 1 }, groups: { completed: 1 }, open_counts: { home: 3 } });
  assert.deepEqual(store.counts, { ...NO_COUNTS, total: 2, completed: 1, pending: 1, medium_priority: 2 });
  assert.deepEqual(store.groups, { ...NO_GROUPS, completed: 1 });
  assert.deepEqual(optimistic.openCountsOf(store), { home: 3 });
});

test("an edit of a task that the server has not answered yet names no version of it", () => {
  let store = gesture(loaded(), "create", "1", { title: "Milk" });
  const opened = optimistic.rowsOf(store).get("1");
  store = optimistic.perform(store, { nonce: "edit", kind: "change", id: "1", fields: { title: "Oat milk" }, version: opened.version });
  assert.equal(optimistic.outbox(store, 2_000)[0][0].version, null);
});

test("a yes puts the server's row in place of the gesture", () => {
  const store = says(gesture(loaded(row("1")), "change", "1", { title: "Mine" }), {
    id: "1",
    nonce: "change-1",
    row: row("1", { title: "Mine", version: 2 }),
  });
  assert.deepEqual(store.ops, []);
  assert.equal(optimistic.rowsOf(store).get("1").pending, undefined);
  assert.deepEqual(seen(store), { 1: "Mine" });
});

test("a no shows the truth and the reason, until it is discarded", () => {
  const refused = says(gesture(loaded(row("1")), "change", "1", { title: "Mine" }), {
    id: "1",
    nonce: "change-1",
    error: "No.",
    row: row("1"),
  });
  assert.deepEqual(seen(refused), { 1: "Task 1 !" });
  assert.deepEqual(seen(optimistic.discard(refused, "1")), { 1: "Task 1" });
});

test("no answer in time rolls back with a sentence, and a late yes still settles it", () => {
  const late = optimistic.expire(gesture(loaded(row("1")), "change", "1", { title: "Mine" }), 4_000);
  assert.equal(optimistic.rowsOf(late).get("1").error, optimistic.NO_ANSWER);
  const settled = says(late, { id: "1", nonce: "change-1", row: row("1", { title: "Mine" }) });
  assert.deepEqual(seen(settled), { 1: "Mine" });
});

test("a refused create stays on the screen with what was typed", () => {
  const store = says(gesture(loaded(), "create", "9", { title: "New" }), { id: "9", nonce: "create-9", error: "No." });
  assert.deepEqual(seen(store), { 9: "New !" });
});

test("a refused delete brings the task back", () => {
  const away = gesture(loaded(row("1")), "delete", "1");
  assert.deepEqual(seen(away), {});
  assert.deepEqual(seen(says(away, { id: "1", nonce: "delete-1", error: "No.", is_unknown: true })), { 1: "Task 1 !" });
});

test("a retry sends the same gesture again, under the same nonce", () => {
  const late = optimistic.expire(gesture(loaded(row("1")), "change", "1", { title: "Mine" }), 4_000);
  const [sent] = optimistic.outbox(optimistic.retry(late, "1"), 5_000);
  assert.deepEqual(sent.map((op) => op.nonce), ["change-1"]);
});

test("an answer to the first of two gestures on one task leaves the second over it", () => {
  let store = gesture(loaded(row("1")), "change", "1", { title: "A" }, "first");
  store = gesture(store, "change", "1", { is_completed: true }, "second");
  store = says(store, { id: "1", nonce: "first", row: row("1", { title: "A" }) });
  assert.deepEqual(seen(store), { 1: "A ✓" });
});

test("what is done while the socket is down waits without an error and goes out after the next loading", () => {
  let store = optimistic.connect(loaded(row("1")), false);
  store = gesture(store, "change", "1", { title: "Mine" });
  assert.equal(optimistic.expire(store, 60_000), store);
  store = optimistic.connect(store, true);
  assert.deepEqual(optimistic.outbox(store, 60_000)[0], []);
  const [sent] = optimistic.outbox(loadedAgain(store), 60_000);
  assert.deepEqual(sent.map((op) => op.nonce), ["change-1"]);
});

test("what was on its way when the socket broke is sent again after the next loading", () => {
  let store = gesture(loaded(row("1")), "change", "1", { title: "Mine" });
  assert.deepEqual(optimistic.outbox(store, 2_000)[0], []);
  store = loadedAgain(optimistic.connect(optimistic.connect(store, false), true));
  assert.equal(optimistic.outbox(store, 2_000)[0].length, 1);
});

test("a missing change is noticed", () => {
  assert.equal(says(loaded(row("1")), { seq: 2, id: "1", row: row("1") }).hasGap, true);
  assert.equal(says(loaded(row("1")), { seq: 1, id: "1", row: row("1") }).hasGap, false);
});

test("a change that was heard before changes nothing", () => {
  const store = says(loaded(row("1")), { id: "1", row: row("1", { title: "B" }) });
  assert.deepEqual(seen(says(store, { seq: 1, id: "1", row: row("1", { title: "old" }) })), { 1: "B" });
});

test("what matches and is not loaded yet is counted, and no more of it than the server said", () => {
  const says = { load_id: "first", changes: [], counts: NO_COUNTS, groups: NO_GROUPS, status: "all" };
  const first = optimistic.receive(optimistic.emptyStore(), { ...says, page: 1, rows: [row("1"), row("2")], count: 3 });
  assert.equal(first.beyond, 1);
  assert.equal(optimistic.receive(first, { ...says, page: 2, rows: [row("3")], count: 3 }).beyond, 0);
  assert.equal(optimistic.receive(first, { ...says, page: 2, rows: [row("3")], count: 1 }).beyond, 0);
});

test("the next page adds rows and a new loading starts over", () => {
  const first = loaded(row("1"));
  const more = optimistic.receive(first, { load_id: "first", page: 2, rows: [row("2")], changes: [], counts: first.counts, groups: first.groups, status: "all" });
  assert.deepEqual(Object.keys(seen(more)), ["1", "2"]);
  const again = optimistic.receive(more, { load_id: "second", page: 1, rows: [row("2")], changes: [], counts: first.counts, groups: first.groups, status: "all" });
  assert.deepEqual(Object.keys(seen(again)), ["2"]);
});

test("a restored task leaves the trash at once, and an undone delete returns to the list", () => {
  const trash = { ...loaded(row("1")), inTrash: true };
  assert.deepEqual(seen(gesture(trash, "restore", "1")), {});
  const store = optimistic.perform(gesture(loaded(row("1")), "delete", "1"), { nonce: "undo", kind: "restore", id: "1", row: row("1") });
  assert.deepEqual(seen(store), { 1: "Task 1" });
});

test("a date that is taken away takes the time with it", () => {
  const store = gesture(loaded(row("1", { due_date: "2026-03-10", due_time: "09:00" })), "change", "1", { due_date: null });
  assert.equal(optimistic.rowsOf(store).get("1").due_time, "");
});

test("what was found stays in the order in which it came, whatever is done to it", () => {
  const store = loaded(row("2", { title: "Milk" }), row("1", { title: "Oat milk" }), row("3", { title: "Buttermilk" }));
  const ticked = optimistic.perform(store, { nonce: "n", kind: "change", id: "2", fields: { is_completed: true }, at: 1 });
  for (const each of [store, ticked]) {
    const [{ label, tasks }] = optimistic.view(each, { sort: "relevance", order: "desc" }, CLOCK);
    assert.deepEqual([label, tasks.map((task) => task.id)], ["", ["2", "1", "3"]]);
  }
  const added = optimistic.perform(ticked, { nonce: "m", kind: "create", id: "9", fields: { title: "More milk" }, at: 2 });
  const answered = says(added, { id: "9", nonce: "m", row: { title: "More milk" } });
  for (const each of [added, answered]) {
    const ids = optimistic.view(each, { sort: "relevance", order: "desc" }, CLOCK)[0].tasks.map((task) => task.id);
    assert.deepEqual(ids, ["9", "2", "1", "3"]);
  }
});

// Found by merge.test.mjs.

test("an answer moves no row, whatever the clocks of the server and of the browser say", () => {
  const tick = (store, id, at) => optimistic.outbox(optimistic.perform(store, { nonce: id, kind: "change", id, fields: { is_completed: true }, at }), at)[1];
  const order = (store, sort) => optimistic.view(store, sort, CLOCK).flatMap((group) => group.tasks.map((task) => task.id));
  let store = tick(tick(loaded(row("1"), row("2")), "1", 5_000), "2", 5_001);
  assert.deepEqual(order(store, AGENDA), ["2", "1"]);
  store = says(store, { id: "1", nonce: "1", row: row("1", { is_completed: true, completed_at: 9_000, updated_at: 9_000 }) });
  assert.deepEqual(order(store, AGENDA), ["2", "1"]);
  assert.deepEqual(order(store, { sort: "updated", order: "desc" }), ["2", "1"]);

  const created = { sort: "created", order: "desc" };
  store = gesture(gesture(loaded(), "create", "1", { title: "A" }), "create", "2", { title: "B" });
  store = says(store, { id: "1", nonce: "create-1", row: row("1", { created_at: 9_000_000_000 }) });
  assert.deepEqual(order(store, created), ["2", "1"]);
});

test("a deletion takes along what had failed at the task before", () => {
  const refused = says(gesture(loaded(row("1")), "change", "1", { title: "Mine" }), { id: "1", nonce: "change-1", error: "No.", row: row("1") });
  const store = says(gesture(refused, "delete", "1"), { id: "1", nonce: "delete-1", is_hidden: true, row: row("1", { deleted_at: 7 }) });
  assert.deepEqual(store.ops, []);
  assert.deepEqual(seen(store), {});
});

test("a restoration that failed after a late deletion still says so", () => {
  let store = optimistic.expire(gesture(loaded(row("1")), "delete", "1"), 4_000);
  store = optimistic.perform(store, { nonce: "undo", kind: "restore", id: "1", row: row("1") });
  store = says(store, { id: "1", nonce: "undo", error: "No.", is_unknown: true });
  store = says(store, { id: "1", nonce: "delete-1", is_hidden: true, row: row("1", { deleted_at: 7 }) });
  assert.deepEqual(seen(store), { 1: "Task 1 !" });
});

test("what failed for want of a server alone is sent again after the next loading", () => {
  const away = { id: "1", nonce: "change-1", error: "Away.", is_unknown: true, is_passing: true };
  const refused = { id: "2", nonce: "change-2", error: "No.", row: row("2") };
  let store = gesture(gesture(loaded(row("1"), row("2")), "change", "1", { title: "Mine" }), "change", "2", { title: "" });
  store = says(says(store, away), refused);
  assert.deepEqual(seen(store), { 1: "Task 1 !", 2: "Task 2 !" });
  store = loadedAgain(store);
  assert.deepEqual(seen(store), { 1: "Mine", 2: "Task 2 !" });
  const [due] = optimistic.outbox(store, 5_000);
  assert.deepEqual(due.map((op) => op.nonce), ["change-1"]);
});

test("what was saved after it at the same task keeps it from being sent again", () => {
  let store = optimistic.expire(gesture(loaded(row("1")), "change", "1", { title: "First" }), 4_000);
  store = optimistic.perform(store, { nonce: "later", kind: "change", id: "1", fields: { title: "Second" } });
  store = says(store, { id: "1", nonce: "later", row: row("1", { title: "Second", version: 2 }) });
  store = loadedAgain(store);
  assert.deepEqual(seen(store), { 1: "Second !" });
});

test("a new task that was refused is made as it is corrected, under the same id", () => {
  const sent = gesture(loaded(), "create", "7", { title: "?", priority: "High" });
  const refused = says(sent, { id: "7", nonce: "create-7", error: "Enter a title." });
  assert.equal(optimistic.rowsOf(refused).get("7").is_unmade, true);
  const [due] = optimistic.outbox(optimistic.perform(refused, { nonce: "again", kind: "change", id: "7", fields: { title: "Milk" } }), 2_000);
  assert.deepEqual(due.map(({ nonce, kind, fields }) => [nonce, kind, fields]), [["again", "create", { title: "Milk", priority: "High" }]]);
});

test("a new task without an answer is asked for again before what is changed of it", () => {
  const late = optimistic.expire(gesture(loaded(), "create", "7", { title: "Milk" }), 10_000);
  const [due] = optimistic.outbox(optimistic.perform(late, { nonce: "change", kind: "change", id: "7", fields: { title: "Oat milk" } }), 10_001);
  assert.deepEqual(due.map(({ nonce, kind }) => [nonce, kind]), [["create-7", "create"], ["change", "change"]]);
});

test("a heading counts what is not loaded, and what is pending", () => {
  const soon = row("1", { due_date: "2026-03-12" });
  const groups = { overdue: 3, today: 0, upcoming: 260, no_date: 7, completed: 40 };
  const first = { ...loaded(soon), groups };
  const counts = (store) => optimistic.groupCountsOf(store, CLOCK);
  assert.deepEqual(counts(first), groups);
  const ticked = optimistic.perform(first, { nonce: "n1", kind: "change", id: "1", fields: { is_completed: true } });
  assert.deepEqual(counts(ticked), { ...groups, upcoming: 259, completed: 41 });
  const added = optimistic.perform(first, { nonce: "n2", kind: "create", id: "2", fields: { title: "New" } });
  assert.deepEqual(counts(added), { ...groups, no_date: 8 });
  const deleted = optimistic.perform(first, { nonce: "n3", kind: "delete", id: "1" });
  assert.deepEqual(counts(deleted), { ...groups, upcoming: 259 });
  const failed = { ...deleted, ops: deleted.ops.map((op) => ({ ...op, error: "No." })) };
  assert.deepEqual(counts(failed), groups);
});

test("no more gestures are on their way at once than the server hears, and none overtakes another", () => {
  let store = loaded();
  for (let i = 0; i < 45; i++) store = optimistic.perform(store, { nonce: `n${i}`, kind: "create", id: `t${i}`, at: i, fields: { title: `Task ${i}` } });
  const sent = [];
  for (let round = 0; store.ops.length; round++) {
    const [due, next] = optimistic.outbox(store, 1000);
    assert.ok(next.ops.filter((op) => op.sentAt).length <= 20);
    sent.push(...due.map((op) => op.nonce));
    store = { ...next, ops: next.ops.slice(1) };
  }
  assert.deepEqual(sent, Array.from({ length: 45 }, (_, i) => `n${i}`));
});

test("what another tab has left comes before what this one did later", () => {
  const store = optimistic.perform(loaded(), { nonce: "mine", kind: "create", id: "1", at: 1, made: 5, fields: { title: "Mine" } });
  const left = [{ nonce: "later", at: 0, made: 7, sentAt: 0, error: "" }, { nonce: "before", at: 9, made: 3, sentAt: 99, error: optimistic.NO_ANSWER, isPassing: true }];
  const { ops } = optimistic.adopt(store, left);
  assert.deepEqual(ops.map(({ nonce, sentAt, error }) => [nonce, sentAt, error]), [["before", 0, ""], ["mine", 0, ""], ["later", 0, ""]]);
});
