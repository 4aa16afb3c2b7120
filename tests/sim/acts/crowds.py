"""Crowds: everybody wants the last of something, or the last place of a kitchen, at once."""

import random
from functools import partial
from typing import Any

from tests.sim.acts import customers
from tests.sim.acts.person import Person
from tests.sim.acts.registry import act
from tests.sim.invariants.registry import demand
from tests.sim.town import SCARCE, Store, Town

REFUSED = {"sold_out", "kitchen_full"}
TAPS = 2


@act("all want the last one", weight=1.2, orders=2)
def storm(town: Town, rng: random.Random) -> None:
    """Every customer has a quote for it, on two devices, and then all of them order."""
    store, at = town.store(rng), rng.uniform(2, 20)
    for customer in town.customers:
        for number in range(TAPS):
            mine = random.Random(rng.randrange(2**32))  # noqa: S311 - no secret depends on it
            wants = partial(_want, town, mine, customer, store, at)
            town.world.act(f"{customer.name} wants the last one ({number})", wants)


def _want(town: Town, rng: random.Random, customer: Person, store: Store, at: float) -> None:
    until = town.world.scheduler.now + at
    items = [{"item_id": SCARCE, "quantity": rng.choice((1, 1, 2))}]
    wanted = {"store_id": store.id, "fulfilment": "takeaway", "items": items}
    reply = customer.post("/v1/quotes", wanted)
    if reply is None or reply.status != 201:
        return
    town.wait(max(0.0, until - town.world.scheduler.now) + rng.choice((0.0, 0.0, 0.3)))
    order_id = _order(town, customer, store, reply.json)
    if order_id and rng.random() < 0.4:
        town.wait(rng.choice((0.0, 1.0, 60.0)) * rng.random())
        customer.post(f"/v1/orders/{order_id}/cancel", {"code": "changed_mind"})


def refusals(town: Town, store: Store, item_id: str, *, expected: set[str]) -> set[str]:
    """As what an order may be refused that comes too late: gone only if a till has said so."""
    return expected | {"items_gone"} if (store.id, item_id) in town.taken_off else expected


def _order(town: Town, customer: Person, store: Store, quote: Any) -> str | None:  # noqa: ANN401 - any JSON
    """Who comes too late is told what is gone, and has not paid for anything."""
    body, key = {"quote_id": quote["id"], "payments": [{"method": "card"}]}, customer.new_key()
    reply = customer.post("/v1/orders", body, key=key)
    if reply is None:
        return None
    if reply.status == 409:
        allowed = refusals(town, store, SCARCE, expected=REFUSED)
        demand("H1", reply.code in allowed, f"a late order was answered {reply.code}")
        return None
    if reply.status != 201:
        return None
    customers.remember(customer, key, reply.json)
    town.orders.append(str(reply.json["order_id"]))
    for payment in reply.json["payments"]:
        customers.pay(town, random.Random(quote["id"]), payment, "card")  # noqa: S311 - no secret depends on it
    return str(reply.json["order_id"])
