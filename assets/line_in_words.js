// The words of a line of quick add: what of it the server understood, which list is being named, and what a paste holds.

const MOST_OFFERED = 5;

/** The lines of a text that are tasks, without their bullets (a box stays, since it may be ticked): [{words, isPart}], a part is indented. */
export function linesOf(text) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim());
  const margin = (line) => line.replaceAll("\t", "    ").search(/\S/);
  const least = Math.min(...lines.map(margin));
  return lines.map((line, at) => ({ words: line.trim().replace(/^[-*•]\s+(?!\[[ xX]\]\s)/, ""), isPart: at > 0 && margin(line) > least }));
}

/** Whether a reading is of this line, with these passages kept as words. */
export const isOf = (read, value, kept) => read.text === value && String(read.as_text) === String(kept);

/** The line in pieces, of which those with a kind were understood; what was said of an earlier line counts as far as it is the same. */
export function piecesOf(value, read, kept = []) {
  const text = read.text ?? "";
  const isCurrent = text && (value === text || (value.startsWith(text) && (text.endsWith(" ") || value[text.length] === " ")));
  if (!isCurrent || !isOf(read, text, kept)) return [{ text: value, kind: "" }];
  return [...read.pieces, { text: value.slice(text.length), kind: "" }].filter((piece) => piece.text);
}

/** The piece that ends where the caret stands. */
export function pieceBefore(pieces, caret) {
  let end = 0;
  for (const piece of pieces) {
    end += piece.text.length;
    if (end === caret) return piece.kind ? piece : null;
    if (end > caret) return null;
  }
  return null;
}

/** The name of a list or label that is being written before the caret: {sign, name, start}; null where none is. */
export function nameBefore(value, caret) {
  const found = /(?:^|\s)(([#@])(?:(?<=#)"([^"]*)|([^\s"]*)))$/.exec(value.slice(0, caret));
  return found && { sign: found[2], name: found[3] ?? found[4], start: caret - found[1].length };
}

/** A list or label as it is written in the line. */
export const written = (name, sign = "#") => (sign === "@" || /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(name) ? `${sign}${name} ` : `#"${name}" `);

/** Those whose names hold what is written, those that begin with it first, and a new one: [{name, isNew}]; nothing where none does. */
export function offered(name, names) {
  const typed = name.toLowerCase();
  const at = (each) => each.toLowerCase().indexOf(typed);
  const found = names.filter((each) => at(each) >= 0 && !each.includes('"')).sort((a, b) => Math.min(at(a), 1) - Math.min(at(b), 1));
  if (!found.length || found.some((each) => each.toLowerCase() === typed)) return [];
  return [...found.slice(0, MOST_OFFERED).map((each) => ({ name: each, isNew: false })), ...(typed ? [{ name, isNew: true }] : [])];
}
