// Gestures that the server has not answered, kept in this browser for their person: a tab that is closed leaves them to the next one.
// Each tab writes under a name of its own, so that no two write the same, and takes over what tabs that are gone have left.
const PREFIX = "cairn-queue:";
const PATIENCE = 1000;
const LEASE = 180_000; // how long a tab is taken for open after it wrote, where the browser has no locks (plain http)

const tab = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");

let person = "";
let kept = [];
let isSafe = true;

/** Say whose gestures these are. */
export function begin(who) {
  person = who;
  // Held for as long as the tab is there, which tells the others that it is.
  globalThis.navigator?.locks?.request(tab, () => new Promise(() => {}));
}

/** Keep the gestures that have no answer yet. Returns whether the browser keeps them. */
export function keep(gestures) {
  if (!person || (!gestures.length && !kept.length)) return isSafe;
  kept = gestures;
  return write(Date.now());
}

/** Whether closing the tab would lose gestures. */
export const wouldLose = () => !isSafe && kept.length > 0;

/** Whether this person has gestures without an answer in this browser, in any tab. */
export const isWaiting = () => kept.length > 0 || ofPerson().some(({ gestures }) => gestures.length);

/** Tell others that the tab is still there, or that it goes. */
export const stay = () => kept.length && write(Date.now());
export const leave = () => kept.length && write(0);

/**
 * Take over what tabs that are gone have left. `accept(gestures)` makes them this tab's and returns all that this
 * tab has now; only when those are kept, the others forget them.
 */
export const takeOver = (accept) =>
  alone(async () => {
    const open = await openTabs();
    const left = ofPerson().filter((other) => other.tab !== tab && !isOpen(other, open));
    const gestures = left.flatMap((other) => other.gestures);
    if (!gestures.length) return;
    keep(accept(gestures));
    if (isSafe) for (const { key } of left) localStorage.removeItem(key);
  });

/** Forget all of this person's, in this browser, and keep no more of it. */
export function discard() {
  for (const { key } of ofPerson()) localStorage.removeItem(key);
  [kept, person] = [[], ""];
}

/** Two tabs that open at once must not both take over the same; nor may one wait for a tab that the browser has put to sleep. */
const alone = (act) => globalThis.navigator?.locks?.request("cairn-queue", { signal: AbortSignal.timeout(PATIENCE) }, act) ?? act();

/** The names of the tabs that are there; null where the browser cannot tell. */
async function openTabs() {
  const locks = await globalThis.navigator?.locks?.query();
  return locks ? new Set(locks.held.map(({ name }) => name)) : null;
}

const isOpen = ({ tab, seen }, open) => seen > 0 && (open ? open.has(tab) : Date.now() - seen < LEASE);

/** What the tabs of this person have kept: {key, tab, seen, gestures}. */
function ofPerson() {
  const start = `${PREFIX}${person}:`;
  try {
    const keys = person ? Object.keys(localStorage).filter((key) => key.startsWith(start)) : [];
    return keys.map((key) => ({ ...JSON.parse(localStorage.getItem(key)), key, tab: key.slice(start.length) }));
  } catch {
    return [];
  }
}

function write(seen) {
  try {
    // What stands in for storage that the browser refuses lasts no longer than the page (components/shell/html_head.py).
    if (!(localStorage instanceof Storage)) throw new Error("no storage");
    const key = `${PREFIX}${person}:${tab}`;
    if (kept.length) localStorage.setItem(key, JSON.stringify({ seen, gestures: kept }));
    else localStorage.removeItem(key);
    isSafe = true;
  } catch {
    isSafe = false;
  }
  return isSafe;
}
