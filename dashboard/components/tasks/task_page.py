"""A page of tasks with an address: its head, the line that adds to it, its tasks, or what stands in their place."""

from typing import NamedTuple

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.icon import cairn_drawing
from dashboard.components.shell.link import link
from dashboard.components.shell.shell import TabTitle, page_head, shell
from dashboard.components.tasks import optimistic_list
from dashboard.components.tasks.banner import banners, connection_banner
from dashboard.components.tasks.first_rows import first_rows
from dashboard.components.tasks.task_list import grouped_tasks

Words = str | rx.Var | rx.Component


class Gone(NamedTuple):
    """What stands where the page is of nothing that this person has."""

    title: str
    note: str
    way_out: str
    to: str


class Head(NamedTuple):
    """What a page says of itself."""

    title: Words
    current: str
    """Its name in the navigation."""
    tab: str | rx.Var
    """The title of the browser's tab; empty until it is known."""
    note: Words
    tools: rx.Component | None = None
    gone: Gone | None = None


def task_page(
    head: Head,
    *,
    line: rx.Component,
    empty: rx.Component,
    below: rx.Component | None = None,
    tasks: rx.Component | None = None,
    is_headed: bool = True,
    is_by_hand: bool = False,
) -> rx.Component:
    """`line` adds to the page, `empty` stands there without any tasks, `tasks` where they are not a list in groups.

    `is_headed`: the list begins with a heading; `is_by_hand`: its rows have handles.
    """
    is_gone = optimistic_list.phase == "gone"
    content = rx.fragment(
        line,
        rx.el.section(
            rx.el.h2("Tasks", id="tasks", tab_index=-1, class_name=styles.HIDDEN),
            rx.match(
                optimistic_list.phase,
                ("ready", grouped_tasks() if tasks is None else tasks),
                ("empty", empty),
                ("failed", rx.fragment()),
                first_rows(is_headed=is_headed, is_by_hand=is_by_hand),
            ),
            aria_labelledby="tasks",
        ),
        below or rx.fragment(),
    )
    gone, title, note = head.gone, head.title, head.note
    if gone is not None:
        title, note = rx.cond(is_gone, gone.title, title), rx.cond(is_gone, gone.note, note)
        way_out = link(gone.way_out, to=gone.to, class_name=styles.BUTTON)
        content = rx.cond(is_gone, way_out, content)
    return shell(
        _tab_title(head.tab),
        connection_banner(),
        page_head(title, head.tools or rx.fragment(), note=rx.fragment(note)),
        banners(),
        content,
        current=head.current,
    )


def _tab_title(tab: str | rx.Var) -> rx.Component:
    title = TabTitle.create(title=tab)
    return title if isinstance(tab, str) else rx.cond(tab, title)


def nothing(title: str, words: Words, *more: rx.Component) -> rx.Component:
    """What stands in the place of tasks."""
    return rx.el.div(
        cairn_drawing(),
        rx.el.h3(title, class_name=styles.EMPTY_TITLE),
        rx.el.p(words, class_name=styles.EMPTY_TEXT),
        *more,
        class_name=styles.EMPTY,
    )


def counted(count: rx.Var, word: str) -> rx.Component:
    """As `3 tasks`, `1 task`."""
    return rx.fragment(count, " ", rx.cond(count == 1, word, f"{word}s"))
