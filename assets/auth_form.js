// Sign-in, sign-up and sign-out: HTTP requests to the API, then a full page load, so that the socket opens with the
// new cookie. What the person typed stays in its field; nothing of it is kept here.
import { createElement, useEffect, useState } from "react";
import { Link } from "react-router";
import env from "$/env.json";
import { getBackendURL } from "$/utils/state";
import { leaveTab, mayLeave } from "./drafts.js";

const PATIENCE = 20_000;
const NO_ANSWER = "The server did not answer. Nothing was lost; try again in a moment.";
const TOO_SHORT = "Use at least 8 characters.";
const NOT_AN_ADDRESS = "This does not look like an email address.";

/** One port in production: the page's own origin. In development the API has a port of its own. */
const apiOrigin = () => (import.meta.env.PROD ? window.location.origin : getBackendURL(env.PING).origin);

const post = (path, body) =>
  fetch(apiOrigin() + path, {
    method: "POST",
    credentials: "include",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE),
  });

export const signIn = (event) =>
  submit(event, "/api/auth/sign-in", ({ email, password, remember }) => ({
    email: email.value,
    password: password.value,
    remember: remember.checked,
  }));

export const signUp = (event) =>
  submit(event, "/api/auth/sign-up", ({ name, email, password }) => ({
    name: name.value,
    email: email.value,
    password: password.value,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  }));

export async function signOut() {
  if (!mayLeave()) return;
  try {
    const answer = await post("/api/auth/sign-out", {});
    if (!answer.ok && answer.status !== 401) throw new Error(String(answer.status));
    arrive("/sign-in");
  } catch {
    const warning = document.getElementById("warning");
    if (warning) warning.textContent = "You are still signed in: the server did not answer. Try again in a moment.";
  }
}

/** A link to the other of the two forms; it takes along where the person was going, which no server has seen yet. */
export function OtherForm({ to, children, ...props }) {
  const [query, setQuery] = useState("");
  useEffect(() => {
    const from = new URLSearchParams(window.location.search).get("from");
    if (from) setQuery(`?${new URLSearchParams({ from })}`);
  }, []);
  return createElement(Link, { ...props, to: to + query }, children);
}

/** Show or hide what is in the password field. */
export function reveal({ currentTarget: button }) {
  const field = button.parentElement.querySelector("input");
  const isShown = field.type === "text";
  field.type = isShown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!isShown));
}

async function submit(event, path, bodyOf) {
  event.preventDefault();
  const form = event.target;
  if (form.hasAttribute("data-busy")) return;
  clear(form);
  const errors = problemsOf(form);
  if (errors.length) return refuse(form, { errors });
  setBusy(form, true);
  const problem = await ask(path, bodyOf(form.elements));
  if (!problem) return arrive(new URLSearchParams(window.location.search).get("from"));
  setBusy(form, false);
  refuse(form, problem);
}

/** Null when the server said yes, else its problem+json, or one that says that there was no answer. */
async function ask(path, body) {
  try {
    const answer = await post(path, body);
    return answer.ok ? null : { detail: NO_ANSWER, ...(await answer.json().catch(() => ({}))) };
  } catch {
    return { detail: NO_ANSWER };
  }
}

/** What can be said without the server, as {field, message}. */
const problemsOf = (form) =>
  [...form.querySelectorAll("input[data-missing]")].flatMap((input) => {
    const message = !input.value.trim()
      ? input.dataset.missing
      : input.type === "email" && input.validity.typeMismatch
        ? NOT_AN_ADDRESS
        : input.minLength > 0 && [...input.value].length < input.minLength
          ? TOO_SHORT
          : "";
    return message ? [{ field: input.name, message }] : [];
  });

function refuse(form, { detail = "", code = "", errors = [] }) {
  const known = errors.filter(({ field }) => form.elements[field]);
  for (const { field, message } of known) {
    form.elements[field].setAttribute("aria-invalid", "true");
    document.getElementById(`${field}-error`).textContent = message;
  }
  if (detail && !(known.length && known.length === errors.length)) {
    form.querySelector("[data-part=problem-text]").textContent = detail;
    form.querySelector("[data-part=problem]").setAttribute("data-shown", "");
  }
  const wrong = { INVALID_EMAIL_OR_PASSWORD: "password", USER_ALREADY_EXISTS: "email" }[code];
  form.elements[known[0]?.field ?? wrong]?.focus();
}

function clear(form) {
  form.querySelector("[data-part=problem]").removeAttribute("data-shown");
  for (const place of form.querySelectorAll(".problem")) place.textContent = "";
  for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
}

function setBusy(form, isBusy) {
  form.toggleAttribute("data-busy", isBusy);
  form.querySelector("[type=submit]").disabled = isBusy;
}

/** Leave for a path of ours by a full page load; the state of who was here before is forgotten. */
function arrive(path) {
  leaveTab();
  window.location.replace(ownPath(path));
}

function ownPath(path) {
  try {
    const url = new URL(path || "/dashboard", window.location.origin);
    return url.origin === window.location.origin ? url.pathname + url.search + url.hash : "/dashboard";
  } catch {
    return "/dashboard";
  }
}
