// The line above the list: the server reads it while it is typed; what it understood is marked, and each of it can stay as words.
import { createElement as h, Fragment, useEffect, useReducer, useRef } from "react";
import * as drafts from "./drafts.js";
import { titleProblem, travelling } from "./fields.js";
import { request } from "./forms.js";
import { create, perform, uuid7 } from "./commands.js";
import { isOf, linesOf, nameBefore, offered, pieceBefore, piecesOf, written } from "./line_in_words.js";
import { drawnLists, listForNew, listName } from "./lists.js";
import { say } from "./notices.js";
import { givenHere } from "./place.js";
import { present, server, store, update } from "./screen.js";
import { customs, dueWords, timeWords, wallClock } from "./words.js";

const PAUSE = 120; // after the last key, before the line is read
const DOUBLE = 1000;
const MOST_LINES = 200;
const LINES_SHOWN = 8;
const LABELS_LAST = 60_000;
const KINDS = { "#": ["list", "Lists"], "@": ["label", "Labels"] };

let addedAt = 0; // when the line was sent last
let asText = []; // passages of the line that are to stay words
let pasted = []; // lines that wait for an answer: a task of each, or one of all
let reading = {}; // what the server said of the line last: {text, as_text, pieces, row}
let drawAgain = () => {};
let labels = { names: [], askedAt: 0 };

const line = () => document.getElementById("quick-add");

/** Have the line hold something else, as typing does. */
export function write(value) {
  line().value = value;
  line().dispatchEvent(new Event("input", { bubbles: true }));
}

/* ---------- making tasks ---------- */

/** For the submit of the line above the list. */
export function add(event) {
  event.preventDefault();
  if (pasted.length) return addEach();
  const title = line().value;
  // The second Enter of two in a row was meant for the task that is added by now.
  if (!title && Date.now() - addedAt < DOUBLE) return undefined;
  const quickAddError = titleProblem(title);
  if (quickAddError) return update(store, { quickAddError });
  const kept = asText;
  // Until the answer, the row shows what is known of it by now.
  const shown = withGiven(isOf(reading, title, kept) ? reading.row : {});
  write("");
  addedAt = Date.now();
  drafts.keep("quickAdd", null);
  return create(inWords(title, kept), { shown, quickAddError: "" });
}

/** A line as the server takes it: it is read there, as of the moment when it was typed. */
export const inWords = (title, kept = [], place = ofPage(), more = {}) => ({ ...place, by_page: travelling({ ...given(), ...more }), title: title.trim(), in_words: true, typed_at: Math.round(present() * 1000), customs: customs(), ...(kept.length && { as_text: kept }) });

const given = () => givenHere(wallClock(server.timezone, present()).today);

/** What a row shows of what its words say, with what it has because of the page: a day and a priority only where the words say none. */
export function withGiven(row, more = {}) {
  const { due_date, labels, priority } = { ...given(), ...more };
  const isDated = row.due_date || row.repeat;
  return { ...(priority && { priority }), ...row, ...(due_date && !isDated && { due_date }), ...(labels && { labels: [row.labels, labels].filter(Boolean).join(" ") }) };
}

function ofPage() {
  const list_id = listForNew();
  return list_id ? { list_id } : {};
}

function addEach() {
  let parent_id = "";
  const ids = takePasted().map(({ words, isPart }) => {
    const id = uuid7();
    const { list_id, ...fields } = inWords(words);
    if (!isPart) parent_id = id;
    // A part lies where its parent does.
    perform("create", id, { fields: { ...fields, ...(isPart ? { parent_id } : list_id && { list_id }) }, shown: withGiven({}) });
    return id;
  });
  say(`${ids.length} tasks added.`, () => ids.forEach((id) => perform("delete", id)));
}

function addAsOne() {
  const [title, ...rest] = takePasted().map(({ words }) => words);
  create({ ...ofPage(), ...given(), title, description: rest.join("\n") });
}

function takePasted() {
  const lines = pasted;
  pasted = [];
  line().focus();
  drawAgain();
  return lines;
}

/* ---------- what is offered ---------- */

/** Ask for the names of labels, unless that was done a moment ago; those of the rows in sight are known anyway. */
async function askForLabels() {
  if (Date.now() - labels.askedAt < LABELS_LAST) return;
  labels.askedAt = Date.now();
  const { answer } = await request("GET", "/api/labels");
  if (!answer) return;
  labels.names = answer.items.map(({ name }) => name);
  drawAgain();
}

