"""Edits that meet: what one person sees while the same task changes on another of their devices."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Device, Server, add, quick_add, sign_in, sign_up
from tests.browser.test_journeys import box, close, edit, open_editor, settled

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def here_and_there(server: Server, new_device: Callable[..., Device]) -> tuple[Page, Page]:
    """Two devices of one person, the second one with Firefox, and the task Milk on both."""
    here, there = new_device(server).page, new_device(server, user_agent=FIREFOX).page
    email = sign_up(here)
    there.goto("/sign-in")
    sign_in(there, email)
    quick_add(there).wait_for()
    add(here, "Milk")
    expect(box(there, "Milk")).to_be_visible()
    settled(here)
    return here, there


def test_an_open_dialog_says_at_once_that_its_task_changed_and_where(
    here_and_there: tuple[Page, Page],
) -> None:
    here, there = here_and_there
    dialog = open_editor(here, "Milk")
    edit(there, "Milk", Title="Oat milk")
    expect(dialog).to_contain_text("Changed on another device just now (Firefox on Linux).")
    expect(dialog.get_by_role("textbox", name="Title")).to_have_value("Oat milk")


def test_edits_of_different_fields_both_survive(here_and_there: tuple[Page, Page]) -> None:
    here, there = here_and_there
    dialog = open_editor(here, "Milk")
    dialog.get_by_role("textbox", name="Description").fill("Two litres")
    edit(there, "Milk", Title="Oat milk")
    expect(dialog).to_contain_text("Changed on another device just now")
    close(dialog)
    settled(here)
    here.reload()
    dialog = open_editor(here, "Oat milk")
    expect(dialog.get_by_role("textbox", name="Description")).to_have_value("Two litres")


def test_of_two_edits_of_a_field_the_earlier_editor_sees_both_and_takes_either(
    here_and_there: tuple[Page, Page],
) -> None:
    here, there = here_and_there
    dialog = open_editor(here, "Milk")
    title = dialog.get_by_role("textbox", name="Title")
    # As it may not be saved, it is still being written when the other one comes.
    title.fill("")
    edit(there, "Milk", Title="Oat milk")
    expect(dialog).to_contain_text("Title is now “Oat milk” there. Yours is kept below.")
    expect(title).to_have_value("")
    dialog.get_by_role("button", name="Take theirs").click()
    expect(title).to_have_value("Oat milk")
    title.fill("")
    edit(there, "Oat milk", Title="Rice milk")
    expect(dialog).to_contain_text("Title is now “Rice milk” there.")
    title.fill("Soy milk")
    dialog.get_by_role("button", name="Keep mine").click()
    expect(box(there, "Soy milk")).to_be_visible()
    expect(dialog).not_to_contain_text("Rice milk")


def test_a_task_that_was_deleted_elsewhere_says_so_and_it_can_be_put_back(
    here_and_there: tuple[Page, Page],
) -> None:
    here, there = here_and_there
    dialog = open_editor(here, "Milk")
    there.get_by_role("listitem").filter(has=box(there, "Milk")).hover()
    there.get_by_role("button", name="Delete Milk").click()
    expect(dialog).to_contain_text("This task was moved to the trash on another device just now")
    dialog.get_by_role("button", name="Put it back").click()
    expect(box(here, "Milk")).to_be_visible()
    expect(box(there, "Milk")).to_be_visible()
