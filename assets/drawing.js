// The screen as the components draw it: made once for each change, and the same object where nothing changed.
import { useState, useSyncExternalStore } from "react";
import { dueKey } from "./agenda.js";
import { stepsOf } from "./by_hand.js";
import { dialogOf, valueWords } from "./dialog.js";
import * as edits from "./edits.js";
import { withStaying } from "./row_exit.js";
import { drawnLists, isBoard, isFolded, placeOf } from "./lists.js";
import { hasFirstRows } from "./first_page.js";
import { drawnTargets } from "./move_dialog.js";
import { isRefused } from "./notices.js";
import * as optimistic from "./optimistic_list.js";
import { parted } from "./parts.js";
import { isLoadedHere, listHere, pageHere, pathHere, placeHere } from "./place.js";
import { present, server, store, subscribe, ui } from "./screen.js";
import { subtasksOf } from "./subtasks.js";
import { drawnSections } from "./sections.js";
import { colorsOf, drawnSidebar } from "./sidebar.js";
import { dayDrawn, drawnFortnight } from "./upcoming.js";
import { deletedWords, dueWords, isPaused, longDay, repeatWords, timeWords, wallClock } from "./words.js";
import { zonesToChoose } from "./zone.js";

let screen = null;
subscribe(() => (screen = null));

const LONG = 100; // of more rows, those out of sight are not laid out

let drawn = new Map(); // id → the row as it was drawn last
let parts = new Map(); // group → its rows in parts, as they were drawn last

/** The very object of last time where nothing about the row changed, so that React passes it over. */
function asBefore(row) {
  const before = drawn.get(row.id) ?? {};
  return Object.keys({ ...before, ...row }).every((name) => before[name] === row[name]) ? before : row;
}

const made = new WeakMap(); // row → {inputs, drawn}

/** A row as it is drawn, made of `inputs` by `make`, and again only when one of them is another: of thousands of rows few are. */
function once(row, inputs, make) {
  const last = made.get(row);
  if (last?.inputs.every((each, at) => each === inputs[at])) return last.drawn;
  const now = asBefore(make());
  made.set(row, { inputs, drawn: now });
  return now;
}

const lasting = {}; // name → what was drawn under it last

/** What a dialog held is drawn for as long as the dialog is seen to leave: modal.js drops it then. */
const last = (name, value) => (lasting[name] = value ?? lasting[name] ?? null);

/** The very object of last time where all in it is the same. */
function asDrawn(name, value) {
  const before = lasting[name];
  return (lasting[name] = JSON.stringify(before) === JSON.stringify(value) ? before : value);
}

const isCounted = (row) => row.is_leaving !== "removed" && !row.is_unmade;

function draw() {
  places = new Map();
  const clock = wallClock(server.timezone, present());
  const here = listHere();
  const isLoaded = isLoadedHere();
  const page = pageHere(clock);
  const counts = optimistic.groupCountsOf(store, clock, page?.holds);
  const metrics = optimistic.countsOf(store, clock);
  const lists = drawnLists(metrics.pending);
  const sidebar = drawnSidebar();
  const isMovable = Boolean(page?.isByHand) && !server.sort && !lists.here?.is_locked;
  const arranged = page && { ...page, sections: lists.here ? drawnSections(here) : [], isFolded };
  const seen = optimistic.view(withStaying(store), server, clock, arranged);
  const end = seen.findLastIndex((group) => group.tasks.length);
  // Of days beyond what is loaded nothing is known.
  const known = store.beyond ? seen.slice(0, end + 1) : seen;
  const asHere = { isMovable, isByDay: page?.isByDay, customs: asDrawn("customs", server.customs) };
  const groups = known.map((group, at) => drawnGroup(group, counts, clock, asHere, at === end));
  // A page that is called Today says so once.
  if (placeHere().kind === "today" && groups.length === 1 && groups[0].key === "today") groups[0].label = "";
  drawn = new Map(groups.flatMap((group) => group.tasks.map((row) => [row.id, row])));
  parts = new Map(groups.map((group) => [group.key, group.parts]));
  return {
    groups,
    isLong: drawn.size > LONG,
    today: store.loadId ? longDay(clock.today) : "Today",
    found: foundWords(groups),
    metrics,
    phase: isLoaded && isGone(lists, sidebar) ? "gone" : groups.some((group) => group.tasks.length || !group.day) ? "ready" : isLoaded ? "empty" : server.load_error ? "failed" : "loading",
    connection: !ui.isCut ? "online" : navigator.onLine ? "reconnecting" : "offline",
    waiting: store.ops.filter((op) => !op.error).length,
    isKept: ui.isKept,
    notice: isRefused(ui.notice) ? null : ui.notice,
    draft: ui.draft && { title: ui.draft.dialog?.fields.title || ui.draft.quickAdd || "a task" },
    zones: zonesToChoose(),
    quickAddError: ui.quickAddError,
    dialog: last("dialog", drawnDialog(clock, groups)),
    isDialogOpen: Boolean(ui.dialog),
    question: last("question", ui.question),
    isQuestionOpen: Boolean(ui.question),
    fortnight: asDrawn("fortnight", drawnFortnight(groups, metrics, clock.today)),
    lists: asDrawn("lists", lists),
    done: isLoaded ? counts.completed : 0,
    sidebar: asDrawn("sidebar", sidebar),
    held: asDrawn("held", isLoaded ? counts : optimistic.emptyStore().groups),
    entryDialog: last("entryDialog", ui.entryDialog),
    isEntryDialogOpen: Boolean(ui.entryDialog),
    entryMenu: ui.entryMenu,
    rescheduling: last("rescheduling", ui.rescheduling),
    isRescheduling: Boolean(ui.rescheduling),
    listDialog: last("listDialog", ui.listDialog),
    isListDialogOpen: Boolean(ui.listDialog),
    listMenu: ui.listMenu,
    rowMenu: last("rowMenu", drawn.get(ui.rowMenu)),
    moving: last("moving", ui.moving),
    isMoving: Boolean(ui.moving),
    targets: ui.moving ? asDrawn("targets", drawnTargets(lists.writable)) : (lasting.targets ?? { lists: [] }),
    naming: last("naming", ui.naming),
    isNaming: ui.naming?.id === "new" && !ui.naming.where,
    told: ui.told,
  };
}

