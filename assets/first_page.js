// What the document brought along: what the server says first of a page of tasks, so that it is drawn before there is a socket.
import { server } from "./screen.js";

let isTaken = false;
const block = () => document.getElementById("first-page");

/** Hand it to the state of the page as if the socket had said it, once; `dispatch` takes the part of each state by its name. */
export function takeFirstPage(dispatch) {
  const first = block();
  if (!first || isTaken || server.load_id) return;
  isTaken = true;
  for (const [name, said] of Object.entries(JSON.parse(first.textContent))) dispatch[name]?.(said);
}

/** The server has said it itself by now. */
export const dropFirstPage = () => block()?.remove();

/** Whether what the server says now is of another person than what is on the screen: someone signed in meanwhile. */
export const isOfSomeoneElse = (said) => Boolean(said.user_id && server.user_id && said.user_id !== server.user_id);

// A page that the browser keeps, to show it again as it was, may be shown to someone else, or a day later: it is hidden, and loaded again.
export const hideIfKept = ({ persisted }) => persisted && document.documentElement.setAttribute("hidden", "");
export const reloadIfKept = ({ persisted }) => persisted && location.reload();
