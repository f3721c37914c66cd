// What the document brought along: what the server says first of a page of tasks, so that it is drawn before there is a socket.
import { createElement } from "react";
import { server } from "./screen.js";

let isTaken = false;
let early = []; // [id, whether it is completed] of what was ticked in the document's own rows
const block = () => document.getElementById("first-page");

/** Hand it to the state of the page as if the socket had said it, once; `dispatch` takes the part of each state by its name. */
export function takeFirstPage(dispatch) {
  const first = block();
  if (!first || isTaken || server.load_id) return;
  isTaken = true;
  early = [...document.querySelectorAll("#first-rows input")].filter((box) => box.checked !== box.defaultChecked).map((box) => [box.value, box.checked]);
  for (const [name, said] of Object.entries(JSON.parse(first.textContent))) dispatch[name]?.(said);
}

/** The first rows as the server wrote them into the document (web/first_rows.py); React leaves alone what is in there. */
export const FirstRows = () =>
  createElement("div", { id: "first-rows", "aria-hidden": true, suppressHydrationWarning: true, dangerouslySetInnerHTML: { __html: "" } });

export const hasFirstRows = () => Boolean(globalThis.document?.querySelector("#first-rows > *"));

/** Hand on what was ticked before the page's code ran, once. */
export function takeEarlyTicks(tick) {
  const ticked = early;
  early = [];
  for (const [id, isCompleted] of ticked) tick(id, isCompleted);
}

/** The server has said it itself by now. */
export const dropFirstPage = () => block()?.remove();

/** Whether what the server says now is of another person than what is on the screen: someone signed in meanwhile. */
export const isOfSomeoneElse = (said) => Boolean(said.user_id && server.user_id && said.user_id !== server.user_id);

// A page that the browser keeps, to show it again as it was, may be shown to someone else, or a day later: it is hidden, and loaded again.
export const hideIfKept = ({ persisted }) => persisted && document.documentElement.setAttribute("hidden", "");
export const reloadIfKept = ({ persisted }) => persisted && location.reload();
