"""What orders do to deliveries: open one, know its readiness, give it up, end it.

A delivery is one attempt. Who loses it before pick-up loses that delivery, and the next attempt is
opened in the same transaction: so an order has at most one delivery that somebody could carry.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from chalicelib.catalog import reading as stores
from chalicelib.catalog.schemas import Store
from chalicelib.core import clock, dynamo, ids, outbox, parts
from chalicelib.core.dynamo import HEAD
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.couriers import earning, giving_up, moving, working, zones
from chalicelib.couriers.delivery_models import CurrentDelivery, DeliveryEvent, DeliveryHead
from chalicelib.couriers.errors import ImpossibleStepError
from chalicelib.couriers.models import CURRENT, delivery_key, order_key
from chalicelib.couriers.schemas import PickUp
from chalicelib.couriers.status import (
    BEFORE_PICK_UP,
    DELIVERY_EVENTS,
    DeliveryCommand,
    DeliveryStatus,
)
from chalicelib.couriers.zone_models import OpenDelivery
from chalicelib.orders import carrying
from chalicelib.orders import reading as orders
from chalicelib.orders.errand_schemas import Errand
from chalicelib.orders.order import Order
from chalicelib.orders.schemas import DropOff
from chalicelib.orders.status import TERMINAL, TO_BRING, OrderStatus
from chalicelib.payments import payment as payments
from chalicelib.payments.payment import Subject

NOBODY_SECONDS = 600
"""After so long without a courier the customer is told, and asked what to do."""


class _OpenedAlready(Exception):  # noqa: N818 - no error: somebody else was first
    """There is a delivery for this order."""


def present(order_id: str) -> DeliveryHead | None:
    """The present attempt to bring an order, or None where none was opened."""
    found = dynamo.get(CurrentDelivery, order_key(order_id), CURRENT)
    return moving.demand(found.delivery_id) if found else None


def attempts(order_id: str) -> Iterator[DeliveryHead]:
    """Every attempt to bring an order, the last one first, back to the first that names another."""
    delivery = present(order_id)
    while delivery is not None:
        yield delivery
        delivery = moving.demand(delivery.previous) if delivery.previous else None


def open(order_id: str) -> None:  # noqa: A001 - the domain's own word
    """Open the first attempt to bring an order that couriers bring. Safe to repeat.

    Nothing happens for an order that is not, not yet, or no longer, to be brought. Raises
    NotFoundError for an order whose store or destination is gone.
    """
    order = orders.find(order_id)
    if order is None or not _is_time(order):
        return
    if dynamo.get(CurrentDelivery, order_key(order_id), CURRENT):
        return
    store, drop_off = stores.store(order.store_id), orders.drop_off(order_id)
    if store is None or drop_off is None:
        raise NotFoundError
    head = _first(order, store, drop_off)
    pointer = CurrentDelivery(order_key(order_id), CURRENT, delivery_id=head.id, attempt=1)
    try:
        parts.commit(
            parts.put(pointer, _OpenedAlready()),
            *_opened(head, ()),
            carrying.still_to_bring(order_id, _OpenedAlready()),
        )
    except _OpenedAlready:
        return


def _is_time(order: Order) -> bool:
    """Whether couriers bring it, from now on. One for later rings by its own deadline."""
    to_bring = order.by_couriers and order.status in TO_BRING
    return to_bring and (order.bring_from is None or order.bring_from <= clock.now())


def again(delivery: DeliveryHead, *, code: str, actor: str) -> tuple[Part, ...]:
    """The parts that take a delivery from its courier and open the next attempt.

    The courier is free at once and is not asked for this order again. Raises ImpossibleStepError
    (409) after pick-up; the same is the failure of the parts where the order was given up
    meanwhile, and BusyError where the delivery or its courier has changed.
    """
    if delivery.status not in BEFORE_PICK_UP:
        raise moving.impossible(delivery)
    cancelled = moving.move(
        delivery,
        DeliveryCommand.CANCEL,
        actor=actor,
        also=(DeliveryHead.code.set(code),),
        data={"code": code},
    )
    head, courier_id = _next(delivery), str(delivery.courier_id)
    pointer = CurrentDelivery(order_key(delivery.order_id), CURRENT)
    return (
        *cancelled,
        *working.freed(delivery.zone, courier_id, delivery.id, actor),
        *_opened(head, [courier_id]),
        parts.update(
            pointer,
            [CurrentDelivery.delivery_id.set(head.id), CurrentDelivery.attempt.set(head.attempt)],
            BusyError(),
            CurrentDelivery.delivery_id == delivery.id,
        ),
        carrying.still_to_bring(delivery.order_id, ImpossibleStepError()),
    )


def ready(order_id: str) -> None:
    """The order stands ready: couriers need not wait until it was expected to. Safe to repeat."""
    order = orders.find(order_id)
    if order is None or order.status is not OrderStatus.READY_FOR_PICKUP:
        return
    now = clock.stamp(_expected_errand(order, order.errand) if order.errand else clock.now())
    giving_up.settle(present, order_id, lambda delivery: _known(delivery, now))


def cancel(order_id: str) -> None:
    """Follow an order that nobody is to bring any more. Safe to repeat.

    Before pick-up the delivery is CANCELLED: its courier is free, or those who were being asked are
    asked no longer. Who carries it brings it back.
    """
    order = orders.find(order_id)
    if order is None:
        return
    if order.status is OrderStatus.CANCELLED:
        code = order.cancellation.code if order.cancellation else "order_cancelled"
    elif not order.by_couriers:
        code = "collected"
    else:
        return
    giving_up.settle(present, order_id, lambda delivery: giving_up.parts_of(delivery, code))


def finish(order_id: str) -> None:
    """End a delivery whose order has ended for good. Safe to repeat."""
    order = orders.find(order_id)
    if order is not None and order.status in TERMINAL:
        giving_up.settle(present, order_id, _finished)


def _finished(delivery: DeliveryHead) -> tuple[Part, ...]:
    if delivery.status not in {
        DeliveryStatus.ORDER_DELIVERED,
        DeliveryStatus.RETURNED_TO_MERCHANT,
    }:
        return ()
    return moving.move(delivery, DeliveryCommand.FINISH, actor=SYSTEM)


def _known(delivery: DeliveryHead, now: str) -> tuple[Part, ...]:
    """Readiness is no step of a delivery: there is no event of its own and no new version."""
    if delivery.ready_at <= now or moving.is_over(delivery):
        return ()
    head = parts.update(
        DeliveryHead.at(delivery.id),
        [DeliveryHead.ready_at.set(now)],
        BusyError(),
        DeliveryHead.version == delivery.version,
    )
    if delivery.status != DeliveryStatus.PENDING:
        return (head,)
    return (
        head,
        parts.update(
            OpenDelivery.at(delivery.zone, delivery.id),
            [OpenDelivery.ready_at.set(now)],
            BusyError(),
            OpenDelivery.version == delivery.version,
        ),
        zones.touch(delivery.zone, delivery.id),
    )


def _opened(head: DeliveryHead, refused: Sequence[str]) -> tuple[Part, ...]:
    """The parts that put a delivery that looks for a courier, and announce it."""
    opened = OpenDelivery.at(head.zone, head.id)
    opened.delivery_id, opened.order_id, opened.zone = head.id, head.order_id, head.zone
    opened.version, opened.offers, opened.refused = head.version, [], list(refused)
    opened.store_id = None if head.alone else head.store_id
    opened.directed, opened.vehicles = head.directed, head.vehicles
    opened.pickup, opened.drop = head.pickup["location"], head.drop["location"]
    opened.ready_at, opened.promised_by = head.ready_at, head.promised_by
    opened.opened_at = head.opened_at
    opened.tell_at = clock.stamp(clock.parse(head.opened_at) + timedelta(seconds=NOBODY_SECONDS))
    event = outbox.announce(
        DeliveryEvent,
        delivery_key(head.id),
        kind=moving.kind(head),
        subject=head.id,
        version=int(head.version),
        type=DELIVERY_EVENTS[DeliveryStatus.PENDING],
        actor=SYSTEM,
        data=moving.about(head),
    )
    return (
        parts.put(head, BusyError()),
        event,
        parts.put(opened, BusyError()),
        zones.touch(head.zone, head.id),
    )


def _first(order: Order, store: Store, drop_off: DropOff) -> DeliveryHead:
    pay = earning.rule(order.currency, order.courier_share, order.tip)
    pickup = PickUp(
        store_id=store.id, names=store.names, address=store.address, location=store.location
    )
    head = _new(attempt=1)
    head.order_id, head.store_id, head.customer_id = order.id, order.store_id, order.customer_id
    head.zone = zones.of_store(store)
    head.currency, head.gross, head.fee, head.tip = pay.currency, pay.gross, pay.fee, pay.tip
    head.pickup = pickup.model_dump(mode="json")
    head.drop = drop_off.model_dump(mode="json", include={"location"})
    head.ready_at = clock.stamp(_expected(order, store))
    head.promised_by = clock.stamp(clock.parse(order.promised["ends"]))
    head.minimum_age = order.minimum_age
    if drop_off.leave_at_door and not order.minimum_age and not _is_in_cash(order):
        head.leave_at_door = True
    if order.errand:
        head.errand = head.leave_at_door = True
        head.alone = order.errand.alone or None
        head.vehicles = list(order.errand.vehicles) or None
    return head


def _is_in_cash(order: Order) -> bool:
    """Whether its courier has to take money at the door."""
    payment = payments.find(Subject("order", order.id))
    return payment is not None and any(leg.provider == "cash" for leg in payment.legs)


def _next(delivery: DeliveryHead) -> DeliveryHead:
    head = _new(attempt=int(delivery.attempt) + 1)
    head.previous = delivery.id
    for name in (
        "order_id", "store_id", "customer_id", "zone", "currency", "gross", "fee", "tip", "pickup",
        "drop", "ready_at", "promised_by", "minimum_age", "leave_at_door", "directed",
        "errand", "alone", "vehicles",
    ):  # fmt: skip
        setattr(head, name, getattr(delivery, name))
    return head


def _new(attempt: int) -> DeliveryHead:
    delivery_id = ids.new("dlv")
    return DeliveryHead(
        delivery_key(delivery_id),
        HEAD,
        id=delivery_id,
        attempt=attempt,
        status=DeliveryStatus.PENDING,
        version=1,
        opened_at=clock.stamp(clock.now()),
    )


def _expected(order: Order, store: Store) -> datetime:
    """When the order should be ready: counted from now on, since the store has just confirmed.

    Its kitchen takes as long as its customer was told, or longer in a rush that has begun since.

    One for later is not begun before its time.
    """
    if order.errand:
        return _expected_errand(order, order.errand)
    if order.status is OrderStatus.READY_FOR_PICKUP:
        return clock.now()
    begins = max(order.prepare_by or clock.now(), clock.now())
    minutes = max(order.preparation_minutes or 0, store.pace.minutes(begins, items=1))
    return begins + timedelta(minutes=minutes)


def _expected_errand(order: Order, errand: Errand) -> datetime:
    """As its store has said when it asked for it, or has said since, if it says so."""
    is_said = errand.says_ready and order.status is OrderStatus.READY_FOR_PICKUP
    return clock.now() if is_said else max(errand.ready_at, clock.now())
