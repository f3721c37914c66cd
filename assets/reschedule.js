// All that is overdue to another day, in one step: each task keeps its time.
import { dueKey } from "./agenda.js";
import { perform } from "./commands.js";
import { placeOf } from "./lists.js";
import { say } from "./notices.js";
import * as optimistic from "./optimistic_list.js";
import { present, server, store, ui, update } from "./screen.js";
import { dayTitle, nearDays, wallClock } from "./words.js";

const clockNow = () => wallClock(server.timezone, present());

/** What can be chosen, as {label, words, day}. */
const days = (today) => nearDays(today).map(({ label, day }) => ({ label, day, words: dayTitle(day, today) }));

export function askToReschedule() {
  const clock = clockNow();
  const isLate = (row) => !row.is_completed && !row.error && dueKey(row) < clock.now && !placeOf(row).is_locked;
  const rows = [...optimistic.rowsOf(store).values()].filter(isLate);
  if (rows.length) update(store, { rescheduling: { rows, days: days(clock.today), count: rows.length } });
}

export const stopRescheduling = () => update(store, { rescheduling: null });

const put = (rows, dayOf) => rows.forEach((row) => perform("change", row.id, { fields: { due_date: dayOf(row), due_time: row.due_time || null } }));

export function rescheduleTo(day) {
  const { rows } = ui.rescheduling;
  if (!day) return;
  stopRescheduling();
  put(rows, () => day);
  const where = dayTitle(day, clockNow().today);
  say(`${rows.length === 1 ? "1 task" : `${rows.length} tasks`} moved to ${where.replace(/^(Today|Tomorrow)/, (word) => word.toLowerCase())}.`, () => put(rows, (row) => row.due_date));
}

/** For the submit of the dialog's form with a day of the person's own. */
export function rescheduleToTyped(event) {
  event.preventDefault();
  rescheduleTo(event.currentTarget.elements.day.value);
}
