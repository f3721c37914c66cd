// Half-typed words, kept in this browser for a day for their person, and offered back after whatever interrupted them.
// A draft is {quickAdd: "title", dialog: {mode, id, fields}}, either of which may be missing. Each tab has its own; that of a
// tab that is gone, with the key under which it is kept, is offered by the next one.
import * as queue from "./queue.js";
import { join, openTabs, tab } from "./tabs.js";

const DAY = 86_400_000;
const startOf = (person) => `cairn-draft:${person}`;
const keyOf = (person) => `${startOf(person)}:${tab}`;

let person = "";
let draft = {};
let onDisabled = () => {};

/** The drafts that are still to be offered, the newest first. */
export const waiting = [];

/** Say whose this is, and what to do once if the browser keeps nothing, and when there are drafts to offer. Returns whether that is news. */
export function begin(email, disabled, offer) {
  if (person === email) return false;
  person = email;
  onDisabled = disabled;
  draft = {};
  join();
  findLeft().then((left) => left.length && (waiting.push(...left), offer()));
  return true;
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

/** Forget what the tab knows of who was here. */
export function leaveTab() {
  try {
    sessionStorage.clear();
  } catch {
    // A browser without storage has nothing to forget.
  }
}

let isStaying = false;

/** Ask for something that ends the session; when it succeeds, who asked leads away, and the socket that hears of it does not. */
export async function staying(ask) {
  isStaying = true;
  const result = await ask();
  isStaying = !result.problem;
  return result;
}

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

/** Before signing out: true when nothing would be lost, or when the person says so. */
export function mayLeave() {
  const isUnsaved = queue.isWaiting() || waiting.length || draft.quickAdd || draft.dialog;
  return !isUnsaved || window.confirm("Something is not saved yet. Sign out and discard it?");
}

/** Forget all that this browser keeps of this person's. */
export function forget() {
  discardAll();
  queue.discard();
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
    // What stands in for storage that the browser refuses lasts no longer than the page (components/shell/html_head.py).
    if (!(storage instanceof Storage)) throw new Error("no storage");
    if (value) storage.setItem(key, JSON.stringify({ at: Date.now(), ...value }));
    else storage.removeItem(key);
  } catch {
    onDisabled();
    onDisabled = () => {};
  }
}
