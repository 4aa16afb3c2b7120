"""The queue's and the clock's way to couriers."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, Rate, SQSEvent

from chalicelib.core import batches
from chalicelib.core.telemetry import handler, log
from chalicelib.couriers import (
    dispatching,
    errands,
    following,
    forgetting,
    moving,
    opening,
    rating,
    tips,
    waking,
    working,
)
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.status import NO_COURIER, DeliveryStatus
from chalicelib.orders import deadlines
from chalicelib.orders import reading as orders

bp = Blueprint(__name__)


@bp.on_sqs_message(
    queue_arn="arn:aws:sqs:us-east-1:123456789012:overlaid", name="dispatch-couriers"
)
@handler
def dispatch_couriers(event: SQSEvent) -> dict[str, Any]:
    """Let deliveries follow orders, and couriers deliveries. What fails comes again, alone."""
    return batches.each(event.to_dict(), _hear)


@bp.schedule(Rate(1, Rate.MINUTES), name="sweep-couriers")
@handler
def sweep_couriers(_: CloudWatchEvent) -> None:
    """Ring for every zone that is due: each is then dispatched by itself."""
    rung = 0
    for zone in dispatching.overdue():
        waking.zone_now(zone)
        rung += 1
    log("Zones were swept", count=rung)


def _hear(message: Mapping[str, Any]) -> None:
    """A bell is a hint: what is done depends on how things stand."""
    kind, subject = message["kind"], message["subject"]
    if kind == "order":
        _OF_ORDERS[message["type"]](subject, int(message["version"]))
    elif kind in {moving.DELIVERY, moving.ERRAND}:
        _look(moving.demand(subject), message["type"])
    elif kind == "courier":
        courier = working.head(subject)
        if courier is not None and courier.zone is not None:
            dispatching.run(courier.zone)
    elif kind == "rating":
        rating.count(subject)
    elif kind == "payment":
        tips.post(subject.partition("#")[2])
    elif kind == waking.ZONE:
        dispatching.run(subject)


def _look(delivery: DeliveryHead, told: str) -> None:
    if told == NO_COURIER and delivery.errand:
        errands.nobody(delivery.order_id)
    if delivery.status == DeliveryStatus.RETURNED_TO_MERCHANT:
        opening.finish(delivery.order_id)
    dispatching.run(delivery.zone)


def _ready(order_id: str, _: int) -> None:
    """What is ready may be offered at once, though no event of the delivery says so."""
    opening.ready(order_id)
    delivery = opening.present(order_id)
    if delivery is not None:
        dispatching.run(delivery.zone)


def _schedule(order_id: str, _: int) -> None:
    """Have the next deadline met to the second. The sweep alone would be up to a minute late."""
    order = orders.find(order_id)
    if order is not None:
        waking.order_at(order)


def _meet(order_id: str, version: int) -> None:
    """Meet a deadline, unless the order has changed since: then its event has rung another bell."""
    order = orders.find(order_id)
    if order is None or order.version != version:
        return
    if deadlines.is_due(order):
        deadlines.meet(order_id)
    else:
        waking.order_at(order)


def _following(do: Callable[[str], None]) -> Callable[[str, int], None]:
    return lambda order_id, _: do(order_id)


_OF_ORDERS: Mapping[str, Callable[[str, int], None]] = MappingProxyType(
    {
        "order.created": _schedule,
        "order.confirmation_overdue": _schedule,
        "order.claimed": _schedule,
        waking.DEADLINE: _meet,
        "order.confirmed": _following(opening.open),
        "order.due_soon": _following(opening.open),
        "order.delayed": _following(following.delayed),
        "order.ready_for_pickup": _ready,
        "order.fulfilment_changed": _following(opening.cancel),
        "order.cancelled": _following(opening.cancel),
        "order.concluded": _following(opening.finish),
        "order.forgotten": _following(lambda order_id: forgetting.places([order_id])),
    }
)
