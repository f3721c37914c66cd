// Edits that meet: nothing that someone wrote is overwritten without their being shown it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { forget, lostFields, lostWords, meet } from "../../assets/edits.js";

const mine = (fields, version) => [{ id: "1", row: { version, ...fields } }, { kind: "change", fields }];
const theirs = (row, based_on) => ({ id: "1", row, based_on });
const after = (...steps) => steps.reduce((edits, [change, own]) => meet(edits, change, own), new Map());

test("a field that was overwritten unseen is shown with both values, and can be written again", () => {
  const edits = meet(after(mine({ title: "Oat milk" }, 2)), theirs({ version: 3, title: "Soy milk" }, 1));
  assert.equal(lostWords(edits, "1"), "Title is now “\u2068Soy milk\u2069”; you wrote “\u2068Oat milk\u2069”.");
  assert.deepEqual(lostFields(edits, "1"), { title: "Oat milk" });
});

test("a change by someone who had seen mine says nothing", () => {
  const edits = meet(after(mine({ title: "Oat milk" }, 2)), theirs({ version: 3, title: "Soy milk" }, 2));
  assert.equal(lostFields(edits, "1"), null);
});

test("an edit of another field beside mine says nothing", () => {
  const edits = meet(after(mine({ title: "Oat milk" }, 2)), theirs({ version: 3, title: "Oat milk", priority: "High" }, 1));
  assert.equal(lostFields(edits, "1"), null);
});

test("two edits of mine count together", () => {
  const edits = meet(
    after(mine({ title: "Oat milk" }, 2), mine({ due_date: "2026-03-10" }, 3)),
    theirs({ version: 4, title: "Soy milk" }, 1),
  );
  assert.deepEqual(lostFields(edits, "1"), { title: "Oat milk", due_date: "2026-03-10" });
});

test("a date that I took away is null again", () => {
  const edits = meet(after(mine({ due_date: null }, 2)), theirs({ version: 3, due_date: "2026-03-10" }, 1));
  assert.deepEqual(lostFields(edits, "1"), { due_date: null });
});

test("of a long description the row holds the beginning, which is enough to know it is mine", () => {
  const edits = meet(after(mine({ description: "long text" }, 2)), theirs({ version: 3, description: "long", has_more: true }, 1));
  assert.equal(lostFields(edits, "1"), null);
});

test("a refused gesture, a tick and a deleted task leave nothing behind", () => {
  const edits = after(
    [{ id: "1", error: "No.", row: { version: 1 } }, { kind: "change", fields: { title: "A" } }],
    [{ id: "1", row: null }, undefined],
    [{ id: "1", row: { version: 2 } }, { kind: "restore", fields: {} }],
  );
  assert.equal(edits.size, 0);
});

test("what was chosen is forgotten", () => {
  const edits = meet(after(mine({ title: "Oat milk" }, 2)), theirs({ version: 3, title: "Soy milk" }, 1));
  assert.equal(lostFields(forget(edits, "1"), "1"), null);
});

test("what was lost is shown until it is written again or chosen, whatever else is done at the task", () => {
  const overwritten = meet(after(mine({ title: "Oat milk" }, 2)), theirs({ version: 3, title: "Soy milk" }, 1));
  const ticked = meet(overwritten, ...mine({ is_completed: true }, 4));
  assert.deepEqual(lostFields(ticked, "1"), { title: "Oat milk" });
  assert.equal(lostFields(meet(ticked, ...mine({ title: "Both milks" }, 5)), "1"), null);
});
