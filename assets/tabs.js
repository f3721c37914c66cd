// Which tabs of this browser are there: each answers by its name, over plain http too, where a page may hold no locks.
const PATIENCE = 200;

/** The name of this tab, for as long as its page is there. */
export const tab = Array.from(crypto.getRandomValues(new Uint32Array(2)), (part) => part.toString(36)).join("");

const heard = new Set();
let channel = null;

/** Be heard of, and hear of others. */
export function join() {
  channel ??= new BroadcastChannel("cairn-tabs");
  channel.onmessage = ({ data }) => (data.asks ? channel.postMessage({ name: tab }) : heard.add(data.name));
}

/** The names of the other tabs that answer. */
export async function openTabs() {
  channel.postMessage({ asks: true });
  await new Promise((resolve) => setTimeout(resolve, PATIENCE));
  return heard;
}
