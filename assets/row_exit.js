// Tasks that leave their place are seen to: what is counted and sent has changed already, the eye follows.
import { rowsOf } from "./optimistic_list.js";
import { store, update } from "./screen.js";

const STAYING = { completed: 1240, removed: 240 }; // milliseconds, see styles.css
const REMOVING = ["delete", "restore", "erase"];

const staying = new Map(); // id → the row as it is still seen where it was, until it has left

/** `why` is a key of STAYING, or empty when the task stays or comes back. */
export function letStay(row, why) {
  staying.delete(row.id);
  if (!why || !rowsOf(store).has(row.id) || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const seen = { ...row, is_leaving: why };
  staying.set(row.id, seen);
  setTimeout(() => staying.get(row.id) === seen && staying.delete(row.id) && update(store), STAYING[why]);
}

/** Another list is shown: no row is seen to leave this one. */
export const letGo = () => staying.clear();

/** The store for the eye alone. */
export function withStaying(store) {
  if (!staying.size) return store;
  const base = new Map(store.base);
  for (const [id, row] of staying) base.set(id, { ...row, ...base.get(id), is_completed: row.is_completed, is_leaving: row.is_leaving });
  const isLeaving = (op) => staying.has(op.id) && !op.error && (op.fields.is_completed || REMOVING.includes(op.kind));
  return { ...store, base, ops: store.ops.filter((op) => !isLeaving(op)) };
}
