// The addresses in what people wrote.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pieces } from "../../assets/addresses.js";

const links = (text, isCut) => pieces(text, isCut).filter(({ isLink }) => isLink).map(({ text }) => text);

test("web and mail addresses are links, without what ends the sentence around them", () => {
  assert.deepEqual(links("See https://cairn.example/a?b=1#c, or (http://x.example/Milk_(drink)). Mail mailto:ana@x.example!"), [
    "https://cairn.example/a?b=1#c",
    "http://x.example/Milk_(drink)",
    "mailto:ana@x.example",
  ]);
  assert.deepEqual(links("<https://x.example> “https://y.example”\nHTTPS://Z.EXAMPLE/ä"), ["https://x.example", "https://y.example", "HTTPS://Z.EXAMPLE/ä"]);
});

test("nothing else is a link", () => {
  for (const text of ["javascript:alert(1)", "data:text/html,x", "ftp://x.example", "www.x.example", "https://", "http://[", "mailto:ana", "xhttp://x.example"])
    assert.deepEqual(links(text), [], text);
});

test("the pieces are the text, and markup in it is text", () => {
  const text = "a <b>https://x.example</b>\u202e https://y.example/\u202egpj b";
  assert.equal(pieces(text).map((piece) => piece.text).join(""), text);
  assert.deepEqual(links(text), ["https://x.example", "https://y.example/"]);
  assert.deepEqual(pieces(""), []);
});

test("an address that may be cut in two is no link", () => {
  assert.deepEqual(links("https://x.example and https://y.exam", true), ["https://x.example"]);
});
