// Titles have one order in Python, in both databases and here: all of them read the same file.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compareText, titleKey } from "../../assets/title_order.js";
import { comparison } from "../../assets/agenda.js";

const { keys, order } = JSON.parse(readFileSync(new URL("../vectors/titles.json", import.meta.url), "utf8"));

test("a title is sorted by what Python makes of it, too", () => {
  for (const [title, key] of Object.entries(keys)) assert.equal(titleKey(title), key);
});

test("a list by title is in the order of the API, in both directions", () => {
  const rows = [...order].sort().map((title, i) => ({ id: String(i), title }));
  const titles = (direction) => rows.toSorted(comparison("title", direction)).map((row) => row.title);
  assert.deepEqual(titles("asc"), order);
  assert.deepEqual(titles("desc"), order.toReversed());
});

test("texts are compared by code points, and the beginning of one comes before it", () => {
  assert.deepEqual(["😀", "\ufffd", "\ud7ff", "a", ""].sort(compareText), ["", "a", "\ud7ff", "\ufffd", "😀"]);
});

test("the key of a title is as long as its column at most", () => {
  assert.equal([...titleKey("\ufdfa".repeat(255))].length, 255);
});
