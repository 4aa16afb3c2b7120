"""A promise has moved: whoever brings the order should come, and be expected, so much later."""

from datetime import timedelta

from chalicelib.core import clock, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.couriers import giving_up, moving, opening, zones
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.status import BEFORE_PICK_UP, DeliveryStatus
from chalicelib.couriers.zone_models import OpenDelivery
from chalicelib.orders import reading as orders

NOTHING = timedelta(0)


def delayed(order_id: str) -> None:
    """Expect a delivery as much later as its order was promised anew. Safe to repeat."""
    order = orders.find(order_id)
    if order is not None:
        ends = order.promised_until
        giving_up.settle(opening.present, order_id, lambda found: _later(found, clock.stamp(ends)))


def _later(delivery: DeliveryHead, promised_by: str) -> tuple[Part, ...]:
    """Like readiness this is no step of a delivery: no event of its own, and no new version."""
    more = clock.parse(promised_by) - clock.parse(delivery.promised_by)
    waits = {DeliveryStatus.PENDING, *BEFORE_PICK_UP}
    if more <= NOTHING or delivery.status not in waits or moving.is_over(delivery):
        return ()
    ready_at = clock.stamp(clock.parse(delivery.ready_at) + more)
    head = parts.update(
        DeliveryHead.at(delivery.id),
        [DeliveryHead.ready_at.set(ready_at), DeliveryHead.promised_by.set(promised_by)],
        BusyError(),
        (DeliveryHead.version == delivery.version)
        & (DeliveryHead.promised_by == delivery.promised_by),
    )
    if delivery.status != DeliveryStatus.PENDING:
        return (head,)
    opened = parts.update(
        OpenDelivery.at(delivery.zone, delivery.id),
        [OpenDelivery.ready_at.set(ready_at), OpenDelivery.promised_by.set(promised_by)],
        BusyError(),
        OpenDelivery.version == delivery.version,
    )
    return head, opened, zones.touch(delivery.zone, delivery.id)
