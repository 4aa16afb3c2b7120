"""What a store's system tells of its own riders, and asks of whoever takes an order from them.

Of a report only what is not personal is kept: no name, no picture, no position.
"""

import re
from typing import Any, Literal

from pydantic import AwareDatetime

from chalicelib.catalog.status import Fulfilment
from chalicelib.core import clock, parts
from chalicelib.core.errors import ConflictError, InvalidError
from chalicelib.integrations.opendelivery import commands, details, feeding, reading
from chalicelib.integrations.opendelivery.models import OrderLink
from chalicelib.integrations.opendelivery.operations import Call, Said
from chalicelib.integrations.opendelivery.reading import Wanted
from chalicelib.orders import handing_over, rights
from chalicelib.orders.order import Order
from chalicelib.orders.status import OrderCommand

CODE = re.compile(r"[0-9]{4}")
Step = Literal[
    "PICKUP_ONGOING",
    "ARRIVED_AT_MERCHANT",
    "ORDER_PICKED",
    "DELIVERY_ONGOING",
    "ARRIVED_AT_CUSTOMER",
    "ORDER_DELIVERED",
    "CANCELLED",
]
Problem = Literal[
    "DELIVERYPERSON_OCCURRENCE",
    "PAYMENT_PROBLEMS",
    "WRONG_PRODUCT_OR_ITEM",
    "ORDER_DELAYED",
    "ORDER_DAMAGED_OR_VIOLATED",
    "CUSTOMER_DID_NOT_PLACE_ORDER",
    "CUSTOMER_ADDRESS_UNKNOWN",
    "ORDER_MISSING_ITEMS",
    "NOBODY_TO_RECEIVE",
    "DELIVERYPERSON_WAITING_PAYMENT_FOR_ALREADY_PAID_ORDER",
    "ORDER_DELIVERED_WITHOUT_PAYMENT",
    "FRAUD_OR_THEFT",
]


class SaidStep(Wanted):
    """How far a rider is."""

    type: Step
    datetime: AwareDatetime


class SaidProblem(Wanted):
    """What is in a rider's way."""

    reason: Problem
    datetime: AwareDatetime


class Eta(Wanted):
    """When a rider should be there."""

    deliveryEtaDatetime: AwareDatetime | None = None  # noqa: N815 - the protocol's name


class Info(Wanted):
    """A report of a delivery. What else the protocol has in it is not kept."""

    event: SaidStep | None = None
    problem: SaidProblem | None = None
    eta: Eta | None = None


class Tracking(Wanted):
    """A report, as it is sent."""

    deliveryTrackingInfo: Info  # noqa: N815 - the protocol's name


class Dispatched(Wanted):
    """That a rider has left, and maybe how far they are."""

    deliveryTrackingInfo: Info | None = None  # noqa: N815 - the protocol's name


def dispatch(call: Call) -> Said:
    """That the store's own rider has left: 202. Raises ImpossibleMoveError (409)."""
    said: Dispatched | None = (
        reading.parse(Dispatched, call.incoming) if call.incoming.body else None
    )
    commands.apply(call, OrderCommand.DISPATCH, rights.ORDER_DISPATCH)
    if said and said.deliveryTrackingInfo:
        _keep(details.demand(call), said.deliveryTrackingInfo)
    return commands.ACCEPTED


def track(call: Call) -> Said:
    """A report of the store's own rider: 202. The order's status is not moved by it.

    Raises ConflictError (409) where couriers bring it, nobody does, or it has ended.
    """
    said: Tracking = reading.parse(Tracking, call.incoming)
    order = details.demand(call)
    if order.fulfilment is not Fulfilment.DELIVERY or order.by_couriers or order.ended:
        raise ConflictError("The store does not bring this order now.")
    _keep(order, said.deliveryTrackingInfo)
    return commands.ACCEPTED


def _keep(order: Order, info: Info) -> None:
    kept: dict[str, Any] = info.model_dump(mode="json", exclude_none=True)
    part = parts.upsert(
        OrderLink.at(order.store_id, order.id),
        [
            OrderLink.tracking.set({**kept, "told_at": clock.stamp(clock.now())}),
            OrderLink.expires_at.set(feeding.forgotten()),
        ],
    )
    parts.commit(part)


def validate(call: Call) -> Said:
    """Whether a code is what the order's customer is shown: 200.

    Raises InvalidError (400) for what is no code; a wrong one, one try too many, and an order that
    is not to be handed over by its store now are conflicts, which the protocol tells as 400.
    """
    given = call.incoming.query.get("deliveryCode", ())
    if len(given) != 1 or not CODE.fullmatch(given[0]):
        raise InvalidError(errors=[{"pointer": "?deliveryCode", "detail": "four digits"}])
    order = details.demand(call)
    handing_over.check(order.id, call.caller, given[0], rights.ORDER_CHECK_CODE)
    return Said(200, {"orderId": reading.shown(order.id), "deliveryCode": given[0]})
