// Lists by hand: made, changed, put in order, archived, deleted and brought back, over REST. What is done shows at once, and is
// taken back with a sentence when the server refuses it; what was typed stays in its field until the server has it.
import { tooLong } from "./fields.js";
import { refusal, request } from "./forms.js";
import { uuid7 } from "./commands.js";
import { hideMenu, showMenu } from "./menu.js";
import { moveTask } from "./move_dialog.js";
import { named, say } from "./notices.js";
import * as optimistic from "./optimistic_list.js";
import { listHere } from "./place.js";
import { restChanges } from "./rest_changes.js";
import { server, store, ui, update } from "./screen.js";
import { sectionsOf } from "./sections.js";
import { lead } from "./whereabouts.js";

const LONGEST = 80;
// What the server leaves out because it is as usual.
const BLANK = { id: "", name: "", color: "stone", icon: "", is_inbox: false, is_archived: false, is_deleted: false, view: "list", role: "owner" };

/* ---------- what the server said, and what is on its way over it ---------- */

const kept = restChanges(BLANK, request, () => update(store));

/** All lists that this person sees, those in the trash too. */
const listsNow = () => kept.over(server.lists);

/** Draw a change and send it. What the server answers, as `request` of forms.js gives it. */
const send = (change, method, path, body) => kept.send(change, method, `/api/lists${path}`, body);

/** The same, telling it, with the way back; a refusal is told instead. */
async function act(change, [method, path, body], text, undo) {
  say(text, undo);
  const { problem } = await send(change, method, path, body);
  if (problem) say(refusal(problem));
}

const patch = (list, fields, text, undo) => act({ id: list.id, fields }, ["PATCH", `/${list.id}`, fields], text, undo);

/* ---------- as they are drawn ---------- */

const isLocked = (list) => list.is_archived || list.role === "viewer";
const addressOf = (list) => (list.is_inbox ? "/inbox" : `/lists/${list.id}`);
const drawn = (list, counts) => ({ ...list, address: addressOf(list), open: counts[list.id] ?? 0, is_locked: isLocked(list), is_here: list.id === listHere() });

/** {inbox, own, archived, deleted, writable, here}: `here` is null where the page is of no list, or of none that this person has. `pending` is how many tasks are open in all. */
export function drawnLists(pending) {
  const counts = optimistic.openCountsOf(store);
  const all = listsNow().map((list) => drawn(list, counts));
  const kept = all.filter((list) => !list.is_deleted);
  const own = kept.filter((list) => !list.is_inbox && !list.is_archived);
  const inbox = kept.find((list) => list.is_inbox) ?? drawn({ ...BLANK, name: "Inbox", is_inbox: true }, {});
  // Every pending task is in one of these lists, and the others say how many of them are theirs.
  inbox.open = own.reduce((left, list) => left - list.open, pending);
  return {
    inbox,
    own,
    archived: kept.filter((list) => list.is_archived),
    deleted: all.filter((list) => list.is_deleted),
    writable: [inbox, ...own].filter((list) => !list.is_locked).map((list) => ({ ...list, sections: sectionsOf(list.id) })),
    here: kept.find((list) => list.is_here) ?? null,
  };
}

const byId = (id) => listsNow().find((list) => list.id === id);

/** What a row says of its list. */
export function placeOf(row) {
  const list = byId(row.list_id);
  const isSaid = list && !list.is_inbox && !listHere();
  return { list_name: isSaid ? list.name : "", list_color: isSaid ? list.color : "", is_locked: Boolean(list) && isLocked(list) };
}

/** The way to a row, from its list to its section: [{name, address}]; nothing of a list that is not known here. */
export function pathOf({ list_id, section_id }) {
  const list = byId(list_id);
  if (!list) return [];
  const address = addressOf(list);
  const sections = sectionsOf(list_id).filter(({ id }) => id === section_id);
  return [{ name: list.name, address }, ...sections.map(({ id, name }) => ({ name, address: `${address}#in-${id}` }))];
}

/** A list's name, for where a change of it is told. */
export const listName = (id) => byId(id)?.name ?? "another list";

/** The list that a new task goes to: that of the page, else the one that the person has chosen; empty for the Inbox. */
export function listForNew() {
  const list = byId(listHere() || server.customs.default_list_id);
  return !list || list.is_inbox || isLocked(list) ? "" : list.id;
}

/* ---------- the dialog of a list ---------- */

const openDialog = (list, part, typed = {}) => update(store, { listDialog: { list, typed: { ...list, ...typed }, part, error: "", key: uuid7() } });

export const newList = () => openDialog(BLANK, "name");
const closeList = () => update(store, { listDialog: null });

/** Close without saving; what was typed can be had back for as long as the notice stands. */
export function dismissList() {
  const { list, part } = ui.listDialog;
  const typed = typedIn(document.querySelector("dialog[open] form:has([name=icon])"));
  closeList();
  if (Object.keys(changedIn(list, typed)).length) say("Closed without saving.", () => openDialog(list, part, typed));
}

const typedIn = ({ elements: { name, color, icon } }) => ({ name: name.value.trim(), color: color.value, icon: icon.value });
const changedIn = (list, typed) => Object.fromEntries(Object.entries(typed).filter(([name, value]) => value !== list[name]));

