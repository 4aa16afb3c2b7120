"""Cursors: how far a consumer that needs order has come with one subject."""

from pynamodb.attributes import NumberAttribute

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.dynamo import Item, TableMeta
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.settings import settings

KEPT_SECONDS = 90 * 86_400.0


class Cursor(Item):
    """The version up to which a consumer has dealt with a subject."""

    class Meta(TableMeta):
        table_name = settings().table("control")

    version = NumberAttribute()
    expires_at = NumberAttribute()


def reached(consumer: str, subject: str) -> int:
    """The version up to which a consumer has dealt with a subject; 0 at the beginning."""
    found = dynamo.get(Cursor, _key(consumer, subject))
    return int(found.version) if found else 0


def advance(consumer: str, subject: str, *, since: int, to: int) -> Part:
    """The part that moves a cursor, if nobody else has moved it meanwhile (BusyError)."""
    cursor = Cursor(_key(consumer, subject), dynamo.HEAD)
    condition = Cursor.version == since if since else Cursor.pk.does_not_exist()
    actions = [
        Cursor.version.set(to),
        Cursor.expires_at.set(clock.forget_at(clock.after(KEPT_SECONDS))),
        Cursor.v.set(Cursor.VERSION),
    ]
    return parts.update(cursor, actions, BusyError(), condition)


def _key(consumer: str, subject: str) -> str:
    return f"CURSOR#{consumer}#{subject}"
