// Which list the page is of, by its address.
import { server } from "./screen.js";

const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const NO_LIST = "00000000-0000-0000-0000-000000000000"; // as state/tasks.py has it

const path = () => globalThis.location?.pathname.split("/") ?? [];

/** The id of the list whose page this is; empty on the other pages. That of an Inbox is its person's. */
export function listHere() {
  const [, place, id] = path();
  if (place === "inbox") return server.user_id;
  return place === "lists" && id ? (ID.test(id) ? id : NO_LIST) : "";
}

/** Whether what the server said last is of this page. */
export const isLoadedHere = () => Boolean(server.load_id) && (server.list_id ?? "") === listHere();
