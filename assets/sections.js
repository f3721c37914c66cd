// The sections of lists: added, renamed, ordered, folded, deleted and brought back, over REST. What is done shows at once, and is taken
// back with a sentence when the server refuses it; a name stays in its field until the server has it.
import { uuid7 } from "./commands.js";
import { tooLong } from "./fields.js";
import { refusal, request } from "./forms.js";
import { named, say } from "./notices.js";
import { listHere } from "./place.js";
import { restChanges } from "./rest_changes.js";
import { server, store, ui, update } from "./screen.js";

const LONGEST = 80;
const BLANK = { id: "", list_id: "", name: "", is_folded: false, is_deleted: false };
const kept = restChanges(BLANK, request, () => update(store));

/** The sections of a list, in their order. */
export const sectionsOf = (listId) => kept.over(server.sections).filter((section) => section.list_id === listId && !section.is_deleted);

const here = () => sectionsOf(listHere());
const addressOf = (section) => `/api/sections/${section.id}`;

/** Draw a change and send it; a refusal is told. */
async function send(...change) {
  const { problem } = await kept.send(...change);
  if (problem) say(refusal(problem));
}

const patch = (section, fields) => send({ id: section.id, fields }, "PATCH", addressOf(section), fields);

/** Open the field for the name of a section: of a new one, or of one that there is. */
export function nameSection(section) {
  update(store, { naming: { id: section?.id ?? "new", name: section?.name ?? "", error: "", key: uuid7() } });
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
  form.toggleAttribute("data-busy", true);
  const { problem } = await (section ? kept.send({ id: section.id, fields: { name } }, "PATCH", addressOf(section), { name }) : make(name, naming.key));
  form.toggleAttribute("data-busy", false);
  // The field may have been left meanwhile.
  if (problem) return ui.naming === naming ? refuse(form, refusal(problem)) : say(refusal(problem));
  if (ui.naming === naming) stopNaming();
  if (section) say(named(name, " is its name now."), () => patch(section, { name: section.name }));
}

function refuse(form, error) {
  update(store, { naming: { ...ui.naming, error } });
  form.elements.section.focus();
}

async function make(name, key) {
  const list_id = listHere();
  // Pressed again after a lost answer, the button makes no second section.
  const result = await request("POST", `/api/lists/${list_id}/sections`, { name }, { "Idempotency-Key": key });
  if (result.answer) kept.add(result.answer.id, { list_id, name });
  return result;
}

/** Each person folds for themselves. */
export const foldSection = (section) => patch(section, { is_folded: !section.is_folded });

function moveSection(section, by) {
  const all = here();
  const at = all.findIndex(({ id }) => id === section.id);
  const other = all[at + by];
  if (!other) return undefined;
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
