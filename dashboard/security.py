"""Password hashes, session tokens and safe addresses: pure functions, no database, no settings.

Passwords are `bcrypt(base64(HMAC-SHA384(label, NFC(password))))`: bcrypt reads at most 72 bytes, and 64 emoji
are 256; the HMAC makes every password 64 bytes and keeps the hashes useless to other programs.
"""

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import bcrypt
import jwt
from jwt.types import Options

SESSION_HEADER = "x-dashboard-session"
"""What the gate puts in place of the cookie on a socket: the id of a session that was alive when it opened."""

BCRYPT_COST = 12
_PASSWORD_LABEL = b"dashboard-password-v1"
_SETUP_LABEL = b"cairn-setup-code-v1"

_TOKEN_TYPE = "session+jwt"  # noqa: S105 (a media type, not a secret)
_ISSUER = "cairn"
_AUDIENCE = "cairn-session"
_TOKEN_SHAPE = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_CLOCKS_DIFFER = 24 * 3600
"""Seconds by which a clock may be behind the one that a token was signed by: set back, or on another machine."""
_TOKEN_LIMIT = 2048
_PATH_LIMIT = 2000
_REWRITTEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\\]")
_DOT_SEGMENT = re.compile(r"(\.|%2e){1,2}", re.IGNORECASE)
_API_TOKEN = re.compile(r"crn_[\w-]{43}", re.ASCII)
_DECODING: Options = {
    "require": ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"],
    # PyJWT would read a clock of its own.
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
}


class SessionClaims(NamedTuple):
    """What a verified cookie says; the session's row still decides."""

    user_id: UUID
    session_id: UUID
    token_hash: str


class TokenClaims(NamedTuple):
    """What a bearer shows: the hash of something shaped like an API token. The token's row decides."""

    token_hash: str


@dataclass(frozen=True)
class MonitorClaims:
    """A client with the METRICS_TOKEN."""


def hash_password(password: str) -> str:
    """A new salted hash. Takes about 200 ms: never call it on the event loop."""
    return bcrypt.hashpw(_bcrypt_input(password), bcrypt.gensalt(BCRYPT_COST)).decode()


def password_matches(password: str, stored_hash: str) -> bool:
    """Whether a password made this hash; a malformed hash matches nothing."""
    try:
        return bcrypt.checkpw(_bcrypt_input(password), stored_hash.encode())
    except ValueError:
        return False


def _bcrypt_input(password: str) -> bytes:
    normal = unicodedata.normalize("NFC", password).encode()
    return base64.b64encode(hmac.digest(_PASSWORD_LABEL, normal, hashlib.sha384))


def new_token_id() -> str:
    """256 random bits for a token's `jti`."""
    return secrets.token_urlsafe(32)


def token_hash(token_id: str) -> str:
    """What the database keeps of a `jti` or of an API token: SHA-256, 64 hex digits."""
    return hashlib.sha256(token_id.encode()).hexdigest()


def setup_code(secret: bytes) -> str:
    """80 bits that follow from a secret and tell nothing of it, for somebody to type: `K7QF-3M2P-9XTR-WJ4A`."""
    digest = hmac.digest(secret, _SETUP_LABEL, hashlib.sha256)
    code = base64.b32encode(digest[:10]).decode()
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def new_api_token() -> str:
    """256 random bits for a program, with a beginning by which people and scanners know what it is."""
    return f"crn_{secrets.token_urlsafe(32)}"


def read_api_token(token: str) -> TokenClaims | None:
    """What to look an API token up by; None for what is not one."""
    return TokenClaims(token_hash(token)) if _API_TOKEN.fullmatch(token) else None


def read_metrics_token(token: str, expected: str) -> MonitorClaims | None:
    """What somebody who shows this token may see of the metrics; None when it is not the one, or there is none."""
    is_right = hmac.compare_digest(token.encode(), expected.encode())
    return MonitorClaims() if expected and is_right else None


def issue_token(
    ring: Sequence[bytes],
    *,
    user_id: UUID,
    session_id: UUID,
    token_id: str,
    issued_at: datetime,
    expires_at: datetime,
) -> str:
    """Sign a session JWT with the newest secret of the ring."""
    claims = {
        "iss": _ISSUER,
        "aud": _AUDIENCE,
        "sub": str(user_id),
        "sid": str(session_id),
        "jti": token_id,
        "iat": issued_at,
        "nbf": issued_at,
        "exp": expires_at,
    }
    headers = {"kid": _key_id(ring[0]), "typ": _TOKEN_TYPE}
    return jwt.encode(claims, ring[0], algorithm="HS256", headers=headers)


def read_token(ring: Sequence[bytes], token: str, at: datetime) -> SessionClaims | None:
    """The claims of a genuine token that holds at this moment; None for anything else, whatever is wrong with it."""
    # PyJWT accepts a trailing "=" and absurd lengths and dates, so the shape is checked before it.
    if len(token) > _TOKEN_LIMIT or not _TOKEN_SHAPE.fullmatch(token):
        return None
    try:
        claims, begins, ends = _genuine(tuple(ring), token)
    except (jwt.PyJWTError, KeyError, TypeError, ValueError, OverflowError, AttributeError):
        return None
    return claims if begins - _CLOCKS_DIFFER <= at.timestamp() < ends else None


def is_own_path(address: str) -> bool:
    """Whether a browser that is sent to this address certainly stays on this server, at this very path.

    Browsers drop tabs and line ends, read a backslash as a slash, and take `.` and `..` out of a path, which can leave
    two slashes at its beginning: the address of another site. assets/return_address.js has the same rule.
    """
    path = re.split("[?#]", address, maxsplit=1)[0]
    return (
        len(address) <= _PATH_LIMIT
        and path.startswith("/")
        and "//" not in path
        and not _REWRITTEN.search(address)
        and not any(map(_DOT_SEGMENT.fullmatch, path.split("/")))
    )


@lru_cache(maxsize=4096)
def _genuine(ring: tuple[bytes, ...], token: str) -> tuple[SessionClaims, float, float]:
    """What a token that we signed says, and from when to when. Raises for any other.

    Remembered, because the same token comes with every request and stays as genuine as it was.
    """
    header = jwt.get_unverified_header(token)
    if header["typ"] != _TOKEN_TYPE:
        raise ValueError
    claims = _DECODER.decode(
        token,
        {_key_id(secret): secret for secret in ring}[header["kid"]],
        algorithms=["HS256"],
        issuer=_ISSUER,
        audience=_AUDIENCE,
        options=_DECODING,
    )
    who = SessionClaims(UUID(claims["sub"]), UUID(claims["sid"]), token_hash(str(claims["jti"])))
    return who, float(claims["nbf"]), float(claims["exp"])


def _key_id(secret: bytes) -> str:
    return hashlib.sha256(b"kid:" + secret).hexdigest()[:16]


_DECODER = jwt.PyJWT({"enforce_minimum_key_length": True})
