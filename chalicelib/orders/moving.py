"""How an order moves: one conditional write of the head, one event, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from pynamodb.expressions.update import Action

from chalicelib.core import clock, ids, outbox, parts
from chalicelib.core.dynamo import SHARDS
from chalicelib.core.errors import BusyError, NotFoundError, Value
from chalicelib.core.parts import Part
from chalicelib.orders import (
    lateness,
    promotion_counts,
    reading,
    reserving,
    scheduling,
    status,
    tallies,
)
from chalicelib.orders.cancel_schemas import DenialReason, RequestStatus
from chalicelib.orders.errors import ImpossibleMoveError
from chalicelib.orders.models import OrderEvent, OrderHead, order_key
from chalicelib.orders.order import Order
from chalicelib.orders.status import OrderCommand, OrderStatus

PAYMENT_SECONDS = 600
FIRST_REMINDERS = (60, 90)
LATER_REMINDERS = (3, 6)
"""Eighths of the time that a store has to confirm: of eight minutes, the third and the sixth."""
APART_SECONDS = 30
CONCLUSION_SECONDS = 86_400
ERRAND_KEPT_SECONDS = 30 * 86_400
"""So long it is known to whom an errand went."""
RACES = 6

type Decide = Callable[[Order], tuple[Part, ...]]


def deadline(order_status: OrderStatus) -> datetime | None:
    """Until when an order may stay in a state: then the clock itself acts (`deadlines.py`)."""
    seconds = {
        OrderStatus.PENDING_PAYMENT: PAYMENT_SECONDS,
        OrderStatus.DELIVERED: CONCLUSION_SECONDS,
        OrderStatus.PICKED_UP: CONCLUSION_SECONDS,
    }.get(order_status)
    return None if seconds is None else clock.after(seconds)


def asked(confirm_seconds: int, begins: datetime | None) -> tuple[datetime, datetime]:
    """Until when a store may answer what it is shown now, and when it is first reminded.

    Reminders count back from the end, so that they come when an order for later grows urgent.
    """
    until = scheduling.answer_by(clock.after(confirm_seconds), begins)
    first = until - timedelta(seconds=confirm_seconds - min(FIRST_REMINDERS[0], confirm_seconds))
    return until, first


def reminders(confirm_seconds: int) -> tuple[int, ...]:
    """When a store that has not confirmed is reminded: seconds since it was shown the order.

    Soon twice, and then where its own time is three and six eighths over, unless the second
    reminder was half a minute before that: of three minutes, once more.
    """
    later = (confirm_seconds * eighths // 8 for eighths in LATER_REMINDERS)
    apart = FIRST_REMINDERS[-1] + APART_SECONDS
    return (*FIRST_REMINDERS, *(one for one in later if one >= apart))


def payment_deadline(order: Order) -> datetime:
    """Until when an order waits for its payment, counted from its placing."""
    return order.placed_at + timedelta(seconds=PAYMENT_SECONDS)


def due_shard(order_id: str) -> str:
    return f"DUE#{ids.spread(order_id, SHARDS):02d}"


def impossible(
    order: Order, but: OrderCommand | None = None, sentence: str | None = None, **facts: str
) -> ImpossibleMoveError:
    """That the state does not allow it, which it is, and what it allows, `but` for one command.

    `sentence` and further facts say what can be done instead, where something can.
    """
    return ImpossibleMoveError(
        sentence,
        **facts,  # type: ignore[arg-type] # facts, and no errors
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
    answer: RequestStatus | None = None,
    spent: bool = False,
    refused: bool = False,
) -> tuple[Part, ...]:
    """The parts that apply a command to an order as it was read. Cancelled, it holds nothing more.

    A store's open request to give it up ends with every move, a customer's once it has left its
    store or is given up: withdrawn or expired, or as `answer` says. Never are both open.
    What promotions gave it goes back with the rest, unless it is `spent`: its price is owed, or was
    when its money was taken. One that is `refused` was made and not taken by its customer.

    Raises ImpossibleMoveError (409), with the present status and what is allowed. Their failure is
    BusyError: the order has changed meanwhile, read it again.
    """
    target = status.after(order.status, command, order.fulfilment)
    if target is None:
        raise impossible(order)
    given_back = reserving.give_back(order) if target is OrderStatus.CANCELLED else ()
    unspent = target is OrderStatus.CANCELLED and not spent and order.owed is None
    promoted = promotion_counts.give_back(order) if unspent else ()
    timing = [*_timing(order, target), *_waited_for(order, target)]
    if target not in status.TO_BRING:
        timing += granted(order, answer or _unanswered(target))
    if order.device and target in status.ENDED:
        timing.append(OrderHead.device.remove())
    if target in {OrderStatus.PICKED_UP, OrderStatus.DELIVERED}:
        timing.append(OrderHead.owed.set(order.total))
        timing.append(OrderHead.handed_over_at.set(clock.stamp(clock.now())))
    moved = change(
        order,
        status.EVENT_TYPES[target],
        [OrderHead.status.set(target), *timing, *answered(order, answer or "withdrawn"), *also],
        actor=actor,
        data={"status": target, **(data or {})},
    )
    uncounted = tallies.moved(
        order.customer_id,
        order.device,
        order.counted,
        waited=order.status is OrderStatus.PENDING_PAYMENT,
        brought=_brought(order, target),
        refused=refused and order.errand is None,
    )
    return (*moved, *given_back, *promoted, *uncounted)


def _brought(order: Order, target: OrderStatus) -> bool | None:
    """Whether an order that ends with this move was brought; None: it does not end with it."""
    ends = target in status.ENDED and not order.ended
    return target is not OrderStatus.CANCELLED if ends else None


def _timing(order: Order, target: OrderStatus) -> list[Action]:
    """The deadline of the state that an order comes to. What its kitchen does leaves it as it is.

    Between confirmation and pick-up that is the moment to look for a courier, if it is to come.
    """
    if target is OrderStatus.CREATED:
        confirm_by, first = asked(order.confirm_seconds, order.prepare_by)
        return [*due(order.id, first), OrderHead.confirm_by.set(clock.stamp(confirm_by))]
    if target is OrderStatus.CONFIRMED:
        later = order.bring_from and order.bring_from > clock.now()
        return due(order.id, order.bring_from if later else None)
    if target in status.TO_BRING:
        return unasked(order) if order.asked else []
    ends_errand = order.errand is not None and target in status.TERMINAL
    return due(order.id, clock.after(ERRAND_KEPT_SECONDS) if ends_errand else deadline(target))


def _waited_for(order: Order, target: OrderStatus) -> list[Action]:
    """From when an order is late that its store is shown, until it is there or given up."""
    if target is OrderStatus.CREATED:
        return lateness.expected(order.store_id, order.promised["ends"])
    return lateness.over() if target in status.ENDED else []


def _unanswered(target: OrderStatus) -> RequestStatus:
    """How a customer's request ends with a move that does not answer it."""
    return "withdrawn" if target is OrderStatus.CANCELLED else "expired"


