"""Forgetting somebody: how a courier is called, and where a customer's orders were brought."""

from collections.abc import Iterable

from chalicelib.core import dynamo, parts
from chalicelib.core.errors import BusyError
from chalicelib.couriers import documents, working
from chalicelib.couriers.delivery_models import CurrentDelivery, DeliveryHead
from chalicelib.couriers.models import CURRENT, CourierHead, courier_key, delivery_key, order_key


def is_on_duty(person_id: str) -> bool:
    """Whether somebody is on duty as a courier, or has a job to finish (2 reads)."""
    courier = working.head(person_id)
    return courier is not None and working.present(courier) is not None


def courier(person_id: str) -> None:
    """Keep nothing that a courier said of themselves. Their jobs stay, under an id. Repeatable."""
    documents.forget(person_id)
    parts.commit(parts.forget(CourierHead(courier_key(person_id), dynamo.HEAD)))


def places(order_ids: Iterable[str]) -> None:
    """Take out of every attempt to bring these orders where they were brought. Safe to repeat."""
    for order_id in order_ids:
        pointer = dynamo.get(CurrentDelivery, order_key(order_id), CURRENT)
        attempt = pointer.delivery_id if pointer else None
        while attempt is not None:
            found = dynamo.get(DeliveryHead, delivery_key(attempt))
            if found is not None and found.drop:
                gone = [DeliveryHead.drop.set({})]
                parts.commit(parts.update(found, gone, BusyError(), DeliveryHead.pk.exists()))
            attempt = found.previous if found else None
