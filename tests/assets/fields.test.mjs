// What a form of a task holds, what of it is new, and what is wrong with it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { changedFields, completeYear, draftOf, fieldsOf, isTouched, problemOf, problemsOf, tooLong, travelling } from "../../assets/fields.js";

const STORED = { title: "Milk", description: "", priority: "Medium", due_date: "2026-12-24", due_time: "09:00" };
const UNFINISHED = { value: "", validity: { badInput: true } };

/** A form as a browser has it, with these values in its fields. */
function form(values) {
  const asField = ([name, value]) => [name, value?.validity ? value : { value, defaultValue: STORED[name], validity: { badInput: false } }];
  return { elements: Object.fromEntries(Object.entries({ ...STORED, ...values }).map(asField)) };
}

test("an unfinished date or time is said, and is no empty one", () => {
  const date = form({ title: "Oat milk", due_date: UNFINISHED });
  assert.deepEqual(problemOf(date, STORED), { field: "due_date", words: "Enter a whole date that exists, or clear it." });
  assert.deepEqual(changedFields(fieldsOf(date), STORED), { title: "Oat milk" });
  const time = form({ due_time: UNFINISHED });
  assert.deepEqual(problemOf(time, STORED), { field: "due_time", words: "Enter a whole time, or clear it." });
  assert.deepEqual(changedFields(fieldsOf(time), STORED), {});
});

test("each field that is wrong is said, and a draft knows what the changed ones held", () => {
  const typed = form({ title: " ", due_date: UNFINISHED, priority: "High" });
  assert.deepEqual(Object.keys(problemsOf(typed, STORED)), ["title", "due_date"]);
  const { fields, was } = draftOf("1", fieldsOf(typed), STORED);
  assert.deepEqual([fields.priority, was], ["High", { title: "Milk", priority: "Medium" }]);
  assert.equal(draftOf("1", fieldsOf(form({})), STORED), null);
});

test("an empty date is taken away, and a time alone is said", () => {
  assert.deepEqual(changedFields(fieldsOf(form({ due_date: "", due_time: "" })), STORED), { due_date: null, due_time: null });
  assert.deepEqual(problemOf(form({ due_date: "" }), STORED), { field: "due_time", words: "A time needs a due date." });
});

test("years from 1970 to 9999 are understood, and 26 is 2026", () => {
  const words = "Use a year from 1970 to 9999.";
  for (const due_date of ["1969-12-31", "0126-12-24", "20261-12-24"]) assert.equal(problemOf(form({ due_date }), STORED).words, words);
  for (const due_date of ["1970-01-01", "9999-12-31"]) assert.equal(problemOf(form({ due_date }), STORED), null);
  const short = form({ due_date: "0026-12-31" });
  completeYear(short);
  assert.equal(fieldsOf(short).due_date, "2026-12-31");
});

test("a day that was stored before there was a rule stays until it is touched", () => {
  const old = { ...STORED, due_date: "0026-12-24" };
  const fields = form({ due_date: "0026-12-24" });
  fields.elements.due_date.defaultValue = "0026-12-24";
  completeYear(fields);
  assert.equal(problemOf(fields, old), null);
  assert.deepEqual(changedFields(fieldsOf(fields), old), {});
});

test("what a field cannot hold is not changed by it", () => {
  const stored = { ...STORED, title: " Milk\r\nand bread", description: "one\r\ntwo\rthree" };
  const untouched = form({ title: " Milkand bread", description: "one\ntwo\nthree" });
  assert.deepEqual(changedFields(fieldsOf(untouched), stored), {});
  assert.equal(isTouched("title", untouched.elements.title, stored.title), false);
  const touched = form({ title: "Milk and bread", description: "one\ntwo\nthree" });
  assert.deepEqual(changedFields(fieldsOf(touched), stored), { title: "Milk and bread" });
});

test("characters are counted as the server counts them, and how many are too many is said", () => {
  assert.equal(problemOf(form({ description: "🪨".repeat(10_000) }), STORED), null);
  const words = "Use at most 10,000 characters in the description: 3,000 too many.";
  assert.deepEqual(problemOf(form({ description: "x".repeat(13_000) }), STORED), { field: "description", words });
  assert.equal(problemOf(form({ title: "😀".repeat(256) }), STORED).words, "Use at most 255 characters in the title: 1 too many.");
  assert.equal(tooLong("x".repeat(200), 200), "");
});

test("a form without a description says nothing of it", () => {
  const row = form({});
  delete row.elements.description;
  assert.equal("description" in fieldsOf(row), false);
  assert.equal(problemOf(row, STORED), null);
});

test("labels are words, however they are written, and travel as a list", () => {
  const labelled = form({ labels: " @errand, phone  @Büro " });
  assert.equal(fieldsOf(labelled).labels, "errand phone Büro");
  assert.deepEqual(changedFields(fieldsOf(labelled), { ...STORED, labels: "errand phone Büro" }), {});
  assert.equal(isTouched("labels", { value: "errand,phone" }, "errand phone"), false);
  assert.deepEqual(travelling({ title: "Milk", labels: "errand phone" }), { title: "Milk", labels: ["errand", "phone"] });
  assert.deepEqual(travelling({ labels: "" }), { labels: [] });
  assert.deepEqual(travelling({ title: "Milk", repeat: null }), { title: "Milk", repeat: null });
});

test("a label that is too long, and one too many, are said before they are sent", () => {
  assert.deepEqual(problemOf(form({ labels: "x".repeat(51) })), { field: "labels", words: "Use at most 50 characters in a label: 1 too many." });
  const many = Array.from({ length: 51 }, (_, number) => `l${number}`).join(" ");
  assert.deepEqual(problemOf(form({ labels: many })), { field: "labels", words: "A task has at most 50 labels: 1 too many." });
});
