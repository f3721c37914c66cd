"""What the list shows and in which order. All of it is in the address, so that a link or a reload shows the same."""

import reflex as rx

from dashboard.components.lists import entries
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.js_handler import handler
from dashboard.components.shell.link import list_link
from dashboard.components.shell.shortcuts import key
from dashboard.components.tasks import optimistic_list
from dashboard.state.tasks import TaskListState

_SORTS = {
    "created": "Newest first",
    "updated": "Last changed",
    "priority": "Priority",
    "title": "Title",
}


_LIBRARY = "$/public/shell.js"
_clear_search = handler(_LIBRARY, "clearSearch")


class SearchInput(rx.el.Input):
    library = _LIBRARY
    tag = "SearchInput"


class SortSelect(rx.el.Select):
    library = _LIBRARY
    tag = "SortSelect"


def toolbar() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            filters(), search(), sort(), narrowed_by(), save_query(), class_name=styles.TOOLBAR
        ),
        rx.el.p(
            rx.cond(
                TaskListState.q_hint != "", f"Searched for as words. {TaskListState.q_hint}", ""
            ),
            aria_live="polite",
            class_name=rx.cond(TaskListState.q_hint != "", styles.SEARCH_HINT, styles.HIDDEN),
        ),
    )


def save_query() -> rx.Component:
    """What says more than words can be kept under a name."""
    return rx.cond(
        TaskListState.is_query & (TaskListState.q_problem == ""),
        rx.el.button(
            icon("filter", "size-3.5"),
            "Save as filter",
            type="button",
            on_click=entries.save_as_filter,
            class_name=styles.NARROWING,
        ),
    )


def narrowed_by() -> rx.Component:
    """Filters that the segments do not show, each with a cross that takes it away."""
    return rx.fragment(
        rx.cond(
            TaskListState.priority != "",
            _narrowing(f"{TaskListState.priority} priority", "priority"),
        ),
        rx.cond(
            TaskListState.status == "due_today",
            _narrowing("Due today", "status"),
        ),
    )


def _narrowing(words: str | rx.Var, name: str) -> rx.Component:
    return list_link(
        words,
        icon("x", "size-3.5"),
        rx.el.span("Remove filter", class_name=styles.HIDDEN),
        changes={name: ""},
        class_name=styles.NARROWING,
    )


def filters() -> rx.Component:
    counts = optimistic_list.metrics
    return rx.el.nav(
        _filter("All", "all", counts.total),
        _filter("Pending", "pending", counts.pending),
        _filter("Overdue", "overdue", counts.overdue),
        _filter("Completed", "completed", counts.completed),
        aria_label="Filter tasks",
        class_name=styles.FILTERS,
    )


def _filter(label: str, status: str, count: rx.vars.NumberVar[int]) -> rx.Component:
    # A search or a priority narrows the list further: the counts would promise what it does not hold.
    is_whole = (TaskListState.q == "") & (TaskListState.priority == "")
    shown = is_whole & (optimistic_list.phase != "loading")
    return list_link(
        label,
        rx.el.span(
            rx.cond(shown, rx.cond(count > 99, "99+", count.to_string()), ""),
            class_name=styles.FILTER_COUNT,
            aria_hidden=True,
        ),
        changes={"status": status},
        aria_current=rx.cond(TaskListState.status == status, "true", "false"),
        class_name=styles.SEGMENT,
    )


def search() -> rx.Component:
    return rx.el.form(
        icon("search", "size-4 text-ink-3"),
        SearchInput.create(
            id="search",
            name="q",
            placeholder="Search",
            aria_label="Search tasks",
            auto_complete="off",
            enter_key_hint="search",
            custom_attrs={"aria-keyshortcuts": "/"},
            class_name=styles.SEARCH_INPUT,
        ),
        rx.el.span(key("/"), class_name=styles.SEARCH_KEY),
        rx.el.button(
            icon("x"),
            type="button",
            aria_label="Clear search",
            title="Clear search",
            on_click=_clear_search,
            class_name=styles.SEARCH_CLEAR,
        ),
        role="search",
        on_submit=rx.prevent_default,
        class_name=styles.SEARCH,
    )


def sort() -> rx.Component:
    return rx.el.label(
        icon("arrow-up-down"),
        SortSelect.create(
            rx.cond(
                (TaskListState.q != "") & ~TaskListState.is_query,
                rx.fragment(
                    rx.el.option("Best match", value=""), rx.el.option("Due date", value="due")
                ),
                rx.el.option("Due date", value=""),
            ),
            *(rx.el.option(words, value=key) for key, words in _SORTS.items()),
            aria_label="Sort",
            class_name=styles.SORT_SELECT,
        ),
        class_name=styles.SORT,
    )