const labelNames = () => [...new Set([...labels.names, ...[...store.base.values()].flatMap((row) => row.labels.split(" "))])].filter(Boolean);

const namesAfter = (sign) => (sign === "@" ? labelNames() : drawnLists().writable.map(({ name }) => name));

/* ---------- what was understood ---------- */

/** What a piece says, for the button that puts it back: "Due tomorrow". */
export function labelOf({ kind, label, text }, row, today) {
  if (kind === "date" && row.due_date) return `Due ${dueWords(row.due_date, "", today).replace(/^(Today|Tomorrow|Yesterday)$/, (day) => day.toLowerCase())}`;
  if (kind === "time" && row.due_time) return `At ${timeWords(row.due_time)}`;
  return label || text;
}

/* ---------- as it is drawn ---------- */

const noBlur = (event) => event.preventDefault();

/** Draws the marks under the line, and below it what was understood, what is offered, or what to make of a paste. */
export function LineInWords({ reading: said, onRead, look }) {
  const [, draw] = useReducer((count) => count + 1, 0);
  const under = useRef(null);
  const read = useRef(onRead);
  const choice = useRef({ at: -1, isShut: false });
  reading = said;
  read.current = onRead;
  drawAgain = draw;
  const input = typeof document === "undefined" ? null : line();
  const value = input?.value ?? "";
  const pieces = piecesOf(value, said, asText);
  const wanted = input && nameBefore(value, input.selectionStart ?? value.length);
  const options = wanted && !choice.current.isShut ? offered(wanted.name, namesAfter(wanted.sign)) : [];
  const keys = useRef({});
  keys.current = { options, wanted };

  function take({ name }) {
    const { start, sign } = keys.current.wanted;
    const caret = line().selectionStart;
    const before = line().value.slice(0, start) + written(name, sign);
    write(before + line().value.slice(caret).trimStart());
    line().setSelectionRange(before.length, before.length);
    draw();
  }

  function keepAsText(text) {
    asText = [...asText, text];
    readAgain();
  }

  function readAgain() {
    read.current(line().value, asText, customs());
    line().focus();
    draw();
  }

  useEffect(() => {
    const field = line();
    let timer = 0;
    const onInput = (event) => {
      choice.current = { at: -1, isShut: false };
      asText = asText.filter((text) => field.value.includes(text));
      if (nameBefore(field.value, field.selectionStart ?? 0)?.sign === "@") askForLabels();
      clearTimeout(timer);
      if (field.value.trim() && !event?.isComposing && store.online) timer = setTimeout(() => read.current(field.value, asText, customs()), PAUSE);
      draw();
    };
    const onScroll = () => under.current && (under.current.scrollLeft = field.scrollLeft);
    const onKeyDown = (event) => {
      // Enter that confirms a candidate of an input method adds nothing; Safari says so by the code alone.
      if (event.isComposing || event.keyCode === 229) return event.key === "Enter" && event.preventDefault();
      const act = actOf(event);
      if (!act) return undefined;
      event.preventDefault();
      return act();
    };
    const actOf = ({ key, shiftKey }) => {
      const { options } = keys.current;
      const { at } = choice.current;
      if (key === "Escape" && pasted.length) return () => write(takePasted().map(({ words }) => words).join(" "));
      if (options.length) {
        const by = { ArrowDown: 1, ArrowUp: -1 }[key];
        if (by) return () => ((choice.current.at = (Math.max(at, by > 0 ? -1 : 0) + by + options.length) % options.length), draw());
        if (key === "Escape") return () => ((choice.current = { at: -1, isShut: true }), draw());
        // Enter adds the task unless one of them was gone to.
        if (key === "Enter" && at >= 0) return () => take(options[at]);
        if (key === "Tab" && !shiftKey && (at >= 0 || keys.current.wanted.name)) return () => take(options[Math.max(at, 0)]);
      }
      if (key !== "Backspace" || field.selectionStart !== field.selectionEnd) return null;
      const piece = pieceBefore(piecesOf(field.value, reading, asText), field.selectionStart);
      return piece && (() => keepAsText(piece.text));
    };
    const onPaste = (event) => {
      const lines = linesOf(event.clipboardData?.getData("text/plain") ?? "");
      if (lines.length < 2) return;
      event.preventDefault();
      pasted = lines;
      draw();
    };
    const listeners = { input: onInput, compositionend: onInput, scroll: onScroll, keydown: onKeyDown, paste: onPaste };
    for (const [name, listener] of Object.entries(listeners)) field.addEventListener(name, listener);
    if (field.value.trim()) onInput();
    return () => {
      clearTimeout(timer);
      for (const [name, listener] of Object.entries(listeners)) field.removeEventListener(name, listener);
      asText = [];
      pasted = [];
    };
  }, []);

  const { at } = choice.current;
  const isRead = pieces.some(({ kind }) => kind);
  useEffect(() => {
    // What is marked now had no width when the line was scrolled. Without marks it is not asked: the page would be laid out for the answer.
    if (isRead) under.current.scrollLeft = line().scrollLeft;
    if (at < 0) line().removeAttribute("aria-activedescendant");
    else line().setAttribute("aria-activedescendant", `quick-add-option-${at}`);
  });

  const marks = pieces.map(({ text, kind }, at) => (kind ? h("mark", { key: at, className: look.mark, "data-kind": kind }, text) : text));
  return h(
    Fragment,
    null,
    h("div", { ref: under, className: look.under, "aria-hidden": true, dir: "auto" }, h("span", null, isRead ? marks : null)),
    pasted.length ? pastedPanel(look) : null,
    !pasted.length && value.trim()
      ? h("div", { className: look.panel }, options.length ? offeredPart(look, wanted.sign, options, at, take) : null, isRead || asText.length ? understoodPart(look, pieces, keepAsText, readAgain) : null, foot(look, pieces))
      : null,
  );
}

