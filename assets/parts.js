// The rows of a group in parts, each a list of its own to the browser: React passes over a part in which nothing changed, and the
// browser lays out those in sight alone. Knows neither React nor the network.

const SIZE = 12;
const MOST = 2 * SIZE; // so that those of a few screens are laid out

let last = 0;
const begun = (tasks, key = `part-${(last += 1)}`) => ({ key, tasks, is_fresh: false });

/**
 * Parts as [{key, tasks, is_fresh}] of at most MOST rows, from those of last time. A row stays in its part for as long as it stands beside
 * others of it: it keeps its element, and with that the focus. A fresh part has only rows that were loaded after others.
 */
export function parted(tasks, before = []) {
  const keys = new Map(before.flatMap(({ key, tasks: rows }) => rows.map(({ id }) => [id, key])));
  const keyAt = (at) => keys.get(tasks[at]?.id);
  const seen = new Set();
  const parts = [];
  tasks.forEach((task, at) => {
    const [own, next, then] = [keyAt(at), keyAt(at + 1), keyAt(at + 2)];
    const part = parts.at(-1);
    // A row that was taken here alone, in front of others, does not bring its part along.
    if (own && !seen.has(own) && (!next || [next, then].includes(own))) parts.push(begun([task], own));
    else if (!part || (!own && !next && part.tasks.length >= SIZE)) parts.push(begun([task]));
    else part.tasks.push(task);
    seen.add(parts.at(-1).key);
  });
  const known = new Map(before.map((part) => [part.key, part]));
  const isKnown = ({ id }) => keys.has(id);
  const isLonger = tasks.some(isKnown);
  const isFresh = ({ tasks: rows }) => isLonger && rows.length >= SIZE && !rows.some(isKnown);
  return parts.flatMap(halved).map((part) => (isSame(part.tasks, known.get(part.key)?.tasks) ? known.get(part.key) : { ...part, is_fresh: isFresh(part) }));
}

function halved(part) {
  if (part.tasks.length <= MOST) return [part];
  const middle = part.tasks.length >> 1;
  return [begun(part.tasks.slice(0, middle), part.key), begun(part.tasks.slice(middle))].flatMap(halved);
}

const isSame = (rows, others) => rows.length === others?.length && rows.every((row, at) => row === others[at]);
