// Upcoming: the days ahead as places, the strip of them, and tasks that are taken from one day to another.
import { createElement, useRef } from "react";
import { moveToDay } from "./commands.js";
import { markIn, scrolling, useMark } from "./in_sight.js";
import { lastDay, placeHere } from "./place.js";
import { present, server, store, ui, update } from "./screen.js";
import { addDays, dayParts, dayTitle, longDay, rangeWords, startOfWeek, wallClock } from "./words.js";

const MOST_STONES = 4;
const IN_STRIP = 14;
const MOST_WEEKS = 10; // that one can go on: a quarter of a year in all

const today = () => wallClock(server.timezone, present()).today;
const dayOnPage = (date) => document.getElementById(`day-${date}`);

/* ---------- as they are drawn ---------- */

/** What the group of a day says of it; null for another group. */
export function dayDrawn({ day, tasks }, today) {
  return day ? { date: day, ...dayParts(day, today), title: longDay(day), is_today: day === today, is_free: !tasks.length } : null;
}

/** {words, days, is_first, is_last}: the strip, with how far it goes on. How many tasks a day has that is not loaded yet is not known. */
export function drawnFortnight(groups, metrics, today) {
  const { kind } = placeHere();
  // Before anything is loaded the page is what it was when it was built, on no day: React would draw all of it again.
  const places = new Map(kind === "upcoming" && store.loadId ? groups.filter((group) => group.day).map((group) => [group.key, group]) : []);
  const dates = places.size ? Array.from({ length: IN_STRIP }, (_, at) => addDays(lastDay(today), at + 1 - IN_STRIP)) : [];
  return {
    words: dates.length ? rangeWords(dates[0], dates.at(-1)) : "",
    days: dates.map((key) => cellOf(places.get(key) ?? { key, count: 0, has_count: false }, metrics, today)),
    is_first: ui.weeks === 0,
    is_last: ui.weeks === MOST_WEEKS,
  };
}

function cellOf({ key: date, count, has_count }, metrics, today) {
  const isToday = date === today;
  const tasks = isToday ? metrics.due_today : count;
  const known = isToday || has_count;
  const words = tasks ? `${tasks} task${tasks === 1 ? "" : "s"}` : "no tasks";
  const title = longDay(date);
  return {
    date,
    weekday: title.slice(0, 3),
    number: String(Number(date.slice(8))),
    count: known && tasks ? String(tasks) : "",
    stones: Array(Math.min(tasks, MOST_STONES)).fill(0),
    name: `${isToday ? "Today, " : ""}${title}${known ? `, ${words}` : ""}`,
    is_today: isToday,
    is_week: date === startOfWeek(date),
  };
}

/* ---------- the strip ---------- */

let chosen = ""; // the day that was gone to last: the last ones never come to the top

/** Bring a day to the top of the page; what is not loaded yet comes with what is before it. */
function show(date) {
  const day = dayOnPage(date) ?? [...document.querySelectorAll(".day")].at(-1);
  chosen = date;
  day.scrollIntoView({ block: "start", behavior: scrolling() });
  document.dispatchEvent(new Event("scroll"));
  return day;
}

/** For a link of the strip: to the day, with the focus. */
export function goToDay({ date }, event) {
  event.preventDefault();
  show(date).querySelector("h3").focus({ preventScroll: true });
}

/** A week earlier or later in the strip; the page has every day up to the last one there. */
export function turnWeeks(by) {
  const weeks = Math.min(Math.max(ui.weeks + by, 0), MOST_WEEKS);
  if (weeks === ui.weeks) return;
  update(store, { weeks });
  // React draws before that.
  requestAnimationFrame(() => show(addDays(lastDay(today()), 1 - IN_STRIP)));
}

const STEPS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

/** From day to day with the arrows. */
function stepInStrip(event) {
  const by = STEPS[event.key];
  if (!by) return;
  event.preventDefault();
  event.stopPropagation();
  const links = [...event.currentTarget.querySelectorAll("a")];
  const at = links.indexOf(document.activeElement) + by;
  links[Math.min(Math.max(at, 0), links.length - 1)].focus();
}

/** The strip, in which the day at the top of the page is marked. */
export function DayStrip({ children, ...props }) {
  const strip = useRef(null);
  useMark(strip, markCurrent);
  return createElement("nav", { ...props, ref: strip, onKeyDown: stepInStrip }, children);
}

function markCurrent(strip) {
  const links = [...(strip?.querySelectorAll("a") ?? [])];
  if (!links.length) return;
  const under = Math.max(strip.getBoundingClientRect().bottom, 0);
  const top = links.find((link) => dayOnPage(link.dataset.day)?.getBoundingClientRect().bottom > under + 1)?.dataset.day ?? "";
  const { scrollTop, clientHeight, scrollHeight } = document.scrollingElement;
  const isAtEnd = scrollTop + clientHeight >= scrollHeight - 1;
  const current = isAtEnd && chosen > top ? chosen : top;
  markIn(strip, links, links.find((link) => link.dataset.day === current));
}

/* ---------- from one day to another ---------- */

/** Put a task on a day, as drag.js says it. */
export const toDay = (row, date) => moveToDay(row, date, dayTitle(date, today()).replace(/^\w+, /, (near) => near.toLowerCase()));

/** By some days, but not into the past. */
function moveBy(row, days) {
  const [first, wanted] = [today(), addDays(row.due_date, days)];
  const date = wanted < first ? first : wanted;
  if (date !== row.due_date) toDay(row, date);
}

export const BY_DAY = {
  ArrowUp: (row) => moveBy(row, -1),
  ArrowDown: (row) => moveBy(row, 1),
  "Shift ArrowUp": (row) => moveBy(row, -7),
  "Shift ArrowDown": (row) => moveBy(row, 7),
};
