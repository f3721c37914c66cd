"""Every route, who it is for, and what it answers. A new one fails its tests until somebody has thought about it."""

import re
from typing import Any, NamedTuple

from tests.conftest import PASSWORD

Route = tuple[str, str]


class Answers(NamedTuple):
    """What the owner of what is asked for gets, what somebody else gets, and what they send."""

    owner: int
    stranger: int
    body: Any = None


class AnswersToPrograms(NamedTuple):
    """As `Answers`, and what a token to read and one to write get when nothing is there and an empty object is sent."""

    owner: int
    stranger: int
    reader: int
    writer: int
    body: Any = None


_OTHER_PASSWORD = "four herons mend a kettle"
_TASK = {"title": "Bread"}
_WHOLE_TASK = _TASK | {
    "description": "",
    "priority": "Low",
    "is_completed": False,
    "due_date": None,
    "due_time": None,
}
_PASSWORDS = {"current_password": PASSWORD, "new_password": _OTHER_PASSWORD}
_NO_LINK = {"token": "nonsense"}

OPEN = {
    ("GET", "/healthz"): Answers(200, 200),
    ("GET", "/readyz"): Answers(200, 200),
    ("GET", "/api/docs"): Answers(200, 200),
    ("GET", "/api/openapi.json"): Answers(200, 200),
    ("GET", "/api/auth/sign-up"): Answers(200, 200),
    ("POST", "/api/auth/sign-up"): Answers(422, 422, {"name": "Eve"}),
    ("POST", "/api/auth/sign-in"): Answers(
        401, 401, {"email": "ana@example.org", "password": "wrong"}
    ),
    ("POST", "/api/auth/password-strength"): Answers(200, 200, {"password": "wrong"}),
    # No mail is sent here, which is said to everyone.
    ("POST", "/api/auth/forgot-password"): Answers(403, 403, {"email": "ana@example.org"}),
    ("POST", "/api/auth/reset-password"): Answers(
        410, 410, _NO_LINK | {"password": _OTHER_PASSWORD}
    ),
    ("POST", "/api/account/email/confirm"): Answers(410, 410, _NO_LINK),
}
FOR_MONITORS = {
    # Without a token in the settings there is none.
    ("GET", "/metrics"): Answers(404, 404)
}
FOR_THEMSELVES = {
    ("GET", "/api/auth/session"): Answers(200, 200),
    ("POST", "/api/auth/sign-out"): Answers(204, 204),
    ("POST", "/api/auth/confirm"): Answers(204, 204, {"password": PASSWORD}),
    ("POST", "/api/auth/password"): Answers(204, 204, _PASSWORDS),
    ("GET", "/api/auth/sessions"): Answers(200, 200),
    ("DELETE", "/api/auth/sessions"): Answers(204, 204),
    ("DELETE", "/api/auth/sessions/{session_id}"): Answers(204, 403),
    ("GET", "/api/auth/tokens"): Answers(200, 200),
    ("POST", "/api/auth/tokens"): Answers(201, 201, {"name": "Script", "scope": "read"}),
    ("DELETE", "/api/auth/tokens/{token_id}"): Answers(204, 403),
    ("PATCH", "/api/account"): Answers(200, 200, {"name": "Somebody"}),
    ("GET", "/api/account/export"): Answers(200, 200),
    ("DELETE", "/api/account"): Answers(204, 204, {"password": PASSWORD}),
    # No mail is sent here, which is said to both.
    ("POST", "/api/account/email"): Answers(403, 403, {"email": "other@example.org"}),
    ("POST", "/api/account/email/verify"): Answers(403, 403),
}
FOR_PROGRAMS_TOO = {
    ("GET", "/api/tasks"): AnswersToPrograms(200, 200, 200, 200),
    ("POST", "/api/tasks"): AnswersToPrograms(201, 201, 403, 422, _TASK),
    ("POST", "/api/tasks/quick"): AnswersToPrograms(201, 201, 403, 422, {"text": "Bread tomorrow"}),
    ("POST", "/api/repeat/preview"): AnswersToPrograms(
        200, 200, 403, 422, {"rule": "FREQ=DAILY", "from": "due", "due_date": "2026-03-10"}
    ),
    ("GET", "/api/tasks/metrics"): AnswersToPrograms(200, 200, 200, 200),
    ("GET", "/api/tasks/{task_id}"): AnswersToPrograms(200, 403, 404, 404),
    ("GET", "/api/tasks/{task_id}/activity"): AnswersToPrograms(200, 403, 404, 404),
    ("PUT", "/api/tasks/{task_id}"): AnswersToPrograms(200, 403, 403, 422, _WHOLE_TASK),
    ("PATCH", "/api/tasks/{task_id}"): AnswersToPrograms(200, 403, 403, 404, _TASK),
    ("DELETE", "/api/tasks/{task_id}"): AnswersToPrograms(204, 403, 403, 404),
    # It does not repeat.
    ("POST", "/api/tasks/{task_id}/skip"): AnswersToPrograms(422, 403, 403, 404),
    ("POST", "/api/tasks/{task_id}/pause"): AnswersToPrograms(422, 403, 403, 404),
    ("POST", "/api/tasks/{task_id}/resume"): AnswersToPrograms(422, 403, 403, 404),
    ("POST", "/api/tasks/{task_id}/shift"): AnswersToPrograms(
        422, 403, 403, 422, {"due_date": "2026-03-10"}
    ),
    # What is no move changes nothing.
    ("POST", "/api/tasks/{task_id}/move"): AnswersToPrograms(200, 403, 403, 404, {}),
    ("POST", "/api/tasks/{task_id}/restore"): AnswersToPrograms(200, 403, 403, 404),
    ("GET", "/api/lists"): AnswersToPrograms(200, 200, 200, 200),
    ("POST", "/api/lists"): AnswersToPrograms(201, 201, 403, 422, {"name": "Garden"}),
    # The owner leaves a list out; the stranger has none beside the Inbox.
    ("PUT", "/api/lists/order"): AnswersToPrograms(422, 204, 403, 422, {"list_ids": []}),
    ("GET", "/api/lists/{list_id}"): AnswersToPrograms(200, 403, 404, 404),
    ("PATCH", "/api/lists/{list_id}"): AnswersToPrograms(200, 403, 403, 404, {"name": "Garden"}),
    ("DELETE", "/api/lists/{list_id}"): AnswersToPrograms(204, 403, 403, 404),
    ("POST", "/api/lists/{list_id}/restore"): AnswersToPrograms(200, 403, 403, 404),
    ("GET", "/api/labels"): AnswersToPrograms(200, 200, 200, 200),
    ("PATCH", "/api/labels/{name}"): AnswersToPrograms(200, 404, 403, 404, {"name": "shop"}),
    ("DELETE", "/api/labels/{name}"): AnswersToPrograms(204, 404, 403, 404),
    ("GET", "/api/filters"): AnswersToPrograms(200, 200, 200, 200),
    ("POST", "/api/filters"): AnswersToPrograms(201, 201, 403, 422, {"name": "A", "query": "@a"}),
    ("PATCH", "/api/filters/{filter_id}"): AnswersToPrograms(200, 403, 403, 404, {"name": "A"}),
    ("DELETE", "/api/filters/{filter_id}"): AnswersToPrograms(204, 403, 403, 404),
    ("GET", "/api/lists/{list_id}/sections"): AnswersToPrograms(200, 403, 404, 404),
    ("POST", "/api/lists/{list_id}/sections"): AnswersToPrograms(
        201, 403, 403, 422, {"name": "Packing"}
    ),
    ("GET", "/api/sections/{section_id}"): AnswersToPrograms(200, 403, 404, 404),
    ("PATCH", "/api/sections/{section_id}"): AnswersToPrograms(
        200, 403, 403, 404, {"name": "Packing"}
    ),
    ("DELETE", "/api/sections/{section_id}"): AnswersToPrograms(204, 403, 403, 404),
    ("POST", "/api/sections/{section_id}/restore"): AnswersToPrograms(200, 403, 403, 404),
}
FOR_EVERYONE = OPEN | FOR_MONITORS
FOR_THE_SIGNED_IN = FOR_THEMSELVES | FOR_PROGRAMS_TOO


def filled_in(template: str, some_id: object) -> str:
    """The path of a route, with an id where it has a place for one."""
    return re.sub(r"\{\w+\}", str(some_id), template)
