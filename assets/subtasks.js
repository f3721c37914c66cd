// The subtasks of the task that is open, as its panel shows them.
import { rowBehind, siblingsOf } from "./by_hand.js";
import { perform, trash, uuid7 } from "./commands.js";
import { titleProblem } from "./fields.js";
import { linesOf } from "./line_in_words.js";
import { put, whereOf } from "./moving.js";
import { named } from "./notices.js";
import { keyBeside, target, wayBack } from "./position.js";
import { knownRows, server } from "./screen.js";

const placeIn = ({ id, list_id, section_id }) => ({ list_id, section_id, parent_id: id });

/** The subtasks of a task, in their order. */
export const subtasksOf = (task) => siblingsOf([...knownRows().values()], placeIn(task));

/** The titles that the lines of a text are; none where one of them cannot be a title. */
export function titlesIn(text) {
  const titles = linesOf(text).map(({ words }) => words);
  return titles.some(titleProblem) ? [] : titles;
}

/** Add subtasks to a task, one for each title, at its end. */
export function addSubtasks(task, titles) {
  const { list_id, section_id } = task;
  const { default_priority: priority } = server.customs;
  const given = { list_id, parent_id: task.id, ...(section_id && { section_id }), ...(priority && { priority }) };
  const ids = titles.map(() => uuid7());
  const text = ids.length === 1 ? "Subtask added." : `${ids.length} subtasks added.`;
  const undo = () => ids.forEach((id) => perform("delete", id));
  ids.forEach((id, at) => perform("create", id, { fields: { title: titles[at], ...given }, notice: at === ids.length - 1 ? { text, undo } : null }));
}

const parentOf = ({ parent_id }) => knownRows().get(parent_id);

/** After the next drawing, the focus is on a subtask; without one, on the line that adds. */
function focusOn(row, part = ".step-title") {
  const focus = () => document.querySelector(row ? `[data-step="${row.id}"] ${part}` : "#task-subtask")?.focus();
  requestAnimationFrame(() => requestAnimationFrame(focus));
}

/** Some places up or down among the subtasks. */
function step(row, by) {
  const all = subtasksOf(parentOf(row));
  const at = all.findIndex(({ id }) => id === row.id);
  const other = all[at + by];
  if (other) put(row, whereOf(row), by < 0 ? other : all[at + 2], () => focusOn(row));
}

export const raiseSubtask = (row) => step(row, -1);
export const lowerSubtask = (row) => step(row, 1);

const BY_ALT = { ArrowUp: raiseSubtask, ArrowDown: lowerSubtask, ArrowLeft: promote };

/** For the keys at a subtask: what they do in the list, too. */
export function moveSubtask(row, event) {
  const move = event.altKey && !row.is_locked && BY_ALT[event.key];
  if (!move) return;
  event.preventDefault();
  move(row);
}

/** What a subtask that goes leaves the focus to. */
function nextTo(row) {
  const all = subtasksOf(parentOf(row));
  const at = all.findIndex(({ id }) => id === row.id);
  return all[at + 1] ?? all[at - 1];
}

/** Make a subtask a task of its own, right behind its task. */
export function promote(row) {
  const [task, next] = [parentOf(row), nextTo(row)];
  const position = keyBeside(task, rowBehind([...knownRows().values()], task));
  const undo = () => perform("move", row.id, { fields: wayBack(row) });
  const notice = { text: named(row.title, " is a task of its own now."), undo };
  perform("move", row.id, { fields: { ...target(whereOf(task)), after: task.id }, shown: { position }, row, notice });
  focusOn(next);
}

export function removeSubtask(row) {
  const next = nextTo(row);
  trash(row);
  focusOn(next);
}