/** For the submit of the dialog's form: name, color, icon. */
export async function saveList(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const { list } = ui.listDialog;
  if (form.hasAttribute("data-busy")) return;
  const typed = typedIn(form);
  const fields = list.id ? changedIn(list, typed) : typed;
  const error = typed.name ? tooLong(typed.name, LONGEST) : "Enter a name for the list.";
  if (error) return refuse(form, error);
  if (!Object.keys(fields).length) return closeList();
  form.toggleAttribute("data-busy", true);
  const { problem } = await (list.id ? changeList(list, fields) : makeList(fields));
  form.toggleAttribute("data-busy", false);
  if (problem) refuse(form, refusal(problem));
}

function refuse(form, error) {
  update(store, { listDialog: { ...ui.listDialog, error } });
  form.elements.name.focus();
}

async function changeList(list, fields) {
  const result = await send({ id: list.id, fields }, "PATCH", `/${list.id}`, fields);
  if (result.problem) return result;
  closeList();
  const before = Object.fromEntries(Object.keys(fields).map((name) => [name, list[name]]));
  say("List saved.", () => patch(list, before, "List changed back."));
  return result;
}

async function makeList(fields) {
  // Pressed again after a lost answer, the button makes no second list.
  const result = await request("POST", "/api/lists", fields, { "Idempotency-Key": ui.listDialog.key });
  if (result.problem) return result;
  const made = { ...BLANK, ...fields, id: result.answer.id };
  kept.add(made.id, fields);
  closeList();
  const row = ui.moving;
  if (row) moveTask(made);
  else lead(addressOf(made));
  if (!row) say(named(made.name, " is made."), () => removeList(made));
  return result;
}

/* ---------- what its menu does ---------- */

const MENU = "list-menu";

/** Open the menu of a list at what was pressed, or by a key. */
export function openListMenu(list, event) {
  update(store, { listMenu: list });
  showMenu(MENU, event);
}

/** What an entry of the menu does to its list; it may have changed since the menu was opened. */
const onMenu = (perform) => () => {
  hideMenu(MENU);
  perform(byId(ui.listMenu.id) ?? ui.listMenu);
};

export const renameList = onMenu((list) => openDialog(list, "name"));
export const paintList = onMenu((list) => openDialog(list, "color"));
export const raiseList = onMenu((list) => moveList(list, -1));
export const lowerList = onMenu((list) => moveList(list, 1));
export const archiveList = onMenu((list) => archive(list, true));
export const trashList = onMenu((list) => removeList(list));
export const turnListView = onMenu((list) => showAs(list, list.view === "board" ? "list" : "board"));

export const unarchiveList = (list) => archive(list, false);

/* ---------- as a list, or as a board ---------- */

/** Whether the page of this list is drawn as a board; in another order than the one by hand it has no columns. */
export const isBoard = () => byId(listHere())?.view === "board" && !server.sort;

/** Show a list as "list" or as "board". What is folded in one of them is not in the other. */
export async function showAs(list, view) {
  if (list.view === view) return;
  const fields = { view };
  update(store, { folded: new Set(), addingTo: "", told: `${list.name} is shown as a ${view}.` });
  const { problem } = await send({ id: list.id, fields }, "PATCH", `/${list.id}`, fields);
  if (problem) say(refusal(problem));
}

/** Whether the subtasks of a task are put away: at first they are on a board, and not in a list. */
export const isFolded = (id) => ui.folded.has(id) !== isBoard();

function archive(list, is_archived) {
  const words = is_archived ? " is archived." : " is back.";
  return patch(list, { is_archived }, named(list.name, words), () => archive(list, !is_archived));
}

function removeList(list) {
  const isHere = list.id === listHere();
  if (isHere) lead("/inbox");
  const back = async () => {
    await restoreList(list);
    if (isHere) lead(addressOf(list));
  };
  return act({ id: list.id, fields: { is_deleted: true } }, ["DELETE", `/${list.id}`], named(list.name, " moved to trash."), back);
}

export const restoreList = (list) =>
  act({ id: list.id, fields: { is_deleted: false } }, ["POST", `/${list.id}/restore`], named(list.name, " restored."));

/** Up or down among the lists that are in use; those that are archived keep their places. */
function moveList(list, by) {
  const all = listsNow().filter(({ is_inbox, is_deleted }) => !is_inbox && !is_deleted);
  const own = all.filter(({ is_archived }) => !is_archived);
  const at = own.findIndex(({ id }) => id === list.id);
  const other = own[at + by];
  if (!other) return undefined;
  const order = all.map(({ id }) => id).filter((id) => id !== list.id);
  order.splice(order.indexOf(other.id) + (by > 0 ? 1 : 0), 0, list.id);
  const text = named(list.name, ` is ${at + by + 1} of ${own.length} now.`);
  requestAnimationFrame(() => document.querySelector(`[data-list="${list.id}"] a`)?.focus());
  return act({ order }, ["PUT", "/order", { list_ids: order }], text, () => moveList(list, -by));
}

/** By the keys with Alt on a list of the sidebar. */
export function moveByKey(list, event) {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!by || !event.altKey || list.is_inbox) return;
  event.preventDefault();
  moveList(list, by);
}
