"""Signing in, or up, by a code that is sent to a phone or an e-mail address.

The code is derived from its id, the address and a key of our own, and stored nowhere. A try is
counted before it is compared. Whether somebody has an account is asked only once the code was
right, so no answer before tells it. See docs/decisions/sign-in.md.
"""

import hashlib
import hmac
from datetime import UTC, datetime

from chalicelib.core import clock, dynamo, ids, limits, parts, secrets
from chalicelib.core.dynamo import HEAD
from chalicelib.core.errors import BusyError
from chalicelib.core.limits import Limit
from chalicelib.core.telemetry import log
from chalicelib.people import admitting, sending
from chalicelib.people.code_models import CodeItem, code_key
from chalicelib.people.code_schemas import CodeProof, CodeRequest, CodeView, Tokens
from chalicelib.people.errors import CodeRefusedError

CODE_SECONDS = 600
MOST_TRIES = 5
DIGITS = 6
PURPOSE = b"ieum/sign-in-code/1"
OF_AN_HOUR = Limit("codes-of-an-hour", calls=5, seconds=3_600)
OF_A_DAY = Limit("codes-of-a-day", calls=10, seconds=86_400)
"""Codes to one address: fifty guesses a day, of a million."""


def ask(asked: CodeRequest) -> CodeView:
    """Send a code to an address, whoever's it is.

    Raises ChannelClosedError (422) for addresses to which nothing is sent, TooManyError (429) for
    the sixth code of an hour, UnavailableError (503) where it could not be sent.
    """
    sending.demand_open(asked.address)
    hashed = _address_hash(asked.address)
    for limit in (OF_AN_HOUR, OF_A_DAY):
        limits.spend(limit, hashed)
    code_id, ends = ids.new("sic"), int(clock.wall_now()) + CODE_SECONDS
    item = CodeItem(code_key(code_id), HEAD, address_hash=hashed, tries=0, expires_at=ends)
    parts.commit(parts.put(item, BusyError()))
    sending.send_code(asked.address, _codes(code_id, asked.address)[0], asked.language)
    log("A sign-in code was sent")
    return CodeView(id=code_id, expires_at=datetime.fromtimestamp(ends, UTC))


def confirm(code_id: str, proof: CodeProof) -> Tokens:
    """Sign in whoever's the address is, who is somebody new if nobody has it. A code is good once.

    Raises CodeRefusedError (401) alike for a code that is wrong, over, used, or was tried five
    times, and for who may not sign in so; UnavailableError (503): ask for another code.
    """
    item = _tried(code_id)
    is_theirs = hmac.compare_digest(item.address_hash, _address_hash(proof.address))
    right = [hmac.compare_digest(one, proof.code) for one in _codes(code_id, proof.address)]
    if not (is_theirs and any(right)):
        raise CodeRefusedError
    parts.commit(parts.delete(item, CodeRefusedError(), CodeItem.address_hash.exists()))
    return admitting.admit(proof.address)


def _tried(code_id: str) -> CodeItem:
    """The code's item, with one more try of it counted."""
    may = (
        CodeItem.address_hash.exists()
        & (CodeItem.tries < MOST_TRIES)
        & (CodeItem.expires_at > int(clock.wall_now()))
    )
    at = CodeItem(code_key(code_id), HEAD)
    parts.commit(parts.update(at, [CodeItem.tries.add(1)], CodeRefusedError(), may))
    item = dynamo.get(CodeItem, at.pk)
    if item is None:  # it was right at the same moment elsewhere
        raise CodeRefusedError
    return item


def _codes(code_id: str, address: str) -> list[str]:
    """The code, by each signing key that still counts: the first is the one that is sent."""
    said = f"{code_id}#{address}".encode()
    numbers = (int.from_bytes(hmac.digest(key, said, hashlib.sha256)) for key in _keys())
    return [f"{number % 10**DIGITS:0{DIGITS}d}" for number in numbers]


def _address_hash(address: str) -> str:
    return hmac.new(_keys()[-1], address.encode(), hashlib.sha256).hexdigest()


def _keys() -> list[bytes]:
    """Keys of this purpose alone, the one that signs first (RFC 2104)."""
    held = [str(key["private_key"]).encode() for key in secrets.read("signing")["keys"]]
    return [hmac.digest(one, PURPOSE, hashlib.sha256) for one in held]
