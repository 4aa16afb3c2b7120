"""Opinions: customers rate what they had, say it otherwise, twice at once; stores answer."""

import random
from functools import partial

from tests.sim.acts.aftermath import brought
from tests.sim.acts.person import Person
from tests.sim.acts.registry import act
from tests.sim.town import Store, Town


@act("rates", weight=1.5)
def rate(town: Town, rng: random.Random) -> None:
    """Who had an order rates it, from two phones at once or again, and its store may answer."""
    order_id = brought(town, rng)
    if order_id is None:
        return
    head = town.world.shadow.get("orders", f"ORDER#{order_id}") or {}
    customer, with_courier = town.customer_of(order_id), bool(head.get("courier_id"))
    for number in range(rng.choice((1, 1, 2, 3))):
        say = partial(_say, customer, order_id, rng.randint(1, 5), with_courier=with_courier)
        if number and rng.random() < 0.5:
            town.world.act(f"{customer.name} rates too", say, 0.1 * rng.random())
        else:
            say()
            town.wait(rng.choice((0.0, 1.0, 90.0)) * rng.random())
    if rng.random() < (0.9 if town.seeks_rare else 0.3):
        _answer(town, next(one for one in town.stores if one.id == head["store_id"]), rng)


def _say(customer: Person, order_id: str, stars: int, *, with_courier: bool) -> None:
    body = {"store": stars, "courier": 6 - stars if with_courier else None, "comment": "So."}
    customer.send("PUT", f"/v1/orders/{order_id}/rating", body)


def _answer(town: Town, store: Store, rng: random.Random) -> None:
    listed = store.owner.get(f"/v1/stores/{store.id}/ratings") or {"items": []}
    if listed["items"]:
        path = f"/v1/stores/{store.id}/ratings/{rng.choice(listed['items'])['id']}"
        store.owner.send("PUT", f"{path}/answer", {"text": "Thank you."})
        if rng.random() < 0.5:
            town.operator.post(f"{path}/hide", {"reason": "It names somebody."})
