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
 * drawn open, and by itself elsewhere. `isFolded(id)`: whether the subtasks of a task are put away.
 */
export function arranged(rows, sections, isFolded = () => false) {
  const parts = partsOf(rows);
  const open = new Set(rows.filter((row) => !row.is_completed && !row.parent_id).map((row) => row.id));
  const isInside = (row) => open.has(row.parent_id);
  const isKnown = new Set(sections.map((section) => section.id));
  const homeOf = (row) => (isKnown.has(row.section_id) ? row.section_id : "open");
  const tops = rows.filter((row) => !row.is_completed && !isInside(row)).sort(byPosition);
  const withParts = (row) => {
    const inside = open.has(row.id) ? (parts.get(row.id) ?? []) : [];
    if (!inside.length) return [row];
    const is_folded = isFolded(row.id);
    return [{ ...row, subtasks: stepsOf(inside), is_folded }, ...(is_folded ? [] : inside.map((part) => ({ ...part, is_part: true })))];
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

/** The row that is right behind another one among its siblings. */
export function rowBehind(rows, row) {
  const siblings = siblingsOf(rows, row);
  return siblings[siblings.findIndex(({ id }) => id === row.id) + 1];
}

/* ---------- where a row goes that is in the hand ---------- */

const INDENT = 28; // how far to the right a row is taken to become a subtask, in pixels

/** In front of which of some rows, from the first to the last, a height is; found by halves, since each is measured by `boxOf`. */
export function indexAt(y, tasks, boxOf) {
  let [low, high] = [0, tasks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const { top, bottom } = boxOf(tasks[middle]);
    if (y < (top + bottom) / 2) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The place in front of the row `index` of a group, as {where, next, ordinal}; null where there is none. A row that is taken `across` by
 * so many pixels becomes a part of the one above; where that is null, no row does.
 */
export function placeIn(row, { section, tasks }, index, across) {
  const [above, below] = [tasks[index - 1], tasks[index]];
  const canBePart = across !== null && above && !row.subtasks && !row.repeat;
  const isPart = canBePart && (below?.is_part || (above.is_part ? across > -INDENT : across > INDENT));
  const parent = isPart ? (above.is_part ? tasks.find((task) => task.id === above.parent_id) : above) : null;
  if (below?.is_part && !parent) return null;
  const where = { list_id: row.list_id, section_id: section?.id ?? "", parent_id: parent?.id ?? "" };
  if (parent) return { where, next: below?.is_part && below.parent_id === parent.id ? below : undefined, ordinal: "" };
  const isWhole = (task) => !task.is_part;
  const before = tasks.slice(0, index).filter(isWhole).length;
  return { where, next: below, ordinal: `, ${before + 1} of ${tasks.filter(isWhole).length + 1}` };
}
