// What every form that goes to the API over HTTP shares: asking, saying what was refused, and passwords. What the person
// typed stays in its field; nothing of it is kept here.
import env from "$/env.json";
import { getBackendURL } from "$/utils/state";

const PATIENCE = 20_000;
const PAUSE = 300;
const NO_ANSWER = "The server did not answer. Nothing was lost; try again in a moment.";
const TOO_SHORT = "Use at least 8 characters.";
const NOT_AN_ADDRESS = "This does not look like an email address.";
// Browsers' own check refuses letters before the @ that mail has allowed for long; the server has the last word.
const ADDRESS = /^[^\s@]+@[^\s@]+$/;
const FIELD_OF = {
  INVALID_EMAIL_OR_PASSWORD: ["password"],
  USER_ALREADY_EXISTS: ["email"],
  SETUP_CODE_NEEDED: ["setup_code"],
  WRONG_PASSWORD: ["current_password", "password"],
};

/** One port in production: the page's own origin. In development the API has a port of its own. */
const apiOrigin = () => (import.meta.env.PROD ? window.location.origin : getBackendURL(env.PING).origin);

/** What the server answers: {answer}, or {problem} when it refuses or does not answer. */
export async function request(method, path, body, headers) {
  try {
    const response = await fetch(apiOrigin() + path, {
      method,
      credentials: "include",
      headers: { ...(body && { "Content-Type": "application/json" }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const answer = await response.json().catch(() => ({}));
    return response.ok ? { answer } : { problem: { status: response.status, detail: NO_ANSWER, ...answer } };
  } catch {
    return { problem: { status: 0, detail: NO_ANSWER } };
  }
}

/** Why the server has refused something, in a sentence. */
export const refusal = (problem) => problem.errors?.[0]?.message ?? problem.detail;

/** Send a form: `perform(fields)` asks as `request` does, `then(answer)` follows a yes; a no is said at its field. */
export async function submit(event, perform, then) {
  event.preventDefault();
  const form = event.target;
  if (form.hasAttribute("data-busy")) return;
  clear(form);
  const errors = problemsOf(form);
  if (errors.length) return refuse(form, { errors });
  setBusy(form, true);
  const { answer, problem } = await perform(form.elements);
  setBusy(form, false);
  if (problem) return refuse(form, problem);
  then(answer);
}

/** Show or hide what is in a password field. */
export function reveal({ currentTarget: button }) {
  const field = button.parentElement.querySelector("input");
  const isShown = field.type === "text";
  field.type = isShown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!isShown));
}

let judging;

/** Say how hard the password in a field is to guess, a moment after the last key: the server's own verdict. */
export function judge({ target: field }) {
  const meter = field.form.querySelector("[data-part=strength]");
  clearTimeout(judging);
  if (!field.value) return show(meter, 0, "", meter.dataset.rule);
  judging = setTimeout(async () => {
    const asked = field.value;
    const { person, name, email } = field.form.elements;
    const about = { name: (person ?? name)?.value ?? "", email: email?.value ?? "" };
    const { answer } = await request("POST", "/api/auth/password-strength", { password: asked, ...about });
    if (answer && field.value === asked)
      show(meter, Math.max(answer.score, 1), answer.is_strong, answer.advice || "Hard to guess");
  }, PAUSE);
}

function show(meter, level, isStrong, words) {
  meter.dataset.level = level;
  meter.toggleAttribute("data-met", Boolean(isStrong));
  meter.querySelector("[data-part=verdict]").textContent = words;
}

/** What can be said without the server, as {field, message}. */
const problemsOf = (form) =>
  [...form.querySelectorAll("input[data-missing]")].flatMap((input) => {
    const message = !input.value.trim()
      ? input.dataset.missing
      : input.type === "email" && !ADDRESS.test(input.value)
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
    const place = document.getElementById(`${field}-error`);
    place.textContent = message;
    form.elements[field].addEventListener("input", ({ target }) => (target.removeAttribute("aria-invalid"), (place.textContent = "")), { once: true });
  }
  if (detail && !(known.length && known.length === errors.length)) {
    form.querySelector("[data-part=problem-text]").textContent = detail;
    form.querySelector("[data-part=problem]").setAttribute("data-shown", "");
  }
  const wrong = FIELD_OF[code]?.find((field) => form.elements[field]);
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
