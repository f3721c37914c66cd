"""Commands for the person who runs Cairn. `python -m dashboard check` prepares a start and says what is in its way."""

import argparse
import socket
import sys
from collections.abc import Sequence

from redis import Redis
from redis.exceptions import RedisError

from dashboard.config import Settings, get_settings, prepare_data_dir, signing_secrets
from dashboard.errors import ConfigurationError
from dashboard.schema import migrate

REDIS_SECONDS = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it succeeded, 1 after a sentence on stderr."""
    parser = argparse.ArgumentParser(prog="python -m dashboard", description=__doc__)
    commands = parser.add_subparsers(metavar="command", required=True)
    for command in (check,):
        summary = (command.__doc__ or "").partition("\n")[0]
        commands.add_parser(command.__name__, help=summary).set_defaults(run=command)
    try:
        parser.parse_args(arguments).run()
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def check() -> None:
    """Check the settings, prepare DATA_DIR and its secret, migrate the database, try the port and Redis."""
    settings = get_settings()
    prepare_data_dir(settings)
    signing_secrets(settings)
    migrate(settings.database_url)
    _require_free_port(settings)
    _require_redis(settings)


def _require_free_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", settings.port))
        except OSError as error:
            raise ConfigurationError(
                f"PORT {settings.port} cannot be used ({error.strerror}): stop what uses it or set another."
            ) from None


def _require_redis(settings: Settings) -> None:
    if settings.redis_url is None:
        return
    try:
        with Redis.from_url(
            settings.redis_url,
            socket_connect_timeout=REDIS_SECONDS,
            socket_timeout=REDIS_SECONDS,
        ) as redis:
            redis.ping()
    except (RedisError, OSError) as error:
        raise ConfigurationError(f"Redis at REDIS_URL cannot be used ({error}).") from None
    except ValueError:
        # What the library says may quote a part of the password.
        raise ConfigurationError(
            "REDIS_URL cannot be used: it is not the address of a Redis."
        ) from None


if __name__ == "__main__":
    sys.exit(main())
