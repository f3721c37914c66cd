"""Hands quicker than a person's: gestures made inside the page, on the same elements, and what the list shows."""

from typing import Any

from playwright.sync_api import Page

HANDS = """
window.hands = {
  box: (title) => document.querySelector(`main li input[type=checkbox][aria-label=${JSON.stringify(title)}]`),
  add(title) {
    const line = document.getElementById("quick-add");
    line.value = title;
    line.form.requestSubmit();
  },
  // A task may just have gone, or got another name: then there is nothing to do.
  button(verb, title) {
    const name = JSON.stringify(`${verb} ${title}`);
    return hands.box(title)?.closest("li").querySelector(`[aria-label=${name}]`);
  },
  tick: (title) => hands.box(title)?.click(),
  remove: (title) => hands.button("Delete", title)?.click(),
  press(words) {
    const buttons = [...document.querySelectorAll("button")];
    buttons.find((button) => button.textContent.trim() === words)?.click();
  },
  async edit(title, fields) {
    if (!hands.box(title)) return;
    const task = hands.box(title).closest("[data-task]").dataset.task;
    hands.button("Edit", title).click();
    // The dialog of the task before may not have closed yet.
    const own = `dialog[open] form[data-form="${task}"]`;
    let form;
    while (!(form = document.querySelector(own))) await new Promise(requestAnimationFrame);
    for (const [name, value] of Object.entries(fields)) form.elements[name].value = value ?? "";
    form.requestSubmit();
  },
  // What is drawn of each task, in order: its title, whether it is done, its priority and its day.
  screen: () => [...document.querySelectorAll("main li.row")].map((row) => {
    const box = row.querySelector("input[type=checkbox]");
    const priority = row.querySelector("[data-priority]")?.textContent ?? "pending";
    return [box.ariaLabel, box.checked, priority.replace("Priority: ", ""), row.querySelector("time")?.dateTime ?? ""];
  }),
  // From now on, every state that the list was drawn in.
  watch() {
    hands.seen = [hands.screen()];
    const look = () => hands.seen.push(hands.screen());
    const everything = { subtree: true, childList: true, attributes: true };
    new MutationObserver(look).observe(document.querySelector("main"), everything);
  },
};
"""

Screen = list[list[Any]]


class Hands:
    """On one page; they are gone when it is loaded anew, and back by themselves."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.add_init_script(HANDS)
        page.evaluate(HANDS)

    def add(self, title: str) -> None:
        self.page.evaluate("title => hands.add(title)", title)

    def tick(self, title: str) -> None:
        self.page.evaluate("title => hands.tick(title)", title)

    def edit(self, title: str, /, **fields: str | None) -> None:
        self.page.evaluate("([title, fields]) => hands.edit(title, fields)", [title, fields])

    def remove(self, title: str) -> None:
        self.page.evaluate("title => hands.remove(title)", title)

    def press(self, words: str) -> None:
        """Press the first button of this name, if there is one."""
        self.page.evaluate("words => hands.press(words)", words)

    def screen(self) -> Screen:
        return self.page.evaluate("hands.screen()")

    def watch(self) -> None:
        self.page.evaluate("hands.watch()")

    def seen(self) -> list[Screen]:
        return self.page.evaluate("hands.seen")
