"""Idempotency-Key, as Stripe means it: one key, one effect, one answer, for 24 hours.

The record is put in the very transaction of the effect, so neither exists without the other. It is
scoped to principal and route: another's key is another key. It holds no answer, only which subject
was made: the answer is rendered again from what cannot change.
https://docs.stripe.com/api/idempotent_requests
"""

import hashlib
from dataclasses import dataclass

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.dynamo import Item, Raw, TableMeta
from chalicelib.core.errors import BusyError, KeyInFlightError, KeyReusedError
from chalicelib.core.parts import Part
from chalicelib.core.settings import settings

KEPT_SECONDS = 86_400
LEASE_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Key:
    """An Idempotency-Key with what it is scoped to, and the hash of the body it came with."""

    principal: str
    route: str
    key: str
    body_hash: str

    @property
    def pk(self) -> str:
        digest = hashlib.sha256(self.key.encode()).hexdigest()
        return f"IDEM#{self.principal}#{self.route}#{digest}"


class Record(Item):
    """That a key was used, for which body, and which subject came of it."""

    class Meta(TableMeta):
        table_name = settings().table("control")

    body_hash = UnicodeAttribute()
    subject = UnicodeAttribute()
    done = BooleanAttribute()
    leased_until = NumberAttribute()
    expires_at = NumberAttribute()


class RepeatedError(Exception):
    """The key was used before: the effect is there. Carries the record that says so."""

    def __init__(self, record: Record) -> None:
        super().__init__(record.subject)
        self.record = record


def claim(key: Key, subject: str, *, done: bool = False) -> Part:
    """The part that takes the key for a subject; `done` where nothing is to follow.

    Its failure is RepeatedError.

    A record that outlived its 24 hours is taken over, since DynamoDB may remove it days late.
    """
    now = int(clock.wall_now())
    record = Record(
        key.pk,
        dynamo.HEAD,
        body_hash=key.body_hash,
        subject=subject,
        done=done,
        leased_until=now + LEASE_SECONDS,
        expires_at=now + KEPT_SECONDS,
    )
    free = Record.pk.does_not_exist() | (Record.expires_at < now)
    return parts.put(record, _repeated, free)


def _repeated(raw: Raw | None) -> Exception:
    return RepeatedError(Record.from_raw_data(dict(raw))) if raw else BusyError()


def find(key: Key) -> Record | None:
    found = dynamo.get(Record, key.pk)
    return found if found and found.expires_at >= clock.wall_now() else None


def resume(key: Key, record: Record) -> None:
    """Take over the work of an earlier request with this key.

    Raises KeyReusedError (422) for another body, KeyInFlightError (409) while the first is at it.
    Returns at once where the work was done.
    """
    if record.body_hash != key.body_hash:
        raise KeyReusedError
    if record.done:
        return
    now = int(clock.wall_now())
    if record.leased_until > now:
        raise KeyInFlightError(retry_after=1)
    condition = Record.leased_until == record.leased_until
    parts.commit(
        parts.update(
            record,
            [Record.leased_until.set(now + LEASE_SECONDS)],
            KeyInFlightError(retry_after=1),
            condition,
        )
    )


def finish(key: Key) -> Part:
    """The part that says: the work is done, answer every repetition."""
    record = Record(key.pk, dynamo.HEAD)
    return parts.update(record, [Record.done.set(True)], BusyError(), Record.pk.exists())


def release(key: Key) -> None:
    """Give the lease back after a failure that is known, so that a repetition need not wait."""
    record = Record(key.pk, dynamo.HEAD)
    parts.commit(
        parts.update(record, [Record.leased_until.set(0)], BusyError(), Record.pk.exists())
    )
