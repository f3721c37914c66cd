// A row in the hand of a pointer or a finger: loaded when the first one is taken up.
import { indexAt, placeIn } from "./by_hand.js";
import { isBoard } from "./lists.js";
import { store, ui, update } from "./screen.js";

const FAR = 6; // how far a pointer goes before it takes something up, in pixels
const HOLD = 400; // how long a finger rests on a row to take it up, in milliseconds
const STILL = 10; // and how far it may go meanwhile
const EDGE = 64; // how near to an edge something scrolls
const STEP = 12; // and how far, with each frame
const UNFOLD = 500; // how long a row is held over a folded column to unfold it, in milliseconds

let isInHand = false;

// A finger that has taken something up scrolls nothing, opens no menu of the browser, and presses nothing when it lets go.
for (const kind of ["touchmove", "touchend", "contextmenu"]) document.addEventListener(kind, (event) => isInHand && event.cancelable && event.preventDefault(), { passive: false });

/**
 * Follow the pointer that went down on a row, or on its handle; with `isPressed` it takes the row up by resting on it. `aim(row)` is asked when the row is taken up, and gives what says of a
 * point {x, y} where the row would go: {words, drop(), line, over or gap}, or null.
 */
export function follow(row, { pointerId, clientX, clientY, currentTarget }, aim, isPressed = false) {
  const from = { x: clientX, y: clientY };
  let drag = null;
  const lift = () => {
    // Captured only now: a click on what is in the row stays one. The click after a drag does nothing.
    currentTarget.setPointerCapture(pointerId);
    drag = take(row, from, aim(row));
  };
  const hold = isPressed && setTimeout(() => (lift(), drag.move(from)), HOLD);
  const isOther = (now) => now.pointerId !== undefined && now.pointerId !== pointerId;
  const move = (now) => {
    if (isOther(now)) return;
    // It may have been let go before this was loaded.
    if (!drag && !now.buttons) return end(now);
    if (!drag && Math.hypot(now.clientX - from.x, now.clientY - from.y) < (isPressed ? STILL : FAR)) return;
    // A finger that moves at once scrolls.
    if (!drag && isPressed) return end(now);
    if (!drag) lift();
    drag.move({ x: now.clientX, y: now.clientY });
  };
  const end = (now) => {
    if (isOther(now)) return;
    clearTimeout(hold);
    for (const kind of ["pointermove", "pointerup", "pointercancel"]) document.removeEventListener(kind, kind === "pointermove" ? move : end);
    document.removeEventListener("keydown", escape, { capture: true });
    drag?.end(now.type === "pointerup");
  };
  const escape = (key) => key.key === "Escape" && drag && (key.preventDefault(), key.stopPropagation(), end(key));
  for (const kind of ["pointermove", "pointerup", "pointercancel"]) document.addEventListener(kind, kind === "pointermove" ? move : end);
  document.addEventListener("keydown", escape, { capture: true });
}

function made(name, ...content) {
  const element = document.createElement("div");
  element.className = name;
  element.setAttribute("aria-hidden", "true");
  element.append(...content);
  document.body.append(element);
  return element;
}

/** A row in the hand: a card with its title, and a line or an outline where it would go. All is drawn once for a frame. */
function take(row, from, targetAt) {
  const [title, where] = [document.createElement("b"), document.createElement("span")];
  const [card, line] = [made("drag-card", title, where), made("drag-line")];
  const gap = document.createElement("li");
  gap.className = "drag-gap";
  gap.setAttribute("aria-hidden", "true");
  // Looked up once: among thousands of rows that takes longer than a frame.
  const [board, days] = [".board", ".strip"].map((name) => document.querySelector(name));
  let point = from;
  let target = null;
  let frame = 0;
  let unfolding = 0;
  title.textContent = row.title;
  isInHand = true;
  update(store, { lifted: row.id });
  const outline = (over) => {
    if (target?.over === over) return;
    target?.over?.removeAttribute("data-over");
    over?.setAttribute("data-over", "");
    clearTimeout(unfolding);
    if (over?.hasAttribute("data-folded")) unfolding = setTimeout(() => (over.querySelector(".section-name").click(), later()), UNFOLD);
  };
  /** Cards make room for the one in the hand; React knows nothing of it, and puts its own where they belong all the same. */
  const makeRoom = ({ into, before, height } = {}) => {
    if (!into) return gap.remove();
    if (gap.parentNode === into && gap.nextSibling === before) return;
    gap.style.height = `${height}px`;
    into.insertBefore(gap, before);
  };
  const show = () => {
    frame = 0;
    const hasScrolled = scrollNear(point, board, days);
    const next = targetAt(point, point.x - from.x);
    outline(next?.over);
    makeRoom(next?.gap);
    target = next;
    const words = target ? `to ${target.words}` : "";
    if (where.textContent !== words) where.textContent = words;
    card.style.transform = `translate(min(${point.x + 12}px, 100vw - 100% - 4px), ${point.y + 8}px)`;
    line.hidden = !target?.line;
    if (target?.line) {
      line.style.transform = `translate(${target.line.left}px, ${target.line.top}px)`;
      line.style.width = `${target.line.width}px`;
    }
    if (hasScrolled) later();
  };
  const later = () => (frame ||= requestAnimationFrame(show));
  return {
    move(to) {
      point = to;
      later();
    },
    end(isDropped) {
      cancelAnimationFrame(frame);
      if (isDropped) show();
      cancelAnimationFrame(frame);
      const { drop } = target ?? {};
      outline(null);
      clearTimeout(unfolding);
      makeRoom();
      card.remove();
      line.remove();
      update(store, { lifted: "" });
      if (isDropped) drop?.();
      // What the browser makes of the same touch comes right after.
      setTimeout(() => (isInHand = false));
    },
  };
}

