"""Four digits that only one person is shown: derived from an id, and stored nowhere.

HMAC-SHA256 of the id under a key of each purpose alone (RFC 2104), so that nobody who reads a table
knows one. Whoever compares them counts the tries first: docs/decisions/proof-by-pin.md
"""

import hashlib
import hmac

from chalicelib.core import secrets

MOST_TRIES = 5
DIGITS = 4


def of(purpose: bytes, ident: str) -> str:
    """The PIN of a thing. For the eyes of one person alone."""
    return _derived(purpose, ident, _secrets()[0])


def is_right(purpose: bytes, ident: str, given: str) -> bool:
    """Compare in constant time, also with what an older signing key had shown."""
    derived = [_derived(purpose, ident, secret) for secret in _secrets()]
    return any(hmac.compare_digest(one, given) for one in derived)


def _secrets() -> list[bytes]:
    return [str(key["private_key"]).encode() for key in secrets.read("signing")["keys"]]


def _derived(purpose: bytes, ident: str, secret: bytes) -> str:
    key = hmac.digest(secret, purpose, hashlib.sha256)
    number = int.from_bytes(hmac.digest(key, ident.encode(), hashlib.sha256))
    return f"{number % 10**DIGITS:0{DIGITS}d}"
