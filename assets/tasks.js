// The instant list: components/tasks/optimistic_list.py knows this file alone, and finds everything in it. TaskFeed hands on what the
// server says; drawing.js draws, commands.js and the files of fields send, optimistic_list.js merges.
import { useEffect, useLayoutEffect, useRef } from "react";
import { useLocation, useNavigate } from "react-router";
import { dueKey } from "./agenda.js";
import { tick } from "./commands.js";
import { fetchTasksBy, refreshTask, withChange, withOwnChange, withPart, withWhole } from "./dialog.js";
import { swallowStrayHalf } from "./double_click.js";
import * as drafts from "./drafts.js";
import { keepDraft, leaveDraft, takeUp } from "./draft_restore.js";
import { dropFirstPage, hideIfKept, isOfSomeoneElse, reloadIfKept, takeEarlyTicks, takeFirstPage } from "./first_page.js";
import { letGo } from "./row_exit.js";
import { undoByKey } from "./notices.js";
import * as optimistic from "./optimistic_list.js";
import { prepareDrag } from "./moving.js";
import { isArranged } from "./place.js";
import { keepSignedIn } from "./session_keepalive.js";
import * as queue from "./queue.js";
import { withoutFields } from "./row_fields.js";
import { onStep, openAwaited, reach } from "./task_address.js";
import { follow, present, server, store, ui, update } from "./screen.js";
import { reloadIfReplaced } from "./upgrade.js";
import { leadBy, reachWanted, sayWhere } from "./whereabouts.js";
import { wallClock } from "./words.js";

export * from "./date_picker.js";
export * from "./dialog.js";
export * from "./drawing.js";
export * from "./activity.js";
export { ColumnTabs, showColumn } from "./columns.js";
export * from "./commands.js";
export * from "./draft_restore.js";
export { FirstRows } from "./first_page.js";
export { FreshRows } from "./fresh_rows.js";
export * from "./lists.js";
export * from "./modal.js";
export * from "./move_dialog.js";
export * from "./moving.js";
export * from "./notices.js";
export * from "./quick_add.js";
export * from "./repeat_editor.js";
export * from "./row_menu.js";
export * from "./reschedule.js";
export * from "./row_fields.js";
export * from "./sections.js";
export * from "./show_more.js";
export * from "./subtasks.js";
export * from "./sidebar.js";
export { DayStrip, goToDay, turnWeeks } from "./upcoming.js";
export { copyLink } from "./task_address.js";
export * from "./whereabouts.js";
export * from "./zone.js";

const BANNER_DELAY = 1000;
const FIRST_RETRY = 2000;
const LAST_RETRY = 60_000;

