"""Events of what lies in tables that have no stream: in the table `news`, which has one.

They are parts of the transaction that changes their subject, under its version, as all events are;
only that they stand beside it and not in its partition. docs/decisions/notices.md
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import cast

from pynamodb.attributes import NumberAttribute

from chalicelib.core import clock, outbox
from chalicelib.core.dynamo import TableMeta
from chalicelib.core.errors import Value
from chalicelib.core.outbox import EventItem
from chalicelib.core.parts import Part
from chalicelib.core.settings import settings

KEPT = timedelta(days=90)


class NewsMeta(TableMeta):
    table_name = settings().table("news")


class NewsEvent(EventItem):
    """What happened to a subject. Forgotten after 90 days: the status is the truth."""

    class Meta(NewsMeta):
        pass

    expires_at = NumberAttribute()


def announce(
    kind: str, subject: str, version: int, event_type: str, *, actor: str, data: Mapping[str, Value]
) -> Part:
    """The part that puts an event. Data holds ids, codes and moments, nothing personal."""
    part = outbox.announce(
        NewsEvent,
        key(kind, subject),
        kind=kind,
        subject=subject,
        version=version,
        type=event_type,
        actor=actor,
        data=data,
    )
    cast("NewsEvent", part.item).expires_at = clock.forget_at(clock.now() + KEPT)
    return part


def events_after(kind: str, subject: str, version: int) -> list[NewsEvent]:
    """The events of a subject after a version, in order, as they are now."""
    return outbox.read_after(NewsEvent, key(kind, subject), version)


def key(kind: str, subject: str) -> str:
    return f"{kind.upper()}#{subject}"
