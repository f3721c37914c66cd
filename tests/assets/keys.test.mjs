// Which letter a key means, whatever the layout and Caps Lock.
import assert from "node:assert/strict";
import test from "node:test";
import { letterOf } from "../../assets/keys.js";

test("a Latin letter is itself, in lower case", () => {
  assert.equal(letterOf({ key: "n", code: "KeyN" }), "n");
  assert.equal(letterOf({ key: "Z", code: "KeyZ" }), "z");
  assert.equal(letterOf({ key: "q", code: "KeyA" }), "q", "AZERTY: what is printed on the key");
  assert.equal(letterOf({ key: "é", code: "Digit2" }), "é");
});

test("a letter of another script is the one in its place", () => {
  assert.equal(letterOf({ key: "т", code: "KeyN" }), "n", "Cyrillic");
  assert.equal(letterOf({ key: "Я", code: "KeyZ" }), "z", "Cyrillic with Caps Lock");
  assert.equal(letterOf({ key: "ν", code: "KeyN" }), "n", "Greek");
  assert.equal(letterOf({ key: "ื", code: "KeyN" }), "n", "Thai: a mark without a letter");
  assert.equal(letterOf({ key: "х", code: "BracketLeft" }), "[", "Cyrillic");
});

test("keys with names stay as they are, in lower case", () => {
  assert.equal(letterOf({ key: "ArrowDown", code: "ArrowDown" }), "arrowdown");
  assert.equal(letterOf({ key: "?", code: "Slash" }), "?");
  assert.equal(letterOf({ key: "й", code: "" }), "й", "a keyboard on the screen tells no place");
});
