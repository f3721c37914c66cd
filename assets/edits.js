// Edits of one task that meet: what this person wrote, and what was written beside it without having been seen.
//
// `edits` is a map from a task's id to {fields, version, lost}: the fields that this person saved last, the version
// that this made, and what of it another editor has overwritten since: name → {mine, theirs}.

import { WRITTEN } from "./task_fields.js";

/** Take in a change; `own` is this person's gesture that it answers, if any. */
export function meet(edits, change, own) {
  if (!change.row || change.error) return edits;
  const mine = edits.get(change.id);
  if (own) {
    if (own.kind !== "change") return edits;
    const lost = Object.entries(mine?.lost ?? {}).filter(([name]) => !(name in own.fields));
    return new Map(edits).set(change.id, { fields: { ...mine?.fields, ...own.fields }, version: change.row.version, lost: Object.fromEntries(lost) });
  }
  // An author who had this person's version on the screen changed it knowingly.
  if (!mine || change.based_on == null || change.based_on >= mine.version) return edits;
  const lost = Object.keys(WRITTEN)
    .filter((name) => name in mine.fields && !isSame(change.row, name, mine.fields[name]))
    .map((name) => [name, { mine: mine.fields[name] ?? "", theirs: change.row[name] ?? "" }]);
  return new Map(edits).set(change.id, { ...mine, lost: Object.fromEntries(lost) });
}

/** A row holds the beginning of a long description only. */
function isSame(row, name, value) {
  const shown = row[name] ?? "";
  return name === "description" && row.has_more ? (value ?? "").startsWith(shown) : shown === (value ?? "");
}

/** What was overwritten at this task, as fields to write again; null when nothing was. */
export function lostFields(edits, id) {
  const lost = Object.entries(edits.get(id)?.lost ?? {});
  return lost.length ? Object.fromEntries(lost.map(([name, { mine }]) => [name, mine || (WRITTEN[name].isOptional ? null : mine)])) : null;
}

/** Somebody's words in quotes, isolated: words that run from right to left turn nothing around them. */
const quoted = (words) => `“\u2068${words || "none"}\u2069”`;

/** A sentence for each overwritten field, with both values. */
export const lostWords = (edits, id, said = (_name, value) => value) =>
  Object.entries(edits.get(id)?.lost ?? {})
    .map(([name, { mine, theirs }]) => `${WRITTEN[name].label} is now ${quoted(said(name, theirs))}; you wrote ${quoted(said(name, mine))}.`)
    .join(" ");

/** The person has seen it and chosen. */
export function forget(edits, id) {
  const left = new Map(edits);
  left.delete(id);
  return left;
}
