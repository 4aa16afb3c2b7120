"""Errands: what it costs a store to send something by a courier, and what it may do with it.

A store says what it sends; how it is brought is as of every order. Giving it up is free until a
courier has accepted it, then costs a part of the price, and the whole of it from the pick-up on:
then it comes back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from chalicelib.catalog import conditions, zones
from chalicelib.catalog import reading as stores
from chalicelib.catalog.conditions import WHOLE
from chalicelib.catalog.schemas import Store
from chalicelib.catalog.status import DeliveredBy, StoreStatus
from chalicelib.catalog.zones import Corner
from chalicelib.core import clock, money, parts
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM, Caller, Right
from chalicelib.couriers import earning, giving_up, moving, opening, rights, steps, supply
from chalicelib.couriers import status as deliveries
from chalicelib.couriers import zones as dispatch
from chalicelib.couriers.delivery_models import CurrentDelivery, DeliveryHead
from chalicelib.couriers.errors import OfferGoneError
from chalicelib.couriers.models import CURRENT, order_key
from chalicelib.couriers.status import (
    BEFORE_PICK_UP,
    CARRIED,
    DeliveryCommand,
    DeliveryStatus,
)
from chalicelib.orders import errands, stopping
from chalicelib.orders import moving as orders_moving
from chalicelib.orders import reading as orders
from chalicelib.orders import status as statuses
from chalicelib.orders.errand_schemas import NewErrand
from chalicelib.orders.order import RECALLED, Order
from chalicelib.orders.placing import Placement
from chalicelib.orders.pricing import CANCELLATION_TABLE
from chalicelib.orders.status import TO_BRING, OrderCommand, OrderStatus
from chalicelib.payments import beginning
from chalicelib.payments.payment import Subject

SERVICE_BASIS_POINTS: Final = 1_000
"""What the platform takes of a store for an errand, on top of what the courier is paid."""
FEE_BASIS_POINTS: Final = CANCELLATION_TABLE[OrderStatus.PREPARING]
"""What giving one up costs its store once a courier is on the way: as of a dish that is made."""
APPROACH_MINUTES: Final = 10
"""So long a courier usually takes to the store."""
WINDOW_MINUTES: Final = 10
NO_COURIER: Final = "no_courier"
RACES = 6


@dataclass(frozen=True, slots=True)
class Price:
    """What an errand costs its store, in minor units: for the courier and for the platform."""

    currency: str
    bringing: int
    service: int

    @property
    def total(self) -> int:
        return self.bringing + self.service


@dataclass(frozen=True, slots=True)
class Times:
    """When a courier should be at the store, and at the door."""

    fetched_at: datetime
    there_at: datetime

    @property
    def there_by(self) -> datetime:
        """The promise: later is late."""
        return self.there_at + timedelta(minutes=WINDOW_MINUTES)


@dataclass(frozen=True, slots=True)
class Terms:
    """What it would cost to carry something somewhere, and when it would be there."""

    price: Price
    times: Times


def price(currency: str, zone_fee: int) -> Price:
    """What the way is worth by the store's own zones, at least what a courier is paid. Pure."""
    bringing = max(zone_fee, earning.MINIMUM.get(currency, 0))
    service = money.nearest(money.portion(bringing, SERVICE_BASIS_POINTS), currency)
    return Price(currency, bringing, service)


def cancellation_fee(order: Order) -> int:
    """What a store owes that gives an errand up while a courier comes for it. Pure."""
    return money.nearest(money.portion(order.price, FEE_BASIS_POINTS), order.currency)


def store_of(store_id: str) -> Store:
    """A store that may send errands: one that is live, whatever its hours. NotFoundError (404).

    Raises OrdersStoppedError (503) while new orders are stopped.
    """
    stopping.demand_open()
    found = stores.store(store_id)
    if found is None or found.status is not StoreStatus.LIVE:
        raise NotFoundError
    return found


