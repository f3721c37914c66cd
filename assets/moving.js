// Tasks put in order by hand: by the handle of a row (with a pointer, a finger, or the keyboard), and by keys with Alt.
import { arranged, rowBehind, siblingsOf } from "./by_hand.js";
import { create, perform } from "./commands.js";
import { titleProblem } from "./fields.js";
import { isBoard, isFolded, listForNew, listName } from "./lists.js";
import { named, say } from "./notices.js";
import { listHere } from "./place.js";
import { keyBeside, target, wayBack } from "./position.js";
import { inWords, withGiven } from "./quick_add.js";
import { knownRows, store, ui, update } from "./screen.js";
import { sectionsOf } from "./sections.js";
import { BY_DAY, toDay } from "./upcoming.js";
import { longDay } from "./words.js";

const rowsNow = () => [...knownRows().values()].filter((row) => row.list_id === listHere());
export const whereOf = ({ list_id, section_id, parent_id }) => ({ list_id, section_id, parent_id });

/** The name of a place: that of the task, the section or the list that it is in. */
function nameOf({ list_id, section_id, parent_id }) {
  const parent = parent_id && knownRows().get(parent_id);
  return parent?.title ?? sectionsOf(list_id).find((section) => section.id === section_id)?.name ?? listName(list_id);
}

/** Put a task into a place, in front of the row `next`, or last; `focus` brings the focus along. */
export function put(row, where, next, focus = () => focusOn(row.id, held?.id === row.id)) {
  const others = siblingsOf([...knownRows().values()], where).filter((each) => each.id !== row.id);
  const at = next ? others.findIndex((each) => each.id === next.id) : others.length;
  const [low, high] = [others[at - 1], others[at]];
  const beside = high ? { before: high.id } : low ? { after: low.id } : {};
  const undo = () => perform("move", row.id, { fields: wayBack(row) });
  const text = [...named(row.title, " moved to "), ...named(nameOf(where), `, ${at + 1} of ${others.length + 1}.`)];
  perform("move", row.id, { fields: { ...target(where), ...beside }, shown: { position: keyBeside(low, high) }, row, notice: { text, undo } });
  focus();
}

let following = 0; // how many focuses are on their way to a row that has moved

/** A row that moves keeps the focus: on its handle where that is how it was moved. */
function focusOn(id, isByHandle) {
  const focus = () => document.querySelector(`[data-task="${id}"]${isByHandle ? " .grip" : ""}`)?.focus({ preventScroll: false });
  // React draws before that; the next key may come before the next frame.
  queueMicrotask(focus);
  following += 1;
  const arrive = () => {
    focus();
    following -= 1;
    putDownIfLeft();
  };
  requestAnimationFrame(() => requestAnimationFrame(arrive));
}

/** Every open row of the page in its order, with its place. */
const lines = () => arranged(rowsNow(), sectionsOf(listHere()), isFolded).filter((group) => group.key !== "completed");

/** One place up or down: past its neighbour, or over the edge of its section into the next one. */
function step(row, by) {
  const siblings = siblingsOf(rowsNow(), row);
  const at = siblings.findIndex((each) => each.id === row.id);
  const other = siblings[at + by];
  if (other) return put(row, whereOf(row), by < 0 ? other : siblings[at + 2]);
  // A column ends where it ends.
  const where = row.parent_id || isBoard() ? null : sectionBeside(row, by);
  return where && put(row, where, by > 0 ? siblingsOf(rowsNow(), where)[0] : undefined);
}

/** The section before or after that of a task, as a place; null where there is none. */
function sectionBeside({ list_id, section_id }, by) {
  const places = ["", ...sectionsOf(listHere()).map((section) => section.id)];
  const beside = places[places.indexOf(section_id) + by];
  return beside === undefined ? null : { list_id, section_id: beside, parent_id: "" };
}

/** To the next column, at the same height. */
function cross(row, by) {
  const where = sectionBeside(row, by);
  const height = siblingsOf(rowsNow(), row).findIndex((each) => each.id === row.id);
  return where && put(row, where, siblingsOf(rowsNow(), where)[height]);
}

/** Make a task a part of the one above it. */
export function indent(row) {
  if (row.parent_id) return undefined;
  const siblings = siblingsOf(rowsNow(), row);
  const parent = siblings[siblings.findIndex((each) => each.id === row.id) - 1];
  if (!parent) return say("There is no task above it.");
  if (row.subtasks) return say("A task with subtasks cannot be a subtask. Move them out of it first.");
  if (row.repeat) return say("A task that repeats cannot be a subtask.");
  return put(row, { ...whereOf(parent), parent_id: parent.id });
}

/** Make a subtask a task of its own, right behind its task. */
export function outdent(row) {
  const parent = knownRows().get(row.parent_id);
  if (!parent) return undefined;
  return put(row, whereOf(parent), rowBehind(rowsNow(), parent));
}

const UP_AND_DOWN = { ArrowUp: (row) => step(row, -1), ArrowDown: (row) => step(row, 1) };
const IN_LIST = { ...UP_AND_DOWN, ArrowRight: indent, ArrowLeft: outdent, Tab: indent, "Shift Tab": outdent };
const ON_BOARD = { ...UP_AND_DOWN, ArrowRight: (row) => cross(row, 1), ArrowLeft: (row) => cross(row, -1) };

