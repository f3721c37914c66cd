// Addresses in what people write.

const ADDRESS = /\b(?:https?:\/\/|mailto:)[^\s<>"“”\p{Cc}\p{Bidi_Control}]+/giu;
const CLOSERS = { ")": "(", "]": "[", "}": "{" };
const countOf = (text, sign) => text.split(sign).length - 1;

/** An address without what ends the sentence around it; a bracket belongs to it when it was opened in it. */
function trimmed(address) {
  const last = address.at(-1);
  const isTail = CLOSERS[last] ? countOf(address, last) > countOf(address, CLOSERS[last]) : /[.,;:!?'’*_~|]/.test(last ?? "");
  return isTail ? trimmed(address.slice(0, -1)) : address;
}

function leadsSomewhere(address) {
  if (!URL.canParse(address)) return false;
  const { protocol, host, pathname } = new URL(address);
  return protocol === "mailto:" ? pathname.includes("@") : Boolean(host);
}

/** The text in pieces, [{text, isLink}]; `isCut` when it goes on elsewhere, so that an address at its end may be half of one. */
export function pieces(text, isCut = false) {
  const found = [];
  let done = 0;
  for (const { 0: match, index } of text.matchAll(ADDRESS)) {
    const address = trimmed(match);
    const isHalf = isCut && index + match.length === text.length;
    if (isHalf || !leadsSomewhere(address)) continue;
    if (index > done) found.push({ text: text.slice(done, index), isLink: false });
    found.push({ text: address, isLink: true });
    done = index + address.length;
  }
  return done < text.length ? [...found, { text: text.slice(done), isLink: false }] : found;
}
