"""What cannot be handed over goes back to its store, and the order is given up."""

from collections.abc import Mapping

from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller
from chalicelib.couriers import earning, moving, rights, working, zones
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.schemas import ReturnCode
from chalicelib.couriers.status import DeliveryCommand
from chalicelib.couriers.steps import is_done, order_of
from chalicelib.orders import carrying
from chalicelib.orders.order import Order
from chalicelib.orders.schemas import LiableParty
from chalicelib.orders.status import OrderStatus

LIABLE: Mapping[ReturnCode, LiableParty] = {
    "customer_absent": "customer",
    "customer_refused": "customer",
    "age_not_proven": "customer",
    "wrong_address": "customer",
    "damaged": "platform",
    "unsafe": "platform",
    "other": "platform",
}
"""Who bears an order that came back. Where it is the customer, the whole price is owed."""


def bring_back(delivery_id: str, code: ReturnCode, caller: Caller) -> DeliveryHead:
    """Give up handing it over. The order is CANCELLED in the same transaction.

    Raises NotFoundError (404), ForbiddenError (403), ImpossibleStepError (409).
    """

    def decide(delivery: DeliveryHead) -> tuple[Part, ...]:
        if is_done(delivery, DeliveryCommand.BRING_BACK, caller, rights.DELIVERY_BRING_BACK):
            return ()
        turned = moving.move(
            delivery,
            DeliveryCommand.BRING_BACK,
            actor=caller.actor,
            also=[DeliveryHead.code.set(code)],
            data={"code": code, "liable_party": LIABLE[code]},
        )
        return *turned, *_given_up(order_of(delivery), code, caller)

    return moving.apply(delivery_id, decide)


def hand_back(delivery_id: str, caller: Caller) -> DeliveryHead:
    """Say that the store has the order again. The courier is free, and is paid for the way.

    Raises NotFoundError (404), ForbiddenError (403), ImpossibleStepError (409).
    """

    def decide(delivery: DeliveryHead) -> tuple[Part, ...]:
        if is_done(delivery, DeliveryCommand.RETURN, caller, rights.DELIVERY_BRING_BACK):
            return ()
        returned = moving.move(delivery, DeliveryCommand.RETURN, actor=caller.actor)
        return (
            *returned,
            *working.freed(delivery.zone, str(delivery.courier_id), delivery.id, caller.actor),
            *earning.post(delivery, order_of(delivery), earning.RETURNED),
            zones.touch(delivery.zone, delivery.id),
        )

    return moving.apply(delivery_id, decide)


def _given_up(order: Order, code: ReturnCode, caller: Caller) -> tuple[Part, ...]:
    """An order that an operator has cancelled on its way is given up already."""
    if order.status is OrderStatus.CANCELLED:
        return ()
    return carrying.bring_back(order, LIABLE[code], caller.actor)
