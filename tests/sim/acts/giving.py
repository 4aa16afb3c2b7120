"""Money that goes the other way: stored value, refunds, tips; and cash."""

import random
from functools import partial
from typing import Any

from tests.sim.acts import customers
from tests.sim.acts.person import Person
from tests.sim.acts.registry import act
from tests.sim.town import Town

REASONS = ("item_missing", "quality", "other")
PATIENCE = 4000
CARD_LEAST = 100
KINDS = ("voucher", "gift", "wallet")
CREATED = 201


@act("orders with stored value", weight=1.5, orders=1)
def order_with_balance(town: Town, rng: random.Random) -> None:
    """An operator gives something to a customer, who orders with it at once, and tops it up."""
    customer, store = town.customer(rng), town.store(rng)
    body = {
        "owner": customer.name, "kind": rng.choice(KINDS), "currency": "KRW",
        "amount": rng.choice((500, 3000, 9000, 30_000)),
    }  # fmt: skip
    reply = town.operator.post("/v1/balances", body, key=town.operator.new_key())
    if reply is None or reply.status != CREATED:
        return
    found = customer.get(f"/v1/balances/{reply.json['id']}")
    if found is None:
        return
    held = int(found["amount"]["amount"])

    def pays(total: int) -> list[dict[str, Any]]:
        part = total if held >= total else min(held, total - CARD_LEAST)
        named = {"method": "balance", "balance_id": found["id"], "amount": part}
        return [named] if part == total else [named, {"method": "card"}]

    customers.order_for(town, rng, customer, store, pays)


@act("orders for cash", weight=0.7, orders=1)
def order_for_cash(town: Town, rng: random.Random) -> None:
    """Somebody pays at the door."""
    customer, store = town.customer(rng), town.store(rng)
    customers.order_for(town, rng, customer, store, lambda _: [{"method": "cash"}])


@act("gives money back", weight=2)
def refund(town: Town, rng: random.Random) -> None:
    """A store and an operator give money of the same order back, at once and several times."""
    if not town.wait_for(lambda: bool(_taken(town)), PATIENCE, 60):
        return
    order_id, taken = rng.choice(_taken(town))
    head = town.world.shadow.get("orders", f"ORDER#{order_id}") or {}
    owner = next(one.owner for one in town.stores if one.id == head["store_id"])
    for number in range(rng.choice((1, 2, 3))):
        who = rng.choice((owner, town.operator))
        amount = rng.choice((None, taken, max(1, taken // 2), rng.randint(1, taken)))
        wait = rng.choice((0.0, 0.0, 0.02, 5.0, 60.0)) * rng.random()
        give = partial(_give, who, order_id, amount, rng.choice(REASONS))
        town.world.act(f"{who.name} gives back {order_id}#{number}", give, after=wait)


def _give(who: Person, order_id: str, amount: int | None, reason: str) -> None:
    body: dict[str, Any] = {"reason": reason}
    if amount is not None:
        body["amount"] = amount
    who.post(f"/v1/orders/{order_id}/refunds", body, key=who.new_key())


def _taken(town: Town) -> list[tuple[str, int]]:
    """Orders of which something was taken, and how much."""
    found = []
    for order_id in town.orders:
        payment = town.world.shadow.get("payments", f"PAY#order#{order_id}") or {}
        if int(payment.get("captured", 0)) > 0:
            found.append((order_id, int(payment["captured"])))
    return found


@act("tips", weight=1)
def tip(town: Town, rng: random.Random) -> None:
    """A customer thanks whoever brought it; some walk away from the paying."""

    def brought() -> list[dict[str, Any]]:
        heads = (town.world.shadow.get("orders", f"ORDER#{one}") or {} for one in town.orders)
        return [one for one in heads if one.get("status") == "DELIVERED" and one.get("courier_id")]

    if not town.wait_for(lambda: bool(brought()), PATIENCE, 60):
        return
    head = rng.choice(brought())
    customer = next(one for one in town.customers if one.name == head["customer_id"])
    body = {"method": "card", "amount": rng.choice((500, 1000, 3000))}
    path = f"/v1/orders/{head['id']}/tips"
    reply = customer.post(path, body, key=customer.new_key())
    if reply is not None and reply.status == CREATED and rng.random() < 0.85:
        customers.pay(town, rng, reply.json, "card")
        if rng.random() < 0.5:
            customer.post(f"/v1/orders/{head['id']}/payments/confirm")
