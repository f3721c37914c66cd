// What people wrote, drawn: pieces of text become elements, so that markup in them stays text.
import { createElement } from "react";
import { pieces } from "./addresses.js";
import { inForm } from "./words.js";

const link = (address, props) =>
  createElement("a", { ...props, href: address, target: "_blank", rel: "noopener noreferrer nofollow", dir: "ltr" }, address);

/** Text with its addresses as links. */
export const Linked = ({ text, isCut }) => pieces(text, isCut).map(({ text, isLink }, at) => (isLink ? link(text, { key: at }) : text));

/** A sentence of the server, with its days and times in the person's form. */
export const Told = ({ text }) => inForm(text);

/** The addresses of a text one below the other, for beside a field, in which there can be no links; nothing without any. */
export function LinkList({ text, itemClassName, ...props }) {
  const addresses = new Set(pieces(text).flatMap((piece) => (piece.isLink ? [piece.text] : [])));
  if (!addresses.size) return null;
  const items = [...addresses].map((address) => createElement("li", { key: address }, link(address, { className: itemClassName })));
  return createElement("ul", props, items);
}
