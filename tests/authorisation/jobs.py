"""The delivery of the town's order, which can be put into any state, and the offer of it."""

from typing import TYPE_CHECKING

from chalicelib.catalog import reading as stores
from chalicelib.core import clock, parts
from chalicelib.core.errors import BusyError
from chalicelib.couriers import moving, offering, opening, working
from chalicelib.couriers.delivery_models import CurrentDelivery, DeliveryHead
from chalicelib.couriers.matching import Decision
from chalicelib.couriers.models import CURRENT, OfferItem, courier_key, offer_key, order_key
from chalicelib.couriers.status import WITH_COURIER, DeliveryStatus
from chalicelib.couriers.zone_models import OnDuty, OpenDelivery
from chalicelib.orders import reading as orders

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

ZONE = "seoul"
COURIER = "usr-courier"
ORDERS = {
    **dict.fromkeys(("PENDING", "ACCEPTED", "PICKUP_ONGOING"), "READY_FOR_PICKUP"),
    **dict.fromkeys(("ARRIVED_AT_MERCHANT", "CANCELLED"), "READY_FOR_PICKUP"),
    **dict.fromkeys(("ORDER_PICKED", "DELIVERY_ONGOING", "ARRIVED_AT_CUSTOMER"), "DISPATCHED"),
    "ORDER_DELIVERED": "DELIVERED",
    "RETURNING_TO_MERCHANT": "CANCELLED",
    "RETURNED_TO_MERCHANT": "CANCELLED",
    "DELIVERY_FINISHED": "CONCLUDED",
}
"""How the order stands while its delivery stands so."""


def ask(order_id: str, courier_id: str) -> tuple[str, str]:
    """Open a delivery, of which its customer was told that nobody was found, and offer it."""
    order = orders.find(order_id)
    assert order
    store, drop_off = stores.store(order.store_id), orders.drop_off(order_id)
    assert store
    assert drop_off
    head = opening._first(order, store, drop_off)
    pointer = CurrentDelivery(order_key(order_id), CURRENT, delivery_id=head.id, attempt=1)
    parts.commit(parts.put(pointer, BusyError()), *opening._opened(head, ()))
    opened, duty = offering.opened(ZONE, head.id), working.on_duty(ZONE, courier_id)
    assert opened
    assert duty
    decision = Decision(
        delivery_id=head.id, courier_id=courier_id, reason="nearest", candidates=(), features={}
    )
    parts.commit(*offering.offer([(moving.demand(head.id), opened)], duty, decision))
    now = clock.stamp(clock.now())
    DeliveryHead.at(head.id).update([DeliveryHead.no_courier_at.set(now)])
    OpenDelivery.at(ZONE, head.id).update([OpenDelivery.told_at.set(now)])
    asked = working.on_duty(ZONE, courier_id)
    assert asked
    return head.id, str(asked.offer_id)


def put(delivery_id: str, offer_id: str, state: str) -> None:
    """The courier's delivery in a state. Nobody has one that is PENDING."""
    if state == DeliveryStatus.PENDING:
        return
    jobs = [delivery_id] if state in WITH_COURIER else []
    DeliveryHead.at(delivery_id).update(
        [
            DeliveryHead.status.set(state),
            DeliveryHead.courier_id.set(COURIER),
            DeliveryHead.no_courier_at.remove(),
        ]
    )
    OnDuty.at(ZONE, COURIER).update([OnDuty.jobs.set(jobs), *working.no_offer()])
    OpenDelivery.at(ZONE, delivery_id).delete()
    _mark(offer_id, "accepted")


def put_offer(delivery_id: str, offer_id: str, state: str) -> None:
    """The offer to the courier in a state, with the delivery as it then stands."""
    if state == "accepted":
        put(delivery_id, offer_id, "ACCEPTED")
    elif state in {"declined", "expired", "revoked"}:
        OnDuty.at(ZONE, COURIER).update(working.no_offer())
        OpenDelivery.at(ZONE, delivery_id).update([OpenDelivery.offers.set([])])
    _mark(offer_id, state)


def _mark(offer_id: str, state: str) -> None:
    actions: list[Action] = [OfferItem.status.set(state)]
    OfferItem(courier_key(COURIER), offer_key(offer_id)).update(actions)
