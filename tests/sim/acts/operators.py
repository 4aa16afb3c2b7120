"""Operators, releases, and whatever else happens to a town as a whole."""

import random
from collections.abc import Callable, Mapping
from typing import Any

from tests.sim import state
from tests.sim.acts.registry import act
from tests.sim.town import Town

LOOKS, LOOK = 30, 30.0
ENDED = {"DELIVERED", "PICKED_UP", "CONCLUDED", "CANCELLED", ""}


@act("operator cancels", weight=0.4)
def cancel(town: Town, rng: random.Random) -> None:
    """An operator gives one of the town's orders up."""
    if town.orders:
        order_id = rng.choice(town.orders)
        town.operator.post(f"/v1/orders/{order_id}/cancel", {"code": "other"})


@act("operator reassigns", weight=0.4)
def reassign(town: Town, rng: random.Random) -> None:
    """An operator takes a delivery from its courier, as soon as one has a courier."""
    found = _awaited(town, lambda head: head["status"] in {"ACCEPTED", "PICKUP_ONGOING"})
    if found:
        path = f"/v1/deliveries/{rng.choice(found)['id']}/reassign"
        town.operator.post(path, {"code": "other"})


@act("a release goes out", weight=0.5)
def deploy(town: Town, rng: random.Random) -> None:
    """New processes: nothing is remembered that is not stored."""
    town.wait(rng.uniform(0, 30))
    state.forget()


@act("chooses", weight=0.5)
def choose(town: Town, rng: random.Random) -> None:
    """Customers whom no courier was found for choose, as soon as they are asked."""
    asked = _awaited(town, lambda head: head.get("no_courier_at") and head["status"] == "PENDING")
    for head in asked:
        asker = town.person(head["customer_id"])
        body = {"choice": rng.choice(("wait", "collect", "cancel"))}
        asker.post(f"/v1/orders/{head['order_id']}/no-courier", body)


@act("a phone dies", weight=0.3)
def bury(town: Town, rng: random.Random) -> None:
    """A courier's app is removed, and installed again later under another token."""
    courier = rng.choice(town.couriers)
    town.world.phones.bury(courier.token)
    town.wait(rng.uniform(60, 400))
    courier.token += "x"
    body = {"platform": "fcm", "language": "en", "token": courier.token}
    courier.person.send("PUT", f"/v1/devices/{courier.device}", body)


def _awaited(town: Town, fits: Callable[[Mapping[str, Any]], object]) -> list[Mapping[str, Any]]:
    """The deliveries that fit, once there are any; none after a while in vain."""
    for _ in range(LOOKS):
        deliveries = town.world.shadow.partitions("couriers", "DELIVERY#")
        heads: list[Mapping[str, Any]] = [
            partition["HEAD"] for _, partition in deliveries if "HEAD" in partition
        ]
        if found := [head for head in heads if fits(head)]:
            return found
        town.wait(LOOK)
    return []


def close(town: Town) -> None:
    """At the end of the day an operator sees to everything that nobody has ended."""
    for order_id in town.placed():
        if town.status(order_id) not in ENDED:
            town.operator.post(f"/v1/orders/{order_id}/cancel", {"code": "other"})
