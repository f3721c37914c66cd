// Dates in the words of the screen: relative where that is shorter, in the order and by the clock of the person: as Settings say, else as their browser does.

const DAY = 86_400_000;
const dayNumber = (date) => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY);
const WEEKDAYS = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]; // the first day of all was a Thursday
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const WEEK_STARTS = { sunday: 0, monday: 1, saturday: 6 };

/** How a browser writes dates and times, which its fields of a date do as well, but for what the person has set: {isMonthFirst, isTwelveHours, weekStart}. */
export function formOf(locale, { date_order, time_format, week_start } = {}) {
  const format = new Intl.DateTimeFormat(locale, { month: "numeric", day: "numeric", hour: "numeric" });
  const order = format.formatToParts(0).map(({ type }) => type);
  const isMonthFirst = date_order ? date_order === "mdy" : order.indexOf("month") < order.indexOf("day");
  const isTwelveHours = time_format ? time_format === "12h" : Boolean(format.resolvedOptions().hour12);
  return { isMonthFirst, isTwelveHours, weekStart: WEEK_STARTS[week_start] ?? weekStartOf(format.resolvedOptions().locale) };
}

/** On which weekday a week begins, from 0 for Sunday; older browsers do not know. */
function weekStartOf(name) {
  const locale = new Intl.Locale(name);
  const { firstDay } = locale.getWeekInfo?.() ?? locale.weekInfo ?? { firstDay: locale.maximize().region === "US" ? 7 : 1 };
  return firstDay % 7;
}

let own = formOf();
let chosen = null;

/** Follow what the person has set: the one place that knows how they write. */
export function writeAs(settings) {
  if (settings !== chosen) own = formOf(undefined, settings);
  chosen = settings;
}

/** How this person writes and counts weeks, as the server reads words by it. */
export const customs = () => ({ week_start: Object.keys(WEEK_STARTS).find((day) => WEEK_STARTS[day] === own.weekStart) ?? "monday", date_order: own.isMonthFirst ? "mdy" : "dmy" });

/** On which weekday this person's week begins, from 0 for Sunday. */
export const ownWeekStart = () => own.weekStart;

const dayAndMonth = (day, month, { isMonthFirst }) => (isMonthFirst ? `${month} ${day}` : `${day} ${month}`);

/** "14:00", "2:00 PM". */
export function timeWords(time, { isTwelveHours } = own) {
  const hour = Number(time.slice(0, 2));
  return isTwelveHours ? `${hour % 12 || 12}${time.slice(2)} ${hour < 12 ? "AM" : "PM"}` : time;
}

/** The time that a moment is at in a zone, "14:05"; the moment in milliseconds. */
export const timeIn = (zone, moment) => shownIn(zone, moment).slice(11, 16);

const clocks = {};

/** What reads the wall clock of a zone; one is costly to make. */
const clockOf = (zone) =>
  (clocks[zone] ??= new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }));

