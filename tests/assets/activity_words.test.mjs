// What a person did to a task, in words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { agoWords, stepWords } from "../../assets/activity_words.js";
import { writeAs } from "../../assets/words.js";

const TODAY = "2026-03-10";
writeAs({ date_order: "dmy", time_format: "24h", week_start: "monday" });
const said = (after, before = {}, action = "change") => stepWords({ action, before, after }, TODAY).map((part) => part.name ?? part).join("");

test("a step says what it did", () => {
  assert.equal(said({ title: "Milk" }, null, "create"), "You made this.");
  assert.equal(said({ deleted_at: "2026" }, { deleted_at: null }, "delete"), "You moved this to the trash.");
  assert.equal(said({ completed_at: "2026" }, { completed_at: null }), "You completed this.");
  assert.equal(said({ completed_at: null }, { completed_at: "2026" }), "You opened this again.");
  assert.equal(said({ title: "Oat milk" }, { title: "Milk" }), "You renamed this from “Milk”.");
  assert.equal(said({ due_date: "2026-03-11", due_time: "09:00:00" }, { due_date: null, due_time: null }), "You set its date to Tomorrow 09:00.");
  assert.equal(said({ due_date: null }, { due_date: "2026-03-11" }), "You took its date away.");
  assert.equal(said({ due_time: "09:00:00" }, { due_time: null }), "You moved its time to 09:00.");
  assert.equal(said({ priority: "High", labels: ["a"], description: "b" }), "You set its priority to High, changed its description and changed its labels.");
  assert.equal(said({ position: "1V" }, { position: "2V" }), "You moved this.");
  assert.equal(said(null, { list_id: "one" }), "", "the other list says where it went");
});

test("a moment is told by how long ago it was, and later by its day", () => {
  const now = Date.UTC(2026, 2, 10, 12);
  const ago = (minutes) => agoWords(now - minutes * 60_000, now, "UTC", TODAY);
  assert.deepEqual([0, 5, 130, 24 * 60].map(ago), ["just now", "5 min ago", "2 h ago", "Yesterday 12:00"]);
});
