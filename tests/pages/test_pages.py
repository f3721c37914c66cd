"""Every page compiles, and says to a screen reader (and to a test) what product.md promises."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import reflex as rx
from reflex.compiler.utils import compile_client_storage
from reflex_base.components.memo import MEMOS, MemoComponentDefinition

from dashboard.pages import PAGES, Page, head

ROOT = Path(__file__).parents[2]
BY_ROUTE = {page.route: page for page in PAGES}

ACCESSIBLE_NAMES = {
    "/sign-up": ["Name", "Email", "Password", "Create account"],
    "/sign-in": ["Email", "Password", "Remember me", "Sign in"],
    "/dashboard": [
        *("Main", "Dashboard", "Tasks", "Trash", "Settings", "Search", "Account", "Sign out"),
        *("Add a task", "New task", "Add", "Total", "Completed", "Pending", "Overdue"),
        *(
            "Title",
            "Description",
            "Priority",
            "Due date",
            "Time",
            "Save",
            "Cancel",
            "Move to trash",
        ),
        *("Edit task", "Retry", "Discard change", "Undo"),
    ],
    "/trash": ["Main", "Restore", "Delete forever", "Cancel", "Retry"],
    "/reset-password": [
        *("New password", "Change password", "Sign in", "Email", "Send me a link"),
        "Look into your mail box.",
    ],
    "/confirm-email": ["This is my address", "Your address is confirmed.", "Open Cairn"],
    "/settings": [
        *(
            "Main",
            "Sign out",
            "Theme",
            "Density",
            "Name",
            "Time zone",
            "Settings sections",
        ),
        *("Revoke all others", "Copy", "Download", "Cancel"),
        *("Change password", "Current password", "New password", "Enter your password", "Continue"),
        *("Change email", "New email", "Send the link", "Send the link again"),
        *("New API token", "Scope", "Read", "Read and write", "Ends", "Create token"),
        *("Delete your account?", "Delete account", "Export first"),
    ],
}


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every node of a rendered component, in the order of the page."""
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from nodes(value)
    elif isinstance(tree, list | tuple):
        for item in tree:
            yield from nodes(item)


def rendered(page: Page) -> list[dict[str, Any]]:
    """The nodes of a page, and those of the memos in it, which compile to components of their own."""
    return rendered_once(page.route)


@cache
def rendered_once(route: str) -> list[dict[str, Any]]:
    found = list(nodes(BY_ROUTE[route].content().render()))
    memos = {
        name: memo
        for (name, _module), memo in MEMOS.items()
        if isinstance(memo, MemoComponentDefinition)
    }
    # A memo may stand in another one.
    while here := [name for name in memos if any(name in str(node.get("name")) for node in found)]:
        found += [node for name in here for node in nodes(memos.pop(name).component.render())]
    return found


@cache
def words(route: str) -> set[str]:
    """What is written on a page or named by aria-label, as far as it does not come from data."""
    page = BY_ROUTE[route]
    found = {str(node["contents"]).strip('"') for node in rendered(page) if node.get("contents")}
    for prop in props(page):
        name, _, value = prop.partition(":")
        if name.strip('"') == "aria-label":
            found.add(value.strip('"'))
    # Conditional words are expressions: `(isEdit ? "Edit task" : "New task")`.
    return found | {part for text in found for part in text.split('"')}


def props(page: Page) -> list[str]:
    return [prop for node in rendered(page) for prop in node.get("props", [])]


def has_tag(page: Page, tag: str) -> int:
    return sum(node.get("name") == f'"{tag}"' for node in rendered(page))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.route)
def test_every_page_compiles_with_one_main_and_one_h1(page):
    assert has_tag(page, "main") == 1
    assert has_tag(page, "h1") == 1
    assert page.title.endswith(" · Cairn")


@pytest.mark.parametrize(
    ("route", "name"),
    [(route, name) for route, names in ACCESSIBLE_NAMES.items() for name in names],
)
def test_a_page_has_the_accessible_names_of_the_contract(route, name):
    assert name in words(route)


def test_a_row_names_its_gestures_after_the_task():
    expressions = [prop for prop in props(BY_ROUTE["/dashboard"]) if "aria-label" in prop]
    for verb in ("Edit ", "Delete "):
        assert any(verb in expression and "title" in expression for expression in expressions)


def test_a_row_of_the_trash_names_its_gestures_after_the_task():
    labels = [
        prop for prop in props(BY_ROUTE["/trash"]) if "aria-label" in prop and "title" in prop
    ]
    assert any("Restore " in label for label in labels)
    assert any("Delete " in label and " forever" in label for label in labels)


@pytest.mark.parametrize(
    "route", ["/sign-in", "/sign-up", "/reset-password", "/confirm-email", "/settings"]
)
def test_a_form_loses_no_password_to_the_address_before_the_page_is_ready(route):
    assert 'method:"dialog"' in props(BY_ROUTE[route])


def test_password_managers_know_the_fields():
    assert 'autoComplete:"current-password"' in props(BY_ROUTE["/sign-in"])
    assert 'autoComplete:"new-password"' in props(BY_ROUTE["/sign-up"])
    assert 'autoComplete:"username"' in props(BY_ROUTE["/sign-in"])
    for kind in ("current-password", "new-password", "username"):
        assert f'autoComplete:"{kind}"' in props(BY_ROUTE["/settings"])


def test_no_handler_of_an_event_is_given_a_password():
    """A form that becomes an event would send all its fields; those with a password go over HTTP by themselves."""
    for route in ("/sign-in", "/sign-up", "/settings"):
        submits = [prop for prop in props(BY_ROUTE[route]) if prop.startswith("onSubmit:")]
        assert submits
        # The dialog of tasks and the quick add have functions of the browser, too.
        assert not [prop for prop in submits if "addEvents" in prop or "Event(" in prop]


def test_a_metric_card_opens_exactly_what_it_counts():
    targets = {prop for prop in props(BY_ROUTE["/dashboard"]) if prop.startswith("to:")}
    for address in (
        "/dashboard",
        "/dashboard?status=completed",
        "/dashboard?status=pending",
        "/dashboard?status=overdue",
        *(f"/dashboard?status=pending&priority={word}" for word in ("High", "Medium", "Low")),
    ):
        assert f'to:"{address}"' in targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.route)
def test_no_element_has_a_style_that_emotion_would_have_to_make(page):
    found = [prop for prop in props(page) if prop.partition(":")[0] == "css"]
    assert found == [], "Use a class, or custom_attrs: rxconfig.py leaves emotion out."


def test_no_element_of_the_head_has_one_either():
    assert "css:" not in str([component.render() for component in head()])


def test_no_state_is_kept_in_a_cookie_that_scripts_can_read():
    kept = compile_client_storage(rx.State)["cookies"]
    assert kept == {}, "rxconfig.py leaves universal-cookie out."


def test_no_function_of_a_component_is_longer_than_a_screen():
    for path in [*ROOT.glob("dashboard/components/**/*.py"), *ROOT.glob("dashboard/pages/*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 50, f"{path.name}: {node.name}"
