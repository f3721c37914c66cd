"""`check`: prepares a start, and says what is in its way."""

import errno
import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import click
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from dashboard.cli.summary import summary
from dashboard.config import Settings, get_settings
from dashboard.database.migrations import prepare, require_usable, sqlite_file
from dashboard.errors import ConfigurationError
from dashboard.logging import reason
from dashboard.state.timing import trace_when_asked

REDIS_SECONDS = 5


@click.command()
@click.option("--only-look", is_flag=True, help="Leave the database as it is.")
@click.option("--announce", is_flag=True, help="Say what is about to start, and what to think of.")
def check(only_look: bool, announce: bool) -> None:
    """Check the settings, try the port and Redis, prepare DATA_DIR and its secret, migrate the database.

    Every start does it. Says whether the database was migrated, what is wrong, and what others on this machine could
    read; else nothing.
    """
    settings = get_settings()
    # What is in the way of a start is to be found before the database is brought to a schema that the server that runs
    # now does not know.
    require_free_port(settings)
    require_redis(settings)
    trace_when_asked()
    if only_look:
        require_usable(settings)
    else:
        _prepare(settings)
    if announce:
        click.echo("\n".join(summary(settings)))


def _prepare(settings: Settings) -> None:
    if migration := prepare(settings):
        click.echo(migration)
    for path in open_to_others(settings):
        click.echo(f"{path} is open to others: chmod go= {path}", err=True)


def require_free_port(settings: Settings) -> None:
    """Raises ConfigurationError when something listens at the port, or this machine has not the address of BIND."""
    family = socket.AF_INET6 if ":" in settings.bind else socket.AF_INET
    is_dual = settings.bind == "::" and socket.has_dualstack_ipv6()
    try:
        address = (settings.bind, settings.port)
        socket.create_server(address, family=family, dualstack_ipv6=is_dual).close()
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise ConfigurationError(
                f"BIND {settings.bind} cannot be used: this machine has no such address."
            ) from None
        why = os.strerror(error.errno or 0)
        raise ConfigurationError(
            f"PORT {settings.port} cannot be used ({why}): stop what uses it or set another."
        ) from None


def open_to_others(settings: Settings) -> Iterator[Path]:
    """What of the data other users of this machine could read."""
    file = sqlite_file(settings.database_url)
    for path in (settings.data_dir, settings.data_dir / "auth_secret", *([file] if file else [])):
        # A folder that is closed protects what is in it.
        is_reached = path == settings.data_dir or settings.data_dir not in path.parents
        if is_reached and path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield path


def require_redis(settings: Settings) -> None:
    """Raises ConfigurationError when a Redis is set and does not answer."""
    if settings.redis_url is None:
        return
    try:
        with Redis.from_url(
            settings.redis_url,
            socket_connect_timeout=REDIS_SECONDS,
            socket_timeout=REDIS_SECONDS,
            retry=Retry(NoBackoff(), retries=0),
        ) as redis:
            # A ping would please one that cannot be written to, too.
            redis.set("cairn:check", "", ex=1)
    except (RedisError, OSError) as error:
        raise ConfigurationError(f"Redis at REDIS_URL cannot be used ({reason(error)}).") from None
    except ValueError:
        # What the library says may quote a part of the password.
        raise ConfigurationError(
            "REDIS_URL cannot be used: it is not the address of a Redis."
        ) from None
