"""The dialog in which a task is made or edited; on phones a sheet from below."""

from typing import Any, Literal

import reflex as rx

from dashboard.components.lists import lists
from dashboard.components.lists.lists import ListView
from dashboard.components.shell import menu, styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.link import link
from dashboard.components.shell.notice import notice_over_page
from dashboard.components.shell.shortcuts import key
from dashboard.components.shell.text import LinkList
from dashboard.components.tasks import optimistic_list
from dashboard.components.tasks.activity import activity
from dashboard.components.tasks.badges import bars
from dashboard.components.tasks.date_picker import date_picker
from dashboard.components.tasks.dialog import cancel, dialog, grab, heading
from dashboard.components.tasks.formatted_description import formatted_description
from dashboard.components.tasks.not_saved import not_saved
from dashboard.components.tasks.row_editor import YEARS
from dashboard.components.tasks.subtasks import subtasks

_PRIORITIES = ("Low", "Medium", "High")


def task_dialog() -> rx.Component:
    return dialog(
        rx.cond(optimistic_list.dialog, _form()),
        title_id="dialog-title",
        is_open=optimistic_list.is_dialog_open,
        on_dismiss=optimistic_list.close,
        look=styles.DIALOG,
        beside=rx.cond(_is_edit(), "Task", ""),
        data_of=rx.cond(optimistic_list.dialog, optimistic_list.dialog.mode, "new"),
    )


def _form() -> rx.Component:
    return rx.el.form(
        grab(),
        rx.cond(
            _is_edit(),
            _head_of_task(),
            rx.el.div(heading("New task", "dialog-title"), class_name=styles.DIALOG_HEAD),
        ),
        rx.el.fieldset(
            _news(),
            _title(),
            _description(),
            rx.el.div(
                rx.cond(_is_edit(), _place(), _list()),
                _due(),
                _repeat(),
                _priority(),
                _labels(),
                class_name=styles.FACTS,
            ),
            disabled=optimistic_list.dialog.is_locked,
            class_name=styles.DIALOG_BODY,
        ),
        rx.cond(_is_edit(), rx.fragment(subtasks(), activity())),
        # What covers the page covers its notices, too.
        rx.cond(
            _is_edit() & optimistic_list.is_dialog_open,
            optimistic_list.OverPage.create(notice_over_page()),
        ),
        rx.cond(optimistic_list.dialog.is_locked, _read_only(), _foot()),
        # After the fields, which are what it was opened for.
        rx.el.button(
            icon("x", "size-4.5"),
            type="button",
            aria_label="Close",
            on_click=optimistic_list.close,
            class_name=styles.DIALOG_CLOSE,
        ),
        rx.cond(_is_edit(), _head_tools()),
        key=optimistic_list.dialog.mode + optimistic_list.dialog.task.id,
        data_form=optimistic_list.dialog.task.id,
        on_submit=optimistic_list.save,
        no_validate=True,
    )


def _head_of_task() -> rx.Component:
    """Where the task lies; what its dialog is called is for those who cannot see that."""
    return rx.el.div(
        rx.el.h2(
            rx.cond(optimistic_list.dialog.is_locked, "Task", "Edit task"),
            id="dialog-title",
            class_name=styles.HIDDEN,
        ),
        rx.el.nav(
            rx.foreach(optimistic_list.dialog.path, _stage),
            aria_label="Place of the task",
            class_name=styles.TASK_PATH,
        ),
        rx.el.span(
            optimistic_list.dialog.saving,
            role="status",
            data_saving=optimistic_list.dialog.saving,
            class_name=styles.TASK_SAVING,
        ),
        class_name=styles.TASK_HEAD,
    )


def _stage(
    stage: rx.vars.ObjectVar[optimistic_list.Stage], at: rx.vars.NumberVar[int]
) -> rx.Component:
    return rx.fragment(
        rx.cond(at > 0, icon("chevron-right", "size-3.5 flex-none")),
        link(stage.name, to=stage.address, dir="auto", class_name=styles.TASK_PLACE),
        key=stage.address,
    )


