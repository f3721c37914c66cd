// The little that the frame of the page does in the browser: the folding sidebar, the search field, addresses of lists.
import { createElement, useEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";

const PAUSE = 250;
const root = () => document.documentElement;

const UPWARDS = ["title", "due"]; // from the first letter or day on; other orders begin with the newest or the highest
const PLAIN = { status: "all", sort: "relevance", order: "desc" };

/** The address of a list of tasks: only what differs from the plain list is in it. */
export function tasksAddress(query) {
  const kept = Object.entries(query).filter(([name, value]) => value && value !== PLAIN[name]);
  return "/dashboard" + (kept.length ? `?${new URLSearchParams(kept)}` : "");
}

/** Folds the sidebar to a rail and remembers it; the script in the page's head folds it again before the first paint. */
export function SidebarToggle({ children, ...props }) {
  const [isFolded, setFolded] = useState(false);
  useEffect(() => setFolded(root().dataset.sidebar === "collapsed"), []);
  const fold = () => {
    const next = isFolded ? "expanded" : "collapsed";
    root().dataset.sidebar = next;
    remember("sidebar", next);
    setFolded(!isFolded);
  };
  const words = isFolded ? "Expand sidebar" : "Collapse sidebar";
  const state = { "aria-expanded": !isFolded, "aria-label": words, title: words };
  return createElement("button", { ...props, ...state, type: "button", onClick: fold }, children);
}

/** Whether one page can fade into another here; asked for all the same, the router would warn of it each time. */
export const canFade = typeof document !== "undefined" && "startViewTransition" in document;

/** The tab says how much is late. */
export function OverdueTitle({ count, plain }) {
  useEffect(() => {
    document.title = count ? `${count} overdue · Cairn` : plain;
  }, [count]);
  return null;
}

/** A radio button for something that this browser remembers of the layout: `name` is its name in the head's script. */
export function RememberedRadio({ name, value, isUsual, ...props }) {
  const radio = useRef(null);
  useEffect(() => {
    radio.current.checked = root().dataset[name] ? root().dataset[name] === value : isUsual;
  }, []);
  const choose = () => {
    root().dataset[name] = value;
    remember(name, value);
  };
  return createElement("input", { ...props, value, ref: radio, type: "radio", name, onChange: choose });
}

function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** A search field that follows the address, and changes it shortly after the last key; at once when it is empty. */
export function SearchInput({ query, ...props }) {
  const navigate = useNavigate();
  const field = useRef(null);
  const timer = useRef(0);
  useEffect(() => {
    if (document.activeElement !== field.current) field.current.value = query.q;
  }, [query.q]);
  useEffect(() => {
    if (window.location.hash === "#search") field.current.focus();
    return () => clearTimeout(timer.current);
  }, []);
  const search = () => navigate(tasksAddress({ ...query, q: field.current.value.trim() }), { replace: true, preventScrollReset: true });
  const soon = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(search, field.current.value ? PAUSE : 0);
  };
  return createElement("input", { ...props, ref: field, defaultValue: query.q, type: "search", onInput: soon });
}

/** Orders the list: a native select, so that it works by key, by touch and while the socket is down. */
export function SortSelect({ query, children, ...props }) {
  const navigate = useNavigate();
  const sort = ({ target: { value } }) =>
    navigate(tasksAddress({ ...query, sort: value, order: UPWARDS.includes(value) ? "asc" : "" }), { preventScrollReset: true });
  // The usual order has no name: what is found comes by relevance, and the whole list by due date.
  const isUsual = query.sort === "relevance" || (query.sort === "due" && !query.q);
  const value = isUsual ? "" : query.sort;
  return createElement("select", { ...props, value, onChange: sort }, children);
}

/** For the link "Search" on the page that has the field: at once, so that a phone shows its keyboard. */
export const focusSearch = () => document.getElementById("search").focus();

/** Empties the search field, and stays in it. */
export function clearSearch() {
  const field = document.getElementById("search");
  field.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

/** Whether the page is what the link "Search" leads to, or shows what was found; at first as it was built. */
export function useIsSearching() {
  const { hash, search } = useLocation();
  const [isSearching, setSearching] = useState(false);
  useEffect(() => setSearching(hash === "#search" || new URLSearchParams(search).has("q")), [hash, search]);
  return isSearching;
}
