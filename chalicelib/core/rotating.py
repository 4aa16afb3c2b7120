"""Refresh tokens of our own issuer: each is good for one exchange. For tablets and for guests.

An answer may be lost, so the token exchanged last may come again for a while and gets the very same
answer: the next token is derived from it and from a kept nonce. Later it can only be a copy:
https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2
"""

import hashlib
import hmac
from hmac import compare_digest

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core import clock, ids, parts
from chalicelib.core.dynamo import Item
from chalicelib.core.errors import BusyError

SECRET_BYTES = 32


class CopiedError(Exception):
    """A token came that was exchanged long ago."""


class Rotating(Item):
    """What holds a refresh token. The hashes are SHA-256 of secrets with 256 bits of entropy.

    `previous_hash` is of the token that was exchanged last, at `turned_at` (wall seconds), and
    `nonce` is what the present one was derived from it with.
    """

    token_hash = UnicodeAttribute()
    previous_hash = UnicodeAttribute(null=True)
    nonce = UnicodeAttribute(null=True)
    turned_at = NumberAttribute(null=True)


def new_secret() -> str:
    return ids.secret_bytes(SECRET_BYTES).hex()


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def is_present(item: Rotating, secret: str) -> bool:
    """Whether this is the token that is to be exchanged next."""
    return compare_digest(hashed(secret), item.token_hash)


def is_last(item: Rotating, secret: str) -> bool:
    """Whether this is the token that was exchanged last."""
    return compare_digest(hashed(secret), item.previous_hash or "")


def turned(item: Rotating, secret: str, alive: Condition, *also: Action) -> str:
    """The next secret, which stands once this returns. Raises BusyError for who comes second."""
    kind, nonce = type(item), new_secret()
    derived = _derived(secret, nonce)
    parts.commit(
        parts.update(
            item,
            [
                kind.token_hash.set(hashed(derived)),
                kind.previous_hash.set(item.token_hash),
                kind.nonce.set(nonce),
                kind.turned_at.set(int(clock.wall_now())),
                *also,
            ],
            BusyError(),
            (kind.token_hash == item.token_hash) & alive,
        )
    )
    return derived


def again(item: Rotating, secret: str, seconds: float) -> str:
    """The secret that the one exchanged last was given then, while that is no longer ago.

    Raises CopiedError for one that comes later.
    """
    if clock.wall_now() - float(item.turned_at) > seconds:
        raise CopiedError
    return _derived(secret, str(item.nonce))


def _derived(secret: str, nonce: str) -> str:
    return hmac.new(bytes.fromhex(secret), bytes.fromhex(nonce), hashlib.sha256).hexdigest()
