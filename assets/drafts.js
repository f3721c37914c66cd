// What is not saved yet: half-typed words, kept in this browser for a day and offered back after whatever interrupted
// them, and gestures without an answer, kept in this tab and sent again. Both are one person's.
// A draft is {quickAdd: "title", dialog: {mode, id, fields}}, either of which may be missing.

const DAY = 86_400_000;
const QUEUE = "cairn-queue:";
const keyOf = (person) => `cairn-draft:${person}`;

let person = "";
let draft = {};
let queue = [];
let onDisabled = () => {};

/** Say whose this is, and what to do once if the browser keeps nothing. Returns {draft, queue} as they were left. */
export function begin(email, disabled) {
  if (person === email) return null;
  person = email;
  onDisabled = disabled;
  draft = read(localStorage, keyOf(person)).draft ?? {};
  queue = read(sessionStorage, QUEUE + person).queue ?? [];
  return { draft: draft.quickAdd || draft.dialog ? draft : null, queue };
}

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
  draft = {};
  write();
}

/** Before signing out: true when nothing would be lost, or when the person says so; what was kept is then cleared. */
export function mayLeave() {
  const isUnsaved = queue.length || draft.quickAdd || draft.dialog;
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
