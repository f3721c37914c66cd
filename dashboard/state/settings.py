"""The lists of the settings page: devices and API tokens, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session

from dashboard import clock
from dashboard.errors import DashboardError, NotSignedIn
from dashboard.models.api_token import ApiToken, TokenScope
from dashboard.models.auth_event import AuthEvent, AuthEventType
from dashboard.models.session import Actor
from dashboard.services.accounts import api_tokens, audit, devices, passwords, sessions
from dashboard.services.accounts.authentication import SEEN_EVERY
from dashboard.services.accounts.sessions import OwnSession
from dashboard.state.session import SessionState
from dashboard.version import full_version

RECENT = 8
"""How many lines of the audit trail are shown."""
_EVENTS = {
    AuthEventType.SIGN_UP: "Account created",
    AuthEventType.SIGN_IN: "Signed in",
    AuthEventType.SIGN_IN_FAILED: "Wrong password",
    AuthEventType.SIGN_OUT: "Signed out",
    AuthEventType.PASSWORD_REFUSED: "Wrong password on a device that is signed in",
    AuthEventType.SESSION_REVOKED: "Another device signed out",
    AuthEventType.PASSWORD_CHANGED: "Password changed",
    AuthEventType.PASSWORD_RESET: "Password reset",
    AuthEventType.RESET_LINK_SENT: "Link to another password sent by mail",
    AuthEventType.RESET_LINK_MADE: "Link to another password made by the operator",
    AuthEventType.EMAIL_CHANGE_ASKED: "Another email address asked for",
    AuthEventType.EMAIL_CHANGED: "Email address changed",
    AuthEventType.EMAIL_VERIFIED: "Email address verified",
    AuthEventType.TOKEN_CREATED: "API token created",
    AuthEventType.TOKEN_REVOKED: "API token revoked",
    AuthEventType.EXPORTED: "Everything exported",
    AuthEventType.USER_CREATED: "Account created by the operator",
    AuthEventType.USER_DISABLED: "Account disabled by the operator",
    AuthEventType.USER_ENABLED: "Account enabled by the operator",
}
_SCOPES = {TokenScope.READ: "Read", TokenScope.WRITE: "Read and write"}


@dataclass(frozen=True)
class DeviceRow:
    """A session, as its owner knows it."""

    id: str
    name: str
    kind: str
    words: str
    is_current: bool

    @classmethod
    def of(cls, own: OwnSession, zone: str) -> Self:
        row, device = own.row, devices.describe(own.row.user_agent)
        is_active = own.is_current or clock.now() - row.last_seen_at < 2 * SEEN_EVERY
        seen = "Active now" if is_active else f"Last active {when(row.last_seen_at, zone)}"
        words = ". ".join(part for part in (row.ip_address, seen) if part)
        return cls(str(row.id), device.name, device.kind, f"{words}.", own.is_current)


@dataclass(frozen=True)
class TokenRow:
    """An API token, as its owner knows it."""

    id: str
    name: str
    scope: str
    words: str

    @classmethod
    def of(cls, token: ApiToken, zone: str) -> Self:
        used = f"Used {when(token.last_used_at, zone)}" if token.last_used_at else "Not used yet"
        words = [f"{token.hint}…", f"Created {day(token.created_at, zone)}.", f"{used}."]
        if token.expires_at is not None:
            verb = "Ended" if token.expires_at <= clock.now() else "Ends"
            words.append(f"{verb} {day(token.expires_at, zone)}.")
        return cls(str(token.id), token.name, _SCOPES[TokenScope(token.scope)], " ".join(words))


@dataclass(frozen=True)
class EventRow:
    """A line of the audit trail."""

    id: str
    what: str
    words: str

    @classmethod
    def of(cls, event: AuthEvent, zone: str) -> Self:
        device = devices.describe(event.user_agent).name if event.user_agent else ""
        at = when(event.created_at, zone)
        place = ", ".join(part for part in (device, event.ip_address) if part)
        words = ". ".join(part for part in (place, f"{at[0].upper()}{at[1:]}") if part)
        return cls(str(event.id), _EVENTS[AuthEventType(event.type)], f"{words}.")


class SettingsState(SessionState):
    """What the settings page lists. It changes nothing: that is done over HTTP, see assets/settings.js."""

    devices: list[DeviceRow] = []
    is_only_device: bool = True
    tokens: list[TokenRow] = []
    has_tokens: bool = False
    events: list[EventRow] = []
    password_words: str = ""
    version: str = ""
    """Which Cairn serves the page."""
    is_loaded: bool = False
    trouble: str = ""
    """Why the lists could not be loaded; empty when they were."""

    @rx.event
    async def load(self) -> None:
        """Load the lists: on arrival, and after each change."""
        try:
            own, tokens, events, changed_at, zone = await self._read(_overview)
        except NotSignedIn:
            self._leave()
            return
        except DashboardError as error:
            self.trouble = str(error)
            return
        self.version = full_version()
        self.devices = [DeviceRow.of(each, zone) for each in own]
        self.is_only_device, self.has_tokens = len(own) <= 1, bool(tokens)
        self.tokens = [TokenRow.of(token, zone) for token in tokens]
        self.events = [EventRow.of(event, zone) for event in events]
        self.password_words = f"Changed {day(changed_at, zone)}." if changed_at else ""
        self.is_loaded, self.trouble = True, ""


def when(moment: datetime, zone: str) -> str:
    """`today at {09:41}`, `yesterday at {09:41}`, else the day.

    What is in braces the browser writes in its own form: assets/words.js.
    """
    local = moment.astimezone(ZoneInfo(zone))
    if local.date() >= clock.today(zone) - timedelta(days=1):
        return f"{day(moment, zone)} at {{{local:%H:%M}}}"
    return day(moment, zone)


def day(moment: datetime, zone: str) -> str:
    """`today`, `yesterday`, `on {2026-03-13}`, and with its year after it when that is another one."""
    date, today = moment.astimezone(ZoneInfo(zone)).date(), clock.today(zone)
    if date == today:
        return "today"
    if date == today - timedelta(days=1):
        return "yesterday"
    year = "" if date.year == today.year else f" {date.year}"
    return f"on {{{date}}}{year}"


def _overview(
    session: Session, actor: Actor
) -> tuple[list[OwnSession], list[ApiToken], list[AuthEvent], datetime | None, str]:
    return (
        sessions.list_sessions(session, actor),
        list(api_tokens.list_tokens(session, actor)),
        list(audit.recent(session, actor, RECENT)),
        passwords.changed_at(session, actor),
        actor.timezone,
    )
