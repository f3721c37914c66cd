// How the task in the dialog repeats: a button that says it, and behind it the choices, with the days that come of them.
// The form holds it in a hidden field, as a row does: its draft, its saving and what others change are those of every field.
import { createElement as h, useEffect, useReducer, useRef } from "react";
import { completeOpened, pauseOpened, resumeOpened, skipOpened } from "./dialog.js";
import { refusal, request } from "./forms.js";
import { choicesOf, endOf, firstChoices, firstDay, missedOf, monthDays, ruleOf, WEEKDAY_NAMES, WEEKDAYS, weekdayOf, withEnd } from "./repeat_rule.js";
import { capitalised, dueWords, isPaused, repeatWords } from "./words.js";

const PAUSE = 150; // after the last choice, before the server is asked
const UNSAID = "as chosen here"; // until the server has said how it reads

const inputEvent = () => new Event("input", { bubbles: true });

export function RepeatField({ task, today, isNew, problem, look, children }) {
  const [, draw] = useReducer((count) => count + 1, 0);
  const field = useRef(null);
  const own = useRef({ isOpen: false, choices: null, said: null, asked: 0, timer: 0 }).current;
  const text = field.current?.value ?? task.repeat;
  const { due_date: dueDate, due_time: dueTime } = field.current?.form.elements ?? {};
  const [day, time] = [dueDate?.value ?? task.due_date, dueTime?.value ?? task.due_time];

  /** Have the form hold a repeat, or none. */
  function hold(next, refusal = "") {
    field.current.value = next;
    field.current.dataset.problem = refusal;
    field.current.dispatchEvent(inputEvent());
    draw();
  }

  function choose(changes) {
    const before = own.choices ?? firstChoices(day || today);
    own.choices = { ...before, ...changes };
    if (!day) setDay(firstDay(own.choices, today));
    const { from, ends, until } = own.choices;
    hold(JSON.stringify({ rule: ruleOf(own.choices), from, ...endOf(own.choices), ...missedOf(own.choices), words: UNSAID }));
    if (ends === "on" && !until) return refuse("Choose the last day.");
    return askSoon();
  }

  function setDay(value) {
    dueDate.value = value;
    dueDate.dispatchEvent(inputEvent());
  }

  function refuse(sentence) {
    clearTimeout(own.timer);
    own.asked += 1;
    own.said = { error: sentence };
    hold(field.current.value, sentence);
  }

  function askSoon() {
    clearTimeout(own.timer);
    // What is on its way was asked of something else.
    own.asked += 1;
    own.timer = setTimeout(ask, PAUSE);
  }

  /** Ask the server how it reads and what comes next; an answer to what is no longer chosen says nothing. */
  async function ask() {
    const { value: held, form } = field.current ?? {};
    const [due_date, due_time] = ["due_date", "due_time"].map((name) => form?.elements[name].value);
    if (!held || !due_date) return;
    const asked = (own.asked += 1);
    const { rule, from, keep_missed, ...end } = JSON.parse(held);
    const missed = keep_missed && { keep_missed };
    // The rule that came back may name the day of the task, which can be another one by now; the choices do not.
    const whole = withEnd(own.choices?.unit ? ruleOf(own.choices) : rule, end);
    const { answer, problem } = await request("POST", "/api/repeat/preview", { rule: whole, from, due_date, ...missed, ...(due_time && { due_time }) });
    if (asked !== own.asked || !field.current) return;
    if (problem?.status === 422) return refuse(refusal(problem));
    if (problem) return;
    own.said = answer;
    // The browser writes the time in its own form.
    const words = due_time ? answer.words.replace(`, ${due_time.replace(/^0/, "")}`, ", {at}") : answer.words;
    const next = JSON.stringify({ rule: answer.rule, from, until: answer.until, count: answer.count, ...missed, words });
    hold(JSON.parse(held).words === UNSAID || field.current.dataset.problem ? next : held);
  }

  function toggle() {
    own.isOpen = !own.isOpen;
    own.choices = text ? choicesOf(JSON.parse(text), day || today) : null;
    if (own.isOpen) ask();
    draw();
  }

  function stop() {
    own.asked += 1;
    [own.choices, own.said] = [null, null];
    clearTimeout(own.timer);
    hold("");
  }

  useEffect(() => {
    const { form } = field.current;
    const onInput = ({ target }) => {
      if (target.name !== "due_date" && target.name !== "due_time") return;
      if (field.current.value) askSoon();
      draw();
    };
    // What others wrote, and what was typed before, is put into the field from outside.
    const onChange = ({ target }) => {
      if (target !== field.current) return;
      own.choices = target.value ? choicesOf(JSON.parse(target.value), form.elements.due_date.value || today) : null;
      draw();
    };
    form.addEventListener("input", onInput);
    form.addEventListener("change", onChange);
    return () => {
      clearTimeout(own.timer);
      form.removeEventListener("input", onInput);
      form.removeEventListener("change", onChange);
    };
  }, []);

  const words = repeatWords(text, time);
  const isOn = Boolean(text);
  const error = problem || own.said?.error;
  return h(
    "div",
    { className: look.fact },
    h("span", { className: look.label, "aria-hidden": true }, children, "Repeat"),
    h("button", { type: "button", "data-do": "repeat", className: look.button, "aria-label": `Repeat: ${words || "none"}`, "aria-expanded": own.isOpen, onClick: toggle }, capitalised(words || "does not repeat")),
    own.isOpen
      ? h(
          "div",
          { className: look.panel, role: "group", "aria-label": "Repeat" },
          h(HowOften, { choices: own.choices, isOn, choose, stop, look }),
          own.choices?.unit === "weeks" ? h(Weekdays, { choices: own.choices, day: day || today, choose, look }) : null,
          own.choices?.unit === "months" ? h(MonthDay, { choices: own.choices, day: day || today, choose, look }) : null,
          own.choices?.unit ? [h(CountFrom, { key: "from", choices: own.choices, choose, look }), h(Ends, { key: "ends", choices: own.choices, day: day || today, choose, look })] : null,
          isOn && own.said && !error ? h(Preview, { said: own.said, words, today, look }) : null,
          task.repeat && !isNew ? h(Actions, { repeat: task.repeat, look }) : null,
        )
      : null,
    h("p", { role: "alert", className: look.error }, error),
    // Not of the type "hidden": what such a one holds is its default value, which each drawing sets again.
    h("input", { ref: field, hidden: true, readOnly: true, name: "repeat", defaultValue: task.repeat }),
  );
}

