// The button that loads more of a page; a page without end presses it before one comes to it, and so does a board, whose columns end one by one.
import { createElement, useEffect, useRef } from "react";
import { isBoard } from "./lists.js";
import { isEndless } from "./place.js";

const AHEAD = "600px";

export function ShowMore({ cursor, children, ...props }) {
  const button = useRef(null);
  useEffect(() => {
    if (!isEndless() && !isBoard()) return undefined;
    const watch = new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && button.current.click(), { rootMargin: AHEAD });
    watch.observe(button.current);
    return () => watch.disconnect();
  }, [cursor]);
  return createElement("button", { ...props, ref: button, type: "button" }, children);
}
