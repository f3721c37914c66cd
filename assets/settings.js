// What the settings page does by itself: everything that changes an account goes to the API over HTTP, because a password
// or a token never becomes state of the server. What is listed comes from there, and is asked for again after a change.
import { createElement, useEffect, useLayoutEffect, useState, useSyncExternalStore } from "react";
import { forget, leaveTab, staying } from "./drafts.js";
import { refusal, request, submit } from "./forms.js";
import { named, say } from "./notices.js";
import { present } from "./screen.js";
import { formOf, timeWords } from "./words.js";
import { keepZone } from "./zone.js";

const COPIED_FOR = 2000;
const DAY = 86_400_000;

let ui = { dialog: "", isAsking: false, secret: "", isCopied: false };
let answerAsk = () => {};
let reload = () => {};
const listeners = new Set();

function update(changes) {
  ui = { ...ui, ...changes };
  listeners.forEach((listener) => listener());
}

const usePart = (part) =>
  useSyncExternalStore(
    (listener) => (listeners.add(listener), () => listeners.delete(listener)),
    () => ui[part],
    () => ui[part],
  );
export const useOpenDialog = () => usePart("dialog");
export const useIsAsking = () => usePart("isAsking");
export const useSecret = () => usePart("secret");
export const useIsCopied = () => usePart("isCopied");

/** Draws nothing: what is listed is loaded again after a change, and a secret is forgotten with the page. */
export function SettingsFeed({ onChanged }) {
  useLayoutEffect(() => {
    reload = onChanged;
  });
  useEffect(() => () => update({ dialog: "", isAsking: false, secret: "" }), []);
  return null;
}

export const show = (dialog) => update({ dialog });
export const closeDialog = () => update({ dialog: "" });

/** Do what may need the password once more: asks for it, and tries again. Null when the person thinks better of it. */
async function withPassword(perform) {
  const result = await perform();
  if (result.problem?.code !== "PASSWORD_NEEDED") return result;
  const isConfirmed = await new Promise((answer) => {
    answerAsk = answer;
    update({ isAsking: true });
  });
  return isConfirmed ? perform() : null;
}

function answered(isConfirmed) {
  update({ isAsking: false });
  answerAsk(isConfirmed);
}

export const cancelAsk = () => answered(false);

export const confirmPassword = (event) =>
  submit(
    event,
    ({ password }) => request("POST", "/api/auth/confirm", { password: password.value }),
    () => answered(true),
  );

/** Save a field of the profile once it has another value. */
export async function saveField({ target: field }) {
  const place = document.getElementById(`${field.id}-error`);
  if (field.value.trim() === field.dataset.saved) return;
  // Nothing chosen is nothing said; an empty name is one that is wrong.
  const value = field.tagName === "SELECT" ? field.value || null : field.value;
  const { problem } = await request("PATCH", "/api/account", { [field.name]: value });
  place.textContent = problem ? refusal(problem) : "";
  field.setAttribute("aria-invalid", String(Boolean(problem)));
  if (problem) return;
  if (field.name === "timezone") keepZone(field.value);
  say(`${field.dataset.label} saved.`);
  reload();
}

export function saveForm(event) {
  event.preventDefault();
  event.currentTarget.querySelector("input").blur();
}

/** Change the password: this browser gets a new session, with which the page then loads again. */
export const changePassword = (event) =>
  submit(
    event,
    ({ current_password, new_password }) => {
      const change = { current_password: current_password.value, new_password: new_password.value };
      return staying(() => request("POST", "/api/auth/password", change));
    },
    () => {
      leaveTab();
      window.location.reload();
    },
  );

/** Ask for another address. It changes when the link is opened that is sent there. */
export const changeEmail = (event) =>
  submit(
    event,
    async ({ email }) =>
      (await withPassword(() => request("POST", "/api/account/email", { email: email.value }))) ?? { problem: {} },
    () => {
      closeDialog();
      say("If this address can be used here, a link is on its way to it.");
    },
  );

