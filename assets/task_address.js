// The address of the task that is open, over that of the page where it was opened: Back leads there, and that page stays as it is.
// The router is not told, as it would have the page loaded again. What an entry of the history keeps of the page below (`masked`, which
// is the router's own) tells it where it is when it comes to such an entry from another page.
import { close, fetchTask, leavePage, openWhole } from "./dialog.js";
import * as optimistic from "./optimistic_list.js";
import { isLoadedHere, placeHere } from "./place.js";
import { say } from "./notices.js";
import { server, store, subscribe, ui } from "./screen.js";
import { lead } from "./whereabouts.js";

const TASK = /^\/tasks\/([^/]+)\/?$/;
const PARTS = ["pathname", "search", "hash"];

let opened = ""; // the task that is open on the screen
let entry = null; // what the history keeps of the address of a task, while that is the address
let isLeaving = false; // on the way back from it
let awaited = ""; // the task of the address, until it is known
let page = null; // where the router is

const inAddress = () => TASK.exec(window.location.pathname)?.[1] ?? "";
const placeOf = (location) => Object.fromEntries(PARTS.map((name) => [name, location[name]]));

/** Whether a step in the history is the way back from a task, which no other dialog is to hold up. */
export const isLeavingTask = () => isLeaving;

// What is opened or closed changes the address, whatever did it.
subscribe(() => {
  const id = ui.dialog?.row?.id ?? "";
  if (id === opened) return;
  opened = id;
  awaited = "";
  // On the way back, `arrive` looks again.
  if (!isLeaving) follow();
});

function follow() {
  if (opened) enter();
  else leave();
}

function enter() {
  if (inAddress() === opened) return;
  const { state } = history;
  // The search says what the page below shows: it stays.
  const address = `/tasks/${opened}${window.location.search}`;
  entry = { ...state, masked: state?.masked ?? placeOf(window.location), isOver: state?.isOver || !inAddress() };
  if (inAddress()) history.replaceState(entry, "", address);
  else history.pushState(entry, "", address);
}

function leave() {
  if (!inAddress()) return;
  isLeaving = Boolean(history.state?.isOver);
  if (isLeaving) history.back();
  else lead(listAddress(), { replace: true });
}

/** Where a task lies that was opened by its address. */
const listAddress = () => (!server.list_id || server.list_id === server.user_id ? "/inbox" : `/lists/${server.list_id}`);

/** For each step in the history, before the router: between a task and the page below it there is nothing for the router. */
export function onStep(event) {
  // Within the page, by a link to a part of it.
  if (entry && !event.state && inAddress()) history.replaceState(entry, "");
  const below = history.state?.masked ?? placeOf(window.location);
  const isHere = page && PARTS.every((name) => below[name] === page[name]) && (history.state?.key ?? "default") === page.key;
  if (!isHere || !(entry || inAddress())) return;
  event.stopImmediatePropagation();
  arrive(close);
}

/** For each page to which the router comes, and its first. */
export function reach(location) {
  page = location;
  arrive(leavePage);
}

/** See what the address says now; `shut` closes the task that is open where it says none. */
function arrive(shut) {
  const [id, wasLeaving] = [inAddress(), isLeaving];
  isLeaving = false;
  entry = id ? history.state : null;
  if (wasLeaving) return follow();
  if (id === opened) return undefined;
  if (!id) return shut();
  awaited = id;
  if (!openAwaited() && isLoadedHere() && placeHere().kind !== "tasks") fetchTask(id);
  return undefined;
}

/** Open the task that is waited for, if it is known by now; says whether. */
export function openAwaited() {
  if (!awaited || !isLoadedHere()) return false;
  const said = server.opened?.id === awaited ? server.opened : null;
  const row = optimistic.rowsOf(store).get(awaited) ?? (said?.row && optimistic.whole(said, server.user_id).row);
  if (row) openWhole(row, said);
  else if (!said) return false;
  else {
    awaited = "";
    say(said.problem);
    leave();
  }
  return true;
}

export async function copyLink() {
  const address = `${window.location.origin}/tasks/${opened}`;
  try {
    await navigator.clipboard.writeText(address);
    say("Link copied. Only members of its list can open it.");
  } catch {
    // A page that did not come by https may not use the clipboard.
    say(`The browser did not let the link be copied. It is ${address}`);
  }
}
