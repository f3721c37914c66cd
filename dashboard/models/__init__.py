"""Tables, input types, and the rules of one object alone. Importing the package registers every table."""

from dashboard.models import (
    account,
    activity,
    api_token,
    auth_event,
    done_gesture,
    label,
    list,  # noqa: A004 (a noun like the others)
    rate_limit,
    saved_filter,
    section,
    session,
    task,
    task_search,
    user,
    verification,
)

__all__ = [
    "account",
    "activity",
    "api_token",
    "auth_event",
    "done_gesture",
    "label",
    "list",
    "rate_limit",
    "saved_filter",
    "section",
    "session",
    "task",
    "task_search",
    "user",
    "verification",
]