def _head_tools() -> rx.Component:
    """What can be done with a task that exists."""
    return rx.fragment(
        _head_button("Copy link", "link", optimistic_list.copy_link, "right-13"),
        rx.cond(
            optimistic_list.dialog.is_locked,
            rx.fragment(),
            _head_button("Duplicate", "copy", optimistic_list.duplicate_opened, "right-23"),
        ),
        *_in_turn(),
    )


def _in_turn() -> tuple[rx.Component, ...]:
    """The tasks before and after it in the list; a finger goes by the list."""
    dialog: Any = optimistic_list.dialog
    return tuple(
        rx.el.button(
            icon(symbol),
            type="button",
            name=name,
            aria_label=f"{name.capitalize()} task",
            title=f"{name.capitalize()} task ({letter})",
            disabled=~row.bool(),
            on_click=optimistic_list.open_in_turn(row),
            class_name=f"{place} {styles.DIALOG_TURN}",
        )
        for name, letter, symbol, row, place in (
            ("previous", "K", "chevron-up", dialog.previous, "md:right-43"),
            ("next", "J", "chevron-down", dialog.next, "md:right-33"),
        )
    )


def _head_button(words: str, symbol: str, do: rx.Var, place: str) -> rx.Component:
    return rx.el.button(
        icon(symbol),
        type="button",
        aria_label=words,
        title=words,
        on_click=do,
        class_name=f"{place} {styles.DIALOG_TOOL}",
    )


def _news() -> rx.Component:
    """What happened to the task elsewhere while it is open here, and what was written where this person writes too."""
    return rx.el.div(
        rx.cond(
            optimistic_list.dialog.news != "",
            rx.el.div(
                icon("repeat"),
                rx.el.div(
                    optimistic_list.dialog.news,
                    rx.cond(optimistic_list.dialog.is_gone, _bring_back("Put it back")),
                    rx.cond(optimistic_list.dialog.is_erased, _bring_back("Make it a new task")),
                    rx.foreach(optimistic_list.dialog.theirs, _theirs),
                    class_name="min-w-0 flex-1",
                ),
                data_tone="info",
                class_name=styles.NOTE,
            ),
        ),
        role="status",
        class_name="empty:hidden",
    )


def _bring_back(words: str) -> rx.Component:
    return rx.el.button(
        words, type="button", on_click=optimistic_list.bring_back, class_name=styles.BUTTON_TEXT
    )


def _theirs(theirs: rx.vars.ObjectVar[optimistic_list.Theirs]) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            theirs.label,
            " is now “",
            rx.el.bdi(theirs.value),
            "” there. Yours is kept below.",
            class_name="line-clamp-3 [overflow-wrap:anywhere]",
        ),
        rx.el.button(
            "Take theirs",
            type="button",
            on_click=optimistic_list.take_field(theirs.name),
            class_name=styles.BUTTON_TEXT,
        ),
        rx.el.button(
            "Keep mine",
            type="button",
            on_click=optimistic_list.keep_field(theirs.name),
            class_name=styles.BUTTON_TEXT,
        ),
        key=theirs.name,
        class_name="mt-1",
    )


def _judged(name: str) -> dict[str, Any]:
    is_wrong = _of(optimistic_list.dialog.errors, name) != ""
    return {
        "aria_invalid": rx.cond(is_wrong, "true", "false"),
        "aria_describedby": f"task-{name}-error",
    }


def _error(name: str) -> rx.Component:
    """What is wrong with a field, and that it was not saved."""
    return rx.fragment(
        rx.el.p(
            _of(optimistic_list.dialog.errors, name),
            id=f"task-{name}-error",
            role="alert",
            class_name=styles.FIELD_ERROR,
        ),
        _not_saved(name),
    )


def _of(errors: Any, name: str) -> rx.Var[str]:
    return getattr(errors, name)


def _not_saved(name: str) -> rx.Component:
    words = _of(optimistic_list.dialog.failed, name)
    return rx.cond(words != "", failed_field(name=name, words=words))


@rx.memo
def failed_field(name: rx.Var[str], words: rx.Var[str]) -> rx.Component:
    """Why a field was not saved, and what to do about it; once in the bundle."""
    return not_saved(words, optimistic_list.retry_opened, optimistic_list.discard_field(name))


