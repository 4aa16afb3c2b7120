"""Deliveries as they are now, and what of them each caller may see.

Where an order goes is for its courier, while they bring it. Where a courier is, and the PIN, are
for the order's customer while it is carried, and no other door comes before theirs: where somebody
else lives is not theirs to see. For the store it is who comes, until the pick-up.
"""

from chalicelib.catalog.zones import Point
from chalicelib.core.errors import NotFoundError
from chalicelib.core.rights import Caller, Right, Role
from chalicelib.couriers import (
    arriving,
    choosing,
    earning,
    moving,
    opening,
    proving,
    routing,
    working,
)
from chalicelib.couriers import rights as rows
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.schemas import (
    Choice,
    CourierProfile,
    DeliveryView,
    Located,
    OrderDeliveryView,
    TrackingView,
)
from chalicelib.couriers.status import (
    BEFORE_PICK_UP,
    CARRIED,
    WITH_COURIER,
    DeliveryStatus,
    allowed,
)
from chalicelib.couriers.zone_models import OnDuty
from chalicelib.orders import reading as orders
from chalicelib.orders.order import Order

LIVE_SECONDS = 60
"""A position that is older is shown to nobody: it would look like now."""
RETURNED = frozenset(
    {
        DeliveryStatus.RETURNING_TO_MERCHANT,
        DeliveryStatus.RETURNED_TO_MERCHANT,
        DeliveryStatus.DELIVERY_FINISHED,
    }
)
CHOICES: tuple[Choice, ...] = ("wait", "collect", "cancel")


def owned_as(delivery: DeliveryHead, caller: Caller) -> frozenset[Role]:
    """In which role a delivery is the caller's: as the courier who has accepted it."""
    is_theirs = delivery.courier_id == caller.id
    return caller.roles & {Role.COURIER} if is_theirs else frozenset()


def demand(delivery_id: str, caller: Caller) -> DeliveryHead:
    """The delivery, for its courier or an operator. Raises NotFoundError (404)."""
    delivery = moving.demand(delivery_id)
    rows.DELIVERY_READ.demand(caller, own=owned_as(delivery, caller))
    return delivery


def view(delivery: DeliveryHead, caller: Caller) -> DeliveryView:
    """A delivery as its courier sees it, or an operator, who is not told where it goes."""
    shown = _brings(delivery, caller)
    standing = DeliveryStatus(delivery.status)
    return DeliveryView(
        id=delivery.id,
        order_id=delivery.order_id,
        attempt=int(delivery.attempt),
        status=standing,
        version=int(delivery.version),
        pickup=delivery.pickup,
        ready_at=delivery.ready_at,
        promised_by=delivery.promised_by,
        minimum_age=_whole(delivery.minimum_age),
        proof=proving.needed(delivery),
        drop_off=orders.drop_off(delivery.order_id) if shown else None,
        note=orders.note(delivery.order_id) if shown else None,
        courier_note=orders.courier_note(delivery.order_id) if shown else None,
        stop=_whole(delivery.stop),
        earning=earning.of(delivery),
        pin_tries_left=proving.tries_left(delivery),
        code=delivery.code,
        next_commands=allowed(standing),
    )


def of_order(order_id: str, caller: Caller) -> OrderDeliveryView:
    """The present attempt to bring an order, as this caller may see it.

    Raises NotFoundError (404) for a foreign order, and where no delivery was opened.
    """
    order, delivery = _demand_present(order_id, caller, rows.ORDER_READ_DELIVERY)
    return order_view(order, delivery, caller)


def order_view(order: Order, delivery: DeliveryHead, caller: Caller) -> OrderDeliveryView:
    """A delivery as an order's customer sees it, or its store, or an operator."""
    is_customers = Role.CUSTOMER in orders.owned_as(order, caller)
    return OrderDeliveryView(
        id=delivery.id,
        attempt=int(delivery.attempt),
        status=delivery.status,
        courier=_who_comes(delivery),
        pin=proving.pin(delivery.id) if is_customers and delivery.status in CARRIED else None,
        proof=proving.needed(delivery),
        ready_at=delivery.ready_at,
        promised_by=delivery.promised_by,
        choices=CHOICES if is_customers and choosing.is_open(delivery, order) else (),
        return_code=delivery.code if delivery.status in RETURNED else None,
    )


def track(order_id: str, caller: Caller) -> TrackingView:
    """Where the courier of an order is, while this caller may know it: 3 reads for its customer.

    One more for each door that comes before theirs.

    Raises NotFoundError (404) for a foreign order, and where no delivery was opened.
    """
    delivery = opening.present(order_id)
    if delivery is None:
        raise NotFoundError
    owned = _ordered_as(delivery, caller)
    courier = carrier(delivery)
    before = routing.doors_before(delivery, courier) if courier is not None else []
    hidden = Role.CUSTOMER in owned and before
    shown = not hidden and _may_see_position(delivery, owned, caller)
    return TrackingView(
        status=delivery.status,
        position=_located(courier) if courier is not None and shown else None,
        arrives_at=arriving.at_the_door(delivery, courier, before),
    )


def _ordered_as(delivery: DeliveryHead, caller: Caller) -> frozenset[Role]:
    """In which of their roles the order of a delivery is the caller's.

    Its customer is known to the delivery, and asks every 15 seconds: for others the order is read.
    """
    if Role.CUSTOMER in caller.roles and delivery.customer_id == caller.id:
        return frozenset({Role.CUSTOMER})
    order = orders.demand(delivery.order_id, caller, rows.ORDER_TRACK)
    return orders.owned_as(order, caller)


def _demand_present(order_id: str, caller: Caller, right: Right) -> tuple[Order, DeliveryHead]:
    order = orders.demand(order_id, caller, right)
    delivery = opening.present(order_id)
    if delivery is None:
        raise NotFoundError
    return order, delivery


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _brings(delivery: DeliveryHead, caller: Caller) -> bool:
    on_the_way = delivery.status in BEFORE_PICK_UP | CARRIED
    return on_the_way and bool(owned_as(delivery, caller))


def _who_comes(delivery: DeliveryHead) -> CourierProfile | None:
    if delivery.status not in WITH_COURIER:
        return None
    head = working.head(str(delivery.courier_id))
    return CourierProfile(given_name=head.given_name, vehicle=head.vehicle) if head else None


def carrier(delivery: DeliveryHead) -> OnDuty | None:
    """The duty of who has the delivery, while they have it, with a position that is still true."""
    if delivery.status not in WITH_COURIER:
        return None
    courier = working.on_duty(delivery.zone, str(delivery.courier_id))
    return courier if courier and working.age(courier) <= LIVE_SECONDS else None


def _may_see_position(delivery: DeliveryHead, owned: frozenset[Role], caller: Caller) -> bool:
    if Role.CUSTOMER in owned:
        return delivery.status in CARRIED
    if owned:
        return delivery.status in BEFORE_PICK_UP
    return Role.OPERATOR in caller.roles


def _located(courier: OnDuty) -> Located:
    location = Point(type="Point", coordinates=working.position(courier))
    return Located(location=location, at=courier.located_at)
