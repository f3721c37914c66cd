// The sections of lists: added, renamed, ordered, folded, deleted and brought back, over REST. What is done shows at once, and is taken
// back with a sentence when the server refuses it; the name of a new one is back in its field then.
import { uuid7 } from "./commands.js";
import { tooLong } from "./fields.js";
import { refusal, request } from "./forms.js";
import { named, noticed, say } from "./notices.js";
import { listHere } from "./place.js";
import { restChanges } from "./rest_changes.js";
import { server, store, ui, update } from "./screen.js";

const LONGEST = 80;
const BLANK = { id: "", list_id: "", name: "", is_folded: false, is_deleted: false, is_new: false };
const kept = restChanges(BLANK, request, () => update(store));

/** The sections of a list as they are drawn, in their order: those too that the server is yet to make. */
export const drawnSections = (listId) => kept.over(server.sections).filter((section) => section.list_id === listId && !section.is_deleted);

/** Those in which tasks can be. */
export const sectionsOf = (listId) => drawnSections(listId).filter((section) => !section.is_new);

const here = () => drawnSections(listHere());
const addressOf = (section) => `/api/sections/${section.id}`;

/** Draw a change and send it; a refusal is told. */
async function send(...change) {
  const { problem } = await kept.send(...change);
  if (problem) say(refusal(problem));
}

const patch = (section, fields) => send({ id: section.id, fields }, "PATCH", addressOf(section), fields);

/** Open the field for the name of a section: of one that there is, or of a new one, which stands `where` it says or behind all others. */
export const nameSection = (section, where) => openName({ id: section?.id ?? "new", name: section?.name ?? "", where, error: "", key: uuid7() });

export const addSectionAbove = (section) => nameSection(null, { before: section.id });
export const addSectionBelow = (section) => nameSection(null, { after: section.id });

function openName(naming) {
  update(store, { naming });
  requestAnimationFrame(() => document.getElementById("section-name")?.select());
}

export const stopNaming = () => ui.naming && update(store, { naming: null });

/** Escape leaves the field as it was. */
export const leaveName = (event) => event.key === "Escape" && stopNaming();

/** For the submit of the form with the name. */
export async function saveName(event) {
  event.preventDefault();
  const form = event.currentTarget;
  if (form.hasAttribute("data-busy")) return;
  const { naming } = ui;
  const name = form.elements.section.value.trim();
  const error = name ? tooLong(name, LONGEST) : "Enter a name for the section.";
  if (error) return refuse(form, error);
  const section = here().find((each) => each.id === naming.id);
  if (name === section?.name) return stopNaming();
  if (!section) return make(name, naming, listHere());
  form.toggleAttribute("data-busy", true);
  const { problem } = await kept.send({ id: section.id, fields: { name } }, "PATCH", addressOf(section), { name });
  form.toggleAttribute("data-busy", false);
  // The field may have been left meanwhile.
  if (problem) return ui.naming === naming ? refuse(form, refusal(problem)) : say(refusal(problem));
  if (ui.naming === naming) stopNaming();
  say(named(name, " is its name now."), () => patch(section, { name: section.name }));
}

function refuse(form, error) {
  update(store, { naming: { ...ui.naming, error } });
  form.elements.section.focus();
}

async function make(name, naming, list_id) {
  const change = { id: `new-${naming.key}`, fields: { list_id, name }, where: naming.where };
  if (ui.naming === naming) stopNaming();
  // Sent again after a lost answer, it makes no second section.
  const { problem } = await kept.make(change, `/api/lists/${list_id}/sections`, { name, ...naming.where }, { "Idempotency-Key": naming.key });
  if (!problem) return focusOn(change);
  const isInTheWay = ui.naming || listHere() !== list_id;
  if (!isInTheWay) return openName({ ...naming, name, error: refusal(problem) });
  const text = [...named(name, " is not added. "), refusal(problem)];
  return update(store, { notice: noticed({ text, more: "Add it again", onMore: () => make(name, naming, list_id) }) });
}

/** A new section has the focus that its field had. */
const focusOn = ({ id }) => requestAnimationFrame(() => document.activeElement === document.body && document.querySelector(`[data-group="${id}"] button:is(.section-name, .section-tool)`)?.focus());

/** Each person folds for themselves. */
export const foldSection = (section) => section.is_new || patch(section, { is_folded: !section.is_folded });

function moveSection(section, by) {
  const all = here();
  const at = all.findIndex(({ id }) => id === section.id);
  const other = all[at + by];
  if (!other || other.is_new) return undefined;
  const order = all.map(({ id }) => id).filter((id) => id !== section.id);
  order.splice(at + by, 0, section.id);
  say(named(section.name, ` is ${at + by + 1} of ${all.length} now.`), () => moveSection(section, -by));
  return send({ order }, "PATCH", addressOf(section), { [by > 0 ? "after" : "before"]: other.id });
}

export const raiseSection = (section) => moveSection(section, -1);
export const lowerSection = (section) => moveSection(section, 1);

/** Its tasks move above the sections; Undo brings both back. */
export function deleteSection(section) {
  const back = () => send({ id: section.id, fields: { ...section, is_deleted: false } }, "POST", `${addressOf(section)}/restore`);
  say(named(section.name, " deleted. Its tasks are above the sections."), back);
  return send({ id: section.id, fields: { is_deleted: true } }, "DELETE", addressOf(section));
}
