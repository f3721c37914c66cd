// The order of tasks, the headings of the agenda, and the counts in which a task is counted: rules that the server has as
// well, in models/task_query.py and services/tasks/counts.py; both read tests/vectors/.

import { RANK } from "./task_fields.js";
import { compareText, titleKey } from "./title_order.js";

/** The names of the counts in which a task is counted. */
export function countsWith(row, clock) {
  if (row.is_completed) return ["total", "completed"];
  const isOverdue = dueKey(row) < clock.now;
  const isToday = row.due_date === clock.today;
  const isUntilTonight = row.due_date && row.due_date <= clock.today;
  return ["total", "pending", `${row.priority.toLowerCase()}_priority`, ...(isOverdue ? ["overdue"] : []), ...(isToday ? ["due_today"] : []), ...(isUntilTonight ? ["until_tonight"] : [])];
}

/** When a task is due on the wall clock, as text that sorts: a day alone lasts until its end, and no day comes after all. */
export const dueKey = (row) => (row.due_date ? `${row.due_date}T${row.due_time || "24:00"}:00` : "none");

const KEYS = {
  created: (row) => row.created_at,
  updated: (row) => row.updated_at,
  due: dueKey,
  priority: (row) => RANK[row.priority],
  title: (row) => titleKey(row.title),
  position: (row) => row.position,
};
const THEN_BY = { priority: (a, b) => compare(a.created_at, b.created_at) };
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** The dashboard's own order: open by due date, then completed, latest first. */
const byAgenda = (a, b) =>
  compare(a.is_completed, b.is_completed) ||
  (a.is_completed ? compare(b.completed_at, a.completed_at) || compare(b.id, a.id) : compare(dueKey(a), dueKey(b)) || compare(a.id, b.id));

/** A comparison for one of the API's orders; the empty one is the agenda. By relevance, rows stay as they came, what is new before them. */
export function comparison(sort, order) {
  if (sort === "relevance") return () => 0;
  const key = KEYS[sort];
  if (!key) return byAgenda;
  const sign = order === "asc" ? 1 : -1;
  const keys = new Map();
  // Each is made once: that of a title takes longer than to compare it.
  const keyOf = (row) => keys.get(row) ?? keys.set(row, key(row)).get(row);
  const byKey = sort === "title" ? compareText : compare;
  const next = THEN_BY[sort] ?? (() => 0);
  return (a, b) => sign * (byKey(keyOf(a), keyOf(b)) || next(a, b) || compare(a.id, b.id));
}

/** The headings of the agenda, in their order. */
const HEADINGS = { overdue: "Overdue", today: "Today", upcoming: "Upcoming", no_date: "No date", completed: "Completed" };

export function groupOf(row, clock) {
  if (row.is_completed) return "completed";
  if (!row.due_date) return "no_date";
  if (dueKey(row) < clock.now) return "overdue";
  return row.due_date <= clock.today ? "today" : "upcoming";
}

/** Rows under the headings of the agenda, those that have any. */
export const byDueDate = (rows, clock) =>
  Object.entries(HEADINGS)
    .map(([key, label]) => ({ key, label, tasks: rows.filter((row) => groupOf(row, clock) === key) }))
    .filter((group) => group.tasks.length);

/** Groups in the order of the rows, after those that are there without any; `headingOf(row)` has the key of its group, and what else that is. */
export function underHeadings(rows, headingOf, headings = []) {
  const groups = new Map(headings.map((heading) => [heading.key, { ...heading, tasks: [] }]));
  for (const row of rows) {
    const heading = headingOf(row);
    if (!groups.has(heading.key)) groups.set(heading.key, { ...heading, tasks: [] });
    groups.get(heading.key).tasks.push(row);
  }
  return [...groups.values()];
}
