"""What the clock does to orders: unpaid ones lapse, ended ones conclude, later ones draw near.

Those that their store does not confirm are told of, louder each time, and lapse in the end.

The sweep and a look at an overdue order lead here, and both run the same conditional command.
DynamoDB's TTL never does: it may come two days late.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.core import clock, dynamo
from chalicelib.core.dynamo import SHARDS
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.orders import asking, cancelling, errands, moving
from chalicelib.orders.models import OrderHead
from chalicelib.orders.order import Order
from chalicelib.orders.status import (
    CONFIRMATION_OVERDUE,
    DUE_SOON,
    TERMINAL,
    TO_BRING,
    OrderCommand,
    OrderStatus,
)

SWEEP_LIMIT = 200


def overdue() -> Iterator[tuple[str, str]]:
    """What is due, as the index has it: orders by their ids, and claims by their guests'."""
    now = clock.stamp(clock.now())
    for shard in range(SHARDS):
        with dynamo.reading():
            yield from (
                (kind, subject)
                for head in OrderHead.due.query(
                    f"DUE#{shard:02d}", OrderHead.due_at <= now, limit=SWEEP_LIMIT
                )
                for kind, _, subject in [head.pk.partition("#")]
            )


def meet(order_id: str) -> Order:
    """Do to an order what its deadline demands, if it has passed. Safe to repeat, and to race."""
    return moving.apply(order_id, _decide)


def fresh(order: Order) -> Order:
    """The order after its deadline, if that has passed and nobody has noticed yet."""
    return meet(order.id) if is_due(order) else order


def is_due(order: Order) -> bool:
    return order.due_at is not None and order.due_at <= clock.now()


def _decide(order: Order) -> tuple[Part, ...]:
    if not is_due(order):
        return ()
    if order.status is OrderStatus.PENDING_PAYMENT:
        return cancelling.parts_of(order, "payment_expired", "system", "customer")
    if order.status is OrderStatus.CREATED:
        if order.confirm_by is None or order.confirm_by <= clock.now():
            return cancelling.parts_of(order, "merchant_no_response", "system", "store")
        return _remind(order, order.confirm_by)
    if order.status in TO_BRING:
        return _in_hand(order)
    return _over(order)


def _over(order: Order) -> tuple[Part, ...]:
    """Ended for good; or, of an errand that has long been, to whom it went is forgotten."""
    if order.status in TERMINAL:
        return errands.forget(order)
    return moving.move(order, OrderCommand.CONCLUDE, actor=SYSTEM)


def _in_hand(order: Order) -> tuple[Part, ...]:
    """Nobody has answered who would give it up; or its day has come, if it is for later."""
    answer_by = order.answer_by
    if answer_by and answer_by <= clock.now():
        asked = order.asked
        return cancelling.unanswered(order, asked) if asked else asking.unheard(order)
    until = moving.due(order.id, answer_by)
    return moving.change(order, DUE_SOON, until, actor=SYSTEM, data={})


def _remind(order: Order, confirm_by: datetime) -> tuple[Part, ...]:
    """Say once more that a store has not confirmed. Who sleeps past two reminders sends one.

    None is told twice, also where an older release had another ladder when the last was sent.
    """
    shown_at = confirm_by - timedelta(seconds=order.confirm_seconds)
    waited = (clock.now() - shown_at).total_seconds()
    ladder = moving.reminders(order.confirm_seconds)
    passed = sum(rung <= waited for rung in ladder)
    left = ladder[passed:]
    number = max(passed, order.reminders + 1)
    due_at = shown_at + timedelta(seconds=left[0]) if left else confirm_by
    return moving.change(
        order,
        CONFIRMATION_OVERDUE,
        [OrderHead.reminders.set(number), OrderHead.due_at.set(clock.stamp(due_at))],
        actor=SYSTEM,
        data={"reminder": number},
    )