const option = ([value, words]) => h("option", { key: value, value }, words);
const UNITS = [["hours", "hours"], ["days", "days"], ["weeks", "weeks"], ["months", "months"], ["years", "years"]];

function HowOften({ choices, isOn, choose, stop, look }) {
  const unit = choices?.unit || (isOn ? "other" : "");
  const onUnit = ({ target }) => (target.value ? choose({ unit: target.value }) : stop());
  const onInterval = ({ target }) => choose({ interval: Math.max(1, Math.trunc(Number(target.value)) || 1) });
  const units = [["", "does not repeat"], ...UNITS, ...(unit === "other" ? [["other", "as it is"]] : [])];
  return h(
    "div",
    { className: look.line },
    choices?.unit
      ? [
          h("span", { key: "every", "aria-hidden": true }, "Every"),
          h("input", { key: "interval", type: "number", min: 1, max: 1000, defaultValue: choices.interval, "aria-label": "Every", className: look.number, onChange: onInterval }),
        ]
      : null,
    h("select", { value: unit, "aria-label": "Unit", className: look.select, onChange: onUnit }, units.map(option)),
  );
}

function Weekdays({ choices, day, choose, look }) {
  const { weekdays, from } = choices;
  const press = (each) => {
    const next = weekdays.includes(each) ? weekdays.filter((other) => other !== each) : [...weekdays, each];
    // Without a day, a week from the due date says nothing.
    choose({ weekdays: next.length || from === "completion" ? next : [weekdayOf(day)] });
  };
  const buttons = WEEKDAYS.map((each, at) =>
    h("button", { key: each, type: "button", className: look.day, "aria-pressed": weekdays.includes(each), "aria-label": WEEKDAY_NAMES[at], onClick: () => press(each) }, WEEKDAY_NAMES[at].slice(0, 2)),
  );
  return h("div", { className: look.days, role: "group", "aria-label": "On" }, buttons);
}

function MonthDay({ choices, day, choose, look }) {
  const days = monthDays(day, choices.monthDay).map(({ value, words }) => [value, words]);
  const all = choices.from === "completion" ? [["", "Any day"], ...days] : days;
  return h("div", { className: look.line }, h("span", { "aria-hidden": true }, "On"), h("select", { value: choices.monthDay, "aria-label": "On", className: look.select, onChange: ({ target }) => choose({ monthDay: target.value }) }, all.map(option)));
}

function CountFrom({ choices, choose, look }) {
  const anchors = [["due", "the due date"], ["completion", "completion"]];
  return h("div", { className: look.line }, h("span", { "aria-hidden": true }, "Count from"), h("select", { value: choices.from, "aria-label": "Count from", className: look.select, onChange: ({ target }) => choose({ from: target.value }) }, anchors.map(option)), choices.from === "due" ? h(Missed, { choices, choose, look }) : null);
}

const Missed = ({ choices, choose, look }) =>
  h("label", { className: look.check }, h("input", { type: "checkbox", checked: choices.keepsMissed, onChange: ({ target }) => choose({ keepsMissed: target.checked }) }), "Keep each missed one");

function Ends({ choices, day, choose, look }) {
  const ways = [["never", "never"], ["on", "on a date"], ["after", "after a number of times"]];
  const onCount = ({ target }) => choose({ count: Math.max(1, Math.trunc(Number(target.value)) || 1) });
  return h(
    "div",
    { className: look.line },
    h("span", { "aria-hidden": true }, "Ends"),
    h("select", { value: choices.ends, "aria-label": "Ends", className: look.select, onChange: ({ target }) => choose({ ends: target.value }) }, ways.map(option)),
    choices.ends === "on" ? h("input", { type: "date", min: day, max: "9999-12-31", defaultValue: choices.until, "aria-label": "Last day", className: look.select, onChange: ({ target }) => choose({ until: target.value }) }) : null,
    choices.ends === "after" ? [h("input", { key: "count", type: "number", min: 1, max: 1000, defaultValue: choices.count, "aria-label": "Times", className: look.number, onChange: onCount }), h("span", { key: "times", "aria-hidden": true }, "times")] : null,
  );
}

function Preview({ said, words, today, look }) {
  const next = said.next.map(({ date, time }) => dueWords(date, time ?? "", today)).join(", ");
  return h("p", { className: look.preview, role: "status" }, h("b", null, capitalised(words)), h("br"), said.ends ? "Nothing comes after this one." : `Next: ${next}`);
}

function Actions({ repeat, look }) {
  const paused = isPaused(repeat);
  return h(
    "div",
    { className: look.line },
    h("button", { type: "button", className: look.action, onClick: skipOpened }, "Skip this one"),
    h("button", { type: "button", className: look.action, onClick: paused ? resumeOpened : pauseOpened }, paused ? "Resume" : "Pause"),
    h("button", { type: "button", className: look.action, onClick: completeOpened }, "Complete for good"),
  );
}