def _title() -> rx.Component:
    return rx.el.div(
        rx.el.label("Title", html_for="task-title", class_name=styles.LABEL),
        rx.el.input(
            id="task-title",
            dir="auto",
            name="title",
            data_autofocus=True,
            default_value=optimistic_list.dialog.task.title,
            required=True,
            auto_complete="off",
            **_judged("title"),
            class_name=styles.INPUT,
        ),
        _error("title"),
    )


def _description() -> rx.Component:
    return rx.el.div(
        rx.el.label("Description", html_for="task-description", class_name=styles.LABEL),
        rx.cond(optimistic_list.dialog.formatted != "", formatted_description()),
        rx.el.textarea(
            # A long description arrives after the dialog has opened, and only then may it be written in.
            key=optimistic_list.dialog.is_ready.to_string(),
            id="task-description",
            dir="auto",
            name="description",
            default_value=optimistic_list.dialog.task.description,
            read_only=~optimistic_list.dialog.is_ready,
            aria_busy=~optimistic_list.dialog.is_ready,
            rows="3",
            hidden=optimistic_list.dialog.formatted != "",
            **_judged("description"),
            class_name=styles.TEXTAREA,
        ),
        rx.cond(optimistic_list.dialog.formatted == "", _links()),
        _error("description"),
    )


def _links() -> rx.Component:
    return LinkList.create(
        text=optimistic_list.dialog.task.description,
        item_class_name=styles.DESCRIPTION_LINK,
        aria_label="Links in the description",
        class_name="mt-1.5",
    )


def _fact(symbol: str, label: str, *parts: rx.Component, of: str = "") -> rx.Component:
    """A line of what is said of the task: its label, which a button says itself, and what holds it."""
    words = (icon(symbol, "size-4 flex-none"), label)
    return rx.el.div(
        rx.el.label(*words, html_for=of, class_name=styles.FACT_LABEL)
        if of
        else rx.el.span(*words, aria_hidden=True, class_name=styles.FACT_LABEL),
        *parts,
        class_name=styles.FACT,
    )


def _due() -> rx.Component:
    task = optimistic_list.dialog.task
    fields = rx.el.div(
        _labelled("Due date", "due_date", "date", task.due_date, **_judged("due_date"), **YEARS),
        _labelled("Time", "due_time", "time", task.due_time, **_judged("due_time")),
        class_name=styles.PAIR,
    )
    return _fact(
        "calendar",
        "Due",
        date_picker(task.due_date, task.due_time, styles.FACT_BUTTON, fields=fields),
        _error("due_date"),
        _error("due_time"),
    )


def _labelled(
    label: str, name: str, kind: Literal["date", "time"], value: rx.Var[str], **props: Any
) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=f"task-{name}", class_name=styles.LABEL),
        rx.el.input(
            id=f"task-{name}",
            name=name,
            type=kind,
            default_value=value,
            class_name=styles.INPUT,
            **props,
        ),
        class_name="min-w-0",
    )


class RepeatField(rx.Component):
    """How the task repeats (assets/repeat_editor.js), in a hidden field of the form."""

    library = optimistic_list.LIBRARY
    tag = "RepeatField"

    task: rx.Var[optimistic_list.TaskView]
    today: rx.Var[str]
    is_new: rx.Var[bool]
    problem: rx.Var[str]
    look: rx.Var[dict[str, str]]
    """The classes of its parts."""


def _repeat() -> rx.Component:
    return rx.fragment(
        RepeatField.create(
            icon("repeat", "size-4 flex-none"),
            task=optimistic_list.dialog.task,
            today=optimistic_list.dialog.today,
            is_new=~_is_edit(),
            problem=optimistic_list.dialog.errors.repeat,
            look=styles.REPEAT_FIELD,
        ),
        _not_saved("repeat"),
    )


