// Dates in words, and the wall clock of the user's zone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { addDays, dayIn, dayParts, dayTitle, deletedWords, dueWords, formOf, inForm, longDay, monthTitle, nearDays, nextWeek, rangeWords, startOfWeek, timeWords, wallClock, writeAs } from "../../assets/words.js";

const BRITISH = { date_order: "dmy", time_format: "24h", week_start: "monday" };
writeAs(BRITISH);

test("days near today have names, others a weekday and a date", () => {
  const words = (date, time = "") => dueWords(date, time, "2026-03-10");
  assert.equal(words("2026-03-09"), "Yesterday");
  assert.equal(words("2026-03-10", "14:00"), "Today 14:00");
  assert.equal(words("2026-03-11"), "Tomorrow");
  assert.equal(words("2026-03-13"), "Fri 13 Mar");
  assert.equal(words("2027-09-03"), "3 Sep 2027");
  assert.equal(words(""), "");
});

test("dates and times are in the order and by the clock of the browser", () => {
  const [british, american, german] = ["en-GB", "en-US", "de"].map((locale) => formOf(locale));
  const words = (form) => dueWords("2026-12-24", "09:00", "2026-03-10", form);
  assert.equal(words(british), "Thu 24 Dec 09:00");
  assert.equal(words(german), "Thu 24 Dec 09:00");
  assert.equal(words(american), "Thu Dec 24 9:00 AM");
  assert.deepEqual(["00:05", "11:59", "12:00", "23:30"].map((time) => timeWords(time, american)), ["12:05 AM", "11:59 AM", "12:00 PM", "11:30 PM"]);
  assert.equal(longDay("2026-11-26", british), "Thursday 26 November");
  assert.equal(longDay("2026-11-26", american), "Thursday November 26");
  assert.deepEqual(dayParts("2026-11-27", "2026-11-26", british), { name: "Tomorrow", words: "Fri 27 November" });
  assert.deepEqual(dayParts("2026-11-28", "2026-11-26", american), { name: "Saturday", words: "November 28" });
  assert.equal(rangeWords("2026-03-10", "2026-03-23", british), "10 to 23 March");
  assert.equal(rangeWords("2026-03-10", "2026-03-23", american), "March 10 to 23");
  assert.equal(rangeWords("2026-11-26", "2026-12-09", british), "26 November to 9 December");
  const deleted = (form) => deletedWords(Date.UTC(2026, 2, 10, 14, 5) * 1000, "UTC", "2026-03-10", form);
  assert.equal(deleted(american), "Deleted today at 2:05 PM. 30 days left.");
  const told = "Created on {2025-03-10} 2025. Used today at {13:00}. Ends on {2026-03-08}.";
  assert.equal(inForm(told, british), "Created on Mon 10 Mar 2025. Used today at 13:00. Ends on Sun 8 Mar.");
  assert.equal(inForm(told, american), "Created on Mon Mar 10 2025. Used today at 1:00 PM. Ends on Sun Mar 8.");
});

test("what the person has set counts before the browser, everywhere", () => {
  writeAs({ date_order: "mdy", time_format: "12h", week_start: "sunday" });
  try {
    assert.equal(dueWords("2026-12-24", "09:00", "2026-03-10"), "Thu Dec 24 9:00 AM");
    assert.equal(dayTitle("2026-03-11", "2026-03-10"), "Tomorrow, Wednesday March 11");
    assert.equal(inForm("at {14:00}"), "at 2:00 PM");
    assert.equal(startOfWeek("2026-03-10"), "2026-03-08");
    assert.equal(nextWeek("2026-03-10"), "2026-03-15");
  } finally {
    writeAs(BRITISH);
  }
  assert.equal(dayTitle("2026-03-11", "2026-03-10"), "Tomorrow, Wednesday 11 March");
  assert.equal(startOfWeek("2026-03-15"), "2026-03-09");
  assert.equal(formOf("en-US", { time_format: "24h" }).isMonthFirst, true);
  assert.deepEqual(["en-US", "en-GB", "ar-EG"].map((locale) => formOf(locale).weekStart), [0, 1, 6]);
});

test("the day of a moment is the same however often it is asked for", () => {
  const moments = Array.from({ length: 10_500 }, (_, at) => Date.UTC(2026, 0, 1) + at * 3_600_000);
  const days = () => moments.map((moment) => dayIn("Europe/Berlin", moment));
  assert.deepEqual(days(), days());
  assert.equal(dayIn("Europe/Berlin", Date.UTC(2026, 0, 1, 23, 30)), "2026-01-02");
});

test("days are counted over the end of a month, a year and a clock change", () => {
  assert.equal(addDays("2026-12-31", 1), "2027-01-01");
  assert.equal(addDays("2028-02-28", 1), "2028-02-29");
  assert.equal(addDays("2026-03-28", 2), "2026-03-30");
});

test("midnight is hour 00 of the new day", () => {
  assert.equal(wallClock("Europe/Lisbon", Date.UTC(2026, 0, 1, 0, 0, 0)).now, "2026-01-01T00:00:00");
});

test("days near today are offered by their names; on a weekend the one after is the next", () => {
  const offered = (today) => Object.fromEntries(nearDays(today).map(({ label, day }) => [label, day]));
  assert.deepEqual(offered("2026-03-10"), { Today: "2026-03-10", Tomorrow: "2026-03-11", "This weekend": "2026-03-14", "Next week": "2026-03-16" });
  assert.equal(offered("2026-03-13")["This weekend"], "2026-03-14");
  assert.equal(offered("2026-03-14")["Next weekend"], "2026-03-21");
  assert.equal(offered("2026-03-15")["Next weekend"], "2026-03-21");
  assert.equal(monthTitle("2026-03-10"), "March 2026");
});
