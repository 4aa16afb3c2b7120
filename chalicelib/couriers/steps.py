"""What a courier does with a delivery, from setting off to the hand-over.

Each step is idempotent by state: repeating one that is done changes nothing and raises nothing.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from chalicelib.core import audit
from chalicelib.core.errors import BusyError, NotFoundError, Value
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Right, Role
from chalicelib.couriers import earning, moving, proving, reading, rights, status, working, zones
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.errors import NotHandedOverError, NotReadyError
from chalicelib.couriers.schemas import Completion, Handover
from chalicelib.couriers.status import DeliveryCommand, DeliveryStatus
from chalicelib.orders import carrying
from chalicelib.orders import reading as orders
from chalicelib.orders.errors import ImpossibleMoveError
from chalicelib.orders.order import Order
from chalicelib.orders.status import OrderStatus

IN_THE_KITCHEN = frozenset({OrderStatus.CONFIRMED, OrderStatus.PREPARING})


def step(delivery_id: str, command: DeliveryCommand, caller: Caller) -> DeliveryHead:
    """Take a step that concerns the delivery alone.

    Raises NotFoundError (404), ForbiddenError (403), ImpossibleStepError (409).
    """

    def decide(delivery: DeliveryHead) -> tuple[Part, ...]:
        if is_done(delivery, command, caller, rights.DELIVERY_CARRY):
            return ()
        return moving.move(delivery, command, actor=caller.actor)

    return moving.apply(delivery_id, decide)


def pick_up(delivery_id: str, caller: Caller) -> DeliveryHead:
    """Leave the store with the order, which is DISPATCHED in the same transaction.

    Raises NotReadyError (409) before the store says that it is ready, NotHandedOverError (409)
    where it says itself when it is fetched, ImpossibleMoveError (409) for an order that was given
    up, and what `step` raises.
    """

    def decide(delivery: DeliveryHead) -> tuple[Part, ...]:
        if is_done(delivery, DeliveryCommand.PICK_UP, caller, rights.DELIVERY_CARRY):
            return ()
        order = order_of(delivery)
        if delivery.status == DeliveryStatus.ARRIVED_AT_MERCHANT and _waits_for_store(order):
            raise NotHandedOverError
        return fetched(delivery, order, caller.actor)

    return moving.apply(delivery_id, decide)


def _waits_for_store(order: Order) -> bool:
    return order.errand is not None and order.errand.says_picked


def fetched(delivery: DeliveryHead, order: Order, actor: str) -> tuple[Part, ...]:
    """The parts by which a courier has fetched an order. Raises what `pick_up` raises."""
    picked = moving.move(delivery, DeliveryCommand.PICK_UP, actor=actor)
    if order.status in IN_THE_KITCHEN:
        raise NotReadyError(current_status=order.status, ready_at=delivery.ready_at)
    with as_read(delivery):
        dispatched = carrying.dispatch(order, str(delivery.courier_id), actor)
    return *picked, *dispatched


def deliver(delivery_id: str, said: Handover, caller: Caller) -> DeliveryHead:
    """Hand the order over to whoever knows the PIN. The order is DELIVERED, the courier free.

    Its event says which proof there was, and nothing of who took it. Raises WrongPinError and
    PinLockedError (409), AgeNotCheckedError and PinNeededError (422), and what `step` raises.
    """
    proven = False

    def decide(delivery: DeliveryHead) -> tuple[Part, ...]:
        nonlocal proven
        if is_done(delivery, DeliveryCommand.DELIVER, caller, rights.DELIVERY_HAND_OVER):
            return ()
        chosen = _handed_over(delivery, caller, _proof(delivery, said))
        proving.demand_told(delivery, said)
        if not proven and said.pin is not None:
            proving.prove(delivery, said.pin)
            proven = True
        return chosen

    return moving.apply(delivery_id, decide)


def _proof(delivery: DeliveryHead, said: Handover) -> dict[str, Value]:
    found: dict[str, Value] = {"proof": "none"} if said.pin is None else {}
    return {**found, "age_checked": True} if delivery.minimum_age else found


def complete(delivery_id: str, completion: Completion, caller: Caller) -> DeliveryHead:
    """Hand the order over without its PIN, as an operator, who says why.

    Raises what `step` raises.
    """

    def decide(delivery: DeliveryHead) -> tuple[Part, ...]:
        if is_done(delivery, DeliveryCommand.DELIVER, caller, rights.DELIVERY_COMPLETE):
            return ()
        kept = audit.entry(
            caller.acting_as(Role.OPERATOR),
            "delivery.completed",
            delivery.order_id,
            completion.reason,
            {"delivery_id": delivery.id},
        )
        return (*_handed_over(delivery, caller, {"reason": completion.reason}), kept)

    return moving.apply(delivery_id, decide)


def is_done(delivery: DeliveryHead, command: DeliveryCommand, caller: Caller, right: Right) -> bool:
    """Whether the command is behind this delivery. Rights come first, also for a repetition."""
    right.demand(caller, own=reading.owned_as(delivery, caller))
    return status.was_applied(DeliveryStatus(delivery.status), command)


def order_of(delivery: DeliveryHead) -> Order:
    """The order that a delivery brings. Raises NotFoundError (404)."""
    order = orders.find(delivery.order_id)
    if order is None:
        raise NotFoundError
    return order


@contextmanager
def as_read(delivery: DeliveryHead) -> Iterator[None]:
    """An order may have moved on since its delivery was read: that is a race, and no conflict.

    Raises BusyError instead of ImpossibleMoveError where the delivery has moved on with it.
    """
    try:
        yield
    except ImpossibleMoveError:
        if moving.demand(delivery.id).version != delivery.version:
            raise BusyError from None
        raise


def _handed_over(
    delivery: DeliveryHead, caller: Caller, data: Mapping[str, Value] | None = None
) -> tuple[Part, ...]:
    moved = moving.move(delivery, DeliveryCommand.DELIVER, actor=caller.actor, data=data)
    order = order_of(delivery)
    with as_read(delivery):
        delivered = carrying.deliver(order, caller.actor)
    return (
        *moved,
        *delivered,
        *working.freed(delivery.zone, str(delivery.courier_id), delivery.id, caller.actor),
        *earning.post(delivery, order, earning.DELIVERED),
        zones.touch(delivery.zone, delivery.id),
    )