/** What a key does to a row that is moved, if anything. */
const moveOf = (row, { key, shiftKey }) => (row.is_dated ? BY_DAY : isBoard() ? ON_BOARD : IN_LIST)[shiftKey ? `Shift ${key}` : key];

/** For the keys that are pressed in a row, with Alt. */
export function moveByAlt(row, event) {
  const move = event.altKey && event.key !== "Tab" && (row.is_movable || row.is_dated) && moveOf(row, event);
  if (!move) return;
  event.preventDefault();
  move(row);
  if (row.is_dated) focusOn(row.id);
}

/* ---------- by the handle, with the keyboard ---------- */

let held = null; // the task in the hand, as it was before

/** Space takes a task up and puts it down, the arrows and Tab move it, Escape puts it back. */
export function moveByHandle(row, event) {
  const { key, altKey } = event;
  if (altKey) return;
  if (key === " " || key === "Enter") {
    event.preventDefault();
    if (held) return letGo(`Put down: ${row.title}.`);
    held = row;
    return update(store, { lifted: row.id, told: `${row.title}, taken up. Move it with the arrows, put it down with Space, leave it with Escape.` });
  }
  if (!held) return;
  const act = moveOf(row, event);
  if (act) {
    event.preventDefault();
    act(row);
    if (row.is_dated) focusOn(row.id, true);
  } else if (key === "Escape") {
    event.preventDefault();
    putBack(row);
    focusOn(held.id, true);
    letGo(`Put back: ${held.title}.`);
  }
}

function putBack(row) {
  if (row.is_dated) perform("change", held.id, { fields: { due_date: held.due_date } });
  else perform("move", held.id, { fields: wayBack(held), shown: { position: held.position }, row });
}

function letGo(told) {
  held = null;
  update(store, { lifted: "", told });
}

/** A task in the hand is put down when the focus leaves its handle for good, and not only until its row is where it was moved to. */
export const leaveHandle = () => setTimeout(putDownIfLeft, 100);

function putDownIfLeft() {
  if (held && !following && !document.activeElement?.matches(".grip")) letGo("");
}

/* ---------- by the handle, with a pointer or a finger ---------- */

function putOnDay(row, date) {
  toDay(row, date);
  focusOn(row.id);
}

let drag = null; // drag.js, which only pages of lists need

/** Have what follows a pointer there before the first row is taken up. */
export const prepareDrag = () => drag ?? import("./drag.js").then((loaded) => (drag = loaded));

/** A row is taken up by its handle; a finger `isPressed` on any place of it, so that none that scrolls does. */
export function dragByHandle(row, event, isPressed = false) {
  if (event.button) return;
  event.stopPropagation();
  const { pointerId, clientX, clientY, currentTarget } = event;
  const take = ({ follow, ontoDays, amongRows }) => follow(row, { pointerId, clientX, clientY, currentTarget }, row.is_dated ? ontoDays({ nameOf: longDay, toDay: putOnDay }) : amongRows({ lines, nameOf, put }), isPressed);
  if (drag) take(drag);
  else prepareDrag().then(take);
}

/** By any place of a row but its buttons: with a finger that rests on it, and with a mouse where it is a card. */
export function dragByRow(row, event) {
  const isOnPart = event.target.closest("button, input, a, label, form, [popover]");
  const isTouch = event.pointerType === "touch";
  const isMouse = event.pointerType === "mouse" && row.is_movable && isBoard();
  if ((row.is_movable || row.is_dated) && (isTouch || isMouse) && !isOnPart) dragByHandle(row, event, isTouch);
}

/* ---------- subtasks, and tasks of a section ---------- */

/** Fold or unfold the subtasks of a task; it is not kept. */
export function foldParts(row) {
  const folded = new Set(ui.folded);
  if (!folded.delete(row.id)) folded.add(row.id);
  update(store, { folded });
}

/** Open the line that adds to a task, or to a section: its id. */
export function addTo(id) {
  const folded = new Set(ui.folded);
  if (isFolded(id) && !folded.delete(id)) folded.add(id);
  update(store, { addingTo: id, folded });
  requestAnimationFrame(() => document.getElementById(`add-to-${id}`)?.focus());
}

/** What a task has that such a line adds: its place is that of a task, a section, a day, or above all sections. */
function givenBy(id) {
  const parent = knownRows().get(id);
  if (parent) return { ...given(parent), parent_id: id };
  if (isDay(id)) return { due_date: id, ...(listForNew() && { list_id: listForNew() }) };
  return given({ list_id: listHere(), section_id: sectionsOf(listHere()).some((section) => section.id === id) ? id : "" });
}

const given = ({ list_id, section_id }) => ({ list_id, ...(section_id && { section_id }) });
const isDay = (id) => /^\d{4}-\d\d-\d\d$/.test(id);

/** For the submit of such a line: a form with a field named title, whose id says where it adds. */
export function addThere(event) {
  event.preventDefault();
  const input = event.currentTarget.elements.title;
  const problem = titleProblem(input.value);
  if (problem) return say(problem);
  const title = input.value.trim();
  input.value = "";
  const { due_date, ...place } = givenBy(input.id.replace("add-to-", ""));
  const more = due_date ? { due_date } : {};
  return create(inWords(title, [], place, more), { shown: withGiven({}, more) });
}

/** Escape closes a line that was opened. */
export const leaveLine = (event) => event.key === "Escape" && update(store, { addingTo: "" });
