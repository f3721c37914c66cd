// What this person did to a task, in words: parts as `Sentence` of notices.js draws them. Knows neither React nor the network.
import { dayIn, dueWords, timeIn } from "./words.js";

const WHOLE = { create: "You made this.", delete: "You moved this to the trash.", restore: "You took this out of the trash." };
const PLACES = ["section_id", "parent_id", "position"];

/** What a change of fields did, as phrases after "You"; `before` and `after` hold the fields that changed. */
function phrases(before, after, today) {
  const has = (...names) => names.some((name) => name in after);
  const said = [];
  if (has("completed_at")) said.push([after.completed_at ? "completed this" : "opened this again"]);
  if (has("title")) said.push(["renamed this from “", { name: before.title }, "”"]);
  if (has("due_date", "due_time") && !has("completed_at")) said.push([dateWords(before, after, today)]);
  if (has("priority")) said.push([`set its priority to ${after.priority}`]);
  if (has("description")) said.push(["changed its description"]);
  if (has("labels")) said.push(["changed its labels"]);
  if (has("repeat") && !has("completed_at")) said.push([after.repeat ? "changed how it repeats" : "took its repeat away"]);
  if (has("list_id")) said.push(["moved this to another list"]);
  else if (!said.length && has(...PLACES)) said.push(["moved this"]);
  return said;
}

function dateWords(before, after, today) {
  if ("due_date" in after && !after.due_date) return "took its date away";
  if (!("due_date" in after)) return after.due_time ? `moved its time to ${after.due_time.slice(0, 5)}` : "took its time away";
  return `${before.due_date ? "moved its date" : "set its date"} to ${dueWords(after.due_date, (after.due_time ?? "").slice(0, 5), today)}`;
}

/** One step in words; nothing for one of which there is nothing to say, as the half of a move that the other list has. */
export function stepWords({ action, before, after }, today) {
  if (WHOLE[action]) return [WHOLE[action]];
  const said = after ? phrases(before ?? {}, after, today) : [];
  const joined = said.flatMap((phrase, at) => [...(at ? [at === said.length - 1 ? " and " : ", "] : []), ...phrase]);
  return joined.length ? ["You ", ...joined, "."] : [];
}

const [MINUTE, HOUR] = [60_000, 3_600_000];

/** "just now", "5 min ago", "2 h ago", then the day and the time in a zone; moments in milliseconds. */
export function agoWords(moment, now, zone, today) {
  const passed = now - moment;
  if (passed < MINUTE) return "just now";
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min ago`;
  if (passed < 12 * HOUR) return `${Math.floor(passed / HOUR)} h ago`;
  return dueWords(dayIn(zone, moment), timeIn(zone, moment), today);
}
