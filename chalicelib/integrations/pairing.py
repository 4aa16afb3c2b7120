"""Tablets of a store: paired by a code that somebody types, listed, unpaired.

A code has two halves of 20 random bits. The first finds it; of the second only a hash is kept, and
a try is counted before it is compared. See docs/decisions/tablets.md.
"""

import hashlib
from datetime import UTC, datetime
from hmac import compare_digest

from chalicelib.core import clock, dynamo, ids, parts, rotating
from chalicelib.core.dynamo import HEAD
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.idempotency import Key
from chalicelib.core.rights import Caller
from chalicelib.core.telemetry import log
from chalicelib.integrations import rights, tablet_tokens
from chalicelib.integrations.errors import PairingCodeError, TabletLimitError
from chalicelib.integrations.making import commit_once, enrol
from chalicelib.integrations.models import ROSTER, Roster, store_key
from chalicelib.integrations.standing import demand, listed
from chalicelib.integrations.tablet_models import PairingCode, TabletItem, pairing_key, tablet_key
from chalicelib.integrations.tablet_schemas import (
    NewPairing,
    PairingView,
    TabletList,
    TabletTokens,
    TabletView,
)

MOST_TABLETS = 10
MOST_TRIES = 5
CODE_SECONDS = 600
HALF_BITS = 20
RACES = 4
LOOKS_LIKE = str.maketrans("OIL", "011")
"""What people read for another sign: https://www.crockford.com/base32.html."""


def begin(caller: Caller, store_id: str, new: NewPairing, key: Key) -> tuple[PairingView, bool]:
    """A code that pairs one tablet with the store, and whether the request is only repeated.

    A repetition shows no code. Raises KeyReusedError (422) for a key of another body.
    """
    demand(caller, rights.TABLET_PAIR, store_id)
    for _ in range(RACES):
        half, other = ids.token(HALF_BITS), ids.token(HALF_BITS)
        code = PairingCode(
            pairing_key(half),
            HEAD,
            store_id=store_id,
            label=new.label,
            made_by=caller.actor,
            code_hash=_hash(half, other),
            tries=0,
            expires_at=int(clock.wall_now()) + CODE_SECONDS,
        )
        free = PairingCode.pk.does_not_exist() | (PairingCode.expires_at < int(clock.wall_now()))
        try:
            subject, repeated = commit_once(key, half, parts.put(code, _TakenError(), free))
        except _TakenError:
            continue
        return _shown(store_id, new, subject, None if repeated else f"{half}-{other}"), repeated
    raise BusyError


class _TakenError(Exception):
    """Another code begins like this one."""


def _shown(store_id: str, new: NewPairing, half: str, code: str | None) -> PairingView:
    """A repetition is told when the code ends that was made then; one that was used is over."""
    made = dynamo.get(PairingCode, pairing_key(half))
    ends = float(made.expires_at) if made else clock.wall_now()
    return PairingView(
        store_id=store_id, label=new.label, code=code, expires_at=datetime.fromtimestamp(ends, UTC)
    )


def pair(typed: str) -> TabletTokens:
    """Make a tablet of whoever has typed the code: its first tokens. A code is good for one.

    Raises PairingCodeError (404) alike for a code that is wrong, over, used, or was tried five
    times, and TabletLimitError (409) for the eleventh tablet.
    """
    half, other = _halves(typed)
    code = _tried(half)
    if not compare_digest(_hash(half, other), code.code_hash):
        raise PairingCodeError
    tablet_id, secret = ids.new("tab"), rotating.new_secret()
    tablet = TabletItem(
        tablet_key(tablet_id),
        HEAD,
        id=tablet_id,
        store_id=code.store_id,
        label=code.label,
        paired_by=code.made_by,
        paired_at=clock.stamp(clock.now()),
        token_hash=rotating.hashed(secret),
    )
    parts.commit(
        parts.delete(code, PairingCodeError(), PairingCode.code_hash == code.code_hash),
        parts.put(tablet, BusyError()),
        enrol(code.store_id, Roster.tablets, tablet_id, most=MOST_TABLETS, full=TabletLimitError()),
    )
    log("A tablet was paired", client=tablet_id, store=code.store_id)
    return tablet_tokens.given(tablet, secret)


def _halves(typed: str) -> tuple[str, str]:
    plain = typed.upper().replace("-", "").replace(" ", "").translate(LOOKS_LIKE)
    return plain[:4], plain[4:]


def _tried(half: str) -> PairingCode:
    """The code that begins so, with one more try of it counted."""
    code = dynamo.get(PairingCode, pairing_key(half))
    if code is None:
        raise PairingCodeError
    may = (
        (PairingCode.code_hash == code.code_hash)
        & (PairingCode.tries < MOST_TRIES)
        & (PairingCode.expires_at > int(clock.wall_now()))
    )
    parts.commit(parts.update(code, [PairingCode.tries.add(1)], PairingCodeError(), may))
    return code


def listing(caller: Caller, store_id: str) -> TabletList:
    """Every tablet that is paired with a store, the oldest first."""
    demand(caller, rights.TABLET_READ, store_id)
    roster = dynamo.get(Roster, store_key(store_id), ROSTER)
    names = listed(store_id, sorted(roster.tablets or ()) if roster else [])
    return TabletList(items=[_view(_load(store_id, name)) for name in names])


def unpair(caller: Caller, store_id: str, tablet_id: str) -> None:
    """End a tablet: its next exchange is refused. Safe to repeat.

    Raises NotFoundError (404) for a tablet of another store.
    """
    demand(caller, rights.TABLET_UNPAIR, store_id)
    tablet_tokens.end(_load(store_id, tablet_id))


def _load(store_id: str, tablet_id: str) -> TabletItem:
    tablet = dynamo.get(TabletItem, tablet_key(tablet_id))
    if tablet is None or tablet.store_id != store_id:
        raise NotFoundError
    return tablet


def _hash(half: str, other: str) -> str:
    return hashlib.sha256(f"{half}{other}".encode()).hexdigest()


def _view(tablet: TabletItem) -> TabletView:
    return TabletView(
        id=tablet.id,
        store_id=tablet.store_id,
        label=tablet.label,
        paired_by=tablet.paired_by,
        paired_at=clock.parse(tablet.paired_at),
        last_seen_at=clock.parse(tablet.last_seen_at) if tablet.last_seen_at else None,
    )
