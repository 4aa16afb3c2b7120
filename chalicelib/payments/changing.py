"""How a payment changes: the head's version, its legs, an event each, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pynamodb.expressions.update import Action

from chalicelib.core import clock, ids, outbox, parts
from chalicelib.core.dynamo import SHARDS
from chalicelib.core.errors import BusyError, Value
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.payments.models import (
    LegItem,
    PaymentEvent,
    PaymentHead,
    head_at,
    leg_at,
    payment_key,
)
from chalicelib.payments.payment import Leg, Payment, Subject
from chalicelib.payments.status import EVENT_TYPES, LegStatus, Operation

LOOK_AGAIN_SECONDS = 120
FINISH_SECONDS = 60
LONGEST_PAUSE_SECONDS = 3600
ORPHAN_SECONDS = 900
HOLD_SECONDS = 72 * 3600


def due_shard(subject: Subject) -> str:
    return f"DUE#{ids.spread(subject.id, SHARDS):02d}"


def look_again(payment: Payment, seconds: float) -> list[Action]:
    """Somebody looks at this leg again by then, whatever becomes of the one at work."""
    return [
        LegItem.due_shard.set(due_shard(payment.subject)),
        LegItem.due_at.set(clock.stamp(clock.after(seconds))),
    ]


def leave_alone() -> list[Action]:
    return [LegItem.due_shard.remove(), LegItem.due_at.remove()]


@dataclass(frozen=True, slots=True)
class LegChange:
    """What becomes of one leg, as it was read. A new status, or a `type`, is an event."""

    leg: Leg
    actions: Sequence[Action]
    to: LegStatus | None = None
    data: Mapping[str, Value] | None = None
    type: str | None = None


def change(
    payment: Payment,
    leg: Leg,
    actions: Sequence[Action],
    *,
    to: LegStatus | None = None,
    head: Sequence[Action] = (),
    data: Mapping[str, Value] | None = None,
) -> tuple[Part, ...]:
    """The parts that change a leg as it was read. A new status is an event. Failure: BusyError."""
    return change_all(payment, [LegChange(leg, actions, to, data)], head)


def change_all(
    payment: Payment, changes: Sequence[LegChange], head: Sequence[Action] = ()
) -> tuple[Part, ...]:
    """The parts that change several legs of a payment at once. Failure: BusyError."""
    subject = payment.subject
    told = [one for one in changes if one.to or one.type]
    version = payment.version + max(1, len(told))
    bumped = parts.update(
        head_at(subject.kind, subject.id),
        [PaymentHead.version.set(version), *head],
        BusyError(),
        PaymentHead.version == payment.version,
    )
    events = [
        announced(
            subject,
            payment.version + number,
            one.type or EVENT_TYPES[one.to or one.leg.status],
            {"leg_id": one.leg.id, "amount": one.leg.amount, **(one.data or {})},
        )
        for number, one in enumerate(told, start=1)
    ]
    return (bumped, *(_changed(subject, one) for one in changes), *events)


def bump(payment: Payment, actions: Sequence[Action]) -> Part:
    """The part that changes only the head of a payment, as it was read. Failure: BusyError."""
    return parts.update(
        head_at(payment.subject.kind, payment.subject.id),
        [PaymentHead.version.set(payment.version + 1), *actions],
        BusyError(),
        PaymentHead.version == payment.version,
    )


def _changed(subject: Subject, change: LegChange) -> Part:
    return parts.update(
        leg_at(subject.kind, subject.id, change.leg.id),
        [*change.actions, *([LegItem.status.set(change.to)] if change.to else [])],
        BusyError(),
        LegItem.status == change.leg.status,
    )


def announced(subject: Subject, version: int, event_type: str, data: Mapping[str, Value]) -> Part:
    """The event of a payment's version."""
    return outbox.announce(
        PaymentEvent,
        payment_key(subject.kind, subject.id),
        kind="payment",
        subject=str(subject),
        version=version,
        type=event_type,
        actor=SYSTEM,
        data=data,
    )


def intend(payment: Payment, leg: Leg, operation: Operation, amount: int) -> tuple[Part, ...]:
    """Write what we are about to ask of Stripe, before we ask it."""
    actions = [
        LegItem.operation.set(operation),
        LegItem.operation_amount.set(amount),
        LegItem.operation_at.set(clock.stamp(clock.now())),
        *look_again(payment, FINISH_SECONDS),
    ]
    return change(payment, leg, actions)


def try_anew(payment: Payment, leg: Leg) -> tuple[Part, ...]:
    """After a definitive no: another key from now on, and a growing pause before it is used."""
    pause = min(FINISH_SECONDS * 2**leg.attempt, LONGEST_PAUSE_SECONDS)
    return change(payment, leg, [LegItem.attempt.set(leg.attempt + 1), *look_again(payment, pause)])


def no_operation() -> list[Action]:
    return [
        LegItem.operation.remove(),
        LegItem.operation_amount.remove(),
        LegItem.operation_at.remove(),
    ]


def done() -> list[Action]:
    """What was intended has an outcome, and nobody needs to look at the leg again."""
    return [*no_operation(), *leave_alone()]


def held(payment: Payment, capture_before: int | None) -> list[Action]:
    """Until when the money is held; and that somebody looks whether its order has ended."""
    until = datetime.fromtimestamp(capture_before, UTC) if capture_before else None
    stamp = clock.stamp(until or clock.after(HOLD_SECONDS))
    return [LegItem.capture_before.set(stamp), *look_again(payment, ORPHAN_SECONDS)]
