"""Who this tab belongs to, and the only way from a handler to the services."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import quote
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from dashboard import clock
from dashboard.database.transactions import get_database
from dashboard.errors import NotSignedIn
from dashboard.models.session import Actor
from dashboard.models.user import CUSTOMS, User
from dashboard.reflex_adapter.states import without_proxy
from dashboard.security import SESSION_HEADER
from dashboard.services.accounts import authentication
from dashboard.services.operation import mail

P = ParamSpec("P")
T = TypeVar("T")


class SessionState(rx.State):
    """The person at this tab. Substates call services through `_read` and `_write`."""

    user_id: str = ""
    name: str = ""
    email: str = ""
    email_words: str = ""
    """What is known of the address."""
    is_email_unverified: bool = False
    """Whether a link could prove it, and none has."""
    initials: str = ""
    timezone: str = "UTC"
    customs: dict[str, str] = dict.fromkeys(CUSTOMS, "")
    """What the person has chosen; empty where they have not."""
    greeting: str = ""
    leave_to: str = ""
    """Where the browser goes, by a full page load, when the session has ended."""

    _bound_to: str = ""
    """The session that this state was made for; the guard empties the state when another one presents it."""

    async def _read(
        self,
        query: Callable[Concatenate[Session, Actor, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a reading service as this tab's person, in one transaction."""
        return await get_database().read(_as_actor, self._who(), query, *args, **kwargs)

    async def _write(
        self,
        command: Callable[Concatenate[Session, Actor, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a writing service as this tab's person, in one transaction."""
        return await get_database().write(_as_actor, self._who(), command, *args, **kwargs)

    def _who(self) -> UUID:
        """The session of this tab."""
        return UUID(session_header(self) or _raise_not_signed_in())

    def _show_person(self, user: User) -> None:
        self.user_id = str(user.id)
        self.name, self.email, self.timezone = user.name, user.email, user.timezone
        self.customs = {name: str(value or "") for name, value in user.customs.items()}
        self.is_email_unverified = mail.is_set_up() and not user.email_verified
        known = "Not verified." if self.is_email_unverified else "You sign in with it."
        self.email_words = f"Verified. {known}" if user.email_verified else known
        self.initials = "".join(word[0] for word in user.name.split()[:2]).upper()
        now = clock.local_now(user.timezone)
        part_of_day = (
            "morning" if 5 <= now.hour < 12 else "afternoon" if 12 <= now.hour < 18 else "evening"
        )
        self.greeting = f"Good {part_of_day}, {user.name.split()[0]}"

    def _leave(self) -> None:
        """Forget everything on the screen and send the browser to sign in, and back here after that."""
        self._get_root_state().reset()
        here = self.router.url.path + (f"?{self.router.url.query}" if self.router.url.query else "")
        self.leave_to = f"/sign-in?expired=true&from={quote(here, safe='/')}"


def session_header(state: rx.State) -> str:
    """The session id that the gate vouched for on this socket; empty when signed out."""
    # `state.router` says the same and takes forty times as long, at each event.
    return state.router_data.get("headers", {}).get(SESSION_HEADER, "")


def socket_of(state: rx.State) -> str:
    """The name of the connection that the present event came by."""
    return state.router_data.get("sid", "")


def _as_actor(
    session: Session,
    session_id: UUID,
    service: Callable[Concatenate[Session, Actor, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    actor = authentication.authenticate_by_id(session, session_id)
    plain: Any = map(without_proxy, args)
    return service(session, actor, *plain, **kwargs)


def _raise_not_signed_in() -> Any:
    raise NotSignedIn
