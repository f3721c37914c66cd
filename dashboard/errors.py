"""One family of errors: each kind carries its HTTP status, its code and a sentence for people.

Services raise them; two translators turn them into problem+json (api) and into notices (state).
"""

import math
import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple, Self

MOST_ERRORS_TOLD = 20


class FieldError(NamedTuple):
    """What is wrong with one field: its name and a sentence that never repeats the input."""

    field: str
    message: str


class DashboardError(Exception):
    """Base of the family. `str(error)` is a sentence that may be shown to the user."""

    status = 500
    code = "INTERNAL_ERROR"
    sentence = "Something went wrong on the server. Nothing was changed; try again."

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or self.sentence)


class NotSignedIn(DashboardError):
    status = 401
    code = "NOT_SIGNED_IN"
    sentence = "You are not signed in. Sign in and try again."


class InvalidEmailOrPassword(DashboardError):
    status = 401
    code = "INVALID_EMAIL_OR_PASSWORD"
    sentence = "Email or password is not right. Check both and try again."


class Forbidden(DashboardError):
    status = 403
    code = "FORBIDDEN"
    sentence = "This belongs to someone else. Nothing was changed."


class ForeignOrigin(Forbidden):
    code = "FOREIGN_ORIGIN"
    sentence = "This request came from another site and was refused. Nothing was changed."


class TokenNotEnough(Forbidden):
    code = "TOKEN_NOT_ENOUGH"
    sentence = "An API token of this kind may not do that. Nothing was changed."


class PasswordNeeded(Forbidden):
    code = "PASSWORD_NEEDED"
    sentence = "Enter your password again to do this. Nothing was changed."


class ReadOnly(Forbidden):
    code = "READ_ONLY"
    sentence = "You can read this list, and only its editors can change it. Nothing was changed."


class WrongPassword(Forbidden):
    code = "WRONG_PASSWORD"
    sentence = "The password is not right. Nothing was changed."


class SignUpClosed(Forbidden):
    code = "SIGN_UP_CLOSED"
    sentence = "New accounts cannot be created here. Ask the person who runs this server."


class InvitationNeeded(SignUpClosed):
    code = "INVITATION_NEEDED"
    sentence = "New accounts need an invitation here, and it is used once. Ask the person who runs this server."


class SetupCodeNeeded(SignUpClosed):
    code = "SETUP_CODE_NEEDED"
    sentence = (
        "The first account needs the setup code that this server prints when it starts. "
        "Nothing was created; check the code and try again."
    )


class MailNotSetUp(Forbidden):
    code = "MAIL_NOT_SET_UP"
    sentence = (
        "This server sends no mail. Ask the person who runs it for a link to another password."
    )


class MailNeeded(MailNotSetUp):
    code = "MAIL_NEEDED"
    sentence = (
        "This server sends no mail. The person who runs it can change your address "
        "(python -m dashboard users set-email OLD NEW)."
    )


class NotFound(DashboardError):
    status = 404
    code = "NOT_FOUND"
    sentence = "There is nothing at this address."


class TaskNotFound(NotFound):
    code = "TASK_NOT_FOUND"
    sentence = "This task does not exist, or it is in the trash."


class ListNotFound(NotFound):
    code = "LIST_NOT_FOUND"
    sentence = "This list does not exist, or it is in the trash."


class FilterNotFound(NotFound):
    code = "FILTER_NOT_FOUND"
    sentence = "This filter does not exist. It may have been deleted already."


class LabelNotFound(NotFound):
    code = "LABEL_NOT_FOUND"
    sentence = "None of your tasks has this label. It may have been renamed or removed."


class SectionNotFound(NotFound):
    code = "SECTION_NOT_FOUND"
    sentence = "This section does not exist, or it was deleted."


class SessionNotFound(NotFound):
    code = "SESSION_NOT_FOUND"
    sentence = "This session does not exist. It may have ended already."


class TokenNotFound(NotFound):
    code = "TOKEN_NOT_FOUND"
    sentence = "This API token does not exist. It may have been revoked already."


class UserNotFound(NotFound):
    code = "USER_NOT_FOUND"
    sentence = "Nobody has an account with this address."


class MethodNotAllowed(DashboardError):
    status = 405
    code = "METHOD_NOT_ALLOWED"
    sentence = "This address does not take that method."


class RequestTimedOut(DashboardError):
    status = 408
    code = "REQUEST_TIMED_OUT"
    sentence = "The request took too long to arrive. Nothing was changed; send it again."


class Conflict(DashboardError):
    """The change does not fit what is stored by now, as when the account was deleted meanwhile."""

    status = 409
    code = "CONFLICT"
    sentence = "This does not fit what is stored any more. Nothing was changed; load it again."


class NotInTrash(Conflict):
    code = "NOT_IN_TRASH"
    sentence = "This task is not in the trash any more, so it was kept."


class InboxStays(Conflict):
    code = "INBOX_STAYS"
    sentence = "The Inbox stays as it is: it cannot be renamed, archived, shared or deleted."


class ListArchived(Conflict):
    code = "LIST_ARCHIVED"
    sentence = "This list is archived, and its tasks are read only. Bring it back first."


class ListInTrash(Conflict):
    code = "LIST_IN_TRASH"
    sentence = "The list of this task is in the trash. Restore the list first."


