"""What people wrote, on the screen: it can be selected, its addresses are links, and no notice hides it."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import add, sign_up
from tests.browser.test_journeys import box, close, open_editor, settled

ADDRESS = "https://cairn.example/a_(b)?c=1#d"

UNCOVERED = """(row) => {
    const [place, over] = [row, document.querySelector(".toast")].map((e) => e.getBoundingClientRect());
    return place.bottom <= over.top || place.top >= innerHeight;
}"""


def test_addresses_in_a_description_are_links_and_nothing_else_is(anas_page: Page) -> None:
    add(anas_page, "Milk")
    dialog = open_editor(anas_page, "Milk")
    text = (
        f"<img src=x onerror=alert(1)> javascript:alert(1) see {ADDRESS}, or mailto:ana@x.example."
    )
    dialog.get_by_label("Description").fill(text)
    close(dialog)
    settled(anas_page)

    row = anas_page.get_by_role("listitem").filter(has=box(anas_page, "Milk"))
    expect(row.get_by_text("<img src=x")).to_have_text(text)
    expect(row.get_by_role("link")).to_have_text([ADDRESS, "mailto:ana@x.example"])
    link = row.get_by_role("link", name=ADDRESS)
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    anas_page.context.route("https://cairn.example/**", lambda route: route.fulfill(body="There."))
    with anas_page.context.expect_page() as there:
        link.click()
    assert there.value.url == ADDRESS
    expect(anas_page.get_by_role("dialog")).to_have_count(0)

    links = open_editor(anas_page, "Milk").get_by_role("list", name="Links in the description")
    expect(links.get_by_role("link")).to_have_text([ADDRESS, "mailto:ana@x.example"])


def test_a_description_in_markdown_is_read_formatted_and_written_as_text(anas_page: Page) -> None:
    written = "Take **both** keys\n\n- [x] front\n- [ ] back <b>\n\n[Map](https://cairn.example)"
    add(anas_page, "Keys")
    dialog = open_editor(anas_page, "Keys")
    dialog.get_by_label("Description").fill(written)
    close(dialog)
    settled(anas_page)

    dialog = open_editor(anas_page, "Keys")
    formatted = dialog.get_by_role("group", name="Formatted description")
    expect(formatted.locator("strong")).to_have_text("both")
    expect(formatted.get_by_role("checkbox")).to_have_count(2)
    expect(formatted.get_by_role("listitem").last).to_have_text("back <b>")
    expect(formatted.get_by_role("link", name="Map")).to_have_attribute(
        "rel", "noopener noreferrer nofollow"
    )
    field = dialog.get_by_role("textbox", name="Description")
    expect(field).to_be_hidden()

    dialog.get_by_role("button", name="Edit description").click()
    expect(field).to_be_focused()
    expect(field).to_have_value(written)
    field.fill("Take one key")
    close(dialog)
    settled(anas_page)
    expect(open_editor(anas_page, "Keys").get_by_label("Description")).to_have_value("Take one key")


def test_a_title_can_be_selected_and_opens_its_task(anas_page: Page) -> None:
    add(anas_page, "Oat milk and honey")
    title = anas_page.get_by_role("button", name="Oat milk and honey", exact=True)
    dialog = anas_page.get_by_role("dialog", name="Edit task")
    place = title.bounding_box()
    assert place
    middle = place["y"] + place["height"] / 2
    anas_page.mouse.move(place["x"] + 1, middle)
    anas_page.mouse.down()
    anas_page.mouse.move(place["x"] + place["width"] - 1, middle, steps=5)
    anas_page.mouse.up()
    assert anas_page.evaluate("getSelection().toString()") == "Oat milk and honey"
    expect(dialog).to_be_hidden()

    for open_it in (
        title.click,
        lambda: anas_page.mouse.click(place["x"] + place["width"] + 20, middle),
        lambda: title.press("Enter"),
        lambda: title.press(" "),
    ):
        open_it()
        expect(dialog).to_be_visible()
        anas_page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()


def test_the_notice_does_not_cover_the_row_that_was_just_added(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_up(page)
    # The list grows from the top of the screen to below it.
    for number in range(8):
        add(page, f"Task {number}")
        row = page.get_by_role("listitem").filter(has=box(page, f"Task {number}"))
        expect(page.get_by_role("status").filter(has_text="Task added.")).to_be_visible()
        page.wait_for_function(UNCOVERED, arg=row.element_handle())
