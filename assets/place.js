// Which page of tasks this is, by its address: which tasks are on it, and under which headings.
import { momentOf } from "./optimistic_list.js";
import { server, store, ui } from "./screen.js";
import { addDays, dayIn, dayTitle } from "./words.js";

const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const NO_LIST = "00000000-0000-0000-0000-000000000000"; // as state/task_address.py has it
const DAYS_AHEAD = 13; // a fortnight with today, and the weeks that one has gone on; what is due later is under one heading
const KINDS = ["inbox", "lists", "today", "upcoming", "completed", "labels", "filters", "tasks", "trash"];
const WITH_KEY = ["lists", "labels", "filters", "tasks"];

/** Two labels with the same key are one, as label_key of models/label.py has it. */
export const labelKey = (name) => name.toUpperCase().toLowerCase().normalize("NFC");

export const labelsOf = (row) => (row.labels ? row.labels.split(" ") : []);

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The path of the page that is drawn: over it may be the address of a task (task_address.js). */
export const pathHere = () => globalThis.history?.state?.masked?.pathname ?? globalThis.location?.pathname ?? "";

/** {kind, key}: as `Place` of state/task_address.py; the kind is empty on the dashboard and on pages without tasks. */
export function placeHere() {
  const [kind, part, ...rest] = pathHere().split("/").filter(Boolean);
  const isOne = KINDS.includes(kind) && !rest.length && Boolean(part) === WITH_KEY.includes(kind);
  if (!isOne) return { kind: "", key: "" };
  return { kind, key: kind === "labels" ? decoded(part) : part && !ID.test(part) ? NO_LIST : (part ?? "") };
}

const nameOf = ({ kind, key }) => (key ? `${kind}/${key}` : kind);

/** Whether what the server said last is of this page. */
export const isLoadedHere = () => Boolean(server.load_id) && (server.place ?? "") === nameOf(placeHere());

/** The id of the list whose page this is; empty on the other pages. That of an Inbox is its person's, and where a task lies the server knows. */
export function listHere() {
  const { kind, key } = placeHere();
  if (kind === "tasks") return isLoadedHere() ? server.list_id : "";
  return kind === "inbox" ? server.user_id : kind === "lists" ? key : "";
}

const isOpen = { key: "open", label: "" };
const isDone = { key: "completed", label: "Completed", isPutAway: true };

/** Which rows are on a page, and the heading of one, as far as the browser can tell by itself; where it cannot, the server's word counts. */
const PAGES = {
  inbox: () => ({ holds: (row) => row.list_id === server.user_id, isByHand: true }),
  lists: (key) => ({ holds: (row) => row.list_id === key, isByHand: true }),
  tasks: (_key, list = listHere()) => ({ holds: (row) => row.list_id === list, isByHand: true }),
  today: () => ({ holds: (row, { today }) => !row.is_completed && row.due_date && row.due_date <= today }),
  upcoming: () => ({ holds: (row, { today }) => !row.is_completed && row.due_date > today, headingOf: byDueDay, headings: fortnight, isByDay: true }),
  completed: () => ({ holds: (row) => row.is_completed, headingOf: byDayOfCompletion }),
  labels: (key) => ({
    holds: (row) => labelsOf(row).some((name) => labelKey(name) === labelKey(key)),
    headingOf: (row) => (row.is_completed ? isDone : isOpen),
  }),
  filters: (_key, isLoaded = isLoadedHere()) => ({ holds: () => isLoaded }),
};

function byDueDay(row, { today }) {
  if (!row.due_date) return { key: "no_date", label: "No date" };
  if (row.due_date > lastDay(today)) return { key: "later", label: "Later", isLoadedBySteps: true };
  return dayOf(row.due_date, today);
}

const dayOf = (day, today) => ({ key: day, label: dayTitle(day, today), day, isLoadedBySteps: true });

const daysAhead = () => DAYS_AHEAD + 7 * ui.weeks;

/** The last day that is a place in Upcoming. */
export const lastDay = (today) => addDays(today, daysAhead());

/** Each day is a place, with or without tasks. */
const fortnight = ({ today }) => Array.from({ length: daysAhead() + 1 }, (_, days) => dayOf(addDays(today, days), today));

function byDayOfCompletion(row, { today }) {
  if (!row.is_completed) return isOpen;
  const day = dayIn(server.timezone, momentOf(row.completed_at) / 1000);
  return { key: day, label: dayTitle(day, today), isLoadedBySteps: true };
}

/** {holds(row), headingOf(row), headings, isByHand, isByDay} of this page; null where all rows are on it, under the headings of the dashboard. */
export function pageHere(clock) {
  const { kind, key } = placeHere();
  const page = PAGES[kind]?.(key);
  if (!page) return null;
  const { holds, headingOf, headings, isByHand, isByDay } = page;
  return {
    isByHand,
    isByDay,
    headings: headings?.(clock),
    // What was not saved says so where it was done.
    holds: isByHand ? holds : (row) => Boolean(row.error || holds(row, clock)),
    headingOf: headingOf && ((row) => headingOf(row, clock)),
  };
}

/** Whether rows are taken from place to place on this page. */
export const isArranged = () => Boolean(listHere()) || placeHere().kind === "upcoming";

/** Whether more of this page is loaded before one comes to its end: in a list, for as long as what is loaded is open; and in Upcoming, once one has gone on. */
export function isEndless() {
  const { kind } = placeHere();
  return kind === "completed" || (kind === "upcoming" && ui.weeks > 0) || (Boolean(listHere()) && ![...store.base.values()].at(-1)?.is_completed);
}

/** What a task that is made on this page has by itself, and by what its person has chosen. */
export function givenHere(today) {
  const { kind, key } = placeHere();
  const { default_priority: priority } = server.customs;
  return { ...(priority && { priority }), ...(kind === "today" && { due_date: today }), ...(kind === "labels" && { labels: key }) };
}
