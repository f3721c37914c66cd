// Upcoming: the days ahead as places, the strip of them, and tasks that are taken from one day to another.
import { createElement, useEffect, useRef } from "react";
import { moveToDay } from "./commands.js";
import { placeHere } from "./place.js";
import { present, server } from "./screen.js";
import { addDays, dayParts, dayTitle, longDay, rangeWords, startOfWeek, wallClock } from "./words.js";

const MOST_STONES = 4;

const today = () => wallClock(server.timezone, present()).today;
const dayOnPage = (date) => document.getElementById(`day-${date}`);

/* ---------- as they are drawn ---------- */

/** What the group of a day says of it; null for another group. */
export function dayDrawn({ day, tasks }, today) {
  return day ? { date: day, ...dayParts(day, today), title: longDay(day), is_today: day === today, is_free: !tasks.length } : null;
}

/** {words, days}: the strip. How many tasks a day has that is not loaded yet is not known. */
export function drawnFortnight(groups, metrics, today) {
  const { kind } = placeHere();
  const days = kind === "upcoming" ? groups.filter((group) => group.day) : [];
  return { words: days.length ? rangeWords(days[0].key, days.at(-1).key) : "", days: days.map((group) => cellOf(group, metrics, today)) };
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

/** For a link of the strip: to the day, with the focus. */
export function goToDay({ date }, event) {
  event.preventDefault();
  const day = dayOnPage(date);
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  chosen = date;
  day.scrollIntoView({ block: "start", behavior: isStill ? "auto" : "smooth" });
  day.querySelector("h3").focus({ preventScroll: true });
  document.dispatchEvent(new Event("scroll"));
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

/** The strip, in which the day at the top of the page is marked: in the document itself, since to scroll draws nothing. */
export function DayStrip({ days, children, ...props }) {
  const strip = useRef(null);
  const mark = useRef(() => {});
  mark.current = () => markCurrent(strip.current);
  useEffect(() => mark.current(), [days]);
  useEffect(() => {
    let frame = 0;
    const later = () => (frame ||= requestAnimationFrame(() => ((frame = 0), mark.current())));
    document.addEventListener("scroll", later, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      document.removeEventListener("scroll", later);
    };
  }, []);
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
  for (const link of links) {
    if (link.dataset.day !== current) link.removeAttribute("aria-current");
    else if (!link.hasAttribute("aria-current")) {
      link.setAttribute("aria-current", "true");
      keepInSight(strip, link);
    }
  }
}

/** Where the strip is wider than the screen it shows the week of a day; the page stays where it is. */
function keepInSight(strip, link) {
  const [box, place] = [strip.getBoundingClientRect(), link.getBoundingClientRect()];
  if (place.left < box.left || place.right > box.right) strip.scrollTo({ left: strip.scrollLeft + place.left - box.left });
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