export async function verifyEmail() {
  const { problem } = await request("POST", "/api/account/email/verify", {});
  say(problem ? problem.detail : "A link is on its way to your address.");
}

export const deleteAccount = (event) =>
  submit(
    event,
    ({ password }) => staying(() => request("DELETE", "/api/account", { password: password.value })),
    () => {
      forget();
      leaveTab();
      window.location.replace("/sign-in");
    },
  );

export const createToken = (event) =>
  submit(
    event,
    async ({ name, scope, days }) => {
      const wish = { name: name.value, scope: scope.value };
      if (days.value) wish.expires_at = new Date(present() + days.value * DAY).toISOString();
      return (await withPassword(() => request("POST", "/api/auth/tokens", wish))) ?? { problem: {} };
    },
    ({ token }) => {
      update({ dialog: "", secret: token, isCopied: false });
      reload();
    },
  );

export async function copySecret() {
  try {
    await navigator.clipboard.writeText(ui.secret);
  } catch {
    // A page that did not come by https may not use the clipboard by itself.
    getSelection().selectAllChildren(document.getElementById("secret"));
    if (!document.execCommand("copy")) return;
  }
  update({ isCopied: true });
  setTimeout(() => update({ isCopied: false }), COPIED_FOR);
}

async function end(path, words) {
  const result = await withPassword(() => request("DELETE", path));
  if (!result) return;
  say(result.problem ? result.problem.detail : words);
  reload();
}

export const endSession = (id, name) => end(`/api/auth/sessions/${id}`, `${name} is signed out.`);
export const endOthers = () => end("/api/auth/sessions", "All other devices are signed out.");

export function revokeToken(id, name) {
  // What was shown for copying may be this one.
  update({ secret: "" });
  return end(`/api/auth/tokens/${id}`, named(name, " is revoked."));
}

/** Save everything of this person's as a file. */
export async function download() {
  const result = await withPassword(() => request("GET", "/api/account/export"));
  if (!result) return;
  if (result.problem) return say(result.problem.detail);
  const file = new Blob([JSON.stringify(result.answer, null, 2)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `cairn-${result.answer.exported_at.slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), COPIED_FOR);
  reload();
}

/** The time zones that this browser knows, and the one that is chosen. */
export function TimezoneSelect({ value, ...props }) {
  const [zones, setZones] = useState([value]);
  useEffect(() => setZones([...new Set([value, "UTC", ...Intl.supportedValuesOf("timeZone")])].sort()), [value]);
  const options = zones.map((zone) => createElement("option", { key: zone, value: zone }, zone.replaceAll("_", " ")));
  return createElement("select", { ...props, key: value, defaultValue: value, "data-saved": value }, options);
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
/** What a browser does by itself where the person has chosen nothing, in words. */
const USUAL = {
  week_start: (form) => DAYS[form.weekStart],
  date_order: ({ isMonthFirst }) => (isMonthFirst ? "December 31" : "31 December"),
  time_format: (form) => timeWords("14:00", form),
};

/** One of a few things, as {value, words}; the first stands for none, and says what the browser does then. */
export function CustomSelect({ value, lists = [], options = lists.map((list) => ({ value: list.is_inbox ? "" : list.id, words: list.name })), ...props }) {
  const [form, setForm] = useState(null);
  useEffect(() => setForm(formOf()), []);
  const usual = form && USUAL[props.name]?.(form);
  const wordsOf = (option) => (option.value || !usual ? option.words : `${option.words}: ${usual}`);
  const drawn = options.map((option) => createElement("option", { key: option.value, value: option.value }, wordsOf(option)));
  // A list that is gone counts as none.
  const chosen = options.some((option) => option.value === value) ? value : "";
  return createElement("select", { ...props, key: chosen, defaultValue: chosen, "data-saved": chosen }, drawn);
}
