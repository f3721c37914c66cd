"""The frame of every page behind sign-in: skip link, sidebar, the page itself, and on phones the bar at the bottom."""

from typing import Any

import reflex as rx
from reflex.style import toggle_color_mode
from reflex.utils.imports import ImportVar
from reflex.vars import VarData

from dashboard.components.account.auth_form import sign_out
from dashboard.components.lists import lists
from dashboard.components.lists.entry_dialog import entry_dialog
from dashboard.components.lists.list_dialog import list_dialog
from dashboard.components.lists.list_menu import list_menu
from dashboard.components.lists.move_dialog import move_dialog
from dashboard.components.lists.sidebar_entries import entry_menu, sidebar_entries
from dashboard.components.lists.sidebar_lists import sidebar_lists
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon, logo
from dashboard.components.shell.js_handler import handler
from dashboard.components.shell.link import anchor, link, list_link
from dashboard.components.shell.notice import notices
from dashboard.components.shell.shortcuts import shortcut_sheet
from dashboard.components.tasks import optimistic_list
from dashboard.components.tasks.question import question
from dashboard.components.tasks.row_menu import row_menu
from dashboard.components.tasks.task_dialog import task_dialog
from dashboard.state.session import SessionState

_LIBRARY = "$/public/shell.js"
_LISTS = ("Lists", "Inbox", "Today", "Upcoming", "Completed", "Labels", "Filters")
"""What one comes to by the page of lists, on a phone."""
_can_fade = rx.Var(
    "canFade", _var_type=bool, _var_data=VarData(imports={_LIBRARY: [ImportVar(tag="canFade")]})
)
_focus_search = handler(_LIBRARY, "focusSearch")
_is_searching = rx.Var(
    "is_searching",
    _var_type=bool,
    _var_data=VarData(
        imports={_LIBRARY: [ImportVar(tag="useIsSearching")]},
        hooks={"const is_searching = useIsSearching();": None},
    ),
).to(bool)


class OtherPages(rx.Component):
    """Has the code of the other pages ready, for when the server is away; draws nothing."""

    library = _LIBRARY
    tag = "OtherPages"

    pages: rx.Var[list[str]]


class TabTitle(rx.Component):
    """Puts the name of a page into the title of the tab; draws nothing."""

    library = _LIBRARY
    tag = "TabTitle"

    title: rx.Var[str]


class SidebarToggle(rx.el.Button):
    library = _LIBRARY
    tag = "SidebarToggle"


def shell(*content: rx.Component, current: str) -> rx.Component:
    """`current` is the name of the page's link in the navigation."""
    return rx.fragment(
        anchor("Skip to content", to="#main", class_name=styles.SKIP_LINK),
        rx.el.div(
            sidebar(current),
            rx.el.main(
                *content,
                list_menu(),
                entry_menu(),
                row_menu(),
                id="main",
                tab_index=-1,
                class_name=styles.MAIN,
            ),
            class_name=styles.APP,
        ),
        bottom_navigation(current),
        task_dialog(),
        question(),
        move_dialog(),
        list_dialog(),
        entry_dialog(),
        shortcut_sheet(),
        notices(),
        optimistic_list.task_feed(),
        OtherPages.create(
            pages=[
                *("/dashboard", "/inbox", "/today", "/upcoming", "/completed"),
                *("/lists", "/lists/:list_key", "/labels/:label", "/filters/:filter_key"),
                *("/tasks/:task_key", "/trash", "/settings"),
            ]
        ),
    )


def page_head(
    title: str | rx.Var | rx.Component, *tools: rx.Component, note: rx.Component | None = None
) -> rx.Component:
    """A note that is empty at first keeps its line."""
    return rx.el.header(
        rx.el.div(
            rx.el.h1(title, class_name=styles.PAGE_TITLE),
            *(() if note is None else (rx.el.p(note, class_name=styles.PAGE_NOTE),)),
            class_name="min-w-0 flex-1 max-2xs:basis-full",
        ),
        *tools,
        class_name=styles.PAGE_HEAD,
    )


def sidebar(current: str) -> rx.Component:
    return rx.el.aside(
        rx.el.div(
            logo(),
            rx.el.span("Cairn", class_name="wide"),
            SidebarToggle.create(
                icon("panel-left"), class_name=f"fold-away ml-auto {styles.BUTTON_ICON}"
            ),
            class_name=styles.BRAND,
        ),
        rx.el.nav(
            _places(current),
            sidebar_lists(),
            sidebar_entries(),
            rx.el.ul(
                _nav_item("Completed", "circle-check", "/completed", current),
                _nav_item("Trash", "trash", "/trash", current),
                _nav_item("Settings", "settings", "/settings", current),
                class_name="mt-auto grid gap-0.5 pt-3",
            ),
            aria_label="Main",
            class_name=styles.NAV,
        ),
        rx.el.button(
            icon("sun-moon", "size-4.5"),
            rx.el.span("Theme", class_name="words"),
            type="button",
            title="Switch theme",
            on_click=toggle_color_mode,
            class_name=f"mt-0.5 {styles.NAV_ITEM}",
        ),
        _person(),
        aria_label="Sidebar",
        class_name=styles.SIDEBAR,
    )


