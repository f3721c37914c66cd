"""`check`: prepares a start, and says what is in its way."""

import os
import socket

import click
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from dashboard.commands.summary import summary
from dashboard.config import Settings, get_settings
from dashboard.errors import ConfigurationError
from dashboard.logs import reason
from dashboard.schema import prepare, require_usable
from dashboard.state.timing import trace_when_asked

REDIS_SECONDS = 5


@click.command()
@click.option("--only-look", is_flag=True, help="Leave the database as it is.")
@click.option("--announce", is_flag=True, help="Say what is about to start, and what to think of.")
def check(only_look: bool, announce: bool) -> None:
    """Check the settings, try the port and Redis, prepare DATA_DIR and its secret, migrate the database.

    Every start does it. Says whether the database was migrated, and what is wrong; else nothing.
    """
    settings = get_settings()
    # What is in the way of a start is to be found before the database is brought to a schema that the server that runs
    # now does not know.
    require_free_port(settings)
    require_redis(settings)
    trace_when_asked()
    if only_look:
        require_usable(settings)
    elif migration := prepare(settings):
        click.echo(migration)
    if announce:
        click.echo("\n".join(summary(settings)))


def require_free_port(settings: Settings) -> None:
    """Raises ConfigurationError when something listens at the port, by IPv4 or, as bin/serve does, by IPv6."""
    is_dual = socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if is_dual else socket.AF_INET
    try:
        socket.create_server(("", settings.port), family=family, dualstack_ipv6=is_dual).close()
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise ConfigurationError(
            f"PORT {settings.port} cannot be used ({why}): stop what uses it or set another."
        ) from None


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