def terms(store: Store, door: Corner, ready_at: datetime) -> Terms | None:
    """What it costs to carry something to a door, and when it is there; None: too far."""
    zone = zones.covering(store.zones, store.location, door)
    if zone is None:
        return None
    now = conditions.of_city(store.city)
    approach = -(-APPROACH_MINUTES * now.supply_percent // WHOLE)
    fetched_at = max(ready_at, clock.after(60 * approach))
    way = conditions.way_minutes(zone.eta_minutes, DeliveredBy.PLATFORM, now)
    times = Times(fetched_at, fetched_at + timedelta(minutes=way))
    return Terms(price(store.currency, zone.fee), times)


@dataclass(frozen=True, slots=True)
class Around:
    """The couriers of a store's zone: who is free, by vehicle, and when the next one is."""

    free: Mapping[str, int]
    next_at: datetime | None


def around(store: Store) -> Around:
    """Who could come now (8 reads)."""
    state = supply.state(supply.read(dispatch.of_store(store)))
    counted: dict[str, int] = {}
    for one in state.couriers:
        counted[one.vehicle] = counted.get(one.vehicle, 0) + 1
    soonest = min((one.free_at for one in state.busy), default=None)
    return Around(MappingProxyType(counted), soonest)


def place(new: NewErrand, store: Store, caller: Caller) -> Placement:
    """An errand, and the parts that make it be: its order, and a payment of nothing.

    Raises NotFoundError (404) for another's store, ForbiddenError (403).
    """
    rights.ERRAND_CREATE.demand(caller, own=stores.speaks_for(caller, store.id))
    placed = errands.place(new, store, caller.actor)
    nothing = beginning.tender(placed.order.customer_id, store.currency, 0, [])
    _, opened = beginning.begin(Subject("order", placed.order.id), nothing)
    return Placement(placed.order, (*placed.parts, *opened))


def demand(order_id: str, caller: Caller, right: Right) -> Order:
    """An errand of the caller's store. Raises NotFoundError (404), ForbiddenError (403)."""
    order = orders.find(order_id)
    if order is None or order.errand is None:
        raise NotFoundError
    right.demand(caller, own=stores.speaks_for(caller, order.store_id))
    return order


def ready(order_id: str, caller: Caller) -> Order:
    """It is ready to be fetched. Safe to repeat. ImpossibleMoveError (409) where it was given up.

    Raises what `demand` raises.
    """
    return _command(order_id, OrderCommand.READY, caller, rights.ERRAND_READY)


def finish(order_id: str, caller: Caller) -> Order:
    """It is over, which the clock says a day after the hand-over otherwise. Safe to repeat.

    Raises ImpossibleMoveError (409) before the hand-over, and what `demand` raises.
    """
    return _command(order_id, OrderCommand.CONCLUDE, caller, rights.ERRAND_FINISH)


def _command(order_id: str, wanted: OrderCommand, caller: Caller, right: Right) -> Order:
    demand(order_id, caller, right)

    def decide(order: Order) -> tuple[Part, ...]:
        if statuses.was_applied(order.status, wanted, order.fulfilment):
            return ()
        return orders_moving.move(order, wanted, actor=caller.actor)

    return orders_moving.apply(order_id, decide)


def picked(order_id: str, caller: Caller) -> DeliveryHead:
    """Its courier has fetched it, says the store. Safe to repeat.

    Raises ImpossibleStepError (409) unless one is there, NotReadyError (409), and what `demand`
    raises.
    """
    order = demand(order_id, caller, rights.ERRAND_PICK_UP)
    found = opening.present(order_id)
    if found is None:
        raise orders_moving.impossible(order)

    def decide(delivery: DeliveryHead) -> tuple[Part, ...]:
        standing = DeliveryStatus(delivery.status)
        if deliveries.was_applied(standing, DeliveryCommand.PICK_UP):
            return ()
        return steps.fetched(delivery, steps.order_of(delivery), caller.actor)

    return moving.apply(found.id, decide)


def cancel(order_id: str, caller: Caller, code: str) -> Order:
    """Give one up for its store, at what that costs it by then. Safe to repeat.

    Raises ImpossibleMoveError (409) where it was handed over, and what `demand` raises.
    """
    for _ in range(RACES):
        order = demand(order_id, caller, rights.ERRAND_CANCEL)
        if order.status is OrderStatus.CANCELLED:
            return order
        try:
            parts.commit(*_cancelled(order, code, caller.actor))
        except (BusyError, OfferGoneError):
            continue
        return orders.find(order_id) or order
    raise BusyError


def _cancelled(order: Order, code: str, actor: str) -> tuple[Part, ...]:
    """The order and its delivery are given up together, so that what it costs is as it was read."""
    delivery = opening.present(order.id)
    if delivery is None:
        unopened = CurrentDelivery(order_key(order.id), CURRENT)
        still = parts.check(unopened, BusyError(), CurrentDelivery.pk.does_not_exist())
        return *errands.given_up(order, code, fee=0, actor=actor), still
    if delivery.status in CARRIED:
        recalled = errands.recall(order, actor)
        return *recalled, *giving_up.parts_of(delivery, RECALLED, actor)
    fee = cancellation_fee(order) if delivery.status in BEFORE_PICK_UP else 0
    ended = errands.given_up(order, code, fee=fee, actor=actor)
    return *ended, *giving_up.parts_of(delivery, code, actor)


def nobody(order_id: str) -> None:
    """Give one up for which nobody was found, for nothing: nobody has a choice. Safe to repeat."""
    giving_up.settle(opening.present, order_id, _unfound)


def _unfound(delivery: DeliveryHead) -> tuple[Part, ...]:
    order = orders.find(delivery.order_id)
    told = delivery.status == DeliveryStatus.PENDING and bool(delivery.no_courier_at)
    if order is None or not told or order.status not in TO_BRING:
        return ()
    ended = errands.given_up(
        order, NO_COURIER, fee=0, actor=SYSTEM, initiated_by="system", liable_party="platform"
    )
    return *ended, *giving_up.parts_of(delivery, NO_COURIER)
