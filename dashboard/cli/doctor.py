"""`doctor`: looks at everything that a running Cairn leans on, and changes nothing."""

import base64
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from typing import Literal, NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

import click
from redis import ConnectionPool, Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy import text

from dashboard import clock
from dashboard.cli.check import open_to_others, require_redis
from dashboard.cli.output import answer_all, as_json_too
from dashboard.config import Settings, get_settings, signing_secrets
from dashboard.database import revisions
from dashboard.database.migrations import sqlite_file
from dashboard.database.transactions import get_database
from dashboard.errors import ConfigurationError, DashboardError

PATIENCE = 5
ENOUGH_SPACE, TOO_LITTLE_SPACE = 1024**3, 64 * 1024**2
CLOCKS_APART = 5


class Finding(NamedTuple):
    """What one look has found."""

    about: str
    state: Literal["ok", "warning", "failure"]
    words: str


@click.command()
@as_json_too
def doctor(as_json: bool) -> int:
    """Look at settings, permissions, schema, space, Redis, clocks, and what lies between people and this server.

    Changes nothing. Exits with 1 when something is broken; a warning alone is no failure.
    """
    settings = get_settings()
    findings = [finding for look in LOOKS for finding in _findings(look, settings)]
    rows = [finding._asdict() for finding in findings]
    answer_all(rows, "", as_json=as_json)
    return int(any(finding.state == "failure" for finding in findings))


def _findings(look: Callable[[Settings], Iterator[Finding]], settings: Settings) -> list[Finding]:
    about = look.__name__.strip("_").replace("_", " ")
    try:
        return list(look(settings)) or [Finding(about, "ok", "fine")]
    except (ConfigurationError, DashboardError) as error:
        return [Finding(about, "failure", str(error))]


def _settings(settings: Settings) -> Iterator[Finding]:
    if not settings.is_https and not settings.is_local:
        yield _warning(
            "settings", "PUBLIC_URL is not https: passwords and cookies travel in the open."
        )
    if settings.is_https and settings.trusted_proxy_hops == 0:
        yield _warning(
            "settings", "TRUSTED_PROXY_HOPS is 0: behind a proxy everyone shares one limit."
        )
    if settings.trusted_proxy_hops and not _is_loopback(settings.bind):
        yield _warning(
            "settings",
            f"BIND is {settings.bind}: who reaches port {settings.port} beside the proxy can make up their address.",
        )
    if settings.workers > 1 and settings.is_sqlite:
        yield _warning(
            "settings", "SQLite takes one writer at a time: more WORKERS help with PostgreSQL only."
        )
    if settings.rate_limit_scale == 0:
        yield _warning("settings", "RATE_LIMIT_SCALE is 0: nothing limits attempts to sign in.")


def _permissions(settings: Settings) -> Iterator[Finding]:
    if settings.auth_secret or (settings.data_dir / "auth_secret").exists():
        # Else it would be made here, and nothing is to change.
        signing_secrets(settings)
    for path in open_to_others(settings):
        yield Finding("permissions", "failure", f"{path} is open to others: chmod go= {path}")
    database = sqlite_file(settings.database_url)
    private = [settings.data_dir, settings.data_dir / "auth_secret"]
    for path in [*private, *([database] if database else [])]:
        if path.exists() and not os.access(path, os.W_OK):
            yield Finding("permissions", "failure", f"{path} cannot be written.")


def _schema(_settings: Settings) -> Iterator[Finding]:
    with get_database().transaction(writes=False) as session:
        current = revisions.current_revision(session.connection())
    if current != revisions.newest_revision():
        found = f"has schema {current}" if current else "is empty"
        needed = f"this Cairn needs {revisions.newest_revision()}"
        yield _warning("schema", f"The database {found}, and {needed}: the next start migrates it.")