/** What lies below a point and scrolls, or else the page, goes on where the point is near its edge. Returns whether something did. */
function scrollNear({ x, y }, board, days) {
  const strip = days?.getBoundingClientRect();
  // The strip of days stays at the top of the page, and is a place itself: it does not go from under the hand.
  const start = Math.max(strip?.bottom ?? 0, 0);
  const down = y < start ? 0 : towards(y, start, innerHeight);
  if (!board) return scrolled(document.scrollingElement, 0, strip?.top > 0 ? Math.max(down, 0) : down);
  const { left, right } = board.getBoundingClientRect();
  const isAcross = scrolled(board, towards(x, Math.max(left, 0), Math.min(right, innerWidth)), 0);
  const cards = document.elementFromPoint(x, y)?.closest(".column")?.querySelector(".cards");
  if (!cards) return isAcross;
  const { top, bottom } = cards.getBoundingClientRect();
  return scrolled(cards, 0, towards(y, top, Math.min(bottom, innerHeight))) || isAcross;
}

const towards = (at, start, end) => (at < start + EDGE ? -STEP : at > end - EDGE ? STEP : 0);

function scrolled(element, across, down) {
  if (!across && !down) return false;
  const before = element.scrollLeft + element.scrollTop;
  element.scrollBy(across, down);
  return element.scrollLeft + element.scrollTop !== before;
}

/** Where a row goes among the rows of a list, or the cards of a board; `hands` are what moving.js does. */
export const amongRows =
  ({ lines, nameOf, put }) =>
  (row) => {
    const isOnBoard = isBoard();
    let [drawn, groups, seen] = [new Map(), [], null];
    // Looked up once, and again when something new is drawn: among thousands of rows that takes longer than a frame.
    const lookUp = () => {
      const areas = new Map([...document.querySelectorAll("[data-group]")].map((area) => [area.dataset.group, area]));
      drawn = new Map([...document.querySelectorAll("[data-task]")].map((element) => [element.dataset.task, element]));
      const isOther = (task) => task.id !== row.id && task.parent_id !== row.id && drawn.has(task.id);
      groups = lines()
        .filter(({ key }) => areas.has(key))
        .map((group) => ({ ...group, area: areas.get(group.key), tasks: group.tasks.filter(isOther) }))
        .map((group) => ({ ...group, lists: listsOf(group.tasks) }));
      seen = ui;
    };
    /** The lists that a long one is drawn in, as [{list, start, tasks}]; `start` is the index of their first row. */
    const listsOf = (tasks) => {
      const lists = [];
      tasks.forEach((task, start) => {
        const list = drawn.get(task.id).parentElement;
        if (lists.at(-1)?.list !== list) lists.push({ list, start, tasks: [] });
        lists.at(-1).tasks.push(task);
      });
      return lists;
    };
    const boxOf = (task) => drawn.get(task.id).getBoundingClientRect();
    /** In front of which row a height is: of the lists first, since to ask for a row out of sight lays out its list. */
    const indexIn = ({ lists }, y) => {
      const { start, tasks } = lists.findLast(({ list }) => list.getBoundingClientRect().top <= y) ?? lists[0] ?? { start: 0, tasks: [] };
      return start + indexAt(y, tasks, boxOf);
    };
    return ({ x, y }, across) => {
      if (seen !== ui) lookUp();
      const isBefore = (box) => (isOnBoard ? x < box.right + 12 : y < box.bottom);
      const group = groups.find(({ area }) => isBefore(area.getBoundingClientRect())) ?? groups.at(-1);
      if (!group) return null;
      const index = indexIn(group, y);
      const place = placeIn(row, group, index, isOnBoard ? null : across);
      if (!place) return null;
      const { where, next, ordinal } = place;
      const shift = where.parent_id ? 52 : 14;
      const [above, below] = [group.tasks[index - 1], group.tasks[index]];
      const area = group.area.getBoundingClientRect();
      const target = { words: `${nameOf(where)}${ordinal}`, drop: () => put(row, where, next) };
      if (isOnBoard) return { ...target, over: group.area, gap: gapIn(group.area, below && drawn.get(below.id), drawn.get(row.id)) };
      const top = below ? boxOf(below).top : above ? boxOf(above).bottom : area.bottom - 4;
      const line = { top: Math.min(Math.max(top, area.top), area.bottom) - 1, left: area.left + shift, width: area.width - shift };
      return { ...target, line };
    };
  };

/** Where in a column there is room for a card in front of another one, as {into, before, height}; nowhere beside the place that it has. */
function gapIn(column, below, card) {
  const cards = column.querySelector(".cards");
  const into = cards ?? column;
  const before = below ?? (cards ? null : column.querySelector(".none"));
  const behind = (element) => (element.nextElementSibling?.matches(".drag-gap") ? behind(element.nextElementSibling) : element.nextElementSibling);
  const isThere = column.hasAttribute("data-folded") || before === card || (card.parentNode === into && behind(card) === before);
  return isThere ? undefined : { into, before, height: card.offsetHeight };
}

/** On which day a row is put: below its heading, or in the strip. */
export const ontoDays =
  ({ nameOf, toDay }) =>
  (row) =>
  ({ x, y }) => {
    const over = document.elementFromPoint(x, y)?.closest("[data-day]");
    const date = over?.dataset.day;
    return date && date !== row.due_date ? { words: nameOf(date), over, drop: () => toDay(row, date) } : null;
  };
