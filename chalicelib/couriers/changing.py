"""How a delivery changes: one conditional write of its head, one event, in one transaction."""

from collections.abc import Callable, Mapping
from typing import Any

from pynamodb.expressions.update import Action

from chalicelib.core import clock, dynamo, outbox, parts
from chalicelib.core.errors import BusyError, Value
from chalicelib.core.parts import Part
from chalicelib.couriers import status
from chalicelib.couriers.errors import ImpossibleStepError
from chalicelib.couriers.models import (
    CURRENT,
    CurrentDelivery,
    DeliveryEvent,
    DeliveryHead,
    delivery_key,
    order_key,
)
from chalicelib.couriers.status import DeliveryCommand, DeliveryStatus

RACES = 6
ENDS = frozenset(
    {
        DeliveryStatus.ORDER_DELIVERED,
        DeliveryStatus.RETURNED_TO_MERCHANT,
        DeliveryStatus.REJECTED,
        DeliveryStatus.CANCELLED,
    }
)

type Decide = Callable[[DeliveryHead], tuple[Part, ...]]


def find(delivery_id: str) -> DeliveryHead | None:
    return dynamo.get(DeliveryHead, delivery_key(delivery_id))


def pointer(order_id: str) -> CurrentDelivery | None:
    """Which attempt to bring an order is the present one; None where none was opened."""
    return dynamo.get(CurrentDelivery, order_key(order_id), CURRENT)


def present(order_id: str) -> DeliveryHead | None:
    """The present attempt to bring an order."""
    found = pointer(order_id)
    return find(found.delivery_id) if found else None


def move(
    delivery: DeliveryHead,
    command: DeliveryCommand,
    *,
    actor: str,
    also: tuple[Action, ...] = (),
    data: Mapping[str, Value] | None = None,
) -> tuple[Part, ...]:
    """The parts that apply a command to a delivery as it was read.

    Raises ImpossibleStepError (409). Their failure is BusyError: read it again.
    """
    target = status.after(DeliveryStatus(delivery.status), command)
    if target is None:
        raise ImpossibleStepError(
            current_status=delivery.status,
            allowed_commands=[
                str(one) for one in status.allowed(DeliveryStatus(delivery.status))
            ],
        )
    ended = (DeliveryHead.ended_at.set(clock.stamp(clock.now())),) if target in ENDS else ()
    return (
        parts.update(
            DeliveryHead.at(delivery.id),
            [
                DeliveryHead.status.set(target),
                DeliveryHead.version.set(delivery.version + 1),
                *ended,
                *also,
            ],
            BusyError(),
            DeliveryHead.version == delivery.version,
        ),
        told(delivery, status.DELIVERY_EVENTS[target], target, actor=actor, data=data),
    )


def note(
    delivery: DeliveryHead,
    event_type: str,
    *,
    actor: str,
    also: tuple[Action, ...] = (),
    data: Mapping[str, Value] | None = None,
) -> tuple[Part, ...]:
    """The parts of what happens to a delivery and leaves its status as it is."""
    return (
        parts.update(
            DeliveryHead.at(delivery.id),
            [DeliveryHead.version.set(delivery.version + 1), *also],
            BusyError(),
            DeliveryHead.version == delivery.version,
        ),
        told(delivery, event_type, DeliveryStatus(delivery.status), actor=actor, data=data),
    )


def told(
    delivery: DeliveryHead,
    event_type: str,
    reached: DeliveryStatus,
    *,
    actor: str,
    data: Mapping[str, Value] | None = None,
    version: int | None = None,
) -> Part:
    """The event of the version after the one that was read (or of the version given)."""
    about: dict[str, Any] = {
        "zone": delivery.zone,
        "order_id": delivery.order_id,
        "store_id": delivery.store_id,
        "customer_id": delivery.customer_id,
        "attempt": int(delivery.attempt),
        "status": reached,
    }
    if delivery.courier_id:
        about["courier_id"] = delivery.courier_id
    return outbox.announce(
        DeliveryEvent,
        delivery_key(delivery.id),
        kind="delivery",
        subject=delivery.id,
        version=int(delivery.version) + 1 if version is None else version,
        type=event_type,
        actor=actor,
        data={**about, **(data or {})},
    )


def settle(order_id: str, decide: Decide) -> None:
    """Read an order's present delivery, decide, commit; on a race read again.

    `decide` returns no parts where nothing is to do. Raises BusyError after too many races.
    """
    for _ in range(RACES):
        delivery = present(order_id)
        chosen = decide(delivery) if delivery else ()
        if not chosen:
            return
        try:
            parts.commit(*chosen)
        except BusyError:
            continue
        return
    raise BusyError