/** What the wall clock of a zone shows, as "2026-03-10T14:00:30". */
function shownIn(zone, moment) {
  const parts = clockOf(zone).formatToParts(moment);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${part.year.padStart(4, "0")}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}`;
}

/**
 * The wall clock of a zone: {today: "2026-03-10", now: "2026-03-10T14:00:30"}.
 *
 * `now` never goes back. When summer time ends, an hour is shown twice: what was due in it was due the first time, and
 * while it is shown again it is all over. moment_key of models/task.py does the same.
 */
export function wallClock(zone, moment = Date.now()) {
  const shown = shownIn(zone, moment);
  const furthest = furthestShown(zone, moment);
  return { today: shown.slice(0, 10), now: shown > furthest ? shown : furthest };
}

const LONGEST_BACK = 3 * 3_600_000;
const ahead = (zone, moment) => Date.parse(`${shownIn(zone, moment)}Z`) - Math.floor(moment / 1000) * 1000;
const withoutZone = (moment) => new Date(moment).toISOString().slice(0, 19);

/** How far the wall clock had come when it was last set back, to the second; empty when that was not lately. */
function furthestShown(zone, moment) {
  let [before, after] = [moment - LONGEST_BACK, moment];
  const wasAhead = ahead(zone, before);
  if (wasAhead <= ahead(zone, after)) return "";
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (ahead(zone, middle) === wasAhead) before = middle;
    else after = middle;
  }
  return withoutZone(after + wasAhead - 1000);
}

/** "Yesterday", "Today 14:00", "Fri 6 Mar", "6 Mar 2027"; empty without a date. */
export function dueWords(date, time, today, form = own) {
  if (!date) return "";
  const words = { "-1": "Yesterday", 0: "Today", 1: "Tomorrow" }[dayNumber(date) - dayNumber(today)];
  const day = words ?? dayWords(date, date.slice(0, 4) === today.slice(0, 4), form);
  return time ? `${day} ${timeWords(time, form)}` : day;
}

// Without Intl: a formatter for each row would cost more than all the rest of drawing the list.
function dayWords(date, isSameYear, form) {
  const month = MONTHS[Number(date.slice(5, 7)) - 1];
  const day = dayAndMonth(Number(date.slice(8)), month, form);
  return isSameYear ? `${WEEKDAYS[((dayNumber(date) % 7) + 7) % 7]} ${day}` : `${day} ${date.slice(0, 4)}`;
}

/** Whether the series of a repeat, as a row holds it, is paused. */
export const isPaused = (repeat) => Boolean(repeat && JSON.parse(repeat).paused);

/** "every Monday, 9:15" of a repeat as a row holds it; empty without one. */
export function repeatWords(repeat, time = "", form = own) {
  if (!repeat) return "";
  return JSON.parse(repeat).words.replace(", {at}", time ? `, ${timeWords(time, form).replace(/^0/, "")}` : "");
}

/** "On {2026-03-08} at {14:00}" as "On Sun Mar 8 at 2:00 PM": days and times that the server left for the browser to write. */
export const inForm = (text, form = own) =>
  text
    .replace(/\{(\d\d:\d\d)\}/g, (_, time) => timeWords(time, form))
    .replace(/\{(\d{4}-\d\d-\d\d)\}/g, (_, date) => dayWords(date, true, form));

/** The day that a moment is on in a zone; the moment in milliseconds. */
export const dayIn = (zone, moment) => {
  const key = `${zone} ${moment}`;
  const day = daysOf.get(key) ?? shownIn(zone, moment).slice(0, 10);
  if (daysOf.size >= MOST_DAYS) daysOf.clear();
  daysOf.set(key, day);
  return day;
};
const MOST_DAYS = 10_000;
const daysOf = new Map(); // to ask for one takes long, and each drawing asks again

/** Of a date, from 0 for Sunday. */
export const dayOfWeek = (date) => (((dayNumber(date) + 4) % 7) + 7) % 7;

const nearName = (date, today) => ({ "-1": "Yesterday", 0: "Today", 1: "Tomorrow" })[dayNumber(date) - dayNumber(today)];

/** "Tomorrow, Friday 27 November": a day as a heading, near ones by their name. */
export function dayTitle(date, today, form = own) {
  const near = nearName(date, today);
  const year = date.slice(0, 4) === today.slice(0, 4) ? "" : ` ${date.slice(0, 4)}`;
  return `${near ? `${near}, ` : ""}${longDay(date, form)}${year}`;
}

/** The same in two parts: {name: "Tomorrow", words: "Fri 27 November"}, {name: "Saturday", words: "28 November"}. */
export function dayParts(date, today, form = own) {
  const near = nearName(date, today);
  const words = dayInMonth(date, form);
  return near ? { name: near, words: `${longName("weekday", date).slice(0, 3)} ${words}` } : { name: longName("weekday", date), words };
}

/** "Thursday 26 November". */
export const longDay = (date, form = own) => `${longName("weekday", date)} ${dayInMonth(date, form)}`;

const dayInMonth = (date, form) => dayAndMonth(Number(date.slice(8)), longName("month", date), form);

/** "10 to 23 March", "26 November to 9 December", "March 10 to 23". */
export function rangeWords(from, to, form = own) {
  if (from.slice(0, 7) !== to.slice(0, 7)) return `${dayInMonth(from, form)} to ${dayInMonth(to, form)}`;
  const [first, last] = [from, to].map((date) => Number(date.slice(8)));
  return dayAndMonth(`${first} to ${last}`, longName("month", from), form);
}

const formats = {}; // one is costly to make

/** The name of the weekday, or of the month, that a day is in. */
function longName(part, date) {
  formats[part] ??= new Intl.DateTimeFormat("en", { timeZone: "UTC", [part]: "long" });
  return formats[part].format(new Date(dayNumber(date) * DAY));
}

/** "November 2026". */
export const monthTitle = (date) => `${longName("month", date)} ${date.slice(0, 4)}`;

/** How many days a task stays in the trash, as models/task.py has it. */
export const TRASH_DAYS = 30;

/** "Deleted today at 08:55. 30 days left.", "Deleted on Thu 5 Mar. 25 days left."; `moment` is in microseconds. */
export function deletedWords(moment, zone, today, form = own) {
  const then = shownIn(zone, moment / 1000);
  const days = dayNumber(today) - dayNumber(then.slice(0, 10));
  const when = { 0: "today", 1: "yesterday" }[days];
  const words = when ? `${when} at ${timeWords(then.slice(11, 16), form)}` : `on ${dueWords(then.slice(0, 10), "", today, form)}`;
  const left = TRASH_DAYS - days;
  return `Deleted ${words}. ${left > 1 ? `${left} days left.` : left === 1 ? "1 day left." : "Removed today."}`;
}

/** A day some days from another, as YYYY-MM-DD. */
export const addDays = (date, days) => new Date((dayNumber(date) + days) * DAY).toISOString().slice(0, 10);

/** The first day of the week that a day is in. */
export const startOfWeek = (date, form = own) => addDays(date, -((dayOfWeek(date) - form.weekStart + 7) % 7));

/** The first day of the week after; "next week" in quick add is the same. */
export const nextWeek = (date, form = own) => addDays(startOfWeek(date, form), 7);

const SATURDAY = 6;

/** The days near a day that are offered by their names, as {label, day}: what they mean in quick add, they mean here. */
export function nearDays(today, form = own) {
  const untilSaturday = ((SATURDAY - dayOfWeek(today) + 6) % 7) + 1;
  const weekend = untilSaturday < 6 ? "This weekend" : "Next weekend";
  const days = { Today: today, Tomorrow: addDays(today, 1), [weekend]: addDays(today, untilSaturday), "Next week": nextWeek(today, form) };
  return Object.entries(days).map(([label, day]) => ({ label, day }));
}

/** A sentence of these words. */
export const capitalised = (words) => words.charAt(0).toUpperCase() + words.slice(1);
