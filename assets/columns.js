// The columns of a board on a phone: a tab for each, of which the one in sight is marked.
import { createElement, useRef } from "react";
import { markIn, scrolling, useMark } from "./in_sight.js";

const PEEK = 40; // so much of a column is still seen when the next one is the one in sight, in pixels

const columnOf = (key) => document.getElementById(`column-${key}`);

export const showColumn = (key) => columnOf(key).scrollIntoView({ inline: "start", block: "nearest", behavior: scrolling() });

export function ColumnTabs({ children, ...props }) {
  const tabs = useRef(null);
  useMark(tabs, mark);
  return createElement("nav", { ...props, ref: tabs }, children);
}

function mark(tabs) {
  const links = [...tabs.querySelectorAll("button")];
  const start = tabs.getBoundingClientRect().left + PEEK;
  const current = links.find((link) => columnOf(link.value)?.getBoundingClientRect().right > start);
  markIn(tabs, links, current);
}
