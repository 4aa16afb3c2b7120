"""An errand as the protocol shows it to who asked for it: its events and its details."""

from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from chalicelib.catalog import reading as stores
from chalicelib.core import clock, ids
from chalicelib.couriers import expecting, opening
from chalicelib.integrations.opendelivery import (
    feeding,
    logistic_facts,
    logistic_terms,
    prices,
    reading,
)
from chalicelib.integrations.opendelivery.logistic_facts import UNTOLD, Fact
from chalicelib.integrations.opendelivery.models import ErrandLink
from chalicelib.orders import errands
from chalicelib.orders.errand_schemas import Recipient
from chalicelib.orders.order import Order


@dataclass(frozen=True, slots=True)
class Asked:
    """What a store's system asked for: under its id, and the order that it became, if it did."""

    store_id: str
    reference: str
    link: ErrandLink
    order: Order | None


OVER = frozenset({"ORDER_DELIVERED", "RETURNED_TO_MERCHANT", "DELIVERY_FINISHED"})


def event(asked: Asked, fact: Fact) -> dict[str, Any]:
    """One event, as it is posted to the store's system."""
    shown: dict[str, Any] = {**_about(asked), "event": _event(fact)}
    order = asked.order
    if fact.problem:
        shown["problem"] = [fact.problem]
    if order is None or fact.type in UNTOLD or fact.delivery_id is None:
        return shown
    expected = expecting.of(fact.delivery_id)
    shown["eta"] = logistic_terms.eta(
        expected.fetched_at, expected.there_at, expected.by, is_fetched=expected.is_fetched
    )
    return {**shown, **_bringing(asked.link, order, fact.delivery_id)}


def details(asked: Asked) -> dict[str, Any]:
    """All that is known of an errand: of the last that was asked for under its id."""
    link, order = asked.link, asked.order
    facts = story(link, order)
    shown: dict[str, Any] = {
        **_about(asked),
        "events": [_event(fact) for fact in facts],
        "problem": [_past(fact, link) for fact in facts if fact.problem],
    }
    delivery = opening.present(order.id) if order else None
    if order is None or delivery is None or facts[-1].type in UNTOLD:
        return shown
    expected = expecting.of(delivery.id)
    shown["times"] = {
        "deliveryEtaDate": clock.stamp(expected.there_at),
        "maxDeliveryTime": clock.stamp(expected.by),
        "isDeliveryFinished": facts[-1].type in OVER,
    }
    if delivery.ended_at:
        shown["times"]["deliveryFinishDate"] = delivery.ended_at
    return {**shown, **_bringing(link, order, delivery.id)}


def story(link: ErrandLink, order: Order | None) -> list[Fact]:
    """Everything that has happened to an errand, the first first."""
    if order is not None:
        found = logistic_facts.of(order)
        return found or [logistic_facts.pending(order.id, clock.stamp(order.placed_at))]
    return rejected(link)


def rejected(link: ErrandLink) -> list[Fact]:
    """What there is to tell of one that was not taken on: it was asked for, and refused."""
    asked, said = ids.from_uuid("err", uuid5(NAMESPACE_URL, link.delivery_id)), link.rejected or {}
    pending = logistic_facts.pending(asked, link.asked_at)
    refused = Fact(
        str(uuid5(NAMESPACE_URL, f"{link.delivery_id} refused")),
        "REJECTED",
        link.asked_at,
        asked,
        1,
        message=said.get("message"),
        rejection=said.get("info"),
    )
    return [pending, refused]


def _about(asked: Asked) -> dict[str, Any]:
    store, order = stores.store(asked.store_id), asked.order
    names = dict(store.names) if store else {}
    known = _recipient(order)
    return {
        "deliveryId": reading.shown(order.id) if order else asked.link.delivery_id,
        "orderId": asked.reference,
        "orderDisplayId": asked.link.display,
        "merchant": {
            "id": feeding.merchant_id(asked.store_id),
            "name": names.get("en") or next(iter(names.values()), ""),
        },
        "customerName": known.name if known else "",
    }


def _recipient(order: Order | None) -> Recipient | None:
    return errands.recipient(order.id) if order else None


def _event(fact: Fact) -> dict[str, Any]:
    shown: dict[str, Any] = {"type": fact.type, "datetime": fact.at}
    if fact.message:
        shown["message"] = fact.message
    if fact.rejection:
        shown["rejectionInfo"] = fact.rejection
    return shown


def _past(fact: Fact, link: ErrandLink) -> dict[str, Any]:
    """A problem, and what its store has answered."""
    said = fact.problem or {}
    shown = {name: said[name] for name in ("reason", "message", "datetime")}
    answer = dict(link.solved).get(fact.id)
    if answer is None:
        return {**shown, "resolved": False}
    return {
        **shown,
        "resolved": True,
        "actionTaken": answer["action"],
        "resolutionDate": answer["at"],
    }


def _bringing(link: ErrandLink, order: Order, delivery_id: str) -> dict[str, Any]:
    """Who brings it, by what and for how much. A courier's id is this errand's alone."""
    shown: dict[str, Any] = {
        "deliveryPrice": {
            "price": prices.price(order.price, order.currency),
            "pricingList": "NORMAL",
            "additionalPricePercentual": 0,
        },
        "vehicle": {"type": "BICYCLE", "container": logistic_terms.CONTAINER},
    }
    found = expecting.rider(delivery_id)
    if found is None:
        return shown
    courier_id, known = found
    rides = logistic_terms.ride(list(link.vehicles), known.vehicle if known else None)
    shown["vehicle"]["type"] = rides
    shown["deliveryPerson"] = {
        "id": str(uuid5(ids.to_uuid(order.id), courier_id)),
        "name": known.given_name if known else "",
    }
    return shown
