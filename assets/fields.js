// The fields of a task in a form: what they hold, what of it is new, and what is wrong with it.

const TITLE_LENGTH = 255;

/** What is wrong with a title before it is sent; the server has the last word. */
export function titleProblem(title) {
  if (!title.trim()) return "Enter a title.";
  if ([...title.trim()].length > TITLE_LENGTH) return `Use at most ${TITLE_LENGTH} characters in the title.`;
  return "";
}

/** What a form holds, as fields of a task; the description only where the form has one. */
export function fieldsOf(form) {
  const { title, description, priority, due_date, due_time } = Object.fromEntries(new FormData(form));
  return {
    title: title.trim(),
    ...(description === undefined ? {} : { description: description.replaceAll("\r\n", "\n") }),
    priority,
    due_date: due_date || null,
    due_time: (due_date && due_time) || null,
  };
}

/** The fields that differ from what they were before; a date takes its time along. */
export function changedFields(fields, before) {
  const differs = ([name, value]) => (before[name] || null) !== (value || null);
  const changed = Object.fromEntries(Object.entries(fields).filter(differs));
  return changed.due_date ? { ...changed, due_time: fields.due_time } : changed;
}

/** What these fields of a task are in a row of it. */
export const namesOf = (fields, row) =>
  Object.fromEntries(Object.keys(fields).map((name) => [name, row[name] || (name.startsWith("due") ? null : row[name])]));
