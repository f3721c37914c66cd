// The words of a line of quick add.
import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOf, nameBefore, offered, pieceBefore, piecesOf, written } from "../../assets/line_in_words.js";

const READ = { text: "Milk tomorrow", as_text: [], pieces: [{ text: "Milk ", kind: "" }, { text: "tomorrow", kind: "date" }] };
const kinds = (value, kept) => piecesOf(value, READ, kept).map(({ text, kind }) => (kind ? [text] : text));

test("what was read of a line holds for what is typed behind it, and for nothing else", () => {
  assert.deepEqual(kinds("Milk tomorrow"), ["Milk ", ["tomorrow"]]);
  assert.deepEqual(kinds("Milk tomorrow p"), ["Milk ", ["tomorrow"], " p"]);
  assert.deepEqual(kinds("Milk tomorrows"), ["Milk tomorrows"]);
  assert.deepEqual(kinds("Oat milk tomorrow"), ["Oat milk tomorrow"]);
  assert.deepEqual(kinds("Milk tomorrow", ["tomorrow"]), ["Milk tomorrow"]);
  assert.deepEqual(piecesOf("", {}), [{ text: "", kind: "" }]);
});

test("the piece before the caret is the one that ends there", () => {
  const pieces = piecesOf("Milk tomorrow p", READ);
  assert.deepEqual([5, 12, 13, 14].map((caret) => pieceBefore(pieces, caret)?.text ?? null), [null, null, "tomorrow", null]);
});

test("lists are offered while one is named, until it is named in full", () => {
  const names = ["Inbox", "Work", "Home", "House move"];
  assert.deepEqual(nameBefore("Milk #Ho", 8), { sign: "#", name: "Ho", start: 5 });
  assert.deepEqual(nameBefore('Milk #"House m', 14), { sign: "#", name: "House m", start: 5 });
  assert.deepEqual(nameBefore("Milk @er", 8), { sign: "@", name: "er", start: 5 });
  assert.equal(nameBefore('Milk @"er', 9), null);
  assert.equal(nameBefore("Issue#12", 8), null);
  assert.deepEqual(offered("o", names).map(({ name }) => name), ["Inbox", "Work", "Home", "House move", "o"]);
  assert.deepEqual(offered("ho", names), [{ name: "Home", isNew: false }, { name: "House move", isNew: false }, { name: "ho", isNew: true }]);
  assert.deepEqual([offered("home", names), offered("Errands", names)], [[], []]);
  assert.deepEqual(["Home", "House move", "2nd"].map((name) => written(name)), ["#Home ", '#"House move" ', '#"2nd" ']);
  assert.equal(written("to-do.2", "@"), "@to-do.2 ");
});

test("a paste has a task on each line, without its bullet, but with its box; what is indented is part of the one above", () => {
  const said = (text) => linesOf(text).map(({ words, isPart }) => (isPart ? [words] : words));
  assert.deepEqual(said("- Tent\r\n\n * Map\n- [x] Rope\nStove "), ["Tent", ["Map"], "- [x] Rope", "Stove"]);
  assert.deepEqual(said("  Trip\n\t- Tickets\n  Milk"), ["Trip", ["Tickets"], "Milk"]);
  assert.deepEqual(said("    Trip\n  Tickets"), ["Trip", "Tickets"]);
});
