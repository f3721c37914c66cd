"""The person's lists in the sidebar, in their own order."""

import reflex as rx
from reflex.vars import NumberVar
from reflex_components_core.react_router.dom import ReactRouterLink

from dashboard.components.lists import lists
from dashboard.components.lists.list_mark import ListVar, list_mark
from dashboard.components.lists.list_menu import options_button
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon


class PlaceLink(ReactRouterLink):
    """A link that says by itself whether its page is on the screen (`aria-current`)."""

    tag = "NavLink"
    alias = "PlaceLink"

    on_key_down: rx.EventHandler[rx.event.no_args_event_spec]


def sidebar_lists() -> rx.Component:
    return rx.el.nav(
        rx.el.div(
            rx.el.h2("Lists", class_name="text-xs font-medium text-ink-3"),
            _new_list("size-7 md:size-7"),
            class_name="flex h-7 items-center justify-between pl-2.5",
        ),
        rx.el.ul(
            rx.foreach(lists.lists.own, _entry), class_name="grid grid-cols-[minmax(0,1fr)] gap-px"
        ),
        aria_label="Lists",
        class_name="wide mt-3",
    )


def _new_list(size: str) -> rx.Component:
    return rx.el.button(
        icon("plus"),
        type="button",
        aria_label="New list",
        title="New list",
        on_click=lists.new_list,
        class_name=f"{styles.BUTTON_ICON} {size}",
    )


def _entry(of: ListVar) -> rx.Component:
    return rx.el.li(
        PlaceLink.create(
            list_mark(of),
            rx.el.span(of.name, dir="auto", class_name="min-w-0 flex-1 truncate text-left"),
            " ",
            open_count(of),
            to=of.address,
            on_context_menu=lists.open_menu(of),
            on_key_down=lists.move_by_key(of),
            custom_attrs={"aria-keyshortcuts": "Alt+ArrowUp Alt+ArrowDown"},
            class_name=styles.LIST_ITEM,
        ),
        key=of.id,
        data_list=of.id,
    )


def open_count(of: ListVar) -> rx.Component:
    """How many tasks are open; nothing when none is."""
    count: NumberVar = of.open  # pyright: ignore[reportAssignmentType] (an item of a list, to the type checker)
    return rx.cond(count > 0, rx.el.span(count, class_name=styles.NAV_COUNT))


def own_lists() -> rx.Component:
    """The same as a part of a page, with a menu at each, for a finger."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Lists", id="own-lists", class_name=f"flex-1 {styles.GROUP_TITLE}"),
            _new_list(""),
            class_name=styles.SHELF_HEAD,
        ),
        rx.cond(
            lists.lists.own.length() > 0,
            rx.el.ul(rx.foreach(lists.lists.own, _place), class_name=styles.SHELF),
            _no_lists(),
        ),
        aria_labelledby="own-lists",
        class_name="mt-5",
    )


def _no_lists() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            "Lists keep things apart: one for home, one for work.", class_name=styles.EMPTY_TEXT
        ),
        rx.el.button(
            icon("plus"),
            "Make a list",
            type="button",
            on_click=lists.new_list,
            class_name=styles.BUTTON,
        ),
        class_name=styles.EMPTY,
    )


def _place(of: ListVar) -> rx.Component:
    return rx.el.li(
        place_link(of, list_mark(of)),
        options_button(of, f"Options for {of.name}"),
        key=of.id,
        data_list=of.id,
        class_name=styles.SHELF_ROW,
    )


def place_link(of: ListVar, drawn: rx.Component) -> rx.Component:
    return PlaceLink.create(
        drawn,
        rx.el.span(of.name, dir="auto", class_name="min-w-0 flex-1 truncate text-left"),
        " ",
        open_count(of),
        to=of.address,
        class_name=styles.SHELF_LINK,
    )


def put_away() -> rx.Component:
    """Archived lists, folded; nothing without any."""
    return rx.cond(
        lists.lists.archived.length() > 0,
        rx.el.details(
            rx.el.summary(
                rx.el.h2("Archived lists", class_name=styles.GROUP_TITLE),
                rx.el.span(lists.lists.archived.length(), class_name=styles.CAPTION),
                icon("chevron-down", "size-3.5 text-ink-3"),
                class_name=styles.GROUP_HEAD,
            ),
            rx.el.ul(rx.foreach(lists.lists.archived, _archived), class_name=styles.SHELF),
            class_name=f"fold {styles.GROUP}",
        ),
    )


def _archived(of: ListVar) -> rx.Component:
    return rx.el.li(
        place_link(of, list_mark(of)),
        _back(of, "Bring back", lists.bring_back(of)),
        key=of.id,
        class_name=styles.SHELF_ROW,
    )


def deleted_lists() -> rx.Component:
    """Lists in the trash, above its tasks; nothing without any."""
    return rx.cond(
        lists.lists.deleted.length() > 0,
        rx.el.section(
            rx.el.h2("Deleted lists", id="deleted-lists", class_name=styles.GROUP_TITLE),
            rx.el.ul(rx.foreach(lists.lists.deleted, _deleted), class_name=f"mt-2 {styles.SHELF}"),
            aria_labelledby="deleted-lists",
            class_name=styles.GROUP,
        ),
    )


def _deleted(of: ListVar) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            list_mark(of),
            rx.el.span(of.name, dir="auto", class_name="min-w-0 flex-1 truncate"),
            class_name=styles.SHELF_LINK,
        ),
        _back(of, "Restore", lists.restore_list(of)),
        key=of.id,
        class_name=styles.SHELF_ROW,
    )


def _back(of: ListVar, words: str, do: rx.Var) -> rx.Component:
    return rx.el.button(
        icon("rotate-ccw"),
        words,
        type="button",
        aria_label=f"{words} {of.name}",
        on_click=do,
        class_name=styles.BUTTON_GHOST_SMALL,
    )
