// Where a task goes: the lists and sections that are found by what is typed, and the move to one of them.
import { perform } from "./commands.js";
import { areMany, has, targetsOf, wordsOf } from "./move_targets.js";
import { named } from "./notices.js";
import { keyOfNew, target, wayBack } from "./position.js";
import { store, ui, update } from "./screen.js";

export const askToMove = (row) => update(store, { moving: row, movingWords: "" });
export const stopMoving = () => update(store, { moving: null });

/** {lists, has_search, is_search_first}, of the lists that can be written to. */
export function drawnTargets(lists) {
  // A keyboard on the screen would cover the places.
  return { lists: targetsOf(lists, ui.movingWords), has_search: areMany(lists), is_search_first: matchMedia("(hover: hover)").matches };
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
