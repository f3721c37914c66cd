// What this tab holds: the store of rows and gestures, the interface around it, and what the server said last.
// The one way to change it is `update`, which has everyone who listens draw, and then sends what is to be sent.
import { travelling } from "./fields.js";
import * as optimistic from "./optimistic_list.js";
import * as queue from "./queue.js";
import { writeAs } from "./words.js";

/** Nothing is sent before what earlier tabs left, see tasks.js. */
export let store = { ...optimistic.emptyStore(), isHeld: true };
export let server = { load_id: "", status: "all", sort: "", order: "", timezone: "UTC", customs: {}, user_id: "", load_error: "", next_cursor: "" };
export let ui = { dialog: null, editing: null, question: null, notice: null, draft: null, listDialog: null, listMenu: null, rowMenu: "", moving: null, movingWords: "", entryDialog: null, entryMenu: null, rescheduling: null, naming: null, lifted: "", told: "", addingTo: "", weeks: 0, folded: new Set(), isCut: false, isKept: true, quickAddError: "" };
let send = () => {};

/** The rows that are known here: those of the page, the task that is open, and its subtasks; with this person's gestures over them. */
export function knownRows() {
  const { row, parts = [] } = ui.dialog ?? {};
  return optimistic.rowsOf(row ? { ...store, base: new Map([[row.id, row], ...parts, ...store.base]) } : store);
}

const listeners = new Set();

export const subscribe = (listener) => (listeners.add(listener), () => listeners.delete(listener));

let skew = 0; // how far the server's clock is ahead of this device's, in milliseconds

/** The moment on the server's clock: with that of the device, which may be days off, the list would not agree with the cards. */
export const present = () => Date.now() + skew;

/** When what the document brought along had arrived, on this device's clock: its scripts run later, on a slow one by seconds. */
function documentArrived() {
  const { responseStart } = performance.getEntriesByType("navigation")[0] ?? {};
  return responseStart ? performance.timeOrigin + responseStart : Date.now();
}

/** Follow what the server says, and send gestures by `onGesture`. */
export function follow(said, onGesture) {
  send = onGesture;
  if (said.load_id && said.load_id !== server.load_id) skew = said.now - (said.load_id === optimistic.OF_DOCUMENT ? documentArrived() : Date.now());
  // A server that was replaced says nothing yet: what it said last still stands.
  if (said.load_id || !store.loadId) server = said;
  writeAs(server.customs);
}

/** Take over a new store or part of the interface, draw, and send what is to be sent. */
export function update(nextStore, nextUi) {
  const [due, sent] = optimistic.outbox(nextStore, Date.now());
  store = sent;
  ui = { ...ui, ...nextUi };
  listeners.forEach((listener) => listener());
  // In the same turn, but after React has drawn: the eye comes first.
  queueMicrotask(() => deliver(due, sent.loadId));
}

function deliver(due, loadId) {
  const isKept = queue.keep(store.ops);
  if (isKept !== ui.isKept) update(store, { isKept });
  for (const { nonce, kind, id, fields, version } of due) send({ load_id: loadId, nonce, kind, id, fields: travelling(fields), version });
  if (due.length) setTimeout(() => update(optimistic.expire(store, Date.now())), optimistic.PATIENCE);
}
