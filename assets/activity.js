// What this person did to the task that is open: asked for when it is unfolded.
import { agoWords, stepWords } from "./activity_words.js";
import { refusal, request } from "./forms.js";
import { present, server, store, ui, update } from "./screen.js";

export const NO_STEPS = { items: [], cursor: null, problem: "" };

async function load(known) {
  const { id } = ui.dialog.row;
  const page = known.cursor ? `?cursor=${known.cursor}` : "";
  const { answer, problem } = await request("GET", `/api/tasks/${id}/activity${page}`);
  if (ui.dialog?.row?.id !== id) return;
  const steps = answer ? { items: [...known.items, ...answer.items], cursor: answer.next_cursor, problem: "" } : { ...known, problem: refusal(problem) };
  update(store, { dialog: { ...ui.dialog, steps } });
}

/** For the toggle of what holds them: the latest each time. */
export const unfoldActivity = ({ currentTarget }) => currentTarget.open && load(NO_STEPS);
export const moreActivity = () => load(ui.dialog.steps);

/** As they are drawn. */
export function drawnSteps({ items, cursor, problem }, today) {
  const drawn = items.map(({ id, at, ...step }) => ({ id, at, words: stepWords(step, today), when: agoWords(Date.parse(at), present(), server.timezone, today) }));
  return { steps: drawn.filter(({ words }) => words.length), has_more: Boolean(cursor), problem };
}
