// Where a task can go, as far as it is found by what is typed.
import { titleKey } from "./title_order.js";

const MANY = 6; // places; with so many, one is found by its name

/** Whether each of the words is in a name. */
export const has = (name, words) => words.every((word) => titleKey(name).includes(word));
export const wordsOf = (typed) => titleKey(typed).split(" ").filter(Boolean);

/** Of these lists those that have what was typed in their name, with all sections, and those that have sections with it. */
export function targetsOf(lists, typed) {
  const words = wordsOf(typed);
  return lists.flatMap((list) => {
    if (has(list.name, words)) return [list];
    const sections = list.sections.filter((section) => has(`${section.name} ${list.name}`, words));
    return sections.length ? [{ ...list, sections }] : [];
  });
}

export const areMany = (lists) => lists.reduce((sum, list) => sum + 1 + list.sections.length, 0) >= MANY;
