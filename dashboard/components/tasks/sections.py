"""The sections on the page of a list: regions named by their headings, with their tasks."""

from typing import Any

import reflex as rx

from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.menu import own_menu
from dashboard.components.tasks import by_hand, optimistic_list
from dashboard.components.tasks.group_head import task_count

GroupVar = rx.vars.ObjectVar[optimistic_list.Group]


def section_of(group: GroupVar, rows: rx.Component) -> rx.Component:
    return with_new_ones(group, _section(group, rows), name_form())


def with_new_ones(group: GroupVar, drawn: rx.Component, form: rx.Component) -> rx.Component:
    """A section, and above or below it the field for the name of a new one."""
    return rx.fragment(
        rx.cond(group.is_named_above, form),
        drawn,
        rx.cond(group.is_named_below, form),
    )


def _section(group: GroupVar, rows: rx.Component) -> rx.Component:
    section: Any = group.section
    return rx.el.section(
        rx.cond(group.is_movable, _between(section)),
        rx.cond(
            group.is_naming,
            name_form(),
            rx.el.div(section_heading(group), section_tools(group), class_name="section-head"),
        ),
        rx.cond(
            section.is_folded,
            rx.fragment(),
            rx.fragment(rx.cond(group.tasks.length() > 0, rows, _empty(group)), _line(group)),
        ),
        key=group.key,
        id=f"in-{section.id}",
        aria_label=group.label,
        aria_busy=rx.cond(section.is_new, "true", None),
        data_group=group.key,
        class_name=f"relative {styles.GROUP}",
    )


def _between(section: Any) -> rx.Component:
    """A quiet line above a section; on touch there is the menu of the section before it."""
    return rx.el.button(
        icon("plus", "size-3.5"),
        "Add section",
        type="button",
        aria_label=f"Add section above {section.name}",
        on_click=by_hand.add_above(section),
        class_name="section-between no-print",
    )


def add_section() -> rx.Component:
    """The button below the last section, or the field for the name of a new one."""
    return rx.cond(
        by_hand.is_naming,
        name_form(),
        rx.el.button(
            icon("plus"),
            "Add section",
            type="button",
            on_click=by_hand.name_new,
            class_name=f"add-section no-print {styles.BUTTON_GHOST}",
        ),
    )


def name_form() -> rx.Component:
    return rx.el.form(
        rx.el.input(
            id="section-name",
            name="section",
            default_value=by_hand.naming.name,
            aria_label="Name of the section",
            aria_invalid=by_hand.naming.error != "",
            aria_describedby="section-name-error",
            auto_complete="off",
            dir="auto",
            on_key_down=by_hand.leave_name,
            class_name=styles.INPUT,
        ),
        rx.el.button("Save", type="submit", class_name=styles.BUTTON),
        rx.el.button(
            "Cancel", type="button", on_click=by_hand.stop_naming, class_name=styles.BUTTON_GHOST
        ),
        rx.el.p(
            by_hand.naming.error,
            id="section-name-error",
            role="alert",
            class_name="w-full text-sm text-danger empty:hidden",
        ),
        on_submit=by_hand.save_name,
        method="dialog",
        class_name="section-form",
    )


def add_line(place_id: rx.Var, words: rx.Var | str, class_name: str = "") -> rx.Component:
    """A line that adds a task where it stands."""
    return rx.el.form(
        icon("plus", "size-4 text-ink-3"),
        rx.el.input(
            id=rx.Var.create(f"add-to-{place_id}"),
            name="title",
            placeholder=words,
            aria_label=words,
            auto_complete="off",
            enter_key_hint="done",
            dir="auto",
            on_key_down=by_hand.leave_line,
            class_name=f"{styles.FIELD_INPUT} text-ellipsis",
        ),
        on_submit=by_hand.add_there,
        method="dialog",
        class_name=f"add-line no-print {class_name}",
    )


def section_heading(group: GroupVar) -> rx.Component:
    section: Any = group.section
    return rx.el.h3(
        rx.el.button(
            icon("chevron-down", "size-4 text-ink-3"),
            rx.el.span(group.label, dir="auto", class_name="truncate"),
            task_count(group.count),
            type="button",
            aria_expanded=rx.cond(section.is_folded, "false", "true"),
            on_click=by_hand.fold(section),
            class_name="section-name",
        ),
        class_name="min-w-0",
    )


def section_tools(group: GroupVar) -> rx.Component:
    section: Any = group.section
    name = f"Options of section {group.label}"
    return rx.cond(
        group.is_movable,
        rx.fragment(
            rx.el.button(
                icon("plus"),
                type="button",
                aria_label=f"Add a task to {group.label}",
                title="Add a task",
                on_click=by_hand.add_to(section.id),
                class_name=f"section-tool {styles.BUTTON_ICON}",
            ),
            *own_menu(
                f"section-{section.id}",
                name,
                name,
                "Options",
                f"section-tool {styles.BUTTON_ICON}",
                ("Rename", "pencil", by_hand.rename(section)),
                ("Add section below", "plus", by_hand.add_below(section)),
                ("Move up", "arrow-up", by_hand.raise_section(section)),
                ("Move down", "arrow-down", by_hand.lower_section(section)),
                ("Delete section", "trash", by_hand.delete(section)),
            ),
        ),
    )


def _empty(group: GroupVar) -> rx.Component:
    section: Any = group.section
    return rx.el.p(
        "Nothing here yet.",
        rx.cond(
            group.is_movable,
            rx.el.button(
                "Add a task",
                type="button",
                on_click=by_hand.add_to(section.id),
                class_name=styles.BUTTON_TEXT,
            ),
        ),
        class_name="section-empty",
    )


def _line(group: GroupVar) -> rx.Component:
    section: Any = group.section
    return rx.cond(
        group.has_line,
        add_line(section.id, f"Add a task to {group.label}", "mt-2"),
    )
