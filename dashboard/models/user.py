"""A person with an account here, and what they tell us to make one."""

import unicodedata
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import available_timezones

import email_validator
from pydantic import AfterValidator, StringConstraints
from sqlmodel import Field

from dashboard.models.columns import Stored, at_most
from dashboard.models.text import (
    Input,
    StorableText,
    length_shown,
    name_of_at_most,
    too_long,
)

NAME_LENGTH = 100
EMAIL_LENGTH = 254
TIMEZONE_LENGTH = 64
CUSTOM_LENGTH = 16
SECRET_LENGTH = 128
PASSWORD_MINIMUM, PASSWORD_MAXIMUM = 8, 128

# A household's server may live under .local or .lan, so names need not exist on the internet.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()
_TIMEZONES = frozenset(available_timezones()) - {"localtime", "Factory"}


def _validated(email: str) -> email_validator.ValidatedEmail:
    # It knows the limits of an address, too: EMAIL_LENGTH in all.
    return email_validator.validate_email(
        unicodedata.normalize("NFC", email.strip().lower()),
        check_deliverability=False,
        globally_deliverable=False,
    )


def normal_email(email: str) -> str:
    """The one form in which an address is kept and compared, so that a mailbox has one account at most.

    Trimmed, lower-case, NFC, and the domain as people read it (IDNA 2008): some browsers send it so (bücher.de), others
    as name servers have it (xn--bcher-kva.de). What is no address is only trimmed and lower-case.
    """
    try:
        return _validated(email).normalized
    except email_validator.EmailNotValidError:
        return email.strip().lower()


def mailbox(email: str) -> str:
    """An address as mail servers take it: with the domain that name servers know."""
    try:
        found = _validated(email)
    except email_validator.EmailNotValidError:
        return email
    return f"{found.local_part}@{found.ascii_domain}"


def _email(email: str) -> str:
    try:
        return _validated(email).normalized
    except email_validator.EmailNotValidError:
        raise ValueError("This does not look like an email address.") from None


def _timezone(name: str) -> str:
    if name not in _TIMEZONES:
        raise ValueError("This time zone is not known.")
    return name


def _new_password(password: str) -> str:
    if len(password) < PASSWORD_MINIMUM:
        raise ValueError(f"Use at least {PASSWORD_MINIMUM} characters.")
    if len(password) > PASSWORD_MAXIMUM:
        raise ValueError(too_long(password, PASSWORD_MAXIMUM))
    return password


PersonName = Annotated[
    StorableText,
    name_of_at_most(NAME_LENGTH, missing="Enter your name."),
    length_shown(1, NAME_LENGTH),
]
Email = Annotated[StorableText, AfterValidator(_email), length_shown(3, EMAIL_LENGTH)]
Timezone = Annotated[StorableText, AfterValidator(_timezone)]
NewPassword = Annotated[
    StorableText,
    AfterValidator(_new_password),
    length_shown(PASSWORD_MINIMUM, PASSWORD_MAXIMUM),
]
GivenPassword = Annotated[StorableText, StringConstraints(max_length=PASSWORD_MAXIMUM)]


WeekStart = Literal["monday", "saturday", "sunday"]
DateOrder = Literal["dmy", "mdy"]
TimeFormat = Literal["12h", "24h"]
LandingPage = Literal["dashboard", "inbox", "today", "upcoming"]
Secret = Annotated[StorableText, StringConstraints(max_length=SECRET_LENGTH)]


class SignUp(Input):
    """What someone gives to create an account."""

    name: PersonName
    email: Email
    password: NewPassword
    timezone: Timezone = "UTC"
    invitation: Secret | None = None
    """What the link of an invitation has behind its `#`, or the setup code; needed where sign-up asks for one."""


class SignIn(Input):
    """What someone gives to sign in. The address only has to be text: a wrong one matches no account."""

    email: StorableText
    password: GivenPassword
    remember: bool = False


class PasswordAgain(Input):
    """What someone who is signed in gives to prove that it is still them."""

    password: GivenPassword


class PasswordChange(Input):
    """What someone gives to have another password from now on."""

    current_password: GivenPassword
    new_password: NewPassword


class Forgotten(Input):
    """What someone gives who forgot their password. The address only has to be text: a wrong one matches no account."""

    email: Annotated[StorableText, StringConstraints(max_length=EMAIL_LENGTH)]


class PasswordReset(Input):
    """What someone gives who has a link to choose another password."""

    token: Secret
    """What the link has behind its `#`."""
    password: NewPassword


class EmailChange(Input):
    """What someone gives to sign in with another address from now on."""

    email: Email


class EmailProof(Input):
    """What someone gives who has a link that proves an address."""

    token: Secret
    """What the link has behind its `#`."""


class PasswordIdea(Input):
    """A password that someone thinks of, and what it should not be made of."""

    password: GivenPassword
    name: Annotated[StorableText, StringConstraints(max_length=NAME_LENGTH)] = ""
    email: Annotated[StorableText, StringConstraints(max_length=EMAIL_LENGTH)] = ""


CUSTOMS = (
    *("week_start", "date_order", "time_format", "landing_page"),
    *("default_list_id", "default_priority"),
)
"""What someone may have chosen, as columns of User."""


class User(Stored, table=True):
    __table_args__ = (
        at_most("name", NAME_LENGTH),
        at_most("email", EMAIL_LENGTH),
        at_most("timezone", TIMEZONE_LENGTH),
    )

    name: str = Field(max_length=NAME_LENGTH)
    email: str = Field(max_length=EMAIL_LENGTH, unique=True)
    email_verified: bool = False
    timezone: str = Field(default="UTC", max_length=TIMEZONE_LENGTH)
    disabled_at: datetime | None = None
    week_start: str | None = Field(default=None, max_length=CUSTOM_LENGTH)
    date_order: str | None = Field(default=None, max_length=CUSTOM_LENGTH)
    time_format: str | None = Field(default=None, max_length=CUSTOM_LENGTH)
    landing_page: str | None = Field(default=None, max_length=CUSTOM_LENGTH)
    default_list_id: UUID | None = None
    """It may be gone by now, which is as if none were chosen."""
    default_priority: str | None = Field(default=None, max_length=CUSTOM_LENGTH)

    @property
    def customs(self) -> dict[str, Any]:
        """What they have chosen; None where they have not."""
        return {name: getattr(self, name) for name in CUSTOMS}
