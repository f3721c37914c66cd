// The calendar of a month: its weeks, and where its keys lead.
import assert from "node:assert/strict";
import { test } from "node:test";
import { addMonths, dayByKey, isInRange, weeksOf } from "../../assets/month.js";

const [MONDAY, SUNDAY] = [{ weekStart: 1 }, { weekStart: 0 }];

test("a month is six weeks from the first day of the person's week", () => {
  const monday = weeksOf("2026-03-10", MONDAY);
  assert.deepEqual([monday.length, monday[0][0], monday[5][6]], [6, "2026-02-23", "2026-04-05"]);
  assert.equal(weeksOf("2026-03-31", SUNDAY)[0][0], "2026-03-01");
});

test("a month is added to the end of a shorter one", () => {
  assert.equal(addMonths("2026-01-31", 1), "2026-02-28");
  assert.equal(addMonths("2028-01-31", 1), "2028-02-29");
  assert.equal(addMonths("2026-01-15", -1), "2025-12-15");
  assert.equal(addMonths("2026-03-31", 12), "2027-03-31");
});

test("keys lead through days, weeks, months and years, and not out of the years of a task", () => {
  const by = (date, key, shiftKey = false, form = MONDAY) => dayByKey(date, { key, shiftKey }, form);
  const keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"];
  assert.deepEqual(
    keys.map((key) => by("2026-03-11", key)),
    ["2026-03-10", "2026-03-12", "2026-03-04", "2026-03-18", "2026-03-09", "2026-03-15", "2026-02-11", "2026-04-11"],
  );
  assert.equal(by("2026-03-11", "Home", false, SUNDAY), "2026-03-08");
  assert.equal(by("2024-02-29", "PageDown", true), "2025-02-28");
  assert.equal(by("2026-03-11", "a"), null);
  assert.equal(by("1970-01-01", "PageUp"), "1970-01-01");
  assert.equal(by("9999-12-31", "ArrowDown"), "9999-12-31");
  assert.deepEqual(["1969-12-31", "2026-03-11", weeksOf("9999-12-31", MONDAY)[5][6]].map(isInRange), [false, true, false]);
});
