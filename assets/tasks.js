// The instant list: components/overlay.py knows this file alone, and finds everything in it. TaskFeed hands on what the
// server says; drawing.js draws, gestures.js and the files of fields send, overlay.js merges.
import { useEffect, useLayoutEffect, useRef } from "react";
import { fetchDescriptionsBy, withChange, withDescription } from "./dialog.js";
import * as drafts from "./drafts.js";
import { keepDraft, takeUp } from "./half_typed.js";
import { letGo } from "./leaving.js";
import { undoByKey } from "./notices.js";
import * as overlay from "./overlay.js";
import { keepSignedIn } from "./presence.js";
import { withoutFields } from "./row_fields.js";
import { follow, server, store, ui, update } from "./screen.js";
import { reloadIfReplaced } from "./upgrade.js";
import { wallClock } from "./words.js";

export * from "./dialog.js";
export * from "./drawing.js";
export * from "./gestures.js";
export * from "./half_typed.js";
export * from "./modal.js";
export * from "./notices.js";
export * from "./row_fields.js";

const BANNER_DELAY = 1000;
const FIRST_RETRY = 2000;
const LAST_RETRY = 60_000;

/** Draws nothing: its props are the server's words, and what it is told, the screen follows. */
export function TaskFeed({ said, isOnline, onGesture, onOpen, onReload }) {
  const open = useRef(onOpen);
  const reload = useRef(onReload);
  const wasAway = useRef(false);
  useLayoutEffect(() => {
    reload.current = onReload;
    open.current = onOpen;
    fetchDescriptionsBy((id) => open.current(id));
    follow(said, onGesture);
    if (said.leave_to) leave(said.leave_to);
    if (said.load_id !== store.loadId) letGo();
    const left = takeUp(said);
    const before = withLeft(store, left);
    const received = overlay.receive(overlay.connect(before, isOnline), said);
    if (received.hasGap && !before.hasGap) onReload();
    const isOwn = (change) => before.ops.some((op) => op.nonce === change.nonce);
    const elsewhere = said.changes.filter((change) => change.seq > before.seq && !isOwn(change)).map(overlay.whole);
    const dialog = elsewhere.reduce(withChange, withDescription(ui.dialog, said.opened));
    update(received, { dialog, ...withoutFields(received) });
  }, [said, isOnline]);
  useEffect(() => {
    if (isOnline) {
      if (wasAway.current) reloadIfReplaced();
      wasAway.current = false;
      return update(store, { isCut: false });
    }
    wasAway.current = true;
    const timer = setTimeout(() => update(store, { isCut: true }), BANNER_DELAY);
    return () => clearTimeout(timer);
  }, [isOnline]);
  useEffect(() => {
    if (!said.failures) return undefined;
    const timer = setTimeout(onReload, Math.min(FIRST_RETRY * 2 ** (said.failures - 1), LAST_RETRY));
    return () => clearTimeout(timer);
  }, [said.failures]);
  useEffect(() => {
    lookedAt = Date.now();
    const minute = setInterval(() => {
      if (hasTimeTold() && store.online) reload.current();
      update(store);
    }, 30_000);
    window.addEventListener("keydown", undoByKey);
    document.addEventListener("input", keepDraft);
    return () => {
      clearInterval(minute);
      window.removeEventListener("keydown", undoByKey);
      document.removeEventListener("input", keepDraft);
    };
  }, []);
  useEffect(keepSignedIn, []);
  return null;
}

let lookedAt = 0; // when it was last seen to what time alone has changed

/** Whether since then a day has ended, or a task become overdue: what the server counted and said is older than that. */
function hasTimeTold() {
  const [before, now] = [lookedAt, Date.now()].map((moment) => wallClock(server.timezone, moment));
  lookedAt = Date.now();
  const isOver = (row, clock) => !row.is_completed && overlay.dueKey(row) < clock.now;
  return before.today !== now.today || [...store.base.values()].some((row) => isOver(row, now) && !isOver(row, before));
}

function leave(address) {
  if (!drafts.mayGo()) return;
  drafts.leaveTab();
  window.location.replace(address);
}

/** Gestures that were left here without an answer are sent again under their nonces. */
const withLeft = (store, left) => (left ? { ...store, ops: [...left.queue.map((op) => ({ ...op, sentAt: 0 })), ...store.ops] } : store);
