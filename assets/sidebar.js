// Labels and filters, the entries of the sidebar beside lists: as they are drawn, and what can be done with them over REST. The server has
// every tab load them again; what was typed stays in its field until it has it.
import { createElement as h, Fragment } from "react";
import { ask, uuid7 } from "./commands.js";
import { tooLong } from "./fields.js";
import { refusal, request } from "./forms.js";
import { hideMenu, showMenu } from "./menu.js";
import { named, say } from "./notices.js";
import * as optimistic from "./optimistic_list.js";
import { labelKey, labelsOf, placeHere } from "./place.js";
import { server, store, ui, update } from "./screen.js";
import { lead } from "./whereabouts.js";

const LONGEST = { label: 50, filter: 80 };
const SHOWN_ON_A_ROW = 2;
const MENU = "entry-menu";

/* ---------- as they are drawn ---------- */

const keysOf = (row) => labelsOf(row).map(labelKey);
const label = ({ name, color, open }) => ({ kind: "label", id: labelKey(name), name, color, query: "", count: open, problem: "", address: `/labels/${encodeURIComponent(name)}` });
const filter = ({ id, name, query, found, problem }) => ({ kind: "filter", id, name, color: "", query, count: found, problem, address: `/filters/${id}` });

/** {labels, filters, here}: `here` is the one whose page this is; null elsewhere, and where it is none of this person's. */
export function drawnSidebar() {
  const { kind, key } = placeHere();
  const labels = (server.labels ?? []).map(label);
  const filters = (server.filters ?? []).map(filter);
  const counts = optimistic.labelCountsOf(store, Object.fromEntries(labels.map(({ id, count }) => [id, count])), keysOf);
  const counted = labels.map((each) => ({ ...each, count: counts[each.id] }));
  const id = kind === "labels" ? labelKey(key) : key;
  const some = { labels: counted, filters }[kind] ?? [];
  return { labels: counted, filters, here: some.find((each) => each.id === id) ?? null };
}

/** The colours of a row's labels, in their order. */
export function colorsOf(row) {
  const colors = new Map((row.labels && server.labels ? server.labels : []).map(({ name, color }) => [labelKey(name), color]));
  return keysOf(row).map((key) => colors.get(key) ?? "stone").join(" ");
}

/** The labels of a row, the first ones each in its colour. */
export function RowLabels({ labels, colors, look }) {
  const names = labels.split(" ");
  const each = colors.split(" ");
  const sign = (at) => h("span", { "data-color": each[at], className: look.sign, "aria-hidden": true }, "@");
  const shown = names.slice(0, SHOWN_ON_A_ROW).map((name, at) => h(Fragment, { key: name }, at ? " " : "", h("span", { dir: "auto", className: look.label }, sign(at), name)));
  const more = names.length - SHOWN_ON_A_ROW;
  return h(Fragment, null, shown, more > 0 ? h("span", { title: names.slice(SHOWN_ON_A_ROW).join(" ") }, `+${more}`) : null);
}

/* ---------- the dialog of a label or a filter ---------- */

const open = (entry, typed = {}) => update(store, { entryDialog: { entry, typed: { ...entry, ...typed }, field: "", error: "", key: uuid7() } });
const shut = () => update(store, { entryDialog: null });

/** Name what the search field holds, to keep it. */
export const saveAsFilter = () => open({ ...filter({ id: "", name: "", query: document.getElementById("search").value.trim(), found: 0, problem: "" }) });

const FIELDS = { label: ["name", "color"], filter: ["name", "query"] };
const typedIn = ({ elements }, kind) => Object.fromEntries(FIELDS[kind].map((name) => [name, elements[name].value.trim()]));
const changedIn = (entry, typed) => Object.fromEntries(Object.entries(typed).filter(([name, value]) => value !== entry[name]));

/** Close without saving; what was typed can be had back for as long as the notice stands. */
export function dismissEntry() {
  const { entry } = ui.entryDialog;
  const typed = typedIn(document.querySelector("dialog[open] form:has(#entry-name)"), entry.kind);
  shut();
  if (Object.keys(changedIn(entry, typed)).length) say("Closed without saving.", () => open(entry, typed));
}

