"""Visits of pages: who may see one, where everyone else is sent, and when a session is put off."""

from contextlib import suppress
from enum import Enum, auto
from posixpath import normpath
from typing import NamedTuple
from urllib.parse import parse_qs, quote
from uuid import UUID

from sqlmodel import Session

from dashboard.database.transactions import get_database
from dashboard.errors import DashboardError, Forbidden, NotFound, NotSignedIn, Unavailable
from dashboard.models.session import UserSession
from dashboard.reflex_adapter.front_end import PAGES_OF_FORMS
from dashboard.security import SessionClaims, is_own_path
from dashboard.services.accounts import authentication, sessions
from dashboard.services.operation import readiness
from dashboard.services.tasks import commands
from dashboard.state.task_address import place_at
from dashboard.web.cookies import session_cookie

HOME = "/dashboard"
SIGN_IN = "/sign-in"
_ROOT = {"", "index"}
_PROTECTED = {
    *("dashboard", "inbox", "today", "upcoming", "completed", "lists", "labels", "filters"),
    *("tasks", "trash", "settings"),
}
_FOR_STRANGERS = {"sign-in", "sign-up"}
_FOR_EVERYONE = set(PAGES_OF_FORMS) - _FOR_STRANGERS


class Standing(Enum):
    """What is known of a visitor."""

    SIGNED_IN = auto()
    RENEWABLE = auto()
    """Signed in, and not put off lately."""
    SIGNED_OUT = auto()
    UNKNOWN = auto()
    """The database is away: the page itself says so."""


_KNOWN = (Standing.SIGNED_IN, Standing.RENEWABLE)


class Welcome(NamedTuple):
    """What a visit comes to: sent elsewhere (None: shown), with a new Set-Cookie value (None: none)."""

    elsewhere: str | None = None
    cookie: str | None = None
    session_id: UUID | None = None
    """Whose page it is that is shown; None for a page of everyone, and while that cannot be known."""
    refused: DashboardError | None = None
    """Why nothing is shown."""


def is_page(path: str) -> bool:
    """Whether a person reads what is at this path."""
    return _page(path) in _ROOT | _PROTECTED | _FOR_STRANGERS | _FOR_EVERYONE


async def receive_visit(
    path: str, query: str, token: str | None, claims: SessionClaims | None
) -> Welcome:
    """Decide on a visit; `token` is what the cookie held, `claims` what of it is genuine."""
    standing = await _standing(claims)
    home = await _home(path, claims) if claims and standing in _KNOWN else HOME
    elsewhere = _elsewhere(path, query, standing, home, had_cookie=token is not None)
    if claims is None or token is None or standing not in _KNOWN:
        return Welcome(elsewhere)
    cookie = await _renewed(token, claims) if standing is Standing.RENEWABLE else None
    is_own = elsewhere is None and _page(path) in _PROTECTED
    refused = await _refusal(path, claims) if is_own else None
    return Welcome(elsewhere, cookie, claims.session_id if is_own else None, refused)


async def _refusal(path: str, claims: SessionClaims) -> DashboardError | None:
    """Why the page of a task is not for this person; the same as the API says of the task."""
    place = place_at(path)
    if place.kind != "tasks":
        return None
    try:
        await get_database().read(_look_at, claims, UUID(place.key))
    except (NotFound, Forbidden) as error:
        return error
    except DashboardError:
        # The page says so by itself.
        return None
    return None


def _look_at(session: Session, claims: SessionClaims, task_id: UUID) -> None:
    commands.get_task(session, authentication.authenticate(session, claims), task_id)


async def _standing(claims: SessionClaims | None) -> Standing:
    if claims is None:
        return Standing.SIGNED_OUT
    try:
        readiness.require_serving()
        return await get_database().read(_look, claims)
    except NotSignedIn:
        return Standing.SIGNED_OUT
    except Unavailable:
        return Standing.UNKNOWN


def _look(session: Session, claims: SessionClaims) -> Standing:
    actor = authentication.authenticate(session, claims)
    renewable = sessions.is_renewable(session, actor)
    return Standing.RENEWABLE if renewable else Standing.SIGNED_IN


async def _home(path: str, claims: SessionClaims) -> str:
    """Where the person begins, for a visit that is sent there."""
    if _page(path) not in _ROOT | _FOR_STRANGERS:
        return HOME
    with suppress(DashboardError):
        return await get_database().read(_look_for_home, claims)
    return HOME


def _look_for_home(session: Session, claims: SessionClaims) -> str:
    actor = authentication.authenticate(session, claims)
    user, _row = sessions.current(session, actor)
    return f"/{user.landing_page}" if user.landing_page else HOME


def _elsewhere(
    path: str, query: str, standing: Standing, home: str, *, had_cookie: bool
) -> str | None:
    page, signed_out = _page(path), standing is Standing.SIGNED_OUT
    expired = ["expired=true"] if had_cookie else []
    if page in _ROOT:
        return _sign_in(expired) if signed_out else home
    if page in _PROTECTED and signed_out:
        return _sign_in(_from(path, query) + expired)
    if page in _FOR_STRANGERS and standing in _KNOWN:
        return _destination(query, home)
    return _spelt_right(path, query)


def _spelt_right(path: str, query: str) -> str | None:
    """The address of a page that was asked for as `/Dashboard`: the browser's router would draw it under a 404."""
    name = path.strip("/")
    if name == name.casefold() or name.casefold() != _page(path):
        return None
    return f"/{_page(path)}" + (f"?{query}" if query else "")


def _sign_in(parameters: list[str]) -> str:
    return f"{SIGN_IN}?{'&'.join(parameters)}" if parameters else SIGN_IN


def _page(path: str) -> str:
    """The first part of a path, as the static files and the browser's router both read it."""
    first, *_rest = [*filter(None, normpath(path).split("/")), ""]
    return first.partition(".")[0].casefold()


def _from(path: str, query: str) -> list[str]:
    place = path.removesuffix("/index.html").removesuffix("/") + (f"?{query}" if query else "")
    return [f"from={quote(place, safe='/')}"] if is_own_path(place) else []


def _destination(query: str, home: str) -> str:
    """Where someone who is signed in already was going."""
    asked = parse_qs(query).get("from", [home])[0]
    return quote(asked, safe="/?&=%+:,;@~") if is_own_path(asked) else home


async def _renewed(token: str, claims: SessionClaims) -> str | None:
    # The visit goes on either way: another one will put the session off.
    with suppress(DashboardError):
        row = await get_database().write(_renew, claims)
        return session_cookie(token, row)
    return None


def _renew(session: Session, claims: SessionClaims) -> UserSession:
    return sessions.renew(session, authentication.authenticate(session, claims))
