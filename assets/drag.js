// A row in the hand of a pointer or a finger: loaded when the first one is taken up.
import { listHere } from "./place.js";
import { store, update } from "./screen.js";

const INDENT = 28; // how far to the right a row is taken to become a subtask, in pixels
const EDGE = 64; // how near to the edge of the window it scrolls

/** Follow the pointer that went down on the handle of a row, at `from`. `hands` are what moving.js does. */
export function follow(row, grip, from, hands) {
  let drag = null;
  const move = (now) => {
    if (!drag && Math.hypot(now.clientX - from.x, now.clientY - from.y) < 6) return;
    drag ??= take(row, hands);
    scrollNear(now.clientY);
    drag.show(now, now.clientX - from.x);
  };
  const end = (now) => {
    grip.removeEventListener("pointermove", move);
    grip.removeEventListener("pointerup", end);
    grip.removeEventListener("pointercancel", end);
    document.removeEventListener("keydown", escape, { capture: true });
    drag?.end(now.type === "pointerup");
  };
  const escape = (key) => key.key === "Escape" && (key.preventDefault(), end(key));
  grip.addEventListener("pointermove", move);
  grip.addEventListener("pointerup", end);
  grip.addEventListener("pointercancel", end);
  document.addEventListener("keydown", escape, { capture: true });
}

function scrollNear(y) {
  if (y < EDGE) scrollBy(0, -12);
  else if (y > innerHeight - EDGE) scrollBy(0, 12);
}

/** A row in the hand: a card with its title, and a line where it would go. */
function take(row, { lines, nameOf, put }) {
  const [card, line] = ["drag-card", "drag-line"].map((name) => {
    const element = document.createElement("div");
    element.className = name;
    element.setAttribute("aria-hidden", "true");
    document.body.append(element);
    return element;
  });
  const groups = lines();
  let target = null;
  update(store, { lifted: row.id });
  const show = ({ clientX, clientY }, across) => {
    target = targetAt(row, groups, clientY, across);
    card.textContent = target ? `${row.title} to ${nameOf(target.where)}` : row.title;
    card.style.translate = `${clientX + 12}px ${clientY + 8}px`;
    line.hidden = !target;
    if (target) Object.assign(line.style, { top: `${target.y}px`, left: `${target.left}px`, width: `${target.width}px` });
  };
  const end = (isDropped) => {
    card.remove();
    line.remove();
    update(store, { lifted: "" });
    if (isDropped && target) put(row, target.where, target.next);
  };
  return { show, end };
}

/** The place under a pointer: {where, next, y, left, width}. */
function targetAt(row, groups, y, across) {
  const places = groups.flatMap((group) => {
    const area = document.querySelector(`[data-group="${group.key}"]`);
    return area ? [{ group, box: area.getBoundingClientRect() }] : [];
  });
  const place = places.find(({ box }) => y < box.bottom) ?? places.at(-1);
  if (!place) return null;
  const tasks = place.group.tasks.filter((task) => task.id !== row.id && task.parent_id !== row.id);
  const boxOf = ({ id }) => document.querySelector(`[data-task="${id}"]`)?.getBoundingClientRect();
  const at = tasks.findIndex((task) => {
    const box = boxOf(task);
    return box && y < (box.top + box.bottom) / 2;
  });
  const index = at < 0 ? tasks.length : at;
  const [above, below] = [tasks[index - 1], tasks[index]];
  const top = below ? boxOf(below)?.top : above ? boxOf(above)?.bottom : place.box.bottom - 4;
  const canBePart = above && !row.subtasks && !row.repeat;
  const isPart = canBePart && (below?.is_part || (above.is_part ? across > -INDENT : across > INDENT));
  const parent = isPart ? (above.is_part ? tasks.find((task) => task.id === above.parent_id) : above) : null;
  const shift = parent ? 52 : 14;
  const box = { y: top - 1, left: place.box.left + shift, width: place.box.width - shift };
  if (below?.is_part && !parent) return null;
  const section_id = place.group.section?.id ?? "";
  const where = { list_id: listHere(), section_id, parent_id: parent?.id ?? "" };
  const next = parent ? (below?.is_part && below.parent_id === parent.id ? below : undefined) : below;
  return { where, next, ...box };
}
