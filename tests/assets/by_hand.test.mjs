// A list as it is arranged by hand, with what this person has just done in it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { indexAt, placeIn } from "../../assets/by_hand.js";
import * as optimistic from "../../assets/optimistic_list.js";
import { keyBeside, keyBetween } from "../../assets/position.js";
import { NO_COUNTS, NO_GROUPS } from "../../assets/task_fields.js";

const { between } = JSON.parse(readFileSync(new URL("../vectors/positions.json", import.meta.url), "utf8"));
const CLOCK = { today: "2026-03-10", now: "2026-03-10T12:00:00" };
const SECTIONS = [{ id: "packing", name: "Packing" }, { id: "papers", name: "Papers" }];
const ROWS = [
  { id: "call", position: "3V" },
  { id: "keys", position: "1V", section_id: "papers" },
  { id: "boxes", position: "2V", section_id: "packing" },
  { id: "tape", position: "2V", section_id: "packing", parent_id: "boxes" },
  { id: "labels", position: "1V", section_id: "packing", parent_id: "boxes", is_completed: true, completed_at: 5 },
  { id: "done", position: "1V", is_completed: true, completed_at: 6 },
  { id: "mail", position: "1V" },
].map((row) => ({ ...row, title: row.id, list_id: "home", version: 1 }));

const loaded = optimistic.receive(optimistic.emptyStore(), { load_id: "first", page: 1, rows: ROWS, changes: [], count: ROWS.length, counts: NO_COUNTS, groups: NO_GROUPS, status: "all" });
const drawn = (store, folded) =>
  optimistic.view(store, { sort: "", order: "" }, CLOCK, { holds: (row) => row.list_id === "home", isByHand: true, sections: SECTIONS, isFolded: (id) => Boolean(folded?.has(id)) }).map(({ key, tasks }) => [key, tasks.map((row) => row.id)]);
const after = (...ops) => ops.reduce((store, op, i) => optimistic.perform(store, { nonce: `nonce-${i}`, at: 1, ...op }), loaded);
const move = (id, fields, position) => ({ kind: "move", id, fields, shown: { position } });

test("a key lies between its neighbours, as in Python", () => {
  for (const { low, high, key } of between) assert.equal(keyBetween(low, high), key);
});

test("tasks lie by section and by hand, subtasks below their task, and what is completed at the end", () => {
  assert.deepEqual(drawn(loaded), [
    ["open", ["mail", "call"]],
    ["packing", ["boxes", "labels", "tape"]],
    ["papers", ["keys"]],
    ["completed", ["done"]],
  ]);
  assert.deepEqual(drawn(loaded, new Set(["boxes"]))[1], ["packing", ["boxes"]]);
  const [, [, boxes]] = optimistic.view(loaded, { sort: "" }, CLOCK, { holds: () => true, isByHand: true, sections: SECTIONS }).map(({ tasks }) => tasks);
  assert.equal(boxes.id === "labels" && boxes.is_part, true);
});

test("a task that moves is drawn there at once, with its subtasks", () => {
  const [mail, call] = ["mail", "call"].map((id) => loaded.base.get(id));
  const between = after(move("boxes", { section_id: null, parent_id: null, before: "call" }, keyBeside(mail, call)));
  assert.deepEqual(drawn(between)[0], ["open", ["mail", "boxes", "labels", "tape", "call"]]);
  const last = after(move("mail", { section_id: null, parent_id: null, after: "call" }, keyBeside(call)));
  assert.deepEqual(drawn(last)[0], ["open", ["call", "mail"]]);
  assert.deepEqual(drawn(after(move("call", { section_id: "papers", parent_id: null }, "~1")))[2], ["papers", ["keys", "call"]]);
});

test("a new task comes last, and a subtask below its task", () => {
  const made = after({ kind: "create", id: "new", fields: { title: "new", list_id: "home" } }, { kind: "create", id: "part", fields: { title: "part", list_id: "home", section_id: "packing", parent_id: "boxes" } });
  assert.deepEqual(drawn(made)[0], ["open", ["mail", "call", "new"]]);
  assert.deepEqual(drawn(made)[1], ["packing", ["boxes", "labels", "tape", "part"]]);
});

test("a duplicate is drawn right behind its task; one that was refused is no task yet", () => {
  const [row, next] = ["mail", "call"].map((id) => loaded.base.get(id));
  const copy = { kind: "duplicate", id: "copy", row, fields: { of: "mail" }, shown: { position: keyBeside(row, next) } };
  assert.deepEqual(drawn(after(copy))[0], ["open", ["mail", "copy", "call"]]);
  const change = { seq: 1, id: "copy", nonce: "nonce-0", error: "No.", is_hidden: true, is_unknown: true, counts: {}, groups: {} };
  const refused = optimistic.receive(after(copy), { load_id: "first", page: 1, rows: [], changes: [change] });
  assert.equal(optimistic.rowsOf(refused).get("copy").is_unmade, true);
  assert.equal(optimistic.unmade(refused, "copy").kind, "duplicate");
});

test("completing a task completes what is open in it, and opening it again opens that alone", () => {
  const tick = (is_completed) => ({ kind: "change", id: "boxes", fields: { is_completed } });
  const done = optimistic.rowsOf(after(tick(true)));
  assert.deepEqual(["boxes", "tape", "labels"].map((id) => done.get(id).is_completed), [true, true, true]);
  assert.equal(optimistic.countsOf(after(tick(true)), CLOCK).completed, 2);
  const again = optimistic.rowsOf(after(tick(true), tick(false)));
  assert.deepEqual(["boxes", "tape", "labels"].map((id) => again.get(id).is_completed), [false, false, true]);
});

test("deleting a task deletes its subtasks", () => {
  const rows = optimistic.rowsOf(after({ kind: "delete", id: "boxes" }));
  assert.deepEqual(["boxes", "tape", "labels"].filter((id) => rows.has(id)), []);
});

test("a row in the hand goes in front of the first row whose middle is below it", () => {
  const tasks = ["a", "b", "c"].map((id, at) => ({ id, top: at * 40, bottom: at * 40 + 40 }));
  const boxOf = (task) => task;
  assert.deepEqual([-5, 19, 21, 99, 101, 500].map((y) => indexAt(y, tasks, boxOf)), [0, 0, 1, 2, 3, 3]);
  assert.equal(indexAt(10, [], boxOf), 0);
});

test("a row in the hand becomes a part of the one above it where it is taken to the right, and on a board never", () => {
  const [, { section, tasks }] = optimistic.view(loaded, { sort: "" }, CLOCK, { holds: () => true, isByHand: true, sections: SECTIONS });
  const call = loaded.base.get("call");
  const at = (index, across, row = call) => {
    const place = placeIn(row, { section, tasks }, index, across);
    return place && [place.where.parent_id, place.next?.id, place.ordinal];
  };
  assert.deepEqual(tasks.map(({ id }) => id), ["boxes", "labels", "tape"]);
  assert.deepEqual(at(0, 0), ["", "boxes", ", 1 of 2"]);
  assert.deepEqual(at(1, 0), ["boxes", "labels", ""], "between its parts");
  assert.deepEqual([at(3, 40), at(3, -40)], [["boxes", undefined, ""], ["", undefined, ", 2 of 2"]]);
  assert.deepEqual([at(3, null), at(1, null)], [["", undefined, ", 2 of 2"], null]);
  assert.deepEqual(at(1, 40, { ...call, subtasks: "0/1" }), null, "with subtasks it is no subtask");
  assert.equal(placeIn(call, { section, tasks }, 0, 0).where.section_id, "packing");
});
