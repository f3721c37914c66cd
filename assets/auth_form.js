// Sign-in, sign-up and sign-out: HTTP requests to the API, then a full page load, so that the socket opens with the
// new cookie.
import { createElement, Fragment, useEffect, useState } from "react";
import { Link } from "react-router";
import { forget, leaveTab, mayLeave, staying } from "./drafts.js";
import { request, submit } from "./forms.js";
import { returnAddress } from "./return_address.js";

export const signIn = (event) =>
  submit(
    event,
    ({ email, password, remember }) =>
      request("POST", "/api/auth/sign-in", {
        email: email.value,
        password: password.value,
        remember: remember.checked,
      }),
    arriveWhereGoing,
  );

export const signUp = (event) =>
  submit(
    event,
    ({ name, email, password, setup_code: code }) =>
      request("POST", "/api/auth/sign-up", {
        name: name.value,
        email: email.value,
        password: password.value,
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        ...(shown() || code?.value ? { invitation: shown() || code.value } : {}),
      }),
    arriveWhereGoing,
  );

/** Sends what was submitted before this script was there; until now the form has said that it is busy (html_head.py). */
export function EarlySubmit() {
  useEffect(() => {
    for (const form of document.querySelectorAll("form[data-early][data-busy]")) {
      form.removeAttribute("data-busy");
      form.requestSubmit();
    }
  }, []);
  return null;
}

/** What a link has where no server is told of it: an invitation, or the setup code. */
const shown = () => window.location.hash.slice(1);

const RULES = {
  open: () => "Everyone who reaches this server can create an account.",
  invitation: () =>
    shown() ? "You are invited to create an account." : "New accounts need an invitation: ask who runs this server.",
  setup_code: () =>
    shown()
      ? "Nobody has an account here yet: this link creates the first one."
      : "Nobody has an account here yet. The server prints a setup code when it starts.",
  closed: () => "New accounts cannot be created here: ask who runs this server.",
};
const ASK_AGAIN = 3_000;

/** Who may create an account here, in a sentence, and the field for the setup code where somebody has to type it. */
export function SignUpRule({ children, className }) {
  const [rule, setRule] = useState("");
  useEffect(() => {
    let timer;
    const ask = async () => {
      const { answer } = await request("GET", "/api/auth/sign-up");
      if (answer) setRule(answer.sign_up);
      else timer = setTimeout(ask, ASK_AGAIN);
    };
    ask();
    return () => clearTimeout(timer);
  }, []);
  return createElement(
    Fragment,
    null,
    createElement("p", { className, "aria-live": "polite" }, RULES[rule]?.()),
    rule === "setup_code" && !shown() && children,
  );
}

export const forgotPassword = (event) =>
  submit(
    event,
    ({ email }) => request("POST", "/api/auth/forgot-password", { email: email.value }),
    () => document.documentElement.toggleAttribute("data-sent", true),
  );

export const resetPassword = (event) =>
  submit(
    event,
    ({ password }) =>
      request("POST", "/api/auth/reset-password", { token: window.location.hash.slice(1), password: password.value }),
    () => arrive("/sign-in?reset=true"),
  );

export const confirmEmail = (event) =>
  submit(
    event,
    () => request("POST", "/api/account/email/confirm", { token: window.location.hash.slice(1) }),
    () => document.documentElement.toggleAttribute("data-sent", true),
  );

export async function signOut() {
  if (!mayLeave()) return;
  const { problem } = await staying(() => request("POST", "/api/auth/sign-out", {}));
  if (!problem || problem.status === 401) {
    forget();
    return arrive("/sign-in");
  }
  const warning = document.getElementById("warning");
  if (warning) warning.textContent = "You are still signed in: the server did not answer. Try again in a moment.";
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

const arriveWhereGoing = ({ user }) => arrive(new URLSearchParams(window.location.search).get("from"), user.landing_page);

/** Leave for a path of ours, else for the person's own page, by a full page load; the state of who was here before is forgotten. */
function arrive(path, landingPage) {
  leaveTab();
  window.location.replace(returnAddress(path, landingPage));
}
