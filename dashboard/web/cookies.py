"""The session cookie: its name and flags follow PUBLIC_URL alone, never a forwarded header."""

from collections.abc import Iterable

from starlette.responses import Response

from dashboard import clock
from dashboard.config import get_settings
from dashboard.models.session import UserSession


def cookie_name() -> str:
    # Browsers take a __Host- cookie only over https, for this host alone and for all of its paths.
    return "__Host-dashboard_session" if get_settings().is_https else "dashboard_session"


def session_cookie(token: str, session: UserSession) -> str:
    """A Set-Cookie value. Without "remember me" the browser forgets it when it closes."""
    if not session.remember:
        return _cookie(token)
    seconds = int((session.expires_at - clock.now()).total_seconds())
    return _cookie(token, f"; Max-Age={seconds}")


def clear_cookie(response: Response) -> Response:
    """The response, which also makes the browser forget its session."""
    response.headers["Set-Cookie"] = _cookie("", "; Max-Age=0")
    return response


def read_cookie(headers: Iterable[str]) -> str | None:
    """The session's token in `Cookie` headers; None also when two of them claim to be it.

    A second cookie of the name was planted by a neighbouring host or path, and there is no telling which is ours.
    """
    prefix = f"{cookie_name()}="
    found = [
        pair.removeprefix(prefix)
        for header in headers
        for pair in map(str.strip, header.split(";"))
        if pair.startswith(prefix)
    ]
    return found[0] if len(found) == 1 else None


def _cookie(token: str, lifetime: str = "") -> str:
    secure = "; Secure" if get_settings().is_https else ""
    return f"{cookie_name()}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{lifetime}"
