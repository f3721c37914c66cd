// Where a task goes: the lists and sections that are found by what is typed, and the move to one of them.
import { perform } from "./commands.js";
import { named } from "./notices.js";
import { keyOfNew, target, wayBack } from "./position.js";
import { store, ui, update } from "./screen.js";
import { titleKey } from "./title_order.js";

const MANY = 6; // places; with so many, one is found by its name

export const askToMove = (row) => update(store, { moving: row, movingWords: "" });
export const stopMoving = () => update(store, { moving: null });

const placesIn = (lists) => lists.reduce((sum, list) => sum + 1 + list.sections.length, 0);

/** Whether each of the words is in a name. */
const has = (name, words) => words.every((word) => titleKey(name).includes(word));
const wordsOf = (typed) => titleKey(typed).split(" ").filter(Boolean);

/** {lists, has_search, is_search_first}: of these lists those that have what was typed in their name, with all sections, and those that have sections with it. */
export function drawnTargets(lists, typed) {
  const words = wordsOf(typed);
  const found = lists.flatMap((list) => {
    if (has(list.name, words)) return [list];
    const sections = list.sections.filter((section) => has(`${section.name} ${list.name}`, words));
    return sections.length ? [{ ...list, sections }] : [];
  });
  // A keyboard on the screen would cover the places.
  return { lists: found, has_search: placesIn(lists) >= MANY, is_search_first: matchMedia("(hover: hover)").matches };
}

/** For what is typed to find a place. */
export const findPlace = (event) => update(store, { movingWords: event.target.value });

const places = (element) => [...element.closest("form").querySelectorAll("li button")];

/** The arrows go from the field to the places and between them. */
export function findByKey(event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  const stops = [event.currentTarget.querySelector("input"), ...places(event.currentTarget)].filter(Boolean);
  const next = stops[stops.indexOf(document.activeElement) + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** For the submit of the form: the first place that has what was typed in its name. */
export function takeFirstPlace(event) {
  event.preventDefault();
  const words = wordsOf(ui.movingWords);
  if (words.length) places(event.currentTarget).find(({ dataset }) => has(dataset.name, words))?.click();
}

/** Move the task for which a place is chosen to a list, or to one of its sections. */
export function moveTask(list, section) {
  const row = ui.moving;
  const to = { list_id: list.id, section_id: section?.id ?? "" };
  stopMoving();
  if (row.list_id === to.list_id && row.section_id === to.section_id && !row.parent_id) return;
  const back = () => perform("move", row.id, { fields: wayBack(row) });
  const text = [...named(row.title, " moved to "), ...named(section?.name ?? list.name, ".")];
  perform("move", row.id, { fields: target(to), shown: { position: keyOfNew(Date.now()) }, row, notice: { text, undo: back } });
}