def _priority() -> rx.Component:
    choices = rx.Var.create("task-priority")
    return _fact(
        "signal",
        "Priority",
        rx.el.button(
            rx.el.span("Priority: ", class_name=styles.HIDDEN),
            # Which of them shows, the choices say (assets/styles.css).
            *(
                rx.el.span(bars(), priority, data_priority=priority, class_name="chosen")
                for priority in _PRIORITIES
            ),
            type="button",
            custom_attrs={"popoverTarget": choices},
            class_name=styles.FACT_BUTTON,
        ),
        rx.el.div(
            *(_choice(priority) for priority in _PRIORITIES),
            id=choices,
            role="radiogroup",
            aria_label="Priority",
            custom_attrs={
                "popover": "auto",
                "onToggle": menu.show_choice,
                "onClick": menu.close_choices,
                "onKeyDown": menu.close_choices,
            },
            class_name="menu raised no-print",
        ),
        _not_saved("priority"),
    )


def _choice(priority: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="priority",
            value=priority,
            default_checked=optimistic_list.dialog.task.priority == priority,
            class_name=f"peer {styles.HIDDEN}",
        ),
        bars(),
        rx.el.span(priority, class_name="flex-1"),
        icon("check", "size-4 invisible peer-checked:visible"),
        data_priority=priority,
        class_name=f"{styles.MENU_ENTRY} relative cursor-pointer has-focus-visible:bg-glass-hover",
    )


def _place() -> rx.Component:
    """Where it lies, and what moves it elsewhere."""
    path: Any = optimistic_list.dialog.path
    return _fact(
        "list",
        "List",
        rx.el.button(
            rx.foreach(
                path, lambda stage, at: rx.fragment(rx.cond(at > 0, " › ", ""), stage.name, key=at)
            ),
            type="button",
            dir="auto",
            aria_label=f"List: {path[0].name}",
            aria_haspopup="dialog",
            on_click=lists.ask_to_move(optimistic_list.dialog.task),
            class_name=styles.FACT_BUTTON,
        ),
        _not_saved("list_id"),
    )


def _list() -> rx.Component:
    """Where a new task is to lie; with an Inbox alone there is nothing to choose."""
    return rx.cond(
        lists.lists.own.length() + lists.lists.archived.length() > 0,
        _fact(
            "list",
            "List",
            rx.el.select(
                rx.foreach(lists.lists.writable, _option),
                rx.foreach(lists.lists.archived, _option),
                id="task-list",
                name="list_id",
                default_value=optimistic_list.dialog.task.list_id,
                class_name=styles.INPUT,
            ),
            _not_saved("list_id"),
            of="task-list",
        ),
    )


def _labels() -> rx.Component:
    return _fact(
        "tag",
        "Labels",
        rx.el.input(
            id="task-labels",
            dir="auto",
            name="labels",
            default_value=optimistic_list.dialog.task.labels,
            placeholder="Words, like errand phone",
            auto_complete="off",
            auto_capitalize="none",
            **_judged("labels"),
            class_name=styles.INPUT,
        ),
        _error("labels"),
        of="task-labels",
    )


def _option(each: rx.vars.ObjectVar[ListView]) -> rx.Component:
    return rx.el.option(each.name, value=each.id, disabled=each.is_locked, key=each.id)


def _read_only() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            "Its list is archived: it can only be read.", class_name=f"flex-1 {styles.SECONDARY}"
        ),
        rx.el.button(
            "Close", type="button", on_click=optimistic_list.close, class_name=styles.BUTTON
        ),
        class_name=styles.DIALOG_FOOT,
    )


def _foot() -> rx.Component:
    return rx.el.div(
        rx.cond(
            _is_edit(),
            rx.fragment(
                rx.el.button(
                    icon("trash"),
                    "Move to trash",
                    type="button",
                    on_click=optimistic_list.trash_opened,
                    class_name=styles.BUTTON_DANGER,
                ),
                # Enter in a field of one line says that it is done.
                rx.el.button(type="submit", hidden=True),
            ),
            rx.fragment(
                rx.el.span(class_name="md:flex-1"),
                cancel(optimistic_list.close),
                rx.el.button(
                    "Save",
                    key("Ctrl ↵"),
                    type="submit",
                    class_name=f"max-md:flex-1 {styles.BUTTON_PRIMARY}",
                ),
            ),
        ),
        class_name=styles.DIALOG_FOOT,
    )


def _is_edit() -> rx.Var[bool]:
    return optimistic_list.dialog.mode == "edit"
