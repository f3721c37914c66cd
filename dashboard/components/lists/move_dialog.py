"""Where to: the lists that a task can go to; on phones a sheet from below."""

from typing import Any

import reflex as rx

from dashboard.components.lists import lists
from dashboard.components.lists.list_mark import ListVar, list_mark
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.tasks.dialog import cancel, dialog, foot, grab, heading


def move_dialog() -> rx.Component:
    return dialog(
        rx.cond(lists.moving, _targets()),
        title_id="move-title",
        is_open=lists.is_moving,
        on_dismiss=lists.stop_moving,
    )


def _targets() -> rx.Component:
    return rx.el.form(
        grab(),
        rx.el.div(
            heading("Move to", "move-title"),
            rx.el.p(lists.moving.title, dir="auto", class_name="truncate text-sm text-ink-3"),
            rx.cond(lists.targets.has_search, _search()),
            rx.el.ul(
                rx.foreach(lists.targets.lists, _target),
                class_name="-mx-3 max-h-[50dvh] overflow-y-auto",
            ),
            rx.cond(
                lists.targets.lists.length() == 0,
                rx.el.p(
                    "No list or section has these words.", role="status", class_name="text-ink-3"
                ),
            ),
            class_name=styles.FORM_BODY,
        ),
        foot(
            rx.el.button(
                icon("plus"),
                "New list",
                type="button",
                on_click=lists.new_list,
                class_name=styles.BUTTON,
            ),
            rx.el.span(class_name="flex-1"),
            cancel(lists.stop_moving),
        ),
        custom_attrs={"onKeyDown": lists.find_by_key},
        on_submit=lists.take_first_place,
    )


def _search() -> rx.Component:
    return rx.el.label(
        icon("search", "size-4 text-ink-3"),
        rx.el.input(
            type="search",
            placeholder="Find a list or section",
            aria_label="Find a list or section",
            auto_complete="off",
            enter_key_hint="go",
            data_autofocus=rx.cond(lists.targets.is_search_first, True, None),
            on_change=lists.find_place,
            class_name=styles.FIELD_INPUT,
        ),
        class_name=styles.FIELD,
    )


def _target(to: ListVar) -> rx.Component:
    is_there = (lists.moving.list_id == to.id) & (lists.moving.section_id == "")
    return rx.el.li(
        rx.el.button(
            rx.cond(to.is_inbox, icon("inbox", "size-4.5 text-ink-3"), list_mark(to)),
            rx.el.span(to.name, dir="auto", class_name="min-w-0 flex-1 truncate text-left"),
            rx.cond(is_there, icon("check", "size-4 text-accent-ink")),
            type="button",
            aria_current=rx.cond(is_there, "true", "false"),
            data_autofocus=rx.cond(is_there, True, None),
            data_name=to.name,
            on_click=lists.move_to(to),
            class_name=styles.MENU_ENTRY,
        ),
        rx.foreach(to.sections, lambda section: _section(to, section)),
        key=to.id,
    )


def _section(to: ListVar, section: Any) -> rx.Component:
    is_there = lists.moving.section_id == section.id
    return rx.el.button(
        rx.el.span(section.name, dir="auto", class_name="min-w-0 flex-1 truncate text-left"),
        rx.el.span(f"in {to.name}", class_name=styles.HIDDEN),
        rx.cond(is_there, icon("check", "size-4 text-accent-ink")),
        type="button",
        aria_current=rx.cond(is_there, "true", "false"),
        data_name=f"{section.name} {to.name}",
        on_click=lists.move_to(to, section),
        class_name=f"{styles.MENU_ENTRY} pl-10",
    )
