"""A list of 2,000 open tasks: scrolled to its end, and a row of it in the hand."""

import httpx
from playwright.sync_api import Page, expect

TASKS = 2_000
SLOWER = 4
AT = 700
"""Where the hand goes up and down, from the left."""
FRAME = 1000 / 60

_WATCH = """
window.watch = {
  long: [],
  frames: [],
  async frame() { return new Promise((resolve) => requestAnimationFrame(resolve)); },
  /** As a hand does that does not stop: so many pixels in each frame, until nothing more comes. */
  async scroll(step) {
    const note = (list) => watch.long.push(...list.getEntries().map(({ duration }) => duration));
    const observer = new PerformanceObserver(note);
    observer.observe({ type: "longtask" });
    const page = document.scrollingElement;
    const rows = document.getElementsByClassName("show-more")[0]?.closest(".list").getElementsByTagName("li");
    let pressedAt = 0;
    for (let still = 0; still < 120; ) {
      const before = page.scrollTop;
      page.scrollBy(0, step);
      await watch.frame();
      const [more] = document.getElementsByClassName("show-more");
      // Once for each page: pressed in each frame, it says more than a socket is listened to.
      if (more && page.scrollTop === before && rows.length !== pressedAt) {
        pressedAt = rows.length;
        more.click();
      }
      still = page.scrollTop === before && !more ? still + 1 : 0;
    }
    observer.disconnect();
  },
  /** Milliseconds from frame to frame, until `isOver`. */
  async count() {
    watch.isOver = false;
    watch.frames = [];
    for (let last = await watch.frame(); !watch.isOver; ) {
      const now = await watch.frame();
      watch.frames.push(now - last);
      last = now;
    }
  },
};
"""


def fill(client: httpx.Client) -> str:
    """Make the list. Returns its address."""
    list_id = client.post("/api/lists", json={"name": "Long"}).raise_for_status().json()["id"]
    for number in range(TASKS):
        task = {"title": f"Task {number:04}", "list_id": list_id}
        client.post("/api/tasks", json=task).raise_for_status()
    return f"/lists/{list_id}"


def scrolled(page: Page) -> list[float]:
    """Scroll to the end. Returns how long each long task was that kept the page from answering."""
    page.evaluate(_WATCH)
    page.evaluate("watch.scroll(160)")
    # Not by their role: to ask 2,000 rows for it takes a minute.
    expect(page.locator("[data-task]")).to_have_count(TASKS)
    return page.evaluate("watch.long")


def dragged(page: Page, seconds: int) -> list[float]:
    """Milliseconds from frame to frame while the middle row is taken up and down the screen on a slower processor."""
    page.evaluate("scrollTo(0, document.scrollingElement.scrollHeight / 2)")
    client = page.context.new_cdp_session(page)
    client.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    grip = page.locator(f"[data-task] .grip >> nth={TASKS // 2}")
    grip.hover()
    page.mouse.down()
    page.mouse.move(AT, 300)
    expect(page.locator(".drag-card")).to_be_visible()
    page.evaluate("void watch.count()")
    for step in range(seconds * 30):
        page.mouse.move(AT, 200 + 500 * abs((step % 60) / 30 - 1))
    page.evaluate("watch.isOver = true")
    page.keyboard.press("Escape")
    page.mouse.up()
    client.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return page.evaluate("watch.frames")
