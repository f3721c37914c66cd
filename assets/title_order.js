// The order of titles: the same here, in Python and in both databases, which compare what models/text.py makes of a title.

const LETTERS = { æ: "ae", đ: "d", ð: "d", ħ: "h", ı: "i", ł: "l", ø: "o", œ: "oe", ß: "ss", ŧ: "t", þ: "th", ς: "σ" };
const LONGEST = 255;

/** What a title is sorted by, as `searchable` of models/text.py makes it. */
export function titleKey(title) {
  const letters = title.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").normalize("NFKC");
  const key = letters.toUpperCase().toLowerCase().replace(/[æđðħıłøœßŧþς]/g, (letter) => LETTERS[letter]);
  return key.length > LONGEST ? [...key].slice(0, LONGEST).join("") : key;
}

/** Compare by code points, as databases do: JavaScript itself has an emoji before some letters, for its UTF-16 units. */
export function compareText(a, b) {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [one, other] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (one !== other) return inOrder(one) - inOrder(other);
  }
  return a.length - b.length;
}

const SURROGATE = 0xd800;
const AFTER = 0xe000;

/** A unit of UTF-16 where its code point stands among others. */
const inOrder = (unit) => (unit < SURROGATE ? unit : unit < AFTER ? unit + 0x2000 : unit - 0x800);
