"""/lists: every place where tasks lie, for a phone; and the lists that are archived."""

import reflex as rx

from dashboard.components.lists import lists
from dashboard.components.lists.sidebar_entries import own_entries
from dashboard.components.lists.sidebar_lists import own_lists, place_link, put_away
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.link import link
from dashboard.components.shell.shell import page_head, shell
from dashboard.components.tasks import optimistic_list
from dashboard.components.tasks.banner import banners, connection_banner


def all_lists() -> rx.Component:
    return shell(
        connection_banner(),
        page_head("Lists"),
        banners(),
        rx.el.ul(
            rx.el.li(
                place_link(lists.lists.inbox, icon("inbox", "size-5 text-ink-3")),
                class_name=styles.SHELF_ROW,
            ),
            _place("Today", "sun", "/today", optimistic_list.metrics.until_tonight),
            _place("Upcoming", "calendar", "/upcoming"),
            _place("Tasks", "list-checks", "/dashboard#tasks", optimistic_list.metrics.pending),
            class_name=styles.SHELF,
        ),
        own_lists(),
        own_entries(),
        put_away(),
        rx.el.ul(
            _place("Completed", "circle-check", "/completed"),
            _place("Trash", "trash", "/trash"),
            class_name=f"mt-5 {styles.SHELF}",
        ),
        current="Lists",
    )


def _place(
    words: str, symbol: str, to: str, count: rx.vars.NumberVar | None = None
) -> rx.Component:
    return rx.el.li(
        link(
            icon(symbol, "size-5 text-ink-3"),
            rx.el.span(words, class_name="flex-1"),
            " ",
            *(
                ()
                if count is None
                else (rx.cond(count > 0, rx.el.span(count, class_name=styles.NAV_COUNT)),)
            ),
            to=to,
            class_name=styles.SHELF_LINK,
        ),
        class_name=styles.SHELF_ROW,
    )