function understoodPart(look, pieces, keepAsText, readAgain) {
  const { today } = wallClock(server.timezone, present());
  const chips = pieces
    .filter(({ kind }) => kind)
    .map((piece, at) => {
      const label = labelOf(piece, reading.row, today);
      const props = { key: at, type: "button", className: look.chip, "aria-label": `${label}, remove`, title: `Keep as words: ${piece.text}`, onMouseDown: noBlur };
      return h("button", { ...props, onClick: () => keepAsText(piece.text) }, label, h("span", { "aria-hidden": true, className: look.cross }, "×"));
    });
  const kept = asText.map((text) => {
    const onClick = () => {
      asText = asText.filter((each) => each !== text);
      readAgain();
    };
    return h("button", { key: text, type: "button", className: look.kept, "aria-label": `“${text}” stays words, read it`, onMouseDown: noBlur, onClick }, `“${text}” as words`);
  });
  return h("div", { className: look.chips, role: "group", "aria-label": "Understood" }, chips, kept);
}

/** Where the task goes, and the button that adds it. */
function foot(look, pieces) {
  const named = pieces.find(({ kind }) => kind === "list");
  const to = named ? named.label.replace(/^(New list|List) /, "") : listName(listForNew() || server.user_id);
  return h("div", { className: look.foot }, h("span", { className: look.to, dir: "auto" }, `to ${to}`), h("button", { type: "submit", className: look.button, onMouseDown: noBlur }, "Add", h("span", { "aria-hidden": true }, " ↵")));
}

function offeredPart(look, sign, options, chosen, take) {
  const [kind, kinds] = KINDS[sign];
  const items = options.map((option, at) => {
    const props = { key: option.name, id: `quick-add-option-${at}`, role: "option", "aria-selected": at === chosen, className: look.option, onMouseDown: noBlur };
    return h("li", { ...props, onClick: () => take(option) }, option.isNew ? `Make the ${kind} “${option.name}”` : option.name);
  });
  return h("ul", { id: "quick-add-options", role: "listbox", "aria-label": kinds, className: look.list }, items);
}

function pastedPanel(look) {
  const lines = `${pasted.length.toLocaleString("en")} lines pasted`;
  const isTooMany = pasted.length > MOST_LINES;
  const beyond = pasted.length - LINES_SHOWN;
  const shown = pasted.slice(0, LINES_SHOWN).map(({ words, isPart }, at) => h("li", { key: at, dir: "auto", className: look.one_line, "data-part": isPart }, words));
  if (isTooMany) pasted = pasted.slice(0, MOST_LINES);
  return h(
    "div",
    { className: look.pasted, role: "group", "aria-label": lines },
    h("span", { className: look.note }, isTooMany ? `${lines}. Only the first ${MOST_LINES} are made.` : lines),
    h("ul", { className: look.lines }, shown, beyond > 0 ? h("li", { className: look.one_line }, `and ${beyond.toLocaleString("en")} more`) : null),
    h("button", { type: "button", className: look.quiet, onClick: addAsOne }, "Make one task"),
    h("button", { type: "submit", className: look.button }, `Make ${pasted.length} tasks`),
  );
}
