"""What was decided about somebody, to be told to them: an event beside the decision.

A notice is a part of the transaction that decides, in the table `news`, which has a stream: tables
that have none need none for it (docs/decisions/notices.md). Its bell rings as any other's. Who
tells it claims it first; what could not be told rings again by itself, since the moment of its bell
is when it is due.

TO#<who>     EVT#<notice>       what somebody is to be told, in the order of deciding
TO#<who>     HELD               what is told once something is done
UNREACHED    <moment>#<notice>  what nobody could be told
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import clock, dynamo, ids, outbox, parts
from chalicelib.core.dynamo import SHARDS, Item
from chalicelib.core.errors import BusyError, Value
from chalicelib.core.news import KEPT, NewsMeta
from chalicelib.core.outbox import EVENT, EventItem
from chalicelib.core.parts import Part

KIND = "notice"
HELD, UNREACHED = "HELD", "UNREACHED"
LEASE_SECONDS = 120.0
SHOWN_UNREACHED = 100


class Notice(EventItem):
    """What somebody is to be told. A later one of the same `topic` overtakes it.

    `address` and `language` are there where nobody can be asked for them: for an invitation, and
    for who is forgotten. They go with the telling. `told` says of each who is told which way, and
    `outcome` that nothing is left to do.
    """

    PERSONAL = frozenset({"address", "language"})

    class Meta(NewsMeta):
        pass

    topic = UnicodeAttribute()
    address = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    not_before = UnicodeAttribute(null=True)
    attempts = NumberAttribute(default=0)
    lease = UnicodeAttribute(null=True)
    told = JSONAttribute(null=True)
    outcome = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()


class Unreached(Item):
    """A notice that nobody could be told, for operators."""

    class Meta(NewsMeta):
        pass

    id = UnicodeAttribute()
    recipient = UnicodeAttribute()
    type = UnicodeAttribute()
    outcome = UnicodeAttribute()
    decided_at = UnicodeAttribute()
    expires_at = NumberAttribute()


# --- parts of whoever decides ------------------------------------------------------------------


def tell(
    recipient: str,
    what: str,
    *,
    topic: str,
    actor: str,
    data: Mapping[str, Value] | None = None,
    ident: str = "",
    address: str | None = None,
    not_before: datetime | None = None,
) -> Part:
    """The part by which somebody is told: a person, a store's owners, or who has an address.

    `data` holds ids, codes and moments. What is `not_before` a moment is told then.
    """
    ident = ident or ids.new("ntc")
    part = outbox.announce(
        Notice,
        key(recipient),
        kind=KIND,
        subject=f"{recipient}#{ident}",
        version=1,
        type=f"{KIND}.{what}",
        actor=actor,
        data=data,
    )
    notice = cast("Notice", part.item)
    notice.sk = f"{EVENT}{ident}"
    notice.topic, notice.address = topic, address
    notice.not_before = clock.stamp(not_before) if not_before else None
    notice.expires_at = clock.forget_at(max(not_before or clock.now(), clock.now()) + KEPT)
    return part


def taken_back(recipient: str, ident: str) -> Part:
    """The part by which a notice is not told any more, if it was not."""
    return parts.forget(Notice(key(recipient), f"{EVENT}{ident}"))


def hold(recipient: str, address: str, language: str | None) -> None:
    """Keep how somebody is reached once the pool has forgotten them. Safe to repeat."""
    parts.commit(
        parts.overwrite(
            Notice(
                key(recipient), HELD, id=HELD, type=HELD, kind=KIND, subject=recipient, version=1,
                at=clock.stamp(clock.now()), actor=recipient, data={}, topic=HELD,
                address=address, language=language,
                expires_at=clock.forget_at(clock.now() + KEPT),
            )
        )
    )  # fmt: skip


def released(recipient: str, what: str, *, topic: str, actor: str) -> Sequence[Part]:
    """The parts by which who was held is told; none where nobody was."""
    held = dynamo.get(Notice, key(recipient), HELD)
    if held is None:
        return ()
    said = tell(recipient, what, topic=topic, actor=actor, address=held.address)
    cast("Notice", said.item).language = held.language
    return said, parts.forget(held)


def forget(recipient: str) -> None:
    """Keep nothing of what somebody was told. Safe to repeat."""
    for one in of(recipient):
        parts.commit(parts.forget(one))


# --- whoever tells -----------------------------------------------------------------------------


def of(recipient: str) -> list[Notice]:
    """Everything that somebody was told or is to be, in the order of deciding."""
    return dynamo.items(Notice, key(recipient), prefix=EVENT)


def read(subject: str) -> tuple[Notice, list[Notice]] | None:
    """A notice and those after it to the same, in the order of deciding; None: it is gone."""
    recipient, _, ident = subject.rpartition("#")
    sk = f"{EVENT}{ident}"
    with dynamo.reading():
        found = list(Notice.query(key(recipient), Notice.sk >= sk, consistent_read=True))
    events = [one for one in found if one.sk.startswith(EVENT)]
    return (events[0], events[1:]) if events and events[0].sk == sk else None


def claim(notice: Notice) -> Notice:
    """Let nobody else tell it for two minutes. Its bell rings then: who dies leaves nothing undone.

    Raises BusyError where somebody else is at it, or it is done.
    """
    lease = clock.wall_stamp(LEASE_SECONDS)
    free = Notice.lease.does_not_exist() | (Notice.lease < clock.wall_stamp())
    as_read = (Notice.attempts == notice.attempts) if notice.attempts else _untried()
    attempts = int(notice.attempts or 0) + 1
    actions = [Notice.attempts.set(attempts), Notice.lease.set(lease), *_bell(notice, lease)]
    parts.commit(parts.update(_at(notice), actions, BusyError(), free & as_read & _open()))
    notice.attempts, notice.lease = attempts, lease
    return notice


def note(notice: Notice, told: Mapping[str, str]) -> None:
    """Who was told which way, so far. Raises BusyError where the lease is another's."""
    parts.commit(
        parts.update(_at(notice), [Notice.told.set(dict(told))], BusyError(), _mine(notice))
    )
    notice.told = dict(told)


