// The days of a month as a calendar shows them, and where its keys lead. Knows neither React nor the clock.
import { addDays, startOfWeek } from "./words.js";

const [FIRST, LAST] = ["1970-01-01", "9999-12-31"]; // that a task can be due, as fields.js has them

/** Whether a task can be due then; a year of five digits begins with a sign. */
export const isInRange = (date) => date >= FIRST && date <= LAST && date[0] !== "+";
const within = (date) => (isInRange(date) ? date : date[0] === "+" || date > LAST ? LAST : FIRST);

/** Always six weeks, so that nothing moves from month to month; the first one holds the first day of the month. */
export function weeksOf(date, form) {
  const first = startOfWeek(`${date.slice(0, 8)}01`, form);
  return Array.from({ length: 6 }, (_, week) => Array.from({ length: 7 }, (_, day) => addDays(first, 7 * week + day)));
}

/** The same day some months later, or the last one of a month that is shorter. */
export function addMonths(date, months) {
  const [year, month, day] = date.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + months, 0));
  return within(addDays(last.toISOString().slice(0, 10), Math.min(day, last.getUTCDate()) - last.getUTCDate()));
}

const LEADS = {
  ArrowLeft: (date) => addDays(date, -1),
  ArrowRight: (date) => addDays(date, 1),
  ArrowUp: (date) => addDays(date, -7),
  ArrowDown: (date) => addDays(date, 7),
  Home: (date, _, form) => startOfWeek(date, form),
  End: (date, _, form) => addDays(startOfWeek(date, form), 6),
  PageUp: (date, months) => addMonths(date, -months),
  PageDown: (date, months) => addMonths(date, months),
};

/** The day to which a key leads from another one; null where it is none of the calendar's. With Shift, a page is a year. */
export function dayByKey(date, { key, shiftKey }, form) {
  const day = LEADS[key]?.(date, shiftKey ? 12 : 1, form);
  return day ? within(day) : null;
}
