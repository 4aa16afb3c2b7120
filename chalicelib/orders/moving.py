"""How an order moves: one conditional write of the head, one event, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from pynamodb.expressions.update import Action

from chalicelib.core import clock, ids, outbox, parts
from chalicelib.core.dynamo import SHARDS
from chalicelib.core.errors import BusyError, NotFoundError, Value
from chalicelib.core.parts import Part
from chalicelib.orders import reading, status
from chalicelib.orders.errors import ImpossibleMoveError
from chalicelib.orders.models import OrderEvent, OrderHead, order_key
from chalicelib.orders.order import Order
from chalicelib.orders.status import OrderCommand, OrderStatus

PAYMENT_SECONDS = 600
REMINDERS = (60, 90, 180, 360)
"""When a store that has not confirmed is reminded: seconds since it was shown the order."""
CONCLUSION_SECONDS = 86_400
RACES = 6

type Decide = Callable[[Order], tuple[Part, ...]]


def deadline(order_status: OrderStatus, confirm_seconds: int) -> datetime | None:
    """Until when an order may stay in a state: then the clock itself acts (`deadlines.py`)."""
    seconds = {
        OrderStatus.PENDING_PAYMENT: PAYMENT_SECONDS,
        OrderStatus.CREATED: min(REMINDERS[0], confirm_seconds),
        OrderStatus.DELIVERED: CONCLUSION_SECONDS,
        OrderStatus.PICKED_UP: CONCLUSION_SECONDS,
    }.get(order_status)
    return None if seconds is None else clock.after(seconds)


def payment_deadline(order: Order) -> datetime:
    """Until when an order waits for its payment, counted from its placing."""
    return order.placed_at + timedelta(seconds=PAYMENT_SECONDS)


def due_shard(order_id: str) -> str:
    return f"DUE#{ids.spread(order_id, SHARDS):02d}"


def impossible(order: Order, but: OrderCommand | None = None) -> ImpossibleMoveError:
    """That the state does not allow it, which it is, and what it allows, `but` for one command."""
    return ImpossibleMoveError(
        current_status=order.status,
        allowed_commands=[str(one) for one in order.next_commands if one is not but],
    )


def move(
    order: Order,
    command: OrderCommand,
    *,
    actor: str,
    also: tuple[Action, ...] = (),
    data: Mapping[str, Value] | None = None,
) -> tuple[Part, ...]:
    """The parts that apply a command to an order as it was read.

    Raises ImpossibleMoveError (409), with the present status and what is allowed. Their failure is
    BusyError: the order has changed meanwhile, read it again.
    """
    target = status.after(order.status, command, order.fulfilment)
    if target is None:
        raise impossible(order)
    until = deadline(target, order.confirm_seconds)
    timing: list[Action] = (
        [OrderHead.due_shard.set(due_shard(order.id)), OrderHead.due_at.set(clock.stamp(until))]
        if until
        else [OrderHead.due_shard.remove(), OrderHead.due_at.remove()]
    )
    if target in {OrderStatus.PICKED_UP, OrderStatus.DELIVERED}:
        timing.append(OrderHead.owed.set(order.total))
    if target is OrderStatus.CREATED:
        confirm_by = clock.after(order.confirm_seconds)
        timing.append(OrderHead.confirm_by.set(clock.stamp(confirm_by)))
    return change(
        order,
        status.EVENT_TYPES[target],
        [OrderHead.status.set(target), *timing, *also],
        actor=actor,
        data={"status": target, **(data or {})},
    )


def change(
    order: Order,
    event_type: str,
    actions: Sequence[Action],
    *,
    actor: str,
    data: Mapping[str, Value],
) -> tuple[Part, ...]:
    """The parts that change an order as it was read, and announce it. Their failure: BusyError."""
    version = order.version + 1
    head = parts.update(
        OrderHead.at(order.id),
        [OrderHead.version.set(version), *actions],
        BusyError(),
        OrderHead.version == order.version,
    )
    event = outbox.announce(
        OrderEvent,
        order_key(order.id),
        kind="order",
        subject=order.id,
        version=version,
        type=event_type,
        actor=actor,
        data={"store_id": order.store_id, "status": order.status, **data},
    )
    return head, event


def apply(order_id: str, decide: Decide) -> Order:
    """Read, decide, commit; on a race read again. `decide` returns no parts where nothing is to do.

    Raises what `decide` raises, NotFoundError for an unknown order, BusyError after too many races.
    """
    for _ in range(RACES):
        order = reading.find(order_id)
        if order is None:
            raise NotFoundError
        chosen = decide(order)
        if not chosen:
            return order
        try:
            parts.commit(*chosen)
        except BusyError:
            continue
        moved = reading.find(order_id)
        return moved or order
    raise BusyError
