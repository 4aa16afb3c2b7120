"""What an Idempotency-Key remembers. https://docs.stripe.com/api/idempotent_requests."""

import hashlib
import json

from sandbox.stripe.account import Account
from sandbox.stripe.errors import IDEMPOTENCY, INVALID, StripeError, refused
from sandbox.stripe.params import Params
from sandbox.stripe.store import Json

KEPT = 24 * 3600
MAX_KEY = 255


class Keys:
    """Answers by key. A key in use is known to this process only: it dies with its request."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._in_use: set[str] = set()

    def begin(self, key: str, path: str, params: Params) -> Json | None:
        """Take the key for a request, or give the answer that it already has.

        Raises 409 while another request holds it, 400 when it was first used for another one.
        """
        if len(key) > MAX_KEY:
            raise refused(f"Idempotency keys may be at most {MAX_KEY} characters long.")
        digest = _digest(path, params)
        kept = self._account.store.get("answer", key)
        if kept is not None and kept["at"] + KEPT > self._account.time():
            if kept["digest"] != digest:
                raise _mismatch(key)
            return kept
        if key in self._in_use:
            raise _in_use(key)
        self._in_use.add(key)
        return None

    def keep(self, key: str, path: str, params: Params, answer: Json) -> None:
        digest = _digest(path, params)
        kept = {"digest": digest, "at": self._account.time(), **answer}
        self._account.store.put("answer", key, kept)

    def end(self, key: str) -> None:
        self._in_use.discard(key)

    def prune(self) -> None:
        """Forget what is older than a day."""
        oldest = self._account.time() - KEPT
        for key, kept in self._account.store.items("answer"):
            if kept["at"] <= oldest:
                self._account.store.delete("answer", key)


def _digest(path: str, params: Params) -> str:
    """The parameters themselves are not kept: a card's number may be among them."""
    return hashlib.sha256(json.dumps([path, params], sort_keys=True).encode()).hexdigest()


def _mismatch(key: str) -> StripeError:
    message = (
        "Keys for idempotent requests can only be used with the same parameters they were first "
        f"used with. Try a key other than '{key}' if you meant to execute a different request."
    )
    return StripeError(400, IDEMPOTENCY, message, saved=False)


def _in_use(key: str) -> StripeError:
    message = (
        "There is currently another in-progress request using this Idempotent Key "
        f"(that probably means you submitted twice): {key}. Please try again later."
    )
    return StripeError(409, INVALID, message, code="idempotency_key_in_use", saved=False)
