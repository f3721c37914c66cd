// The parts that a long list is drawn in: rows keep theirs, whatever comes, goes or moves beside them.
import assert from "node:assert/strict";
import test from "node:test";
import { parted } from "../../assets/parts.js";

const MOST = 24;
const rows = (from, to) => Array.from({ length: to - from }, (_, i) => ({ id: `${from + i}` }));
const ids = (parts) => parts.map(({ tasks }) => tasks.map(({ id }) => id));
const homes = (parts) => new Map(parts.flatMap(({ key, tasks }) => tasks.map(({ id }) => [id, key])));

/** How many rows that stay are in another part than before. */
function moved(before, after) {
  const now = homes(after);
  return [...homes(before)].filter(([id, key]) => now.has(id) && now.get(id) !== key).length;
}

const inOrder = (parts, tasks) => assert.deepEqual(parts.flatMap((part) => part.tasks), tasks);

test("a list that is loaded step by step keeps the parts that it has", () => {
  const both = rows(0, 96);
  const before = parted(both.slice(0, 48));
  const after = parted(both, before);
  inOrder(after, both);
  assert.equal(after[0], before[0]);
  assert.equal(moved(before, after), 0);
  assert.ok(after.length > before.length);
  // Those below are drawn when there is time; a row that comes alone, and the first ones, at once.
  assert.deepEqual(after.map((part) => part.is_fresh), [...before.map(() => false), ...after.slice(before.length).map(() => true)]);
  assert.ok(!parted([{ id: "new" }, ...both], after)[0].is_fresh);
  assert.ok(!parted(rows(200, 300), after).some((part) => part.is_fresh), "another page");
});

test("a row that comes, goes or is changed leaves all other parts as they were", () => {
  for (const [count, at] of [[1, 0], [2, 0], [2, 1], [200, 0], [200, 1], [200, 24], [200, 25], [200, 26], [200, 60], [200, 199]]) {
    const tasks = rows(0, count);
    const before = parted(tasks);
    const less = tasks.toSpliced(at, 1);
    const more = tasks.toSpliced(at, 0, { id: "new" });
    const other = tasks.with(at, { id: `${at}`, title: "other" });
    for (const now of [less, more, other]) {
      const after = parted(now, before);
      inOrder(after, now);
      assert.equal(moved(before, after), 0, `at ${at}`);
      assert.ok(after.filter((part) => !before.includes(part)).length <= 2);
    }
  }
});

test("a row that is taken elsewhere is all that changes its part", () => {
  const tasks = rows(0, 120);
  const before = parted(tasks);
  for (const [from, to] of [[100, 3], [3, 100], [25, 10], [10, 25], [119, 0], [0, 119]]) {
    const now = tasks.toSpliced(from, 1);
    now.splice(to, 0, tasks[from]);
    const after = parted(now, before);
    inOrder(after, now);
    assert.ok(moved(before, after) <= 1, `${from} to ${to}: ${moved(before, after)}`);
  }
});

test("no part grows without end, and no two have one key", () => {
  let [tasks, parts] = [[], []];
  for (let i = 0; i < 500; i += 1) {
    tasks = tasks.toSpliced((i * 7919) % (tasks.length + 1), 0, { id: `${i}` });
    parts = parted(tasks, parts);
    inOrder(parts, tasks);
    assert.equal(new Set(parts.map(({ key }) => key)).size, parts.length);
    assert.ok(parts.every((part) => part.tasks.length <= MOST));
  }
  assert.ok(parts.length < 60, `${parts.length} parts for 500 rows`);
  assert.deepEqual(ids(parted(tasks, parts)), ids(parts));
});

test("a list in another order is drawn whole", () => {
  const tasks = rows(0, 300);
  const before = parted(tasks);
  inOrder(parted(tasks.toReversed(), before), tasks.toReversed());
});
