// The page of a list as it is arranged by hand: its sections, the tasks in them, and subtasks below their task. Knows neither React nor
// the network; optimistic_list.js has the rows.
import { compareText } from "./title_order.js";

const byPosition = (a, b) => compareText(a.position, b.position) || compareText(a.id, b.id);
const byMoment = (a, b) => b.completed_at - a.completed_at || compareText(b.id, a.id);

/** Subtasks by their task: id → rows in their order. */
export function partsOf(rows) {
  const parts = new Map();
  for (const row of rows) if (row.parent_id) parts.set(row.parent_id, [...(parts.get(row.parent_id) ?? []), row]);
  parts.forEach((some) => some.sort(byPosition));
  return parts;
}

/** "2/5": how many of the subtasks are completed. */
export const stepsOf = (parts) => `${parts.filter((row) => row.is_completed).length}/${parts.length}`;

/**
 * Groups of rows: what lies above all sections, each section, then what is completed. A subtask comes right after its task where that is
 * drawn open, and by itself elsewhere. `folded` has the ids of tasks whose subtasks are put away.
 */
export function arranged(rows, sections, folded = new Set()) {
  const parts = partsOf(rows);
  const open = new Set(rows.filter((row) => !row.is_completed && !row.parent_id).map((row) => row.id));
  const isInside = (row) => open.has(row.parent_id);
  const isKnown = new Set(sections.map((section) => section.id));
  const homeOf = (row) => (isKnown.has(row.section_id) ? row.section_id : "open");
  const tops = rows.filter((row) => !row.is_completed && !isInside(row)).sort(byPosition);
  const withParts = (row) => {
    const inside = open.has(row.id) ? (parts.get(row.id) ?? []) : [];
    if (!inside.length) return [row];
    const isFolded = folded.has(row.id);
    return [{ ...row, subtasks: stepsOf(inside), is_folded: isFolded }, ...(isFolded ? [] : inside.map((part) => ({ ...part, is_part: true })))];
  };
  const group = (key, label, section) => ({ key, label, section, tasks: tops.filter((row) => homeOf(row) === key).flatMap(withParts) });
  const above = group("open", "", null);
  const completed = rows.filter((row) => row.is_completed && !isInside(row)).sort(byMoment);
  return [
    ...(above.tasks.length ? [above] : []),
    ...sections.map((section) => group(section.id, section.name, section)),
    ...(completed.length ? [{ key: "completed", label: "Completed", section: null, tasks: completed }] : []),
  ];
}

/** The rows beside which a task can be put: those of its section or task, in their order. */
export const siblingsOf = (rows, { list_id, section_id, parent_id }) =>
  rows
    .filter((row) => !row.is_completed || parent_id)
    .filter((row) => row.list_id === list_id && row.parent_id === parent_id && (parent_id || row.section_id === section_id))
    .sort(byPosition);
