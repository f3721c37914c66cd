// Which lists and sections "Move to" shows for what is typed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { areMany, targetsOf } from "../../assets/move_targets.js";

const listOf = (name, ...sections) => ({ name, sections: sections.map((section) => ({ name: section })) });
const LISTS = [listOf("Inbox"), listOf("Garden", "Café table", "Later"), listOf("Work", "Later", "Money")];
const shown = (typed) => targetsOf(LISTS, typed).map((list) => [list.name, ...list.sections.map(({ name }) => name)]);

test("a list is found with all of its sections, a section by itself or with the words of its list", () => {
  assert.deepEqual(shown(" gard"), [["Garden", "Café table", "Later"]]);
  assert.deepEqual(shown("later"), [["Garden", "Later"], ["Work", "Later"]]);
  assert.deepEqual(shown("work  LATER"), [["Work", "Later"]]);
  assert.deepEqual(shown("cafe"), [["Garden", "Café table"]]);
  assert.deepEqual(shown("lighthouse"), []);
  assert.equal(shown("").length, 3);
});

test("it has a search where there are many places", () => {
  assert.ok(areMany(LISTS));
  assert.ok(!areMany(LISTS.slice(0, 2)));
});
