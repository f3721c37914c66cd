// What leads to parts of a page, and marks the one that is in sight: in the document itself, since to scroll draws nothing.
import { useEffect } from "react";

/** Have `mark` look at an element when it is drawn, and once for each frame in which something scrolls. */
export function useMark(element, mark) {
  useEffect(() => mark(element.current));
  useEffect(() => {
    let frame = 0;
    const later = () => (frame ||= requestAnimationFrame(() => ((frame = 0), mark(element.current))));
    document.addEventListener("scroll", later, { capture: true, passive: true });
    return () => {
      cancelAnimationFrame(frame);
      document.removeEventListener("scroll", later, { capture: true });
    };
  }, []);
}

/** Mark one of the links that lie in a strip, and have the strip show it; the page stays where it is. */
export function markIn(strip, links, current) {
  for (const link of links) {
    if (link !== current) link.removeAttribute("aria-current");
    else if (!link.hasAttribute("aria-current")) {
      link.setAttribute("aria-current", "true");
      keepInSight(strip, link);
    }
  }
}

function keepInSight(strip, link) {
  const [box, place] = [strip.getBoundingClientRect(), link.getBoundingClientRect()];
  if (place.left < box.left || place.right > box.right) strip.scrollTo({ left: strip.scrollLeft + place.left - box.left });
}

/** Whether this person wants things to move. */
export const scrolling = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
