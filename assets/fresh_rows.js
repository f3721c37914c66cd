// Rows that were loaded below others: React makes them between frames, and whoever scrolls meanwhile is not held up.
import { useDeferredValue } from "react";

export function FreshRows({ isFresh, children }) {
  const isDue = useDeferredValue(true, !isFresh);
  return isDue ? children : null;
}