class UserAlreadyExists(Conflict):
    code = "USER_ALREADY_EXISTS"
    sentence = "This address already has an account. Sign in instead."


class TooManyTokens(Conflict):
    code = "TOO_MANY_TOKENS"
    sentence = "There are as many API tokens as one account may have. Revoke one first."


class LinkNotValid(DashboardError):
    status = 410
    code = "LINK_NOT_VALID"
    sentence = "This link was used before or is too old. Ask for a new one."


class StaleVersion(DashboardError):
    status = 412
    code = "STALE_VERSION"
    sentence = "This task was changed in the meantime. Nothing was saved; load it again."


class BodyTooLarge(DashboardError):
    status = 413
    code = "BODY_TOO_LARGE"
    sentence = "The request is larger than this address takes. Nothing was saved; send less."


class UnsupportedMediaType(DashboardError):
    status = 415
    code = "UNSUPPORTED_MEDIA_TYPE"
    sentence = "Send the request as application/json."


class MisdirectedRequest(DashboardError):
    status = 421
    code = "MISDIRECTED_REQUEST"
    sentence = "This server answers at another address: set PUBLIC_URL to the one you use."


class InvalidInput(DashboardError):
    """Input that breaks a rule; `errors` says field by field which."""

    status = 422
    code = "INVALID_INPUT"
    sentence = "Some of the input is not right. Nothing was saved; correct it and try again."

    def __init__(self, *errors: FieldError) -> None:
        super().__init__(errors[0].message if len(errors) == 1 else None)
        self.errors = errors

    @classmethod
    def from_pydantic(cls, problems: Iterable[Mapping[str, Any]]) -> Self:
        """What `ValidationError.errors()` lists, without the input and in words for people; the first few of many."""
        told = islice(problems, MOST_ERRORS_TOLD)
        return cls(*(FieldError(_field(problem), _message(problem)) for problem in told))


class TooManyRequests(DashboardError):
    """A limit is used up for now; `retry_after` is in whole seconds."""

    status = 429
    code = "TOO_MANY_REQUESTS"
    sentence = "That was too often in a short time. Nothing was changed; try again later."

    def __init__(self, seconds: float | None = None) -> None:
        self.retry_after = max(1, math.ceil(seconds or 60))
        sooner = f"again in {_in_words(self.retry_after)}." if seconds else "again later."
        super().__init__(self.sentence.replace("again later.", sooner))


class Unavailable(DashboardError):
    """The database (or the queue in front of it) cannot answer now; `retry_after` is in seconds."""

    status = 503
    code = "UNAVAILABLE"
    sentence = (
        "The server cannot reach its data right now. Nothing was lost; try again in a moment."
    )
    retry_after = 2


class NoRoom(Unavailable):
    code = "NO_ROOM"
    sentence = "The server has no room to save anything right now. What was saved is safe; try again later."
    retry_after = 30


class TooBusy(Unavailable):
    code = "TOO_BUSY"
    sentence = "Many people are signing in right now. Nothing was lost; try again in a moment."
    retry_after = 5


class Overloaded(Unavailable):
    code = "OVERLOADED"
    sentence = (
        "The server has too much to do right now. Nothing was changed; try again in a moment."
    )


class ConfigurationError(Exception):
    """A setting, a folder, a database or a port that Cairn cannot start with; the sentence says why."""


class BadBackup(ConfigurationError):
    """A file that is no backup, or not one of this database's kind."""


def _in_words(seconds: int) -> str:
    """A time to wait, as `40 seconds` or `5 minutes`."""
    count, unit = (seconds, "second") if seconds < 100 else (math.ceil(seconds / 60), "minute")
    return f"{count} {unit}{'' if count == 1 else 's'}"


_WORDS = {
    "missing": "This is required.",
    "extra_forbidden": "This field is not known.",
    "json_invalid": "The body is not valid JSON.",
    "string_type": "Write this as text.",
    "bool_type": "This is true or false.",
    "string_unicode": "The text has half of a character; type it again.",
    "model_type": "Send an object with fields.",
    "model_attributes_type": "Send an object with fields.",
    "dict_type": "Send an object with fields.",
    "uuid_parsing": "This is not a valid id.",
    "uuid_type": "This is not a valid id.",
    "string_too_long": "This is too long: use at most {max_length} characters.",
    "too_long": "This is too long: use at most {max_length} characters.",
}


_SOURCES = ("body", "query", "path", "header")
_NAME = re.compile(r"[A-Za-z_][\w-]{0,63}", re.ASCII)


def _field(problem: Mapping[str, Any]) -> str:
    location = problem["loc"]
    if problem["type"] == "json_invalid":
        return ""
    if location and location[0] in _SOURCES:
        location = location[1:]
    # The name of an unknown field is input, too: only what looks like a name is repeated.
    return ".".join(
        str(part) for part in location if _NAME.fullmatch(str(part)) or isinstance(part, int)
    )


def _message(problem: Mapping[str, Any]) -> str:
    if problem["type"] == "value_error":
        return problem["msg"].removeprefix("Value error, ")
    words = _WORDS.get(problem["type"], "This value cannot be used.")
    return words.format(**problem.get("ctx", {})) if "{" in words else words
