"""Settings from the environment: one frozen object, and a clear sentence for each bad value."""

import os
import re
import secrets
import socket
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from dashboard.errors import ConfigurationError
from dashboard.places import IS_CHECKOUT

MINIMUM_SECRET_BYTES = 32
MOST_WORKERS = 64
LOOPBACK = "127.0.0.1"
# Of both kinds where the machine has both: localhost may be either, and PUBLIC_URL may name one.
EVERYWHERE = "::" if socket.has_dualstack_ipv6() else "0.0.0.0"  # noqa: S104 # nosec B104 (meant)
SAMPLE_SECRETS = ("changeme", "change-me", "change_me", "secret", "example", "password", "sample")


def default_data_dir() -> Path:
    """In the folder of a checkout, else in the home folder. Raises ConfigurationError where there is none."""
    if IS_CHECKOUT:
        return Path("data")
    try:
        return Path.home() / ".local" / "share" / "cairn"
    except RuntimeError:
        raise ConfigurationError("Set DATA_DIR: there is no home folder to keep it in.") from None


class Settings(BaseSettings):
    """What an operator may set. docs/deploy.md explains each; a test keeps that page complete."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    data_dir: Path = Field(default_factory=default_data_dir)
    """Where the database, its copies and the secret live."""
    database_url: str = ""
    """A SQLAlchemy address; empty means SQLite in `data_dir`."""
    redis_url: str | None = None
    """Where several processes share state; none keeps it in memory."""
    public_url: str = ""
    """The address that people type, without a path; empty means `http://localhost:<port>`."""
    workers: int = 1
    """How many processes serve the port; more than one need a Redis to be one Cairn."""
    port: int = 3000
    """The one port of page, socket and API."""
    bind: str = ""
    """The address to listen at; empty means this machine alone behind a proxy, and else everyone who reaches it."""
    auth_secret: str = ""
    """Signing keys of at least 32 bytes, newest first, separated by commas; empty means one kept in `data_dir`."""
    sign_up: Literal["open", "invitation", "closed"] | None = None
    """Who of those who reach the server may create an account; None follows from where that is."""
    smtp_host: str = ""
    """The mail server; without one nothing is sent."""
    smtp_port: int = 587
    """Its port."""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    """How the way to it is kept private."""
    smtp_user: str = ""
    """The name for it; empty when it asks for none."""
    smtp_password: str = ""
    """The password for it."""
    smtp_from: str = ""
    """The address that messages come from."""
    rate_limit_scale: float = 1
    """Multiplies every rate limit; 0 switches them off."""
    log_level: Literal["warning", "info"] = "warning"
    """From when on the log says something; `info` adds a line for each request."""
    log_format: Literal["text", "json"] = "text"
    """Whether people or programs read it."""
    metrics_token: str = ""
    """The bearer token for /metrics; without one there are no metrics."""
    trusted_proxy_hops: int = 0
    """How many reverse proxies in front are ours, for the client's address."""

    @field_validator("database_url")
    @classmethod
    def _supported_database(cls, value: str) -> str:
        return database_address(value) if value else value

    @field_validator("redis_url")
    @classmethod
    def _redis_address(cls, value: str | None) -> str | None:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("it must start with redis://, rediss:// or unix://")
        return value or None

    @field_validator("public_url")
    @classmethod
    def _bare_origin(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("it must look like https://tasks.example.org")
        if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
            raise ValueError("it must be an origin alone, without a path")
        if not parts.hostname.isascii():
            raise ValueError("write its host the way that browsers send it, as xn--…")
        return origin_of(value)

    @field_validator("port", "smtp_port")
    @classmethod
    def _port_range(cls, value: int) -> int:
        if not 1 <= value <= 65535:
            raise ValueError("it must be between 1 and 65535")
        return value

    @field_validator("bind")
    @classmethod
    def _address(cls, value: str) -> str:
        if value:
            try:
                ip_address(value)
            except ValueError:
                raise ValueError("it must be an address, as 127.0.0.1 or ::") from None
        return value

    @field_validator("workers", mode="before")
    @classmethod
    def _few_workers(cls, value: int | str) -> int:
        # As strict as the server that bin/run hands it on to.
        if not re.fullmatch("[0-9]{1,2}", str(value)) or not 1 <= int(value) <= MOST_WORKERS:
            raise ValueError(f"it must be a whole number from 1 to {MOST_WORKERS}")
        return int(value)

    @field_validator("auth_secret")
    @classmethod
    def _strong_secret(cls, value: str) -> str:
        if value and not _ring(value):
            raise ValueError("it holds no secret")
        for secret in _ring(value):
            if len(secret.encode()) < MINIMUM_SECRET_BYTES:
                raise ValueError(f"each secret needs at least {MINIMUM_SECRET_BYTES} bytes")
            if len(set(secret)) < 10 or secret.lower().startswith(SAMPLE_SECRETS):
                raise ValueError("it is a sample; make one with: openssl rand -base64 48")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _unguessable(cls, value: str) -> str:
        if value and not re.fullmatch(r"[\w.~+/=-]{16,}", value, re.ASCII):
            raise ValueError(
                "it needs at least 16 letters and digits, as from openssl rand -hex 20"
            )
        return value

    @field_validator("rate_limit_scale", "trusted_proxy_hops")
    @classmethod
    def _not_negative(cls, value: float) -> float:
        if not 0 <= value <= 1_000_000:
            raise ValueError("it must be 0 or more")
        return value

    @model_validator(mode="after")
    def _workers_share_their_state(self) -> Self:
        if self.workers > 1 and self.redis_url is None:
            raise ValueError("WORKERS above 1 needs REDIS_URL, or each would keep pages to itself")
        return self

    @model_validator(mode="after")
    def _mail_comes_from_somewhere(self) -> Self:
        if self.smtp_host and "@" not in self.smtp_from:
            raise ValueError("SMTP_HOST needs an address in SMTP_FROM")
        return self

    @model_validator(mode="after")
    def _derived_defaults(self) -> Self:
        # The model is frozen for everyone but its own validation.
        if not self.database_url:
            path = self.data_dir.absolute() / "cairn.db"
            object.__setattr__(self, "database_url", f"sqlite:///{path}")
        if not self.public_url:
            object.__setattr__(self, "public_url", f"http://localhost:{self.port}")
        if not self.bind:
            # Who reaches the port beside the proxy could make up where they come from.
            bind = LOOPBACK if self.trusted_proxy_hops else EVERYWHERE
            object.__setattr__(self, "bind", bind)
        return self

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def is_local(self) -> bool:
        """Whether only people at this machine use it, as far as `public_url` says."""
        return self.hostname == "localhost" or is_loopback(self.hostname)

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def hostname(self) -> str:
        """The host of `public_url`, lower-case, without the port."""
        return urlsplit(self.public_url).hostname or ""


def is_loopback(host: str) -> bool:
    """Whether a host is an address that only this machine reaches."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def database_address(value: str) -> str:
    """The address of a database as SQLAlchemy takes it. Raises ValueError when it is none that Cairn can use."""
    for prefix in ("postgresql://", "postgres://"):
        if value.startswith(prefix):
            value = "postgresql+psycopg://" + value.removeprefix(prefix)
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("it must start with postgresql:// or sqlite:///")
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        raise ValueError("it is not the address of a database") from None
    if "@" in (url.host or ""):
        raise ValueError("write an @ in its password as %40")
    if url.drivername == "sqlite" and url.database in (None, "", ":memory:"):
        raise ValueError("it must name a file, as in sqlite:////var/lib/cairn/cairn.db")
    return value


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL as browsers write them in `Origin`: lower-case, no default port."""
    parts = urlsplit(url)
    scheme, host = parts.scheme.lower(), parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}.get(scheme)
    return f"{scheme}://{host}" + (f":{parts.port}" if parts.port not in (None, default) else "")


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process. Raises ConfigurationError with one sentence for a bad value."""
    try:
        return Settings()
    except ValidationError as error:
        raise ConfigurationError(_sentence(error)) from None


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0]).upper() if first["loc"] else "The settings"
    reason = first["msg"].removeprefix("Value error, ")
    if not reason[:2].isupper():
        reason = f"{reason[0].lower()}{reason[1:]}"
    return f"{name} cannot be used: {reason}."


def prepare_data_dir(settings: Settings) -> None:
    """Make `data_dir` with mode 0700. Raises ConfigurationError when it cannot be written."""
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = settings.data_dir / f".writable-{secrets.token_hex(8)}"
        try:
            # A full disk still takes an empty file.
            probe.write_bytes(bytes(4096))
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"DATA_DIR cannot be written: {settings.data_dir} ({error.strerror or error})."
        ) from None


def signing_secrets(settings: Settings) -> tuple[bytes, ...]:
    """The ring of secrets, newest first: AUTH_SECRET, else one made on first use and kept (0600) in `data_dir`."""
    if settings.auth_secret:
        return tuple(secret.encode() for secret in _ring(settings.auth_secret))
    return (_kept_secret(settings.data_dir),)


def _ring(value: str) -> list[str]:
    return [secret.strip() for secret in value.split(",") if secret.strip()]


def _kept_secret(data_dir: Path) -> bytes:
    path = data_dir / "auth_secret"
    try:
        # Written whole under another name and linked into place, so that of two processes that
        # start at once both read the same secret, and neither reads half of one.
        if not path.exists():
            draft = data_dir / f".auth_secret-{secrets.token_hex(8)}"
            try:
                draft.touch(mode=0o600)
                draft.write_text(secrets.token_urlsafe(48))
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink(missing_ok=True)
        secret = path.read_bytes().strip()
    except OSError as error:
        raise ConfigurationError(
            f"The secret in {path} cannot be read or made ({error.strerror or error})."
        ) from None
    if len(secret) < MINIMUM_SECRET_BYTES:
        raise ConfigurationError(
            f"The secret in {path} is shorter than {MINIMUM_SECRET_BYTES} bytes."
        )
    return secret
