"""/dashboard: what there is to do."""

import reflex as rx

from dashboard.components.account.auth_screen import needs_javascript
from dashboard.components.shell import styles
from dashboard.components.shell.icon import icon
from dashboard.components.shell.shell import page_head, shell
from dashboard.components.shell.shortcuts import key
from dashboard.components.shell.skeleton import metrics_skeleton
from dashboard.components.tasks import optimistic_list
from dashboard.components.tasks.banner import banners, connection_banner
from dashboard.components.tasks.metric_cards import metric_cards
from dashboard.components.tasks.quick_add import quick_add
from dashboard.components.tasks.task_list import task_list
from dashboard.components.tasks.toolbar import toolbar
from dashboard.state.session import SessionState


class OverdueTitle(rx.Component):
    """Puts what is late into the title of the tab; draws nothing."""

    library = "$/public/shell.js"
    tag = "OverdueTitle"

    count: rx.Var[int]
    plain: rx.Var[str]


def tasks() -> rx.Component:
    return shell(
        OverdueTitle.create(count=optimistic_list.metrics.overdue, plain="Dashboard · Cairn"),
        needs_javascript(),
        connection_banner(),
        page_head(
            _greeting(),
            rx.el.button(
                icon("plus"),
                "New task",
                key("N"),
                type="button",
                on_click=optimistic_list.open_new,
                custom_attrs={"aria-keyshortcuts": "n"},
                class_name=f"no-print max-md:hidden {styles.BUTTON_PRIMARY}",
            ),
            note=_today(),
        ),
        banners(),
        rx.el.h2("Summary", class_name=styles.HIDDEN),
        rx.cond(optimistic_list.phase == "loading", metrics_skeleton(), metric_cards()),
        quick_add(),
        toolbar(),
        task_list(),
        current="Dashboard",
    )


def _greeting() -> rx.Var:
    # The space keeps the line's height until the server has said who this is.
    return rx.cond(SessionState.greeting != "", SessionState.greeting, "Dashboard")


def _today() -> rx.Component:
    return rx.fragment(
        rx.el.span(class_name=styles.DOT, aria_hidden=True),
        optimistic_list.today,
    )
