"""The page of a list, arranged by hand: sections, subtasks and moves, by mouse, keyboard and touch; and its board."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Device, Server, add, sign_in, sign_up


def become(page: Page, *expected: str, within: Locator | None = None) -> None:
    """Wait until these tasks are drawn, in this order."""
    boxes = (within or page.locator("main")).get_by_role("checkbox")
    expect(boxes).to_have_count(len(expected))
    for box, title in zip(range(len(expected)), expected, strict=True):
        expect(boxes.nth(box)).to_have_attribute("aria-label", title)


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def add_section(page: Page, name: str) -> None:
    page.get_by_role("button", name="Add section", exact=True).click()
    name_section(page, name)
    expect(section(page, name)).to_be_visible()


def name_section(page: Page, name: str) -> None:
    page.get_by_role("textbox", name="Name of the section").fill(name)
    page.keyboard.press("Enter")


def grip(page: Page, title: str) -> Locator:
    return page.get_by_role("button", name=f"Drag {title}", exact=True)


def drag(page: Page, title: str, to: Locator, *, across: int = 0, at: float = 0.8) -> None:
    """By the handle, onto the lower half of something, or where `at` says of its height."""
    page.get_by_role("checkbox", name=title, exact=True).hover()
    start, end = grip(page, title).bounding_box(), to.bounding_box()
    assert start
    assert end
    x, y = start["x"] + 5, start["y"] + start["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + across, end["y"] + end["height"] * at, steps=6)
    page.mouse.up()


def by_the_mouse(page: Page, other: Page) -> None:
    """Into a section, and under another task."""
    drag(page, "Boxes", section(page, "Packing"))
    for each in (page, other):
        become(each, "Boxes", within=section(each, "Packing"))
    drag(page, "Tape", section(page, "Packing").get_by_role("listitem").first, across=60)
    become(page, "Boxes", "Tape", within=section(page, "Packing"))
    expect(page.get_by_role("button", name="Subtasks: 0/1")).to_be_visible()


def completed_as_one(page: Page, other: Page) -> None:
    """Completing a task completes what is open in it, and Undo takes that back alone."""
    page.get_by_role("textbox", name="Add a subtask").fill("Markers")
    page.keyboard.press("Enter")
    become(page, "Boxes", "Tape", "Markers", within=section(page, "Packing"))
    page.get_by_role("checkbox", name="Tape").check()
    expect(page.get_by_role("button", name="Subtasks: 1/2")).to_be_visible()
    page.get_by_role("checkbox", name="Boxes").click()
    expect(section(page, "Packing").get_by_text("Nothing here yet.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    for each in (page, other):
        become(each, "Boxes", "Tape", "Markers", within=section(each, "Packing"))
        expect(each.get_by_role("checkbox", name="Tape")).to_be_checked()
        expect(each.get_by_role("checkbox", name="Markers")).not_to_be_checked()


def by_the_keyboard(page: Page) -> None:
    """Taken up, moved past its neighbour, and put back by Escape."""
    grip(page, "Labels").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    become(page, "Labels", "Milk", "Boxes", "Tape", "Markers")
    expect(grip(page, "Labels")).to_be_focused()
    page.keyboard.press("Escape")
    become(page, "Milk", "Labels", "Boxes", "Tape", "Markers")


def by_the_menu(page: Page) -> None:
    """To another section; and a section that is deleted comes back with its tasks."""
    page.get_by_role("checkbox", name="Milk").hover()
    page.get_by_role("button", name="More actions: Milk").click()
    page.get_by_role("button", name="Move to… Milk").click()
    page.get_by_role("dialog").get_by_role("button", name="Papers in Inbox").click()
    become(page, "Milk", within=section(page, "Papers"))
    page.get_by_role("button", name="Options of section Packing").click()
    page.get_by_role("button", name="Delete section").click()
    become(page, "Labels", "Boxes", "Tape", "Markers", "Milk")
    page.get_by_role("button", name="Undo").click()
    become(page, "Boxes", "Tape", "Markers", within=section(page, "Packing"))


def held_at(page: Page, address: str, act: Callable[[], None]) -> Route:
    """Do something that asks the server. Returns the request, which waits."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(address, hold)
    with page.expect_request(address):
        act()
    # What the browser says comes in order: with the next word, the request is here.
    page.evaluate("0")
    return held[0]


