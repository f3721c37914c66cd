// The little that the frame of the page does in the browser: the folding sidebar, the search field, addresses of lists.
import { createElement, useEffect, useRef, useState } from "react";
import { Link, useLocation, useNavigate, useNavigationType } from "react-router";

const PAUSE = 250;
const REST = 2000;
const AGAIN = 5000;
const root = () => document.documentElement;

const UPWARDS = ["title", "due"]; // from the first letter or day on; other orders begin with the newest or the highest
const PLAIN = { status: "all", sort: "relevance", order: "desc" };
const NAMES = ["list", "status", "priority", "due", "q", "sort", "order"];

/** The list that an address asks for, by its query. */
function queryOf(search) {
  const asked = new URLSearchParams(search);
  return Object.fromEntries(NAMES.map((name) => [name, asked.get(name) ?? ""]));
}

/** The address of a list of tasks: only what differs from the plain list is in it. */
function addressOf(query) {
  const kept = Object.entries(query).filter(([name, value]) => value && value !== PLAIN[name]);
  return "/dashboard" + (kept.length ? `?${new URLSearchParams(kept)}` : "");
}

let typing = 0; // the timer of what is in the search field and not in the address yet
let leadingTo = null; // the address that was gone to last, until it has been reached

const searchField = () => document.getElementById("search");
const stopTyping = () => (clearTimeout(typing), (typing = 0));

/** The list of the present address with some of it changed, what was typed since included. */
function latestWith(changes) {
  const address = leadingTo ?? window.location.href;
  const typed = typing ? { q: searchField().value.trim() } : {};
  stopTyping();
  return (leadingTo = addressOf({ ...queryOf(new URL(address, window.location).search), ...typed, ...changes }));
}

/** Goes to the list of the present address with some of it changed. */
function useGoing() {
  const navigate = useNavigate();
  return (changes, options) => navigate(latestWith(changes), { preventScrollReset: true, ...options });
}

/** The list that the address asks for; at first the plain one, as the page was built. */
function useQuery() {
  const { search } = useLocation();
  const [query, setQuery] = useState({});
  useEffect(() => setQuery(queryOf(search)), [search]);
  return query;
}

/** A link to the list of the present address with `changes` in it: "" takes a filter away. */
export function ListLink({ changes, hash = "", children, ...props }) {
  const query = useQuery();
  const go = useGoing();
  const follow = (event) => {
    props.onClick?.(event);
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || hash) return;
    event.preventDefault();
    go(changes);
  };
  return createElement(Link, { ...props, to: addressOf({ ...query, ...changes }) + hash, onClick: follow }, children);
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

/**
 * Fetches the code of the other pages once this one is at rest, so that they open while the server is away. Not by the router's own
 * means: where the server is away already, those reload this page, and lose it.
 */
export function OtherPages({ pages }) {
  useEffect(() => {
    const { routes } = window.__reactRouterManifest;
    const modules = Object.values(routes).flatMap(({ path, module }) => (pages.includes(`/${path}`) ? module : []));
    const get = () =>
      Promise.all(modules.map(fetchCode)).catch(() => {
        timer = setTimeout(get, AGAIN);
      });
    let timer = setTimeout(get, REST);
    return () => clearTimeout(timer);
  }, []);
  return null;
}

/** Many browsers never ask again for a module that could not be fetched once, so it is asked for when it is there. */
async function fetchCode(module) {
  const { ok } = await fetch(module);
  if (!ok) throw new Error(`There is no ${module}.`);
  return import(/* @vite-ignore */ module);
}

/** The tab says how much is late. */
export function OverdueTitle({ count, plain }) {
  useEffect(() => {
    document.title = count ? `${count} overdue · Cairn` : plain;
  }, [count]);
  return null;
}

/** The tab says which page it shows. */
export function TabTitle({ title }) {
  useEffect(() => {
    document.title = `${title} · Cairn`;
  }, [title]);
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
export function SearchInput(props) {
  const go = useGoing();
  const kind = useNavigationType();
  const { key, search, hash } = useLocation();
  const field = useRef(null);
  const isNew = useRef(true);
  const soon = () => {
    stopTyping();
    typing = setTimeout(() => go({}, { replace: true }), field.current.value ? PAUSE : 0);
  };
  useEffect(() => {
    const { q } = queryOf(search);
    // Typed before this script was there to hear it.
    if (isNew.current && field.current.value && !q) soon();
    // Back and forth lead to what the address says; else what was typed since it was written is newer.
    else if (kind === "POP") stopTyping();
    isNew.current = false;
    leadingTo = null;
    if (!typing && field.current.value.trim() !== q) field.current.value = q;
  }, [key]);
  useEffect(() => {
    if (hash === "#search") field.current.focus();
    return () => {
      stopTyping();
      leadingTo = null;
    };
  }, []);
  return createElement("input", { ...props, ref: field, type: "search", onInput: soon });
}

/** Orders the list: a native select, so that it works by key, by touch and while the socket is down. */
export function SortSelect({ children, ...props }) {
  const { q, sort } = useQuery();
  const go = useGoing();
  const choose = ({ target: { value } }) => go({ sort: value, order: UPWARDS.includes(value) ? "asc" : "" });
  // The usual order has no name: what is found comes by relevance, and the whole list by due date.
  const isUsual = !sort || sort === "relevance" || (sort === "due" && !q);
  return createElement("select", { ...props, value: isUsual ? "" : sort, onChange: choose }, children);
}

/** For the link "Search" on the page that has the field: at once, so that a phone shows its keyboard. */
export const focusSearch = () => searchField().focus();

/** Empties the search field, and stays in it. */
export function clearSearch() {
  const field = searchField();
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