def _space(settings: Settings) -> Iterator[Finding]:
    if not settings.data_dir.is_dir():
        yield _warning("space", f"{settings.data_dir} is not there yet: the first start makes it.")
        return
    free = shutil.disk_usage(settings.data_dir).free
    words = f"{free / 1024**2:,.0f} MB are free in {settings.data_dir}."
    if free < ENOUGH_SPACE:
        yield Finding("space", "failure" if free < TOO_LITTLE_SPACE else "warning", words)


def _redis(settings: Settings) -> Iterator[Finding]:
    require_redis(settings)
    if (
        settings.redis_url
        and not _is_here(settings.redis_url)
        and _lets_anybody_in(settings.redis_url)
    ):
        words = "The Redis at REDIS_URL asks for no password: who reaches it can have Cairn run their code."
        yield Finding("redis", "failure", words)


def _is_here(redis_url: str) -> bool:
    """Whether only this machine reaches it, as far as its address tells."""
    address = urlsplit(redis_url)
    host = address.hostname or "localhost"
    return address.scheme == "unix" or host == "localhost" or _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _lets_anybody_in(redis_url: str) -> bool:
    pool = ConnectionPool.from_url(
        redis_url,
        socket_connect_timeout=PATIENCE,
        socket_timeout=PATIENCE,
        retry=Retry(NoBackoff(), retries=0),
    )
    for credential in ("username", "password"):
        pool.connection_kwargs.pop(credential, None)
    with suppress(RedisError, OSError), Redis.from_pool(pool) as redis:
        return bool(redis.ping())
    return False


def _clock(settings: Settings) -> Iterator[Finding]:
    if settings.is_sqlite:
        return
    with get_database().transaction(writes=False) as session:
        theirs = session.connection().execute(text("SELECT clock_timestamp()")).scalar_one()
    apart = abs((clock.now() - theirs).total_seconds())
    if apart > CLOCKS_APART:
        yield _warning("clock", f"The clock of the database is {apart:.0f} seconds from ours.")


def _proxy(settings: Settings) -> Iterator[Finding]:
    """What people meet at PUBLIC_URL, and whether all that Cairn needs gets through."""
    try:
        yield from _answers(settings)
    except (OSError, HTTPException) as error:
        kind = type(error).__name__
        yield _warning(
            "proxy", f"Nothing answers at {settings.public_url} ({kind}): is Cairn running?"
        )


def _answers(settings: Settings) -> Iterator[Finding]:
    page = _ask(settings, "/sign-in", {})
    if page.status == 421:
        yield Finding("proxy", "failure", "The proxy does not pass the Host header on.")
    elif page.status != 200:
        yield Finding("proxy", "failure", f"{settings.public_url}/sign-in answers {page.status}.")
    elif "content-security-policy" not in {name.lower() for name, _ in page.getheaders()}:
        yield Finding(
            "proxy", "failure", "The proxy drops security headers, or another server answers."
        )
    if date := page.getheader("date"):
        apart = abs((clock.now() - parsedate_to_datetime(date)).total_seconds())
        if apart > CLOCKS_APART:
            yield _warning("clock", f"The clock of the proxy is {apart:.0f} seconds from ours.")
    handshake = {
        "Origin": settings.public_url,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(secrets.token_bytes(16)).decode(),
    }
    socket = _ask(settings, f"/_event/?EIO=4&transport=websocket&token={uuid4()}", handshake)
    if socket.status != 101:
        words = f"A websocket is answered with {socket.status}: the proxy has to pass Upgrade and Connection on."
        yield Finding("proxy", "failure", words)


def _ask(settings: Settings, path: str, headers: dict[str, str]) -> HTTPResponse:
    address = urlsplit(settings.public_url)
    connect = HTTPSConnection if settings.is_https else HTTPConnection
    with closing(connect(address.hostname or "", address.port, timeout=PATIENCE)) as connection:
        connection.request("GET", path, headers=headers)
        return connection.getresponse()


def _warning(about: str, words: str) -> Finding:
    return Finding(about, "warning", words)


LOOKS = (_settings, _permissions, _schema, _space, _redis, _clock, _proxy)