def answered(order: Order, outcome: RequestStatus) -> list[Action]:
    """That a store's request to give an order up has ended so, if one is open."""
    if order.asked is None:
        return []
    ended = order.asked.model_copy(update={"status": outcome})
    return [OrderHead.cancel_request.set(ended.model_dump(mode="json"))]


def granted(
    order: Order, outcome: RequestStatus, because: DenialReason | None = None
) -> list[Action]:
    """That a customer's request to let an order go has ended so, if one is open."""
    if order.wished is None:
        return []
    ended = order.wished.model_copy(update={"status": outcome, "denied_because": because})
    return [OrderHead.customer_request.set(ended.model_dump(mode="json"))]


def unasked(order: Order) -> list[Action]:
    """What an order waits for that nobody asks to give up any more: its day, if it is for later."""
    day = order.bring_from
    waits = day is not None and (day > clock.now() or day == order.due_at)
    return due(order.id, day if waits else None)


def due(order_id: str, moment: datetime | None) -> list[Action]:
    """That somebody looks at an order at a moment, or at none."""
    if moment is None:
        return [OrderHead.due_shard.remove(), OrderHead.due_at.remove()]
    return [OrderHead.due_shard.set(due_shard(order_id)), OrderHead.due_at.set(clock.stamp(moment))]


def answered_by(order: Order, until: datetime) -> list[Action]:
    """That somebody looks at an order when an answer is due, or at what is due before (its day)."""
    return due(order.id, min(order.due_at, until) if order.due_at else until)


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
