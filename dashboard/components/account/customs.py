"""Settings: how dates are written, where one begins, and what a new task gets."""

import reflex as rx

from dashboard.components.account.profile import saved_select
from dashboard.components.account.setting_section import section
from dashboard.components.account.settings import CustomSelect
from dashboard.components.lists import lists
from dashboard.state.session import SessionState

_BY_BROWSER = "As this browser"


def dates_and_times() -> rx.Component:
    return section(
        "Dates and times",
        _choice(
            "week_start",
            "Week starts on",
            "“Next week” is its first day.",
            {"": _BY_BROWSER, "monday": "Monday", "saturday": "Saturday", "sunday": "Sunday"},
        ),
        _choice(
            "date_order",
            "Date order",
            "Also how 10/11 is read in quick add.",
            {"": _BY_BROWSER, "dmy": "31 December", "mdy": "December 31"},
        ),
        _choice(
            "time_format",
            "Clock",
            "Fields of a time stay as the browser has them.",
            {"": _BY_BROWSER, "24h": "14:00", "12h": "2:00 PM"},
        ),
    )


def new_tasks() -> rx.Component:
    return section(
        "Start and new tasks",
        _choice(
            "landing_page",
            "Start page",
            "Where Cairn opens.",
            {"": "Dashboard", "inbox": "Inbox", "today": "Today", "upcoming": "Upcoming"},
        ),
        saved_select(
            CustomSelect,
            "default_list_id",
            "List for new tasks",
            "Unless the page or the words name one.",
            value=SessionState.customs["default_list_id"],
            lists=lists.lists.writable,
        ),
        _choice(
            "default_priority",
            "Priority of new tasks",
            "Unless the words name one.",
            {"": "Medium", "High": "High", "Low": "Low"},
        ),
    )


def _choice(name: str, label: str, hint: str, options: dict[str, str]) -> rx.Component:
    drawn = [{"value": value, "words": words} for value, words in options.items()]
    return saved_select(
        CustomSelect, name, label, hint, value=SessionState.customs[name], options=drawn
    )