def _places(current: str) -> rx.Component:
    return rx.el.ul(
        _nav_item("Dashboard", "layout-dashboard", "/dashboard", current),
        _nav_item("Inbox", "inbox", "/inbox", current, _some(lists.lists.inbox.open)),
        _nav_item(
            "Today",
            "sun",
            "/today",
            current,
            _some(optimistic_list.metrics.until_tonight),
        ),
        _nav_item("Upcoming", "calendar", "/upcoming", current),
        _nav_item(
            "Tasks",
            "list-checks",
            "/dashboard#tasks",
            current,
            _count(optimistic_list.metrics.pending),
        ),
        _nav_item("Lists", "list", "/lists", current, only="rail-only"),
        class_name="grid gap-0.5",
    )


def _nav_item(
    label: str,
    symbol: str,
    to: str,
    current: str,
    count: rx.Component | None = None,
    *,
    only: str = "",
) -> rx.Component:
    return rx.el.li(
        link(
            icon(symbol, "size-4.5"),
            rx.el.span(label, class_name="words"),
            *(() if count is None else (" ", count)),
            to=to,
            title=label,
            view_transition=_can_fade,
            **({"aria_current": "page"} if label == current else {}),
            class_name=styles.NAV_ITEM,
        ),
        class_name=only,
    )


def _some(count: rx.vars.NumberVar) -> rx.Component:
    """A count that is a part of the link's name; nothing for none."""
    return rx.cond(count > 0, rx.el.span(count, class_name=styles.NAV_COUNT))


def _count(count: rx.Var) -> rx.Component:
    return rx.cond(
        optimistic_list.phase == "loading",
        rx.fragment(),
        rx.el.span(count, class_name=styles.NAV_COUNT, aria_hidden=True),
    )


def _person() -> rx.Component:
    return rx.el.div(
        rx.el.span(SessionState.initials, class_name=f"wide {styles.AVATAR}", aria_hidden=True),
        rx.el.span(
            rx.el.b(
                SessionState.name,
                class_name="block truncate text-sm leading-4 font-medium text-ink",
            ),
            rx.el.span(SessionState.email, class_name="block truncate text-xs text-ink-3"),
            class_name="wide min-w-0 flex-1",
        ),
        rx.el.button(
            icon("log-out"),
            type="button",
            aria_label="Sign out",
            title="Sign out",
            on_click=sign_out,
            class_name=styles.BUTTON_ICON,
        ),
        class_name=styles.PERSON,
    )


def bottom_navigation(current: str) -> rx.Component:
    is_list = current == "Dashboard"
    return rx.el.nav(
        _bottom_item(
            "Dashboard",
            "layout-dashboard",
            "/dashboard",
            rx.cond(_is_searching, "false", "page") if is_list else "false",
        ),
        _bottom_item("Lists", "list", "/lists", "page" if current in _LISTS else "false"),
        rx.el.button(
            icon("plus", "size-5.5 stroke-2"),
            type="button",
            aria_label="Add",
            on_click=optimistic_list.open_new,
            class_name=styles.BOTTOM_ADD,
        ),
        _search_here() if is_list else _bottom_item("Search", "search", "/dashboard#search"),
        _bottom_item("Account", "user", "/settings", "page" if current == "Settings" else "false"),
        aria_label="Main",
        class_name=styles.BOTTOM_NAV,
    )


def _search_here() -> rx.Component:
    """On a page with a search field the link leads there, and keeps the list as it is."""
    return list_link(
        icon("search", "size-5"),
        "Search",
        changes={},
        hash="#search",
        on_click=_focus_search,
        prevent_scroll_reset=True,
        aria_current=rx.cond(_is_searching, "page", "false"),
        class_name=styles.BOTTOM_ITEM,
    )


def _bottom_item(
    label: str,
    symbol: str,
    to: str | rx.Var,
    aria_current: str | rx.Var = "false",
    *,
    view_transition: bool | rx.Var[bool] = _can_fade,
    **props: Any,
) -> rx.Component:
    return link(
        icon(symbol, "size-5"),
        label,
        to=to,
        aria_current=aria_current,
        view_transition=view_transition,
        **props,
        class_name=styles.BOTTOM_ITEM,
    )
