"""Bargains: a store makes a promotion of which there is little, and everybody wants it at once."""

import random
from functools import partial
from typing import Any

from tests.shopfront import DOOR
from tests.sim.acts import crowds, customers
from tests.sim.acts.person import Person
from tests.sim.acts.registry import act
from tests.sim.invariants.registry import demand
from tests.sim.town import Store, Town

DISH = "bibimbap"
LIMITS: tuple[dict[str, Any], ...] = (
    {"uses": 1}, {"uses": 2}, {"budget": 2_500}, {"uses": 3, "per_customer": 1},
    {"first_order": True}, {"budget": 10_000, "per_customer": 2},
)  # fmt: skip
BENEFITS: tuple[dict[str, Any], ...] = (
    {"type": "percentage", "basis_points": 1_300},
    {"type": "amount", "amount": 2_000},
    {"type": "free_delivery"},
    {"type": "item", "item_id": DISH},
)
REFUSED = {"promotion_gone", "kitchen_full"}


@act("all want a bargain", weight=0.8, orders=2)
def bargain(town: Town, rng: random.Random) -> None:
    """An owner makes a code, every customer has a quote with it, and then all of them order."""
    store, at = town.store(rng), rng.uniform(5, 25)
    code = f"CODE-{rng.randrange(10**6)}"
    body = {"names": {"en": "Less"}, "benefit": rng.choice(BENEFITS), "code": code}
    path = f"/v1/stores/{store.id}/promotions"
    made = store.owner.post(path, {**body, **rng.choice(LIMITS)}, key=store.owner.new_key())
    if made is None or made.status != 201:
        return
    until = town.world.scheduler.now + at
    for customer in town.customers:
        mine = random.Random(rng.randrange(2**32))  # noqa: S311 - no secret depends on it
        wants = partial(_want, town, mine, customer, store, code, until)
        town.world.act(f"{customer.name} wants a bargain", wants)
    if rng.random() < 0.2:
        town.wait(at + rng.uniform(0, 2))
        store.owner.post(f"/v1/promotions/{made.json['id']}/stop")


def _want(
    town: Town, rng: random.Random, customer: Person, store: Store, code: str, until: float
) -> None:
    kind = "takeaway" if store.own_riders else "delivery"
    items = [{"item_id": DISH, "quantity": rng.choice((1, 2))}]
    wanted: dict[str, Any] = {
        "store_id": store.id, "fulfilment": kind, "items": items, "codes": [code],
    }  # fmt: skip
    if kind == "delivery":
        wanted |= {"drop_off": DOOR, "tip": rng.choice((0, 0, 1_000))}
    reply = customer.post("/v1/quotes", wanted)
    if reply is None or reply.status != 201:
        return
    town.wait(max(0.0, until - town.world.scheduler.now) + rng.choice((0.0, 0.0, 0.3)))
    order_id = _order(town, rng, customer, store, reply.json)
    if order_id and rng.random() < 0.4:
        town.wait(rng.choice((0.0, 1.0, 60.0)) * rng.random())
        customer.post(f"/v1/orders/{order_id}/cancel", {"code": "changed_mind"})


def _order(
    town: Town,
    rng: random.Random,
    customer: Person,
    store: Store,
    quote: Any,  # noqa: ANN401 - any JSON
) -> str | None:
    """Who comes too late is told so, and has not paid for anything."""
    body, key = {"quote_id": quote["id"], "payments": [{"method": "card"}]}, customer.new_key()
    reply = customer.post("/v1/orders", body, key=key)
    if reply is None:
        return None
    if reply.status == 409:
        allowed = crowds.refusals(town, store, DISH, expected=REFUSED)
        demand("H2", reply.code in allowed, f"a late order was answered {reply.code}")
        return None
    if reply.status != 201:
        return None
    placed = reply.json
    demand("H2", placed["total"] == quote["total"], f"{placed['order_id']} costs another price")
    customers.remember(customer, key, placed)
    town.orders.append(str(placed["order_id"]))
    for payment in placed["payments"]:
        customers.pay(town, rng, payment, "card")
    return str(placed["order_id"])
