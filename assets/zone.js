// A device in another time zone than the account's is told so, and may take the account along: once for each pair of zones.
import { refusal, request } from "./forms.js";
import { say } from "./notices.js";
import { present, server, store, update } from "./screen.js";
import { wallClock } from "./words.js";

const HALF_A_YEAR = 182 * 86_400_000;

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const keyOf = (zone) => `cairn-zone:${server.user_id}:${zone}:${here}`;
const said = new Map(); // what was found out for a key

/** Whether two zones show the same time, in summer as in winter. */
const isSame = (one, other) =>
  [0, HALF_A_YEAR].every((later) => wallClock(one, present() + later).now === wallClock(other, present() + later).now);

/** The zones of the account and of this device, when the person is to choose between them; else null. */
export function zonesToChoose() {
  if (!server.load_id || !server.user_id || !here) return null;
  const key = keyOf(server.timezone);
  if (!said.has(key)) said.set(key, isSame(server.timezone, here) || isSettled(key) ? null : { account: named(server.timezone), here: named(here) });
  return said.get(key);
}

const named = (zone) => zone.replaceAll("_", " ");

function isSettled(key) {
  try {
    return Boolean(localStorage.getItem(key));
  } catch {
    return false;
  }
}

/** Leave the account in its zone, or in one that was chosen here, and ask no more. */
export function keepZone(zone = server.timezone) {
  said.set(keyOf(zone), null);
  try {
    localStorage.setItem(keyOf(zone), "kept");
  } catch {
    // Without storage it is asked again when the page is loaded.
  }
  update(store);
}

/** Move the account to the zone of this device. */
export async function takeZone() {
  const { problem } = await request("PATCH", "/api/account", { timezone: here });
  say(problem ? refusal(problem) : `Your days and times follow ${named(here)} now.`);
  if (!problem) keepZone(here);
}
