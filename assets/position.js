// Places in an order by hand, as models/position.py makes them: keys that sort as text, with room for another one between any two.

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const MIDDLE = DIGITS[DIGITS.length / 2];

/** A key between two others, the smaller one first; an empty one is the beginning or the end of all. */
export function keyBetween(low, high) {
  for (let key = "", place = 0; ; place++) {
    const below = place < low.length ? DIGITS.indexOf(low[place]) : 0;
    const above = place < high.length ? DIGITS.indexOf(high[place]) : DIGITS.length;
    if (above - below > 1) return key + DIGITS[Math.floor((below + above) / 2)];
    key += DIGITS[below];
    if (above > below) high = "";
  }
}

/** A key right behind the last one. */
export const keyAfter = (last) => last + MIDDLE;

/** A key of what is made a moment ago, until the server gives it one: it comes after all that has one. */
export const keyOfNew = (at) => `~${at}`;

const isKey = (key) => !key.startsWith("~");

/** Where a task goes, as a gesture says it. */
export const target = ({ list_id, section_id, parent_id }) => ({ list_id, section_id: section_id || null, parent_id: parent_id || null });

/** What puts a task back where it is now; the server knows no key that the browser made until it has one. */
export const wayBack = (row) => ({ ...target(row), position: isKey(row.position) ? row.position : "" });

/** A key for a place between two rows, either of which may be missing. */
export function keyBeside(before, after) {
  const [low, high] = [before?.position ?? "", after?.position ?? ""];
  if (!after || !isKey(high)) return isKey(low) ? keyAfter(low) : `${low}~`;
  return low < high ? keyBetween(low, high) : low;
}
