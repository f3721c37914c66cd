// A rule of RFC 5545 and the choices of the repeat editor, each made from the other. The server has the last word on both.
import { dayOfWeek, ownWeekStart } from "./words.js";

const UNITS = { HOURLY: "hours", DAILY: "days", WEEKLY: "weeks", MONTHLY: "months", YEARLY: "years" };
const FREQUENCIES = Object.fromEntries(Object.entries(UNITS).map(([frequency, unit]) => [unit, frequency]));
export const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
export const WEEKDAY_NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const PLACES = ["first", "second", "third", "fourth", "fifth"];
const DAY = 86_400_000;

const moment = (date) => new Date(`${date}T00:00:00Z`);
const dayOf = (date) => moment(date).getUTCDate();
const codeOf = (dayNumber) => WEEKDAYS[(dayNumber + 6) % 7];
export const weekdayOf = (date) => codeOf(dayOfWeek(date));
const isInLastWeek = (date) => new Date(moment(date).getTime() + 7 * DAY).getUTCMonth() !== moment(date).getUTCMonth();

/** What can be chosen for a month in which a task is due on a day: [{value, words}], value a part of a rule. */
export function monthDays(date, chosen = "") {
  const day = weekdayOf(date);
  const place = Math.ceil(dayOf(date) / 7);
  const offered = [`BYMONTHDAY=${dayOf(date)}`, `BYDAY=${place}${day}`, ...(isInLastWeek(date) ? [`BYDAY=-1${day}`] : []), "BYMONTHDAY=-1"];
  const values = !chosen || offered.includes(chosen) ? offered : [chosen, ...offered];
  return values.map((value) => ({ value, words: monthDayWords(value) }));
}

function monthDayWords(part) {
  const [name, value] = part.split("=");
  if (name === "BYMONTHDAY") return value === "-1" ? "The last day" : `Day ${value}`;
  const place = Number(value.slice(0, -2));
  return `The ${place === -1 ? "last" : PLACES[place - 1]} ${WEEKDAY_NAMES[WEEKDAYS.indexOf(value.slice(-2))]}`;
}

/** The choices that make a rule for a task that is due on a day; `unit` is empty where the editor has none for it. */
export function choicesOf({ rule, from, until, count, keep_missed = false }, date) {
  const { FREQ, INTERVAL = "1", BYSETPOS, WKST = "MO", ...days } = Object.fromEntries(rule.split(";").map((part) => part.split("=")));
  const made = {
    unit: UNITS[FREQ],
    interval: Number(INTERVAL),
    weekdays: FREQ === "WEEKLY" ? (days.BYDAY ?? "").split(",").filter(Boolean) : [],
    weekStart: WKST,
    monthDay: FREQ === "MONTHLY" ? monthDayOf(days, BYSETPOS) : "",
    from,
    ends: until ? "on" : count ? "after" : "never",
    until: until ?? "",
    count: count ?? 10,
    keepsMissed: keep_missed,
  };
  // What the choices would make of it has to be the same, or saving would change what nobody touched.
  return normal(ruleOf(made), date) === normal(rule, date) ? made : { ...made, unit: "" };
}

function monthDayOf({ BYMONTHDAY, BYDAY }, places) {
  if (BYDAY) return places || BYDAY.includes(",") ? "" : `BYDAY=${BYDAY}`;
  if (!BYMONTHDAY) return "";
  const [day, ...others] = BYMONTHDAY.split(",");
  return others.length === 0 || (String(others) === "-1" && places === "1") ? `BYMONTHDAY=${day}` : "";
}

/** A rule without what goes without saying: the clamp of short months, and the day of the task itself. */
const normal = (rule, date) =>
  rule
    .replace(/BYMONTHDAY=(\d+),-1;BYSETPOS=1$/, "BYMONTHDAY=$1")
    .replace(`;BYMONTH=${moment(date).getUTCMonth() + 1};BYMONTHDAY=${dayOf(date)}`, "");

/** The choices to begin with. */
export const firstChoices = (date) => ({
  unit: "weeks", interval: 1, weekdays: [weekdayOf(date)], weekStart: codeOf(ownWeekStart()), monthDay: `BYMONTHDAY=${dayOf(date)}`, from: "due", ends: "never", until: "", count: 10, keepsMissed: false,
});

/** The rule that choices make, without its end. */
export function ruleOf({ unit, interval, weekdays, weekStart = "MO", monthDay }) {
  const parts = [`FREQ=${FREQUENCIES[unit]}`];
  if (interval > 1) parts.push(`INTERVAL=${interval}`);
  if (unit === "weeks" && weekdays.length) parts.push(`BYDAY=${WEEKDAYS.filter((day) => weekdays.includes(day))}`);
  // Which weeks are left out depends on where a week begins, if several days are chosen.
  if (unit === "weeks" && interval > 1 && weekdays.length > 1 && weekStart !== "MO") parts.push(`WKST=${weekStart}`);
  if (unit === "months" && monthDay) parts.push(monthDay);
  return parts.join(";");
}

/** The end that choices make. */
export const endOf = ({ ends, until, count }) => ({ until: (ends === "on" && until) || null, count: ends === "after" ? count : null });

/** Whether missed ones are kept; what counts from completion misses none. */
export const missedOf = ({ from, keepsMissed }) => (keepsMissed && from === "due" ? { keep_missed: true } : {});

/** A rule with its end, as a preview takes it. */
export const withEnd = (rule, { until, count }) => rule + (until ? `;UNTIL=${until.replaceAll("-", "")}` : count ? `;COUNT=${count}` : "");

/** The first day, from one on, on which choices have a task be due. */
export function firstDay({ unit, weekdays }, date) {
  const days = Array.from({ length: 7 }, (_, i) => new Date(moment(date).getTime() + i * DAY).toISOString().slice(0, 10));
  return (unit === "weeks" && days.find((day) => weekdays.includes(weekdayOf(day)))) || date;
}