def headings(page: Page) -> Locator:
    """Of the sections; those of the other groups have no options."""
    return page.locator("section[data-group] h3")


def between_sections(page: Page) -> None:
    """Drawn in its place before the server answers, and back in its field when it refuses."""
    page.get_by_role("button", name="Options of section Packing").click()
    page.get_by_role("button", name="Add section below").click()
    held = held_at(page, "**/sections", lambda: name_section(page, "Keys"))
    expect(headings(page)).to_contain_text(["Packing", "Keys", "Papers"])
    expect(section(page, "Keys").get_by_role("button", name="Add a task")).to_have_count(0)
    held.abort()
    field = page.get_by_role("textbox", name="Name of the section")
    expect(page.get_by_text("The server did not answer.")).to_be_visible()
    expect(field).to_have_value("Keys")
    page.unroute("**/sections")
    field.press("Enter")
    expect(section(page, "Keys").locator("h3 button")).to_be_focused()
    page.get_by_role("button", name="Add section above Packing").click()
    name_section(page, "First")
    made = [
        section(page, name).get_by_role("button", name="Add a task to")
        for name in ("Keys", "First")
    ]
    for each in made:
        expect(each).to_be_visible()
    page.reload()
    expect(headings(page)).to_have_count(4)
    for at, name in enumerate(["First", "Packing", "Keys", "Papers"]):
        expect(headings(page).nth(at)).to_contain_text(name)
    for name in ("First", "Keys"):
        page.get_by_role("button", name=f"Options of section {name}").click()
        page.get_by_role("button", name="Delete section").click()
        expect(section(page, name)).to_have_count(0)


def finger_on(page: Page, title: str) -> Callable[..., None]:
    """What a finger does that goes down on the words of a task: `touch("Move", 20)` is so far below them."""
    words = page.get_by_role("button", name=title, exact=True)
    # Not under the bar at the bottom.
    words.evaluate("(words) => words.scrollIntoView({ block: 'center' })")
    # Only once it is still is it where it is said to be.
    words.tap(trial=True)
    start = words.bounding_box()
    assert start
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *below: float) -> None:
        points = [{"x": start["x"] + 8, "y": start["y"] + 8 + by} for by in below]
        finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})

    return touch


def drag_by_touch(page: Page, title: str, in_front_of: str) -> None:
    """By resting on it, onto the upper part of another task."""
    touch = finger_on(page, title)
    start = page.get_by_role("button", name=title, exact=True).bounding_box()
    end = page.get_by_role("checkbox", name=in_front_of, exact=True).bounding_box()
    assert start
    assert end
    way = end["y"] - start["y"] - 4
    touch("Start", 0)
    expect(page.locator(".drag-card")).to_be_visible()
    touch("Move", way / 2)
    touch("Move", way)
    touch("End")
    # The finger that lets go opens nothing.
    expect(page.get_by_role("dialog")).to_have_count(0)


def scroll_by_touch(page: Page, title: str) -> None:
    """A finger that moves at once scrolls, and takes nothing up."""
    page.set_viewport_size({"width": 390, "height": 420})
    touch = finger_on(page, title)
    before = page.evaluate("scrollY")
    page.evaluate("addEventListener('scrollend', () => (window.isStill = true), { once: true })")
    touch("Start", 0)
    for by in range(15, 105, 15):
        touch("Move", by)
    page.wait_for_function("(before) => scrollY < before - 40", arg=before)
    expect(page.locator(".drag-card, [data-lifted]")).to_have_count(0)
    touch("End")
    page.wait_for_function("() => window.isStill")
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("() => innerHeight === 844")


def by_touch(page: Page) -> None:
    become(page, "Boxes", "Tape", "Markers", within=section(page, "Packing"))
    become(page, "Milk", within=section(page, "Papers"))
    scroll_by_touch(page, "Milk")
    become(page, "Milk", within=section(page, "Papers"))
    drag_by_touch(page, "Milk", "Labels")
    become(page, "Milk", "Labels", "Boxes", "Tape", "Markers")


