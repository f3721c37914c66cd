// What is not saved yet: half-typed words, kept in this browser for a day and offered back after whatever interrupted
// them, and gestures without an answer, kept in this tab and sent again. Both are one person's.
// A draft is {quickAdd: "title", dialog: {mode, id, fields}}, either of which may be missing. Each tab has its own; that of a
// tab that is gone, with the key under which it is kept, is offered by the next one.
import { join, openTabs, tab } from "./tabs.js";

const DAY = 86_400_000;
const QUEUE = "cairn-queue:";
const startOf = (person) => `cairn-draft:${person}`;
const keyOf = (person) => `${startOf(person)}:${tab}`;

let person = "";
let draft = {};
let queue = [];
let onDisabled = () => {};

/** The drafts that are still to be offered, the newest first. */
export const waiting = [];

/** Say whose this is, and what to do once if the browser keeps nothing, and when there are drafts to offer. Returns {queue} as it was left. */
export function begin(email, disabled, offer) {
  if (person === email) return null;
  person = email;
  onDisabled = disabled;
  draft = {};
  queue = read(sessionStorage, QUEUE + person).queue ?? [];
  join();
  findLeft().then((left) => left.length && (waiting.push(...left), offer()));
  return { queue };
}

/** What tabs of this person have left that are gone; what is older than a day goes, too. */
async function findLeft() {
  const open = await openTabs();
  const start = startOf(person);
  const names = keysOf(localStorage).filter((key) => key === start || key.startsWith(`${start}:`));
  const gone = names.filter((key) => key !== keyOf(person) && !open.has(key.slice(start.length + 1)));
  const left = gone.map((key) => ({ key, ...read(localStorage, key) })).sort((a, b) => b.at - a.at);
  for (const { key, draft } of left) if (!draft) drop(key);
  return left.filter(({ draft }) => draft).map(({ key, draft }) => ({ ...draft, key }));
}

function keysOf(storage) {
  try {
    return Object.keys(storage);
  } catch {
    return [];
  }
}

/** Forget a draft that was offered. */
export const drop = (key) => key && put(localStorage, key, null);

/** Keep the gestures that have no answer yet. */
export function keepQueue(gestures) {
  if (!person || (!gestures.length && !queue.length)) return;
  queue = gestures;
  put(sessionStorage, QUEUE + person, queue.length && { queue });
}

/** Forget what the tab knows of who was here; a queue waits for its person. */
export function leaveTab() {
  try {
    for (const key of Object.keys(sessionStorage)) if (!key.startsWith(QUEUE)) sessionStorage.removeItem(key);
  } catch {
    // A browser without storage has nothing to forget.
  }
}

let isStaying = false;

/** While this browser waits for a new session, the end of the old one must not take the page away. */
export const stay = (whether) => (isStaying = whether);
export const mayGo = () => !isStaying;

/** Keep a part of the draft, or drop it (null). */
export function keep(part, value) {
  if (!person || (value === null && !(part in draft))) return;
  const { [part]: _before, ...rest } = draft;
  draft = value === null ? rest : { ...rest, [part]: value };
  write();
}

export function discardAll() {
  for (const { key } of waiting.splice(0)) drop(key);
  draft = {};
  write();
}

/** Before signing out: true when nothing would be lost, or when the person says so; what was kept is then cleared. */
export function mayLeave() {
  const isUnsaved = queue.length || waiting.length || draft.quickAdd || draft.dialog;
  if (isUnsaved && !window.confirm("Something is not saved yet. Sign out and discard it?")) return false;
  discardAll();
  keepQueue([]);
  return true;
}

const write = () => put(localStorage, keyOf(person), Object.keys(draft).length && { draft });

function read(storage, key) {
  try {
    const kept = JSON.parse(storage.getItem(key) ?? "{}");
    return Date.now() - kept.at < DAY ? kept : {};
  } catch {
    return {};
  }
}

function put(storage, key, value) {
  try {
    // What stands in for storage that the browser refuses lasts no longer than the page (components/document.py).
    if (!(storage instanceof Storage)) throw new Error("no storage");
    if (value) storage.setItem(key, JSON.stringify({ at: Date.now(), ...value }));
    else storage.removeItem(key);
  } catch {
    onDisabled();
    onDisabled = () => {};
  }
}
