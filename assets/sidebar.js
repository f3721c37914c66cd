// Labels and filters, the entries of the sidebar beside lists: as they are drawn, and what can be done with them over REST. What is done
// shows at once, and is taken back with a sentence when the server refuses it; what was typed stays in its field until the server has it.
import { createElement as h, Fragment } from "react";
import { ask, uuid7 } from "./commands.js";
import { tooLong } from "./fields.js";
import { refusal, request } from "./forms.js";
import { hideMenu, showMenu } from "./menu.js";
import { named, say } from "./notices.js";
import * as optimistic from "./optimistic_list.js";
import { labelKey, labelsOf, placeHere } from "./place.js";
import { restChanges } from "./rest_changes.js";
import { server, store, ui, update } from "./screen.js";
import { compareText } from "./title_order.js";
import { lead } from "./whereabouts.js";

const LONGEST = { label: 50, filter: 80 };
const SHOWN_ON_A_ROW = 2;
const MENU = "entry-menu";

/* ---------- as they are drawn ---------- */

const draw = () => update(store);
const keptLabels = restChanges({ id: "", name: "", color: "stone", open: 0, is_deleted: false }, request, draw, ({ name }) => labelKey(name));
const keptFilters = restChanges({ id: "", name: "", query: "", found: 0, problem: "", is_deleted: false }, request, draw);

const keysOf = (row) => labelsOf(row).map(labelKey);
/** `of` is its id as it was loaded: it has a new name before the server says so. */
const label = ({ id, name, color, open }) => ({ kind: "label", id: labelKey(name), of: id, name, color, query: "", count: open, problem: "", address: `/labels/${encodeURIComponent(name)}` });
const filter = ({ id, name, query, found, problem }) => ({ kind: "filter", id, of: id, name, color: "", query, count: found, problem, address: `/filters/${id}` });

const allOf = (kept, loaded, drawn) => kept.over(loaded).filter((each) => !each.is_deleted).map(drawn);
const eachLabel = () => allOf(keptLabels, server.labels, label);
const filtersNow = () => allOf(keptFilters, server.filters, filter);

/** Made once for each change, since every row asks. By name, as the server has them; of two that have the same name now, the one that had it before. */
let [said, labels, colors] = [null, [], new Map()];
function labelsNow() {
  const things = keptLabels.over(server.labels);
  if (things === said) return labels;
  const byId = new Map();
  for (const each of eachLabel()) if (!byId.has(each.id) || each.of === each.id) byId.set(each.id, each);
  said = things;
  labels = [...byId.values()].sort((a, b) => compareText(a.id, b.id));
  colors = new Map(labels.flatMap(({ id, of, color }) => [[of, color], [id, color]]));
  return labels;
}

/** {labels, filters, here}: `here` is the one whose page this is; null elsewhere, and where it is none of this person's. */
export function drawnSidebar() {
  const { kind, key } = placeHere();
  const labels = labelsNow();
  const filters = filtersNow();
  const counts = optimistic.labelCountsOf(store, Object.fromEntries(labels.map(({ id, count }) => [id, count])), keysOf);
  const counted = labels.map((each) => ({ ...each, count: counts[each.id] }));
  const id = kind === "labels" ? labelKey(key) : key;
  const some = { labels: counted, filters }[kind] ?? [];
  const renamed = kind === "labels" ? eachLabel().find((each) => each.of === id) : undefined;
  return { labels: counted, filters, here: some.find((each) => each.id === id) ?? renamed ?? null };
}

/** The colours of a row's labels, in their order. */
export function colorsOf(row) {
  if (row.labels) labelsNow();
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
  const { answer, problem } = await (isNew ? make(fields, key) : send("PATCH", entry, fields));
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

/** Draw a change of one that there is, and send it; by itself the change is `fields`. What the server answers, as `request` gives it. */
function send(method, entry, fields, change = { fields: fields ?? { is_deleted: true } }) {
  const kept = entry.kind === "label" ? keptLabels : keptFilters;
  return kept.send({ ...(!change.order && { id: entry.of, isOfOne: true }), ...change }, method, pathOf(entry), fields);
}

/** The same, telling it, with the way back; a refusal is told instead. */
async function act(method, entry, fields, text, undo, change) {
  say(text, undo);
  const { problem } = await send(method, entry, fields, change);
  if (problem) say(refusal(problem));
  return !problem;
}

/** Make a filter; sent again after a lost answer, it makes no second one. */
const make = (fields, key, where) => keptFilters.make({ id: `new-${key}`, fields, where }, "/api/filters", fields, { "Idempotency-Key": key });

function tellSaved(made) {
  lead(made.address);
  say(named(made.name, " is saved."), () => act("DELETE", made, undefined, named(made.name, " is deleted.")));
}

/** Whether a label of this name is there already, beside this one. */
const isOther = (name, entry) => Boolean(name) && labelKey(name) !== entry.id && labelsNow().some(({ id }) => id === labelKey(name));

function tellChanged(entry, changed, fields, isMerged) {
  const word = entry.kind === "label" ? "Label" : "Filter";
  follow(entry, changed);
  // Which of the tasks had which of two labels that are one now, is not known any more.
  if (isMerged) return say([...named(entry.name, " and "), ...named(changed.name, " are one label now.")]);
  const before = Object.fromEntries(Object.keys(fields).map((name) => [name, entry[name]]));
  return say(`${word} saved.`, async () => {
    if (await act("PATCH", asDrawn(changed), before, `${word} changed back.`)) follow(changed, entry);
  });
}

/** A label may have been loaded under its new name since. */
const asDrawn = (entry) => labelsNow().find(({ kind, id }) => kind === entry.kind && id === labelKey(entry.name)) ?? entry;

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
  const all = filtersNow();
  const place = all.findIndex(({ id }) => id === entry.id) + 1 + by;
  if (place < 1 || place > all.length) return undefined;
  const order = all.map(({ id }) => id).filter((id) => id !== entry.id);
  order.splice(place - 1, 0, entry.id);
  return act("PATCH", entry, { place }, named(entry.name, ` is ${place} of ${all.length} now.`), () => moveFilter(entry, -by), { order });
}

const leaveIfHere = (entry) => isPageOf(entry) && lead("/dashboard");

/** Its tasks stay, and the query can be saved again. */
function removeFilter(entry) {
  const all = filtersNow();
  const place = all.findIndex(({ id }) => id === entry.id) + 1;
  const key = uuid7();
  const back = async () => {
    const next = all[place];
    const { answer, problem } = await make({ name: entry.name, query: entry.query }, key, next && { before: next.id });
    if (problem) return say(refusal(problem));
    const order = all.map(({ id }) => (id === entry.id ? answer.id : id));
    return act("PATCH", { ...entry, id: answer.id }, { place }, named(entry.name, " is back."), undefined, { order });
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
