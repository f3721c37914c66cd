"""A stopwatch inside the page: what passes between a gesture and its being in the document."""

from playwright.sync_api import Page

from tests.browser.hands import HANDS

# By the page's own clock, begun right after a frame, as a hand does that does not know when frames are drawn.
STOPWATCH = """
window.stopwatch = {
  /** [milliseconds until `isThere`, whether it is when the next frame is drawn] */
  async time(act, isThere) {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const begun = performance.now();
    const committed = stopwatch.when(isThere).then(() => performance.now() - begun);
    act();
    const isDrawn = await new Promise((resolve) => requestAnimationFrame(() => resolve(Boolean(isThere()))));
    return [await committed, isDrawn];
  },
  when: (isThere) => new Promise((resolve) => {
    const look = () => isThere() && (observer.disconnect(), resolve());
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    look();
  }),
  row: (title) => hands.box(title)?.closest("li"),
  add: (title) => stopwatch.time(() => hands.add(title), () => hands.box(title)),
  // The box itself is drawn by the browser; the rest of its row is what the page makes of it.
  tick: (title) => stopwatch.time(() => hands.tick(title), () => stopwatch.row(title)?.ariaBusy === "true"),
  // A row that is removed closes its place before the eyes: it has gone when it can no longer be used.
  remove: (title) => stopwatch.time(() => hands.remove(title), () => stopwatch.row(title)?.inert ?? true),
  async edit(title, renamed) {
    hands.button("Edit", title).click();
    await stopwatch.when(() => document.querySelector("dialog[open] form"));
    const form = document.querySelector("dialog[open] form");
    form.elements.title.value = renamed;
    return stopwatch.time(() => form.requestSubmit(), () => hands.box(renamed));
  },
  presses: [],
  /** Note of each press its kind, and the milliseconds from the browser's own stamp of it to the next paint. */
  notePresses() {
    const ofPresses = (entries) => entries.filter(({ interactionId }) => interactionId);
    const note = ({ name, duration }) => stopwatch.presses.push([name, duration]);
    const observer = new PerformanceObserver((list) => ofPresses(list.getEntries()).forEach(note));
    observer.observe({ type: "event", durationThreshold: 16 });
  },
  /** When the box of a task was seen like this, by the clock that all tabs share. */
  lookOut(title, isChecked) {
    stopwatch.seen = stopwatch.when(() => hands.box(title)?.checked === isChecked).then(Date.now);
  },
  tickNow(title) {
    const at = Date.now();
    hands.tick(title);
    return at;
  },
};
"""


def hand_out(page: Page) -> None:
    """Put the stopwatch into the page, now and whenever it is loaded anew."""
    page.add_init_script(HANDS + STOPWATCH)
    page.evaluate(HANDS + STOPWATCH)