/** Whether what the page is of is none of this person's. */
function isGone(lists, sidebar) {
  const { kind } = placeHere();
  return { inbox: !lists.here, lists: !lists.here, tasks: !lists.here, labels: !sidebar.here, filters: !sidebar.here }[kind] ?? false;
}

function drawnGroup(group, counts, clock, { isMovable, isByDay, customs }, isLast) {
  const { section = null, key, tasks, day } = group;
  const isOpen = isMovable && key !== "completed" && !section?.is_new;
  const isColumn = isBoard();
  const label = group.label || (isColumn ? "Without a section" : "");
  const asHere = { isOpen, isByDay, day, customs };
  const drawnTasks = section?.is_folded ? [] : tasks.map((row, at) => drawnRow(row, tasks[at + 1], asHere, clock));
  // Without headings only what is found is counted, by what is loaded and beyond; of a section, what is open of what is loaded.
  const isWhole = !group.isLoadedBySteps || !isLast || !store.beyond;
  const count = label && !section && !group.isLoadedBySteps && isLoadedHere() && counts[key] !== undefined ? counts[key] : tasks.filter((row) => isCounted(row) && !(section && row.is_completed)).length;
  const name = { name: section?.name ?? "", id: section?.id ?? "", list_id: section?.list_id ?? "", is_folded: Boolean(section?.is_folded), is_new: Boolean(section?.is_new) };
  return { key, label, count, has_count: isWhole, tasks: drawnTasks, parts: isColumn ? [] : parted(drawnTasks, parts.get(key)), section: section && name, ...namedAt(section), is_put_away: Boolean(group.isPutAway) || (isListHere() && key === "completed"), day: dayDrawn(group, clock.today), has_line: (isOpen || Boolean(day)) && ui.addingTo === key, is_movable: isOpen };
}

/** Where the field for a name stands: in the place of a section's own, or above or below it for that of a new one. */
function namedAt(section) {
  const { id, where } = (section && ui.naming) ?? {};
  return { is_naming: Boolean(id) && id === section.id, is_named_above: Boolean(id) && where?.before === section.id, is_named_below: Boolean(id) && where?.after === section.id };
}

/** A row of a group, of which `isOpen`, `isByDay` and `day` say what can be done in it, and `customs` how its person writes. */
function drawnRow(row, next, { isOpen, isByDay, day, customs }, clock) {
  const said = saidOf(row);
  const part = partOf(row, next, isOpen);
  const isEdited = ui.editing?.row.id === row.id;
  // What is typed into its fields changes without a word.
  const changing = isEdited ? {} : null;
  const inputs = [clock.today, clock.now, server.timezone, customs, isByDay, day, changing, ...Object.values(said), ...Object.values(part)];
  return once(row, inputs, () => ({ ...shown(row, clock), ...said, ...part, ...(isByDay && dated(row, day)), editor: isEdited ? fieldsInRow() : null }));
}

let places = new Map(); // list → what its rows say of it, for one drawing

function placeIn(row) {
  if (!places.has(row.list_id)) places.set(row.list_id, placeOf(row));
  return places.get(row.list_id);
}

/** What a row says of what is not in it. */
const saidOf = (row) => ({
  ...placeIn(row),
  label_colors: colorsOf(row),
  lost: edits.lostWords(store.edits, row.id, valueWords),
  is_open: ui.dialog?.row?.id === row.id,
});

function fieldsInRow() {
  const { row, typed, problem } = ui.editing;
  return { ...row, ...typed, error: problem?.words ?? "", wrong: problem?.field ?? "" };
}

/** What a row has where days are places: under the heading of its day it says the time alone. */
function dated(row, day) {
  const time = row.due_time ? timeWords(row.due_time) : "";
  return { is_dated: !placeIn(row).is_locked && !row.is_unmade && !row.is_leaving, ...(day && { due_words: time }) };
}

