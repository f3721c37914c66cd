// The choices of the repeat editor, and the rules that they make.
import assert from "node:assert/strict";
import { test } from "node:test";
import { choicesOf, endOf, firstChoices, firstDay, missedOf, monthDays, ruleOf, withEnd } from "../../assets/repeat_rule.js";
import { writeAs } from "../../assets/words.js";

const TUESDAY = "2026-03-31"; // the fifth and last Tuesday, and the last day of March
const repeat = (rule, fields = {}) => ({ rule, from: "due", until: null, count: null, ...fields });

test("every rule that the editor can make is read as the choices that make it", () => {
  for (const rule of [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=HOURLY;INTERVAL=12",
    "FREQ=WEEKLY;BYDAY=MO,TH",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU;WKST=SU",
    "FREQ=MONTHLY;BYMONTHDAY=10",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=YEARLY",
  ]) {
    const choices = choicesOf(repeat(rule), TUESDAY);
    assert.equal(ruleOf(choices), rule);
    assert.notEqual(choices.unit, "", rule);
  }
});

test("the clamp of short months and the day of the task go without saying", () => {
  assert.equal(choicesOf(repeat("FREQ=MONTHLY;BYMONTHDAY=31,-1;BYSETPOS=1"), TUESDAY).monthDay, "BYMONTHDAY=31");
  assert.equal(choicesOf(repeat("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31"), TUESDAY).unit, "years");
});

test("missed ones are kept of what counts from the due date alone", () => {
  const choices = choicesOf(repeat("FREQ=DAILY", { keep_missed: true }), TUESDAY);
  assert.deepEqual(missedOf(choices), { keep_missed: true });
  assert.deepEqual([missedOf({ ...choices, from: "completion" }), missedOf(firstChoices(TUESDAY))], [{}, {}]);
});

test("a rule that the editor cannot make is left alone", () => {
  for (const rule of ["FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTHDAY=1,15", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1", "FREQ=DAILY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=MO;WKST=SU"]) {
    assert.equal(choicesOf(repeat(rule), TUESDAY).unit, "", rule);
  }
});

test("weeks that are left out begin where those of the person do", () => {
  writeAs({ week_start: "sunday" });
  const choices = { ...firstChoices(TUESDAY), weekdays: ["SA", "SU"] };
  writeAs({ week_start: "monday" });
  assert.equal(ruleOf({ ...choices, interval: 2 }), "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU;WKST=SU");
  assert.equal(ruleOf(choices), "FREQ=WEEKLY;BYDAY=SA,SU");
  assert.equal(ruleOf({ ...firstChoices(TUESDAY), weekdays: ["SA", "SU"], interval: 2 }), "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU");
});

test("a month offers the day, the weekday in its place, and the last ones", () => {
  assert.deepEqual(monthDays(TUESDAY).map(({ words }) => words), ["Day 31", "The fifth Tuesday", "The last Tuesday", "The last day"]);
  assert.deepEqual(monthDays("2026-03-10").map(({ words }) => words), ["Day 10", "The second Tuesday", "The last day"]);
  assert.equal(monthDays("2026-03-10", "BYMONTHDAY=3")[0].words, "Day 3");
});

test("an end stands in the rule of a preview, and the first day is one of the rule's", () => {
  const choices = { ...firstChoices(TUESDAY), weekdays: ["MO"] };
  assert.equal(withEnd(ruleOf(choices), endOf({ ...choices, ends: "after", count: 3 })), "FREQ=WEEKLY;BYDAY=MO;COUNT=3");
  assert.equal(withEnd(ruleOf(choices), endOf({ ...choices, ends: "on", until: "2026-12-31" })), "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261231");
  assert.deepEqual(choicesOf(repeat("FREQ=DAILY", { until: "2026-12-31" }), TUESDAY).ends, "on");
  assert.equal(firstDay(choices, TUESDAY), "2026-04-06");
  assert.equal(firstDay({ ...choices, unit: "days" }, TUESDAY), TUESDAY);
});
