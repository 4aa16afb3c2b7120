"""What a customer would rather, since no courier was found: wait on, collect it, or give it up."""

from typing import Final

from chalicelib.core import parts
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller
from chalicelib.couriers import giving_up, moving, offering, opening, rights, watching
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.errors import NoChoiceError, OfferGoneError
from chalicelib.couriers.schemas import Choice
from chalicelib.couriers.status import DeliveryStatus
from chalicelib.orders import cancelling, collecting
from chalicelib.orders import reading as orders
from chalicelib.orders.order import Order
from chalicelib.orders.status import TO_BRING

COLLECTED: Final = "collected"
NO_COURIER: Final = "no_courier"
RACES = 6


def choose(order_id: str, choice: Choice, caller: Caller) -> DeliveryHead:
    """Do what the customer has chosen, in one transaction. Repeating it changes nothing.

    Raises NotFoundError (404), and NoChoiceError (409) where nobody has said that no courier was
    found, or one was found meanwhile.
    """
    for _ in range(RACES):
        order = orders.demand(order_id, caller, rights.ORDER_CHOOSE)
        delivery = opening.present(order_id)
        if delivery is None:
            raise NotFoundError
        if _is_done(delivery, choice):
            return delivery
        if not is_open(delivery, order):
            raise NoChoiceError(current_status=delivery.status, allowed_commands=[])
        try:
            parts.commit(*_chosen(delivery, order, choice, caller))
        except (BusyError, OfferGoneError):
            continue
        return moving.demand(delivery.id)
    raise BusyError


def is_open(delivery: DeliveryHead, order: Order) -> bool:
    """Whether the customer was told that nobody was found, and may still answer."""
    told = delivery.status == DeliveryStatus.PENDING and bool(delivery.no_courier_at)
    return told and order.status in TO_BRING


def _chosen(
    delivery: DeliveryHead, order: Order, choice: Choice, caller: Caller
) -> tuple[Part, ...]:
    if choice == "wait":
        opened = offering.opened(delivery.zone, delivery.id)
        if opened is None:
            raise BusyError
        return watching.wait_on(delivery, opened, caller.actor)
    if choice == "collect":
        given_up = giving_up.parts_of(delivery, COLLECTED, caller.actor)
        return *given_up, *collecting.collect(order, caller.actor)
    cancelled = cancelling.parts_of(order, NO_COURIER, "customer", "platform", actor=caller.actor)
    return *giving_up.parts_of(delivery, NO_COURIER, caller.actor), *cancelled


def _is_done(delivery: DeliveryHead, choice: Choice) -> bool:
    if choice != "wait":
        code = COLLECTED if choice == "collect" else NO_COURIER
        return delivery.status == DeliveryStatus.CANCELLED and delivery.code == code
    if delivery.status != DeliveryStatus.PENDING or delivery.no_courier_at:
        return False
    opened = offering.opened(delivery.zone, delivery.id)
    return opened is not None and opened.told_at is not None