/** The task that is open, with those before and after it in the list, and its subtasks; until they have come, it says how many there are. */
function drawnDialog(clock, groups) {
  const dialog = dialogOf(clock);
  if (!dialog) return null;
  const parts = ui.dialog.row ? subtasksOf(ui.dialog.row) : [];
  const steps = parts.length ? stepsOf(parts) : dialog.task.subtasks;
  const [done, all] = steps.split("/").map(Number);
  const rows = groups.filter((group) => !group.is_put_away).flatMap((group) => group.tasks.filter(isCounted));
  const at = rows.findIndex((row) => row.id === ui.dialog.row?.id);
  const [previous, next] = [-1, 1].map((by) => (at >= 0 && rows[at + by]) || null);
  return { ...dialog, previous, next, parts: parts.map((row) => ({ ...shown(row, clock), ...saidOf(row) })), steps, done, all };
}

const isListHere = () => Boolean(listHere());

/** What a row has of its place by hand. */
function partOf(row, next, isMovable) {
  const parent = row.is_part ? row.parent_id : row.id;
  const isLast = !next?.is_part;
  const isOpened = ui.addingTo === parent || (Boolean(row.is_part) && isMovable);
  return {
    is_part: Boolean(row.is_part),
    is_folded: Boolean(row.is_folded),
    is_movable: isMovable && !row.is_unmade,
    is_lifted: ui.lifted === row.id,
    line_of: isMovable && isLast && isOpened && !row.is_folded ? parent : "",
  };
}

/** "12", "1,000+". */
function foundWords(groups) {
  const count = groups.reduce((sum, group) => sum + group.tasks.filter(isCounted).length, store.beyond);
  return store.counted ? `${Math.max(store.counted, count).toLocaleString("en")}+` : count.toLocaleString("en");
}

function shown(row, clock) {
  const isOverdue = !row.is_completed && dueKey(row) < clock.now;
  const isToday = row.due_date === clock.today;
  return {
    pending: false,
    error: "",
    is_leaving: "",
    is_part: false,
    is_folded: false,
    is_movable: false,
    is_dated: false,
    is_lifted: false,
    line_of: "",
    editor: null,
    ...row,
    is_completed: row.is_completed || row.is_leaving === "completed",
    due_words: dueWords(row.due_date, row.due_time, clock.today),
    due_kind: !row.due_date ? "none" : isOverdue ? "overdue" : isToday ? "today" : "plain",
    repeat_words: row.is_completed ? "" : repeatWords(row.repeat, row.due_time),
    is_paused: isPaused(row.repeat),
    deleted_words: row.deleted_at ? deletedWords(row.deleted_at, server.timezone, clock.today) : "",
  };
}

const useScreen = (part) => {
  const now = () => {
    // Another page of the same tab is another screen.
    const at = pathHere();
    if (!screen || screen.at !== at) screen = { ...draw(), at };
    return screen[part];
  };
  return useSyncExternalStore(subscribe, now, now);
};
export const useGroups = () => useScreen("groups");
export const useIsLong = () => useScreen("isLong");
export const useToday = () => useScreen("today");
export const useFound = () => useScreen("found");
export const useMetrics = () => useScreen("metrics");
export const usePhase = () => useScreen("phase");
export const useIsDrawn = () => useState(hasFirstRows)[0];
export const useConnection = () => useScreen("connection");
export const useWaiting = () => useScreen("waiting");
export const useIsKept = () => useScreen("isKept");
export const useDraft = () => useScreen("draft");
export const useZones = () => useScreen("zones");
export const useNotice = () => useScreen("notice");
export const useQuickAddError = () => useScreen("quickAddError");
export const useDialog = () => useScreen("dialog");
export const useIsDialogOpen = () => useScreen("isDialogOpen");
export const useQuestion = () => useScreen("question");
export const useIsQuestionOpen = () => useScreen("isQuestionOpen");
export const useFortnight = () => useScreen("fortnight");
export const useLists = () => useScreen("lists");
export const useDone = () => useScreen("done");
export const useListDialog = () => useScreen("listDialog");
export const useIsListDialogOpen = () => useScreen("isListDialogOpen");
export const useListMenu = () => useScreen("listMenu");
export const useRowMenu = () => useScreen("rowMenu");
export const useSidebar = () => useScreen("sidebar");
export const useHeld = () => useScreen("held");
export const useEntryDialog = () => useScreen("entryDialog");
export const useIsEntryDialogOpen = () => useScreen("isEntryDialogOpen");
export const useEntryMenu = () => useScreen("entryMenu");
export const useRescheduling = () => useScreen("rescheduling");
export const useIsRescheduling = () => useScreen("isRescheduling");
export const useMoving = () => useScreen("moving");
export const useTargets = () => useScreen("targets");
export const useNaming = () => useScreen("naming");
export const useIsNaming = () => useScreen("isNaming");
export const useTold = () => useScreen("told");
export const useIsMoving = () => useScreen("isMoving");
