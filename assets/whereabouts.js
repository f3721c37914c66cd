// Where a new task is, when it is not in sight: the notice says so, and leads there.
import * as optimistic from "./optimistic_list.js";
import { dismiss, retell } from "./notices.js";
import { store, ui } from "./screen.js";

const LISTED = 50; // how many rows the plain list begins with, as models/task_query.py has it
const SHINES = 2000;

let go = () => {};
let wanted = ""; // the task to lead to, once it is drawn

/** Have `navigate(address)` go to another list. */
export const leadBy = (navigate) => (go = navigate);

/** Go to another page. */
export const lead = (address, options) => go(address, options);

const rowOf = (id) => document.querySelector(`[data-task="${id}"]`);

/** Once a new task is drawn, or has left the list that does not hold it: say where it is unless it can be seen. */
export const sayWhere = (id) => requestAnimationFrame(() => requestAnimationFrame(() => tell(id)));

function tell(id) {
  const row = rowOf(id);
  if (ui.notice?.about !== id || (row && isInSight(row))) return;
  const heading = row?.closest("details")?.querySelector("summary h3")?.textContent ?? row?.closest("[data-day]")?.ariaLabel;
  const where = heading ? `under “${heading}”` : row ? "further down" : "to your tasks, outside this list";
  retell({ text: `Task added ${where}.`, show: id });
}

function isInSight(row) {
  const { top, bottom } = row.getBoundingClientRect();
  return row.checkVisibility() && top >= 0 && bottom <= window.innerHeight;
}

/** Lead to the new task: in this list, or in one that holds it. */
export function showTask() {
  const { show: id } = ui.notice;
  dismiss();
  if (reach(id)) return;
  wanted = id;
  const { total } = optimistic.countsOf(store, { today: "", now: "" });
  go(total <= LISTED ? "/dashboard" : "/dashboard?sort=created");
}

/** The list is drawn again: the task that is wanted may be in it, or the section of the address. */
export function reachWanted() {
  const id = wanted;
  wanted = "";
  const { hash } = window.location;
  if (id) requestAnimationFrame(() => reach(id));
  else if (hash.startsWith("#in-")) requestAnimationFrame(() => document.getElementById(hash.slice(1))?.scrollIntoView());
}

function reach(id) {
  const row = rowOf(id);
  if (!row) return false;
  row.closest("details")?.setAttribute("open", "");
  row.scrollIntoView({ block: "center" });
  row.focus({ preventScroll: true });
  row.animate({ outline: ["2px solid var(--accent)", "2px solid transparent"], outlineOffset: ["-2px", "-2px"] }, SHINES);
  return true;
}
