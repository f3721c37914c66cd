// The fields of a task in a form: what they hold, what of it is new, and what is wrong with it.
import { WRITTEN } from "./task_fields.js";

const [FIRST_YEAR, LAST_YEAR] = [1970, 9999];
const [LABEL_LENGTH, MOST_LABELS] = [50, 50];
const UNFINISHED = {
  due_date: "Enter a whole date that exists, or clear it.",
  due_time: "Enter a whole time, or clear it.",
};

/** What to say of a text that is too long, counted as the server does: in code points. models/text.py says the same. */
export function tooLong(text, longest, where = "") {
  // A text has as many code points as UTF-16 units at most.
  const tooMany = text.length > longest ? [...text].length - longest : 0;
  return tooMany > 0 ? `Use at most ${longest.toLocaleString("en")} characters${where}: ${tooMany.toLocaleString("en")} too many.` : "";
}

/** What is wrong with a title before it is sent; the server has the last word. */
export const titleProblem = (title) => (title.trim() ? tooLong(title.trim(), WRITTEN.title.longest, " in the title") : "Enter a title.");

/** A native field of a date or time says "" for what it cannot read, too. */
const isUnfinished = (input) => Boolean(input?.validity?.badInput);

/** Labels as a row has them: words with a space between them, without the @ that people may write before each. */
const asLabels = (text) => text.split(/[\s,]+/).map((word) => word.replace(/^@+/, "")).filter(Boolean).join(" ");

/** What is wrong with labels before they are sent; the server has the last word. */
function labelsProblem(labels) {
  const words = labels ? labels.split(" ") : [];
  const long = words.map((word) => tooLong(word, LABEL_LENGTH, " in a label")).find(Boolean);
  return long || (words.length > MOST_LABELS ? `A task has at most ${MOST_LABELS} labels: ${words.length - MOST_LABELS} too many.` : "");
}

const AS_FIELD = { title: (text) => text.trim(), labels: asLabels };

/** What a form holds, as fields of a task; without those that it does not have, and those that are unfinished. */
export function fieldsOf({ elements }) {
  const held = Object.keys(WRITTEN).filter((name) => elements[name] && !isUnfinished(elements[name])).map((name) => [name, elements[name].value]);
  return Object.fromEntries(held.map(([name, value]) => [name, AS_FIELD[name]?.(value) ?? (WRITTEN[name].isOptional ? value || null : value)]));
}

/** Read 26 as 2026, in sight of the person who typed it. */
export function completeYear({ elements: { due_date } }) {
  const century = /^00\d\d-/.test(due_date.value) && due_date.value !== due_date.defaultValue;
  if (century) due_date.value = `20${due_date.value.slice(2)}`;
}

/** What is wrong with what a form holds, as {field: words}. The server has the same rules. */
export function problemsOf({ elements }, before = {}) {
  const { title, description = "", due_date, due_time, labels = "" } = fieldsOf({ elements });
  const isNewDay = due_date && due_date !== (before.due_date || null);
  const year = Number(due_date?.split("-")[0]);
  const problems = {
    title: titleProblem(title),
    description: tooLong(description, WRITTEN.description.longest, " in the description"),
    due_date: isUnfinished(elements.due_date)
      ? UNFINISHED.due_date
      : isNewDay && (year < FIRST_YEAR || year > LAST_YEAR)
        ? `Use a year from ${FIRST_YEAR} to ${LAST_YEAR}.`
        : "",
    due_time: isUnfinished(elements.due_time) ? UNFINISHED.due_time : due_time && due_date === null ? "A time needs a due date." : "",
    labels: labelsProblem(labels),
  };
  problems.repeat = elements.repeat?.dataset.problem ?? "";
  if (elements.repeat?.value && due_date === null && before.due_date) problems.due_date ||= "A task that repeats needs a due date. Take the repeat away first.";
  return Object.fromEntries(Object.entries(problems).filter(([, words]) => words));
}

/** The first of these, as {field, words}; null when nothing is wrong. */
export function problemOf(form, before) {
  const [found] = Object.entries(problemsOf(form, before));
  return found ? { field: found[0], words: found[1] } : null;
}

/** What a field makes of a stored value: one of a single line has no line ends, one of many has one kind of them. */
const AS_HELD = {
  title: (text) => text.replace(/[\r\n]/g, "").trim(),
  description: (text) => text.replace(/\r\n?/g, "\n"),
};
export const asHeld = (name, value) => AS_HELD[name]?.(value ?? "") ?? value ?? "";

/** Whether a field was touched: holds something else than what it made of the stored value. */
export const isTouched = (name, input, stored) =>
  isUnfinished(input) || (AS_FIELD[name]?.(input.value) ?? input.value) !== asHeld(name, stored);

/** The fields that differ from what a form made of the stored ones; a date takes its time along. */
export function changedFields(fields, before) {
  const differs = ([name, value]) => (value ?? "") !== asHeld(name, before[name]);
  const changed = Object.fromEntries(Object.entries(fields).filter(differs));
  return changed.due_date ? { ...changed, due_time: fields.due_time } : changed;
}

const WHEN = ["due_date", "due_time", "repeat"];

/** The fields that are saved together: a time and a repeat say nothing without their day. */
export const PARTS = [WHEN, ...Object.keys(WRITTEN).filter((name) => !WHEN.includes(name)).map((name) => [name])];
export const partOf = (name) => PARTS.find((part) => part.includes(name)) ?? [name];

/** What is typed over a task, as a draft: all fields, and what those that differ held before; null where none does. */
export function draftOf(id, fields, before) {
  const names = Object.keys(changedFields(fields, before));
  return names.length ? { mode: "edit", id, fields, was: Object.fromEntries(names.map((name) => [name, before[name] ?? ""])) } : null;
}

/** Fields as they travel: a repeat and labels, which a row holds as text, as the API takes them. */
export function travelling({ repeat, labels, ...fields }) {
  if (labels !== undefined) fields.labels = labels ? labels.split(" ") : [];
  if (repeat === undefined) return fields;
  const { words, ...rule } = JSON.parse(repeat || "{}");
  return { ...fields, repeat: repeat ? rule : null };
}

/** What these fields of a task are in a row of it. */
export const namesOf = (fields, row) =>
  Object.fromEntries(Object.keys(fields).map((name) => [name, row[name] || (WRITTEN[name]?.isOptional ? null : row[name])]));