/** For the submit of the dialog's form: name, and color or query. */
export async function saveEntry(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const { entry, key } = ui.entryDialog;
  if (form.hasAttribute("data-busy")) return undefined;
  const typed = typedIn(form, entry.kind);
  const isNew = !entry.id;
  const fields = isNew ? typed : changedIn(entry, typed);
  const error = typed.name ? tooLong(typed.name, LONGEST[entry.kind]) : `Enter a name for the ${entry.kind}.`;
  if (error) return refuse(form, "name", error);
  if (!Object.keys(fields).length) return shut();
  // The answer may come after the tab has heard of the change.
  const isMerged = entry.kind === "label" && isOther(fields.name, entry);
  form.toggleAttribute("data-busy", true);
  const { answer, problem } = await (isNew ? request("POST", "/api/filters", fields, { "Idempotency-Key": key }) : send("PATCH", entry, fields));
  form.toggleAttribute("data-busy", false);
  if (problem) return refuse(form, problem.errors?.[0]?.field === "query" ? "query" : "name", refusal(problem));
  shut();
  return isNew ? tellSaved(filter({ ...answer, found: answer.count })) : tellChanged(entry, { ...entry, ...answer }, fields, isMerged);
}

function refuse(form, field, error) {
  update(store, { entryDialog: { ...ui.entryDialog, field, error } });
  form.elements[field].focus();
}

const pathOf = ({ kind, id, name }) => (kind === "label" ? `/api/labels/${encodeURIComponent(name)}` : `/api/filters/${id}`);
const send = (method, entry, fields) => request(method, pathOf(entry), fields);

/** The same outside of a form: what is refused is told. */
async function act(method, entry, fields, text, undo) {
  const { answer, problem } = await send(method, entry, fields);
  say(problem ? refusal(problem) : text, problem ? undefined : undo);
  return answer;
}

function tellSaved(made) {
  lead(made.address);
  say(named(made.name, " is saved."), () => act("DELETE", made, undefined, named(made.name, " is deleted.")));
}

/** Whether a label of this name is there already, beside this one. */
const isOther = (name, entry) => Boolean(name) && labelKey(name) !== entry.id && drawnSidebar().labels.some(({ id }) => id === labelKey(name));

function tellChanged(entry, changed, fields, isMerged) {
  const word = entry.kind === "label" ? "Label" : "Filter";
  follow(entry, changed);
  // Which of the tasks had which of two labels that are one now, is not known any more.
  if (isMerged) return say([...named(entry.name, " and "), ...named(changed.name, " are one label now.")]);
  const before = Object.fromEntries(Object.keys(fields).map((name) => [name, entry[name]]));
  return say(`${word} saved.`, () => {
    follow(changed, entry);
    return act("PATCH", changed, before, `${word} changed back.`);
  });
}

const isPageOf = ({ kind, id, name }) => {
  const here = placeHere();
  return here.kind === `${kind}s` && (kind === "label" ? labelKey(here.key) === labelKey(name) : here.key === id);
};

/** The page of a label has its name in its address. */
const follow = (entry, changed) => entry.kind === "label" && entry.name !== changed.name && isPageOf(entry) && lead(label(changed).address);

/* ---------- what its menu does ---------- */

export function openEntryMenu(entry, event) {
  update(store, { entryMenu: entry });
  showMenu(MENU, event);
}

const onMenu = (perform) => () => {
  hideMenu(MENU);
  perform(ui.entryMenu);
};

export const editEntry = onMenu((entry) => open(entry));
export const raiseEntry = onMenu((entry) => moveFilter(entry, -1));
export const lowerEntry = onMenu((entry) => moveFilter(entry, 1));
export const removeEntry = onMenu((entry) => (entry.kind === "label" ? askToRemoveLabel(entry) : removeFilter(entry)));

function moveFilter(entry, by) {
  const all = drawnSidebar().filters;
  const place = all.findIndex(({ id }) => id === entry.id) + 1 + by;
  if (place < 1 || place > all.length) return undefined;
  return act("PATCH", entry, { place }, named(entry.name, ` is ${place} of ${all.length} now.`), () => moveFilter(entry, -by));
}

const leaveIfHere = (entry) => isPageOf(entry) && lead("/dashboard");

/** Its tasks stay, and the query can be saved again. */
function removeFilter(entry) {
  const place = drawnSidebar().filters.findIndex(({ id }) => id === entry.id) + 1;
  const key = uuid7();
  const back = async () => {
    const { answer, problem } = await request("POST", "/api/filters", { name: entry.name, query: entry.query }, { "Idempotency-Key": key });
    if (problem) return say(refusal(problem));
    return act("PATCH", { ...entry, id: answer.id }, { place }, named(entry.name, " is back."));
  };
  leaveIfHere(entry);
  return act("DELETE", entry, undefined, named(entry.name, " is deleted. Its tasks stay."), back);
}

/** Which tasks had it cannot be told any more. */
const askToRemoveLabel = (entry) =>
  ask({
    title: "Remove this label?",
    text: named(entry.name, " is taken off every task that you may change. The tasks stay."),
    verb: "Remove label",
    yes: () => {
      leaveIfHere(entry);
      return act("DELETE", entry, undefined, named(entry.name, " is removed."));
    },
  });
