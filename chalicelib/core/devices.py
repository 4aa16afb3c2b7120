"""By which installation of an app somebody calls: a UUID that it made for itself, kept as a hash.

An app makes one when it is first opened, keeps it where a phone keeps secrets, and says it in the
header `Device-Id`. It is nobody's advertising id, and nothing else of the phone is asked. Of it
stands nowhere more than a keyed hash: who reads our tables can try no ids against them. Turning the
signing keys over changes the hash, and so counts of devices begin anew then.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass

from chalicelib.core import secrets
from chalicelib.core.errors import InvalidError

HEADER = "device-id"
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
NOT_ONE = "A UUID (RFC 9562) that the installation has made for itself."
PURPOSE = b"ieum/device/1"


@dataclass(frozen=True, slots=True)
class Device:
    """The installation behind a request, by its keyed hash; None: it did not say."""

    hashed: str | None


def read(header: str | None) -> Device:
    """What a header says. Raises InvalidError (400) for what is no UUID of anybody's own.

    Raises UnavailableError (503) where the key of the hash cannot be read.
    """
    if header is None:
        return Device(None)
    given = header.strip()
    if not UUID.fullmatch(given) or len(set(given.lower()) - {"-"}) == 1:  # all 0, or all f
        raise InvalidError(errors=[{"pointer": "/Device-Id", "detail": NOT_ONE}])
    return Device(hmac.new(_key(), given.lower().encode(), hashlib.sha256).hexdigest())


def _key() -> bytes:
    """A key of this purpose alone (RFC 2104), of the signing key that has stood for longest."""
    held = str(secrets.read("signing")["keys"][-1]["private_key"])
    return hmac.digest(held.encode(), PURPOSE, hashlib.sha256)
