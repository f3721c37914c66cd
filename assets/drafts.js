// What is half-typed: kept in this browser for a day, for one person, and offered back after whatever interrupted it.
// A draft is {quickAdd: "title", dialog: {mode, id, fields}}, either of which may be missing.

const DAY = 86_400_000;
const keyOf = (person) => `cairn-draft:${person}`;

let person = "";
let draft = {};
let isWaiting = () => false;
let onDisabled = () => {};

/** Say whose drafts these are, what to do once if the browser keeps none, and whether gestures are unanswered. */
export function begin(email, { disabled, waiting }) {
  if (person === email) return null;
  person = email;
  onDisabled = disabled;
  isWaiting = waiting;
  draft = read();
  return draft.quickAdd || draft.dialog ? draft : null;
}

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
  const isUnsaved = isWaiting() || draft.quickAdd || draft.dialog;
  if (isUnsaved && !window.confirm("Something is not saved yet. Sign out and discard it?")) return false;
  discardAll();
  return true;
}

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(person)) ?? "{}");
    return Date.now() - kept.at < DAY ? kept.draft : {};
  } catch {
    return {};
  }
}

function write() {
  try {
    // What stands in for storage that the browser refuses lasts no longer than the page (components/document.py).
    if (!(localStorage instanceof Storage)) throw new Error("no storage");
    if (Object.keys(draft).length) localStorage.setItem(keyOf(person), JSON.stringify({ at: Date.now(), draft }));
    else localStorage.removeItem(keyOf(person));
  } catch {
    onDisabled();
    onDisabled = () => {};
  }
}
