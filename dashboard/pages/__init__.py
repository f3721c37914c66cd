"""The pages of Cairn: one function per page, reading like the screen from top to bottom."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from dashboard.components.shell.html_head import head, page_meta
from dashboard.pages.confirm_email import confirm_email
from dashboard.pages.list_tasks import inbox, one_list, one_task
from dashboard.pages.lists import all_lists
from dashboard.pages.not_found import not_found
from dashboard.pages.places import completed, one_filter, one_label, today, upcoming
from dashboard.pages.reset_password import reset_password
from dashboard.pages.settings import settings
from dashboard.pages.sign_in import sign_in
from dashboard.pages.sign_up import sign_up
from dashboard.pages.tasks import tasks
from dashboard.pages.trash import trash
from dashboard.pages.welcome import welcome
from dashboard.state.settings import SettingsState
from dashboard.state.tasks import FOLLOW

__all__ = ["PAGES", "Page", "head"]


@dataclass(frozen=True)
class Page:
    content: Callable[[], rx.Component]
    route: str
    title: str
    on_load: Sequence[Any] = ()
    meta: list[dict[str, str]] = field(default_factory=list)


def _page(content: Callable[[], rx.Component], route: str, title: str, *on_load: object) -> Page:
    name = f"{title} · Cairn"
    return Page(content, route, name, on_load, page_meta(name))


PAGES = (
    _page(welcome, "/", "Tasks", rx.redirect("/dashboard", replace=True)),
    _page(sign_in, "/sign-in", "Sign in"),
    _page(sign_up, "/sign-up", "Create your account"),
    _page(reset_password, "/reset-password", "Choose a new password"),
    _page(confirm_email, "/confirm-email", "Confirm your address"),
    _page(tasks, "/dashboard", "Dashboard", *FOLLOW),
    _page(inbox, "/inbox", "Inbox", *FOLLOW),
    _page(today, "/today", "Today", *FOLLOW),
    _page(upcoming, "/upcoming", "Upcoming", *FOLLOW),
    _page(completed, "/completed", "Completed", *FOLLOW),
    _page(one_label, "/labels/[label]", "Label", *FOLLOW),
    _page(one_filter, "/filters/[filter_key]", "Filter", *FOLLOW),
    _page(all_lists, "/lists", "Lists", *FOLLOW),
    _page(one_list, "/lists/[list_key]", "List", *FOLLOW),
    _page(one_task, "/tasks/[task_key]", "Task", *FOLLOW),
    _page(trash, "/trash", "Trash", *FOLLOW),
    _page(settings, "/settings", "Settings", *FOLLOW, SettingsState.load),
    _page(not_found, "404", "Page not found"),
)