/** Draws nothing: its props are the server's words, and what it is told, the screen follows. */
export function TaskFeed({ said, dispatch, isOnline, onGesture, onOpen, onReload }) {
  const open = useRef(onOpen);
  const reload = useRef(onReload);
  const wasAway = useRef(false);
  const isConfirmed = said.load_id !== optimistic.OF_DOCUMENT;
  const location = useLocation();
  leadBy(useNavigate());
  useLayoutEffect(() => takeFirstPage(dispatch), []);
  useLayoutEffect(() => {
    if (isOfSomeoneElse(said)) return window.location.reload();
    reload.current = onReload;
    open.current = onOpen;
    fetchTasksBy((id) => open.current(id));
    follow(said, onGesture);
    if (said.leave_to) leave(said.leave_to);
    const isNewList = said.load_id !== store.loadId;
    if (isNewList) letGo();
    if (takeUp(said)) continueQueue(said.user_id);
    const before = store;
    const received = optimistic.receive(optimistic.connect(before, isOnline), said);
    if (received.hasGap && !before.hasGap) onReload();
    const ownOf = (change) => before.ops.find((op) => op.nonce === change.nonce);
    const tell = (now, change) => (ownOf(change) ? withOwnChange(now, change, ownOf(change)) : withChange(now, change, received));
    const news = said.changes.filter((change) => change.seq > before.seq).map((change) => optimistic.whole(change, said.user_id));
    const dialog = news.reduce((now, change) => withPart(tell(now, change), change), withWhole(ui.dialog, said));
    update(received, { dialog, ...withoutFields(received) });
    if (isNewList) {
      reachWanted();
      if (before.loadId) refreshTask();
    }
    openAwaited();
    if (said.load_id) takeEarlyTicks((id, isCompleted) => store.base.has(id) && tick(store.base.get(id), isCompleted));
    said.changes.filter((change) => change.seq > before.seq && change.is_hidden).forEach(({ id }) => sayWhere(id));
  }, [said, isOnline]);
  useEffect(() => reach(location), [location]);
  useEffect(() => {
    if (isOnline && wasAway.current) reloadIfReplaced();
    wasAway.current = !isOnline;
  }, [isOnline]);
  useEffect(() => {
    if (said.load_id && isConfirmed) dropFirstPage();
    if (isOnline && isConfirmed) return cut(false);
    const timer = setTimeout(() => cut(true), isOnline ? optimistic.PATIENCE : BANNER_DELAY);
    return () => clearTimeout(timer);
  }, [isOnline, isConfirmed, said.load_id]);
  useEffect(() => {
    if (!said.failures) return undefined;
    const timer = setTimeout(onReload, Math.min(FIRST_RETRY * 2 ** (said.failures - 1), LAST_RETRY));
    return () => clearTimeout(timer);
  }, [said.failures]);
  useEffect(() => {
    lookedAt = present();
    const minute = setInterval(() => {
      if (hasTimeTold() && store.online) reload.current();
      update(store);
      queue.stay();
      if (!store.isHeld) takeOver();
    }, 30_000);
    window.addEventListener("popstate", onStep, { capture: true });
    window.addEventListener("keydown", undoByKey);
    document.addEventListener("click", swallowStrayHalf, { capture: true });
    document.addEventListener("input", keepDraft);
    document.addEventListener("focusout", leaveDraft);
    window.addEventListener("beforeunload", warn);
    window.addEventListener("pagehide", queue.leave);
    window.addEventListener("pagehide", hideIfKept);
    window.addEventListener("pageshow", reloadIfKept);
    return () => {
      clearInterval(minute);
      window.removeEventListener("popstate", onStep, { capture: true });
      window.removeEventListener("keydown", undoByKey);
      document.removeEventListener("click", swallowStrayHalf, { capture: true });
      document.removeEventListener("input", keepDraft);
      document.removeEventListener("focusout", leaveDraft);
      window.removeEventListener("beforeunload", warn);
      window.removeEventListener("pagehide", queue.leave);
      window.removeEventListener("pagehide", hideIfKept);
      window.removeEventListener("pageshow", reloadIfKept);
    };
  }, []);
  useEffect(keepSignedIn, []);
  const hasHandles = isArranged();
  useEffect(() => void (hasHandles && prepareDrag()), [hasHandles]);
  return null;
}

/** Whether the page is without its server; the banner that says so covers the upper edge (styles.css). */
function cut(isCut) {
  document.documentElement.toggleAttribute("data-cut", isCut);
  update(store, { isCut });
}

let lookedAt = 0; // when it was last seen to what time alone has changed

/** Whether since then a day has ended, or a task become overdue: what the server counted and said is older than that. */
function hasTimeTold() {
  const [before, now] = [lookedAt, present()].map((moment) => wallClock(server.timezone, moment));
  lookedAt = present();
  const isOver = (row, clock) => !row.is_completed && dueKey(row) < clock.now;
  return before.today !== now.today || [...store.base.values()].some((row) => isOver(row, now) && !isOver(row, before));
}

function leave(address) {
  if (!drafts.mayGo()) return;
  drafts.leaveTab();
  window.location.replace(address);
}

/** What earlier tabs of this person left without an answer is sent under its nonces, before anything that this one does. */
function continueQueue(person) {
  queue.begin(person);
  takeOver().finally(() => update({ ...store, isHeld: false }));
}

// A browser that hands out no lock in time is asked again with the next minute.
const takeOver = () => queue.takeOver((gestures) => (update(optimistic.adopt(store, gestures)), store.ops)).catch(() => {});

const warn = (event) => queue.wouldLose() && event.preventDefault();
