"""Tables, input types, and the rules of one object alone. Importing the package registers every table."""

from dashboard.models import (
    account,
    api_token,
    auth_event,
    rate_limit,
    session,
    task,
    task_search,
    task_tally,
    user,
    verification,
)

__all__ = [
    "account",
    "api_token",
    "auth_event",
    "rate_limit",
    "session",
    "task",
    "task_search",
    "task_tally",
    "user",
    "verification",
]
