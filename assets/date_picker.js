// The button beside the fields of a date and a time that says when, and behind it days that are near, a month and the time.
// The fields hold it: what is chosen here is put into them, and what is typed there shows here.
import { createElement as h, useEffect, useId, useReducer, useRef, useState } from "react";
import { request } from "./forms.js";
import { addMonths, dayByKey, isInRange, weeksOf } from "./month.js";
import { knownRows, present, server } from "./screen.js";
import { capitalised, dueWords, longDay, monthTitle, nearDays, wallClock } from "./words.js";

const ASKING = 150;

/** "tomorrow 14:00", "Fri 13 Mar"; a name of a day is a word among others here. */
const wordsFor = (date, time, today) => dueWords(date, time, today).replace(/^(Today|Tomorrow|Yesterday)/, (day) => day.toLowerCase()) || "none";

const MOST = 200; // tasks that are asked for at once

/** The days of some weeks on which open tasks are due, as far as the server says at once; it is asked a moment after the last turn of the page. */
function useHeldDays(weeks) {
  const [held, hold] = useState([]);
  const [from, to] = [weeks[0][0], weeks.at(-1)[6]];
  useEffect(() => {
    let isOver = false;
    const timer = setTimeout(async () => {
      const { answer } = await request("GET", `/api/tasks?status=pending&due=${from}..${to}&sort=due&order=asc&limit=${MOST}`);
      if (answer && !isOver) hold(answer.items.map((task) => task.due_date));
    }, ASKING);
    return () => ((isOver = true), clearTimeout(timer));
  }, [from]);
  const known = [...knownRows().values()].filter((row) => !row.is_completed && !row.deleted_at);
  return new Set([...held, ...known.map((row) => row.due_date)]);
}

export function DatePicker({ date, time, hasFields, look, children }) {
  const [, draw] = useReducer((count) => count + 1, 0);
  const [button, popover] = [useRef(null), useRef(null)];
  const own = useRef({ isOpen: false, at: "", hasFocus: false }).current;
  const id = useId();
  const { due_date, due_time } = button.current?.form?.elements ?? { due_date: { value: date }, due_time: { value: time } };
  const { today } = wallClock(server.timezone, present());

  function hold(field, value) {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function choose(day) {
    if (!day) hold(due_time, "");
    hold(due_date, day);
    if (day) own.at = day;
    draw();
  }

  function chooseTime({ target }) {
    if (target.value && !due_date.value) hold(due_date, today);
    hold(due_time, target.value);
  }

  /** Show another day, with the focus where it came by a key. */
  function lead(day, hasFocus) {
    Object.assign(own, { at: day, hasFocus });
    draw();
  }

  function onKeyDown(event) {
    const day = dayByKey(own.at, event);
    if (!day) return;
    event.preventDefault();
    lead(day, true);
  }

  useEffect(() => {
    const { form } = button.current;
    const element = popover.current;
    const onToggle = ({ newState }) => {
      own.isOpen = newState === "open";
      lead(isInRange(due_date.value) ? due_date.value : today, own.isOpen && !element.contains(document.activeElement));
    };
    element.addEventListener("toggle", onToggle);
    // What is typed is shown in its month.
    const follow = ({ target }) => {
      if (target.name === "due_date" && isInRange(target.value)) own.at = target.value;
      draw();
    };
    form.addEventListener("input", follow);
    form.addEventListener("change", follow);
    return () => {
      element.removeEventListener("toggle", onToggle);
      form.removeEventListener("input", follow);
      form.removeEventListener("change", follow);
    };
  });
  useEffect(() => {
    if (!own.hasFocus) return;
    own.hasFocus = false;
    popover.current.querySelector(`[data-day="${own.at}"]`)?.focus();
  });

  const chosen = due_date.value;
  const near = (day, label) => h("button", { key: label, type: "button", className: look.near, "aria-pressed": chosen === day, onClick: () => choose(day) }, `${label} `, h("span", { className: look.note }, longDay(day).slice(0, 3)));
  const turn = (by, label, sign) => h("button", { type: "button", className: look.turn, "aria-label": label, onClick: () => lead(addMonths(own.at, by), false) }, h("span", { "aria-hidden": true }, sign));
  const close = () => popover.current.hidePopover();
  const onTimeKey = (event) => event.key === "Enter" && (event.preventDefault(), close());
  const content = () => [
    h("div", { key: "near", className: look.days, role: "group", "aria-label": "Near days" }, nearDays(today).map(({ label, day }) => near(day, label))),
    h("div", { key: "head", className: look.head }, h("h3", { className: look.title, "aria-live": "polite" }, monthTitle(own.at)), turn(-1, "Previous month", "‹"), turn(1, "Next month", "›")),
    h(Month, { key: "month", at: own.at, chosen, today, choose, onKeyDown, look }),
    hasFields ? null : h("label", { key: "time", className: look.time }, "Time of day", h("input", { type: "time", defaultValue: due_time.value, className: look.field, onChange: chooseTime, onKeyDown: onTimeKey })),
    h(
      "div",
      { key: "foot", className: look.foot },
      h("button", { type: "button", className: look.quiet, onClick: () => (choose(""), close()) }, "No date"),
      h("button", { type: "button", className: look.done, onClick: close }, "Done"),
    ),
  ];
  const words = wordsFor(chosen, due_time.value, today);
  return [
    h("button", { key: "button", ref: button, type: "button", popoverTarget: id, "aria-haspopup": "dialog", "aria-label": `Due: ${words}`, title: "Choose a date", "data-do": "choose-date", className: look.button }, hasFields ? capitalised(words === "none" ? "no date" : words) : children),
    h("div", { key: "popover", ref: popover, id, popover: "auto", role: "dialog", "aria-label": "When", className: look.popover }, hasFields ? children : null, own.isOpen ? content() : null),
  ];
}

function Month({ at, chosen, today, choose, onKeyDown, look }) {
  const weeks = weeksOf(at);
  const held = useHeldDays(weeks);
  const head = weeks[0].map((day) => {
    const [weekday] = longDay(day).split(" ");
    return h("th", { key: day, scope: "col", className: look.weekday }, h("span", { "aria-hidden": true }, weekday.slice(0, 2)), h("span", { className: "sr-only" }, weekday));
  });
  const cell = (day) => {
    const props = { type: "button", disabled: !isInRange(day), tabIndex: day === at ? 0 : -1, "aria-label": `${longDay(day)} ${day.slice(0, 4)}${held.has(day) ? ", has tasks" : ""}`, "data-held": held.has(day) ? "" : null, "aria-current": day === today ? "date" : null, "data-day": day, "data-beside": day.slice(0, 7) === at.slice(0, 7) ? null : "", className: look.day };
    return h("td", { key: day, role: "gridcell", "aria-selected": day === chosen }, h("button", { ...props, onClick: () => choose(day) }, Number(day.slice(8))));
  };
  return h(
    "table",
    { role: "grid", "aria-label": monthTitle(at), className: look.month, onKeyDown },
    h("thead", null, h("tr", null, head)),
    h("tbody", null, weeks.map((week) => h("tr", { key: week[0] }, week.map(cell)))),
  );
}
