"""Whose tokens have ended before their time: who has signed out everywhere, or was suspended.

An access token lives for 15 minutes, and its issuer gives no other one. So only the ends of the
last quarter of an hour matter: one short list, which a process reads at most every ten seconds
(docs/decisions/sign-out.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.dynamo import Item, TableMeta
from chalicelib.core.errors import UnauthenticatedError
from chalicelib.core.parts import Part
from chalicelib.core.settings import settings

ENDED = "SESSIONS#ended"
TOKEN_SECONDS = 900
OVERLAP = 60
"""More than a token's leeway, and than clocks of two processes differ."""
KNOWN_SECONDS = 10


class EndedSessions(Item):
    """That every token of a person from before a moment (wall seconds) has ended."""

    class Meta(TableMeta):
        table_name = settings().table("control")

    person_id = UnicodeAttribute()
    ended_at = NumberAttribute()
    expires_at = NumberAttribute()


@dataclass(frozen=True, slots=True)
class _Known:
    ended: Mapping[str, float]
    read_at: float


_known: list[_Known] = []
"""What this process has read last."""


def ended(person_id: str) -> Part:
    """The part that ends every token that a person has by now. Within ten seconds everywhere."""
    now = clock.wall_now()
    _known.clear()
    return parts.overwrite(
        EndedSessions(
            ENDED,
            f"{clock.wall_stamp()}#{person_id}",
            person_id=person_id,
            ended_at=int(now),
            expires_at=int(now) + 2 * TOKEN_SECONDS,
        )
    )


def demand(person_id: str, issued_at: float) -> None:
    """Raises UnauthenticatedError (401) for a token that has ended.

    Raises UnavailableError (503) where nobody can tell.
    """
    if issued_at <= _recent().get(person_id, 0):
        raise UnauthenticatedError


def _recent() -> Mapping[str, float]:
    now = clock.wall_now()
    for known in _known:
        if 0 <= now - known.read_at < KNOWN_SECONDS:
            return known.ended
    since = clock.wall_stamp(-TOKEN_SECONDS - OVERLAP)
    with dynamo.reading():  # half the price of a consistent read, and late by less than a second
        found = EndedSessions.query(ENDED, EndedSessions.sk > since)
        latest = {one.person_id: float(one.ended_at) for one in found}
    _known[:] = [_Known(latest, now)]
    return latest


def forget() -> None:
    """Read the list anew the next time: for worlds that share a process."""
    _known.clear()