def never_sideways(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def on_a_board(page: Page, phone: Page) -> None:
    """Its sections are columns and its tasks cards, on each device; a card is taken by any place of it."""
    page.get_by_role("group", name="View").get_by_role("button", name="Board").click()
    for each in (page, phone):
        # As it was left in the list.
        expect(section(each, "Packing").get_by_role("checkbox")).to_have_count(0)
    section(page, "Packing").get_by_role("button", name="Packing").first.click()
    for each in (page, phone):
        expect(each.get_by_role("group", name="Board, 3 columns")).to_be_visible()
        become(each, "Milk", "Labels", within=section(each, "Without a section"))
        become(each, "Boxes", within=section(each, "Packing"))
        assert each.evaluate("document.documentElement.scrollWidth <= innerWidth")
    start = page.get_by_role("button", name="Milk", exact=True).bounding_box()
    end = section(page, "Papers").bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 4, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + 60, end["y"] + 90, steps=6)
    expect(section(page, "Papers").locator(".drag-gap")).to_be_visible()
    page.mouse.up()
    expect(page.locator(".drag-gap")).to_have_count(0)
    tabs = phone.get_by_role("navigation", name="Sections")
    tabs.get_by_role("button", name="Papers").click()
    expect(tabs.locator("[aria-current]")).to_contain_text("Papers")
    tabs.get_by_role("button", name="Packing").click()
    expect(tabs.locator("[aria-current]")).to_contain_text("Packing")
    for each in (page, phone):
        become(each, "Milk", within=section(each, "Papers"))
    expect(page.get_by_text("“Milk” moved to “Papers”, 1 of 1.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def across_columns(page: Page, phone: Page) -> None:
    """By the keyboard and by touch, from card to card with the arrows, and back to the list."""
    grip(page, "Labels").focus()
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
    for each in (page, phone):
        become(each, "Labels", "Boxes", within=section(each, "Packing"))
        expect(section(each, "Without a section")).to_have_count(0)
    drag_by_touch(phone, "Boxes", "Labels")
    for each in (page, phone):
        become(each, "Boxes", "Labels", within=section(each, "Packing"))
    section(page, "Papers").get_by_role("button", name="Add a task", exact=True).click()
    page.get_by_role("textbox", name="Add a task to Papers").fill("Stamps tomorrow !high")
    page.keyboard.press("Enter")
    become(page, "Milk", "Stamps", within=section(page, "Papers"))
    expect(section(page, "Papers").get_by_text("Tomorrow")).to_be_visible()
    add_section(page, "Done")
    page.get_by_role("listitem").filter(has=grip(page, "Stamps")).focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("listitem").filter(has=grip(page, "Labels"))).to_be_focused()
    page.keyboard.press("v")
    expect(page.get_by_role("group", name="Board, 3 columns")).to_have_count(0)
    become(page, "Milk", "Stamps", within=section(page, "Papers"))


def test_a_list_is_arranged_by_mouse_by_keyboard_by_menu_and_by_touch(
    new_device: Callable[..., Device], server: Server
) -> None:
    page = new_device(server).page
    email = sign_up(page)
    page.goto("/inbox")
    add(page, "Milk", "Boxes", "Tape", "Labels")
    become(page, "Milk", "Boxes", "Tape", "Labels")
    add_section(page, "Packing")
    add_section(page, "Papers")
    phone = new_device(server, viewport={"width": 390, "height": 844}, has_touch=True).page
    phone.goto("/sign-in?from=/inbox")
    sign_in(phone, email)
    by_the_mouse(page, phone)
    completed_as_one(page, phone)
    by_the_keyboard(page)
    by_the_menu(page)
    between_sections(page)
    by_touch(phone)
    become(page, "Milk", "Labels", "Boxes", "Tape", "Markers")
    section(phone, "Packing").get_by_role("button", name="Packing").first.click()
    become(phone, "Milk", "Labels")
    phone.reload()
    become(phone, "Milk", "Labels")
    on_a_board(page, phone)
    across_columns(page, phone)
