// Everything by key: moving in the list, gestures at its rows, going places, the way back, and the sheet that lists them.
import { createElement, useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { openNew } from "./dialog.js";
import { letterOf } from "./keys.js";
import { Modal, useBackToClose } from "./modal.js";
import { askToMove } from "./move_dialog.js";
import { say } from "./notices.js";
import { rowsOf } from "./optimistic_list.js";
import { store } from "./screen.js";
import { clearSearch } from "./shell.js";

const ROW = "li[data-task]";
const MORE = ".row-more"; // of a row that may be changed
const CANCEL = "[data-do=cancel]"; // of a row that is edited in place
const CHORD_TIME = 1500;
const RESTING = 120;
const PLACES = { d: "/dashboard", i: "/inbox", l: "/lists", y: "/today", u: "/upcoming", t: "/dashboard#tasks", s: "/settings" };
/** Keys that type something when they are not a shortcut: Settings can take these away (WCAG 2.1.4). */
const isCharacter = (key) => key.length === 1 && key !== " ";
const isLetter = (letter) => letter >= "a" && letter <= "z" && letter.length === 1;
const isOff = () => document.documentElement.dataset.shortcuts === "off";
const isTyping = (element) => element.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
const byId = (id) => document.getElementById(id);
const rows = () => [...document.querySelectorAll(ROW)].filter((row) => row.checkVisibility());

let go = () => {};
let showSheet = () => {};
let chord = 0; // when g was pressed
let isShown = false; // whether the place of the focus could be seen before the present key: a key can make it so
let origin = null; // where the focus was before a shortcut took it to a field

/** Opens the sheet of shortcuts; for a button. */
export const showShortcuts = () => showSheet(true);

/** The sheet of shortcuts, and what listens to the keys. Once on each page with the shell. */
export function ShortcutSheet({ children, ...props }) {
  const [isOpen, setOpen] = useState(false);
  const navigate = useNavigate();
  useBackToClose();
  useEffect(() => {
    go = navigate;
    showSheet = setOpen;
  });
  useEffect(() => {
    const watch = new MutationObserver(follow);
    watch.observe(document.body, { childList: true, subtree: true, attributeFilter: ["inert"] });
    window.addEventListener("keydown", onKey);
    document.addEventListener("focusin", hold);
    document.addEventListener("focusin", look);
    document.addEventListener("keyup", look);
    document.addEventListener("focusout", letGo);
    return () => {
      watch.disconnect();
      window.removeEventListener("keydown", onKey);
      document.removeEventListener("focusin", hold);
      document.removeEventListener("focusin", look);
      document.removeEventListener("keyup", look);
      document.removeEventListener("focusout", letGo);
    };
  }, []);
  return createElement(Modal, { ...props, isOpen, onDismiss: () => setOpen(false) }, isOpen && children);
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  if (event.ctrlKey || event.metaKey) return saveByKey(event);
  if (event.key === "F6") return cross(event);
  const place = event.target.closest?.("dialog, :popover-open") ?? document.querySelector("dialog:modal, :popover-open");
  if (place) return inTask(event, place);
  const act = isTyping(event.target) ? inField(event) : shortcut(event);
  if (!act) return;
  event.preventDefault();
  act();
}

const BESIDE = "dialog[data-of=edit][open]:not(:modal)"; // a task beside the list

/** Between the list and the task beside it: to its title, and back to its row. */
function cross(event) {
  const panel = document.querySelector(BESIDE);
  if (!panel || document.querySelector("dialog:modal, :popover-open")) return;
  event.preventDefault();
  const row = document.querySelector(`${ROW}[aria-current]`) ?? rows().find(isInSight) ?? byId("tasks");
  if (panel.contains(event.target)) row?.focus();
  else panel.querySelector("[name=title]")?.focus();
}

/** In a task that is open, J and K open the next one of the list and the one before, as they lead there. */
function inTask(event, place) {
  const name = { j: "next", k: "previous" }[letterOf(event)];
  if (!name || isOff() || event.shiftKey || isTyping(event.target) || !place.matches("dialog")) return;
  const button = place.querySelector(`form > [name=${name}]:enabled`);
  if (!button?.checkVisibility()) return;
  event.preventDefault();
  button.click();
}

/** Ctrl Enter saves from any field of a task, where Enter alone makes a new line or opens a list of choices. */
function saveByKey(event) {
  if (event.key === "Enter") event.target.closest?.("dialog form, .row-editor")?.requestSubmit();
}

/** What a key does in a field: Escape steps back, the arrow steps down from the fields above the list. */
function inField({ key, target }) {
  if (target.closest(".row-editor")) return key === "Escape" ? press(target.closest(ROW), CANCEL) : null;
  const isAbove = target.id === "quick-add" || target.id === "search";
  if (!isAbove) return null;
  if (key === "ArrowDown") return rows().length ? () => rows()[0].focus() : null;
  if (key !== "Escape") return null;
  return target.id === "search" && target.value ? clearSearch : () => back(target);
}

function back(field) {
  if (origin?.isConnected) origin.focus();
  else field.blur();
  origin = null;
}

/** What a key does outside of fields, as a function; nothing when the browser is to do it. */
function shortcut(event) {
  const { key, target, shiftKey, repeat } = event;
  const letter = letterOf(event);
  if (isCharacter(key) && (isOff() || (shiftKey && isLetter(letter)))) return null;
  if (letter === "j" || key === "ArrowDown") return step(target, 1);
  if (letter === "k" || key === "ArrowUp") return step(target, -1);
  if (ACROSS[key] && target.matches?.(`.board ${ROW}`)) return stepAcross(target, ACROSS[key]);
  if (repeat) return null;
  const isChord = Date.now() - chord < CHORD_TIME;
  chord = letter === "g" && !isChord ? Date.now() : 0;
  if (isChord && PLACES[letter]) return () => visit(PLACES[letter]);
  const row = target.closest?.(ROW);
  return ANYWHERE[letter] ?? (row ? atRow(key, letter, row, target) : null);
}

const ANYWHERE = {
  n: () => openNew(),
  q: () => (byId("quick-add") ? jump(byId("quick-add")) : openNew()),
  "/": () => (byId("search") ? jump(byId("search")) : go("/dashboard#search")),
  v: () => document.querySelector(".view-switch [aria-pressed=false]")?.click(),
  "[": () => document.querySelector(".fold-away")?.click(),
  "?": () => showSheet(true),
};

function jump(field) {
  origin = document.activeElement === document.body ? null : document.activeElement;
  field.focus();
  field.select();
}

function visit(address) {
  go(address);
  if (address.endsWith("#tasks")) (rows()[0] ?? byId("tasks"))?.focus();
}

/** To the row below or above the one with the focus; from outside of the list to the first that is in sight. */
function step(target, by) {
  const all = rows();
  const at = all.indexOf(target.closest?.(ROW));
  const next = at < 0 ? (all.find(isInSight) ?? all[0]) : all[at + by];
  return next ? () => goTo(next) : at < 0 ? null : () => {};
}

let resting; // how long the keys have rested at a row

/** To a row; while a task is open beside the list, it is that of the row at which the keys rest. */
function goTo(row) {
  row.focus();
  clearTimeout(resting);
  if (!document.querySelector(BESIDE)) return;
  resting = setTimeout(() => document.activeElement === row && row.querySelector(".row-title")?.click(), RESTING);
}

const ACROSS = { ArrowLeft: -1, ArrowRight: 1 };

/** On a board: to the card beside, at the same height in the nearest column that has one. */
function stepAcross(target, by) {
  const columns = [...document.querySelectorAll(".board > .column")].map((column) => [...column.querySelectorAll(ROW)].filter((row) => row.checkVisibility()));
  const at = columns.findIndex((cards) => cards.includes(target));
  const beside = (by < 0 ? columns.slice(0, at).reverse() : columns.slice(at + 1)).find((cards) => cards.length);
  return () => beside?.at(Math.min(columns[at].indexOf(target), beside.length - 1)).focus();
}

const look = () => (isShown = document.activeElement.matches(":focus-visible"));

function isInSight(row) {
  const { top, bottom } = row.getBoundingClientRect();
  const middle = (top + bottom) / 2;
  return middle >= 0 && middle <= window.innerHeight;
}

/** The focus may be where the mouse left it, unseen, or have been scrolled away: the first key then shows which row it is. */
function show(row) {
  row.blur();
  row.focus();
}

/** Enter and Space belong to the button or box that has the focus; a row itself has none of its own. */
function atRow(key, letter, row, target) {
  const isRow = target === row;
  if (target.matches(".row-title") && (key === "Enter" || key === " ")) return press(row, ".row-title");
  const isSeen = isShown && isInSight(row);
  if (key === " " && target.matches("[type=checkbox]")) return isSeen ? null : () => show(row);
  const act = gestureOf(key, letter, row, isRow);
  if (act) return isSeen ? act : () => show(row);
  if (key === "Escape") return press(row, CANCEL) ?? (isRow ? () => row.blur() : () => row.focus());
  return null;
}

function gestureOf(key, letter, row, isRow) {
  if (letter === "c" || (isRow && key === " ")) return press(row, "[type=checkbox]");
  if (letter === "x") return tellOfX;
  if (letter === "e" || (isRow && key === "Enter")) return press(row, ".row-title");
  if (letter === "m") return row.querySelector(MORE) && (() => askToMove(rowsOf(store).get(row.dataset.task)));
  if (key === "F2") return press(row, "[data-do=edit-in-place]");
  return key === "Delete" ? press(row, "[data-do=delete]") : null;
}

const X_IS_TOLD = "cairn-x-is-told";

/** X completed tasks once, and waits for a selection of tasks: who presses it is told so, once in this browser. */
function tellOfX() {
  try {
    if (localStorage.getItem(X_IS_TOLD)) return;
    localStorage.setItem(X_IS_TOLD, "true");
  } catch {
    // Without storage it is told each time.
  }
  say("X no longer completes a task. Press C or Space.");
}

function press(row, what) {
  const part = row.querySelector(what);
  return part && (() => part.click());
}

/* ---------- after a row leaves, the focus goes to the next one, else to the heading of its group ---------- */

let held = null; // {row, isTick}: where in the list the focus is

function hold({ target }) {
  if (target.closest("dialog")) return;
  const row = target.closest(ROW);
  held = row && { row, isTick: target.matches("[type=checkbox]") };
}

/** A row that leaves takes the focus along, and `follow` sees to it; when the focus leaves a row that stays, forget it. */
function letGo({ relatedTarget }) {
  const before = held;
  if (relatedTarget) return;
  setTimeout(() => {
    const isInDialog = document.querySelector("dialog:modal");
    if (held === before && document.activeElement === document.body && !isInDialog) held = null;
  });
}

function follow(changes) {
  if (!held || (held.row.isConnected && !held.row.inert)) return;
  const { row, isTick } = held;
  held = null;
  if (document.activeElement !== document.body && !row.contains(document.activeElement)) return;
  const place = placeOf(row, changes);
  const next = place && nextTo(place);
  (isTick && next?.querySelector?.(":scope > .check input") || next)?.focus({ preventScroll: true });
}

/** Where a row was, or still is while it is seen to leave (`inert`), as a change of the document says it. */
function placeOf(row, changes) {
  if (!row.isConnected) return changes.find(({ removedNodes }) => [...removedNodes].some((node) => node === row || node.contains(row)));
  return { target: row.parentElement, nextSibling: row.nextElementSibling, previousSibling: row.previousElementSibling };
}

function nextTo({ target, nextSibling, previousSibling }) {
  const isRow = (node) => node?.isConnected && node.matches?.(ROW);
  for (let node = nextSibling; node; node = node.nextElementSibling) if (isRow(node)) return node;
  const group = target.isConnected && target.closest("details");
  if (group?.querySelector(ROW)) return group.querySelector("summary");
  if (isRow(previousSibling)) return previousSibling;
  const after = group ? group.nextElementSibling : nextSibling;
  return (after?.isConnected && after.querySelector?.("summary")) || byId("tasks");
}