def put_off(notice: Notice, seconds: float) -> None:
    """Ring again after so many wall seconds. Raises BusyError where the lease is another's."""
    actions = [*_bell(notice, clock.wall_stamp(seconds)), Notice.lease.remove()]
    parts.commit(parts.update(_at(notice), actions, BusyError(), _mine(notice) & _open()))


def finish(notice: Notice, outcome: str, *, listed: bool = False) -> None:
    """Nothing is left to do: no address stays. `listed`: for operators, since nobody was told."""
    gone = [
        attribute.remove()
        for attribute in (
            Notice.address, Notice.language, Notice.lease, Notice.bell_shard, Notice.bell_at,
        )
    ]  # fmt: skip
    done = parts.update(
        _at(notice), [Notice.outcome.set(outcome), *gone], BusyError(), _mine(notice) & _open()
    )
    parts.commit(done, *([parts.overwrite(_listed(notice, outcome))] if listed else []))


def unreached() -> list[Unreached]:
    """What nobody could be told, the oldest hundred first."""
    return dynamo.items(Unreached, UNREACHED, limit=SHOWN_UNREACHED)[:SHOWN_UNREACHED]


def key(recipient: str) -> str:
    return f"TO#{recipient}"


def recipient_of(notice: Notice) -> str:
    return str(notice.subject).rpartition("#")[0]


def _at(notice: Notice) -> Notice:
    return Notice(notice.pk, notice.sk)


def _bell(notice: Notice, moment: str) -> list[Any]:
    shard = f"BELL#{ids.spread(notice.subject, SHARDS):02d}"
    return [Notice.bell_shard.set(shard), Notice.bell_at.set(moment)]


def _open() -> Any:  # noqa: ANN401 - PynamoDB's conditions
    return Notice.id.exists() & Notice.outcome.does_not_exist()


def _untried() -> Any:  # noqa: ANN401 - PynamoDB's conditions
    return Notice.attempts.does_not_exist() | (Notice.attempts == 0)


def _mine(notice: Notice) -> Any:  # noqa: ANN401 - PynamoDB's conditions
    """That nobody has claimed it since it was read."""
    return Notice.lease == notice.lease if notice.lease else Notice.lease.does_not_exist()


def _listed(notice: Notice, outcome: str) -> Unreached:
    now, ident = clock.stamp(clock.now()), str(notice.id)
    return Unreached(
        UNREACHED, f"{now}#{ident}", id=ident, recipient=recipient_of(notice), type=notice.type,
        outcome=outcome, decided_at=notice.at, expires_at=clock.forget_at(clock.now() + KEPT),
    )  # fmt: skip
