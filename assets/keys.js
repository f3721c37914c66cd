// Which letter a key means, on any layout.
const POSITIONS = { BracketLeft: "[", BracketRight: "]", Slash: "/" };

/** The letter or sign of a key, in lower case. Where the layout has no Latin letter, the one in that place on a US keyboard. */
export function letterOf({ key, code = "" }) {
  const isForeign = key.length === 1 && key > "\x7f" && !/\p{Script=Latin}/u.test(key);
  if (!isForeign) return key.toLowerCase();
  return (code.startsWith("Key") ? code.slice(3).toLowerCase() : POSITIONS[code]) ?? key;
}
