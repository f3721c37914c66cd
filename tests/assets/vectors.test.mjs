// The rules that the server has, too: the order of tasks, what is overdue, groups, counts and the wall clock. Python reads the same files.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as optimistic from "../../assets/optimistic_list.js";
import { BLANK, NO_COUNTS, NO_GROUPS } from "../../assets/task_fields.js";
import { wallClock } from "../../assets/words.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));
const { timezone, moment, tasks, orders, groups, counts } = read("tasks");

const CLOCK = wallClock(timezone, Date.parse(moment));
const microseconds = (at) => (at ? Date.parse(at) * 1000 : 0);
const rows = tasks.map((task) => ({
  ...BLANK,
  ...task,
  due_date: task.due_date ?? "",
  due_time: task.due_time ?? "",
  is_completed: Boolean(task.completed_at),
  ...Object.fromEntries(["created_at", "updated_at", "completed_at", "deleted_at"].map((name) => [name, microseconds(task[name])])),
}));
const loaded = (rows, counts = NO_COUNTS) =>
  optimistic.receive(optimistic.emptyStore(), { load_id: "first", page: 1, rows, changes: [], count: rows.length, counts, groups: NO_GROUPS, status: "all" });
const titles = (tasks) => tasks.map((task) => task.title);

test("tasks come in each order, in both directions", () => {
  for (const [sort, ascending] of Object.entries(orders)) {
    const listed = (order) => titles(optimistic.view(loaded(rows), { sort, order }, CLOCK)[0].tasks);
    assert.deepEqual(listed("asc"), ascending, sort);
    assert.deepEqual(listed("desc"), ascending.toReversed(), sort);
  }
});

test("the agenda has its tasks in groups", () => {
  const shown = optimistic.view(loaded(rows), { sort: "", order: "" }, CLOCK);
  assert.deepEqual(shown.map(({ key, tasks }) => [key, titles(tasks)]), Object.entries(groups));
});

test("each task moves the counts by what it is, wherever it comes from", () => {
  const arriving = rows.map((row) => ({ nonce: row.id, kind: row.deleted_at ? "delete" : "restore", id: row.id, row, at: row.deleted_at }));
  const store = arriving.reduce(optimistic.perform, loaded([]));
  assert.deepEqual(optimistic.countsOf(store, CLOCK), counts);
  const under = Object.fromEntries(Object.entries(groups).map(([key, titles]) => [key, titles.length]));
  assert.deepEqual(optimistic.groupCountsOf(store, CLOCK), under);
});

test("the wall clock of a zone is what the server says, and never goes back", () => {
  for (const { zone, moment, today, now } of read("wall_clock").cases) assert.deepEqual(wallClock(zone, Date.parse(moment)), { today, now }, `${zone} ${moment}`);
});
