"""Cairn with password hashes of a millisecond, as most tests start it: half of the work of signing up is the hash."""

from dashboard import security
from dashboard.services.accounts import password_hashing

# As tests/conftest.py does it, which a server does not load: it would bring pytest along.
security.BCRYPT_COST = 4
password_hashing._DUMMY_HASH = security.hash_password("of an unknown address")

from dashboard.dashboard import app  # noqa: E402 (after hashes were made cheap)

__all__ = ["app"]
