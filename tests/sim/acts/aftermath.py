"""After the meal: refunds in every shape, tips, and money that comes back from a bank."""

import random
from typing import Any

from sandbox.stripe.errors import StripeError
from tests.sim.acts import customers
from tests.sim.acts.person import Person
from tests.sim.acts.registry import act
from tests.sim.town import Store, Town

BROUGHT = {"DELIVERED", "PICKED_UP", "CONCLUDED"}
PATIENCE = 5400.0
REASONS = ("item_missing", "quality", "late", "goodwill")


def brought(town: Town, rng: random.Random) -> str | None:
    """An order of the town that was brought, as soon as there is one."""

    def found() -> list[str]:
        return [one for one in town.orders if town.status(one) in BROUGHT]

    if not town.wait_for(lambda: bool(found()), PATIENCE, 60):
        return None
    town.wait(rng.uniform(0, 300))
    return rng.choice(found())


@act("gives back", weight=2.5)
def refund(town: Town, rng: random.Random) -> None:
    """An operator or a store gives some or all of an order back; sometimes both at once."""
    order_id = brought(town, rng)
    if order_id is None:
        return
    for number in range(rng.choice((1, 1, 2, 3))):
        by = town.operator if rng.random() < 0.7 else _store_of(town, order_id).machine
        body = _refund(rng, by)
        key = by.new_key()
        if number and rng.random() < 0.5:
            town.world.act(
                f"{by.name} also gives back",
                lambda by=by, body=body, key=key: by.post(  # type: ignore[misc] # bound at once
                    f"/v1/orders/{order_id}/refunds", body, key=key
                ),
            )
            continue
        by.post(f"/v1/orders/{order_id}/refunds", body, key=key)
        if rng.random() < 0.3:
            by.post(f"/v1/orders/{order_id}/refunds", body, key=key)


def _refund(rng: random.Random, by: Person) -> dict[str, Any]:
    body: dict[str, Any] = {"reason": rng.choice(REASONS)}
    shape = rng.random()
    if shape < 0.4:
        body["amount"] = rng.randint(100, 9000)
    elif shape < 0.7:
        body["lines"] = [{"line": 0, "quantity": 1}]
    if by.role == "operator":
        body["liable_party"] = rng.choice(("store", "platform"))
    if rng.random() < 0.25:
        body["destination"] = "wallet"
    return body


def _store_of(town: Town, order_id: str) -> Store:
    head = town.world.shadow.get("orders", f"ORDER#{order_id}") or {}
    return next(one for one in town.stores if one.id == head["store_id"])


@act("a bank returns a refund", weight=1.2)
def fail(town: Town, rng: random.Random) -> None:
    """A refund fails days or minutes after it was accepted; somebody sends it again."""
    order_id = brought(town, rng)
    if order_id is None:
        return
    body = {"reason": "quality", "liable_party": "platform", "amount": rng.randint(100, 3000)}
    town.operator.post(f"/v1/orders/{order_id}/refunds", body, key=town.operator.new_key())
    town.wait(rng.choice((1.0, 60.0, 4000.0)) * rng.random())
    store = town.world.bank.fake._account.store
    found = [one for one in store.all("refund") if one["status"] in {"succeeded", "pending"}]
    if not found:
        return
    try:
        town.world.bank.fake.fail_refund(rng.choice(found)["id"])
    except StripeError:
        return
    finally:
        town.world.bank.moved()
    town.wait(rng.uniform(60, 900))
    listed = town.operator.get(f"/v1/orders/{order_id}/refunds") or {"items": []}
    for one in listed["items"]:
        if one["status"] == "failed":
            path = f"/v1/orders/{order_id}/refunds/{one['id']}/retry"
            town.operator.post(
                path, {"destination": rng.choice(("wallet", "source")), "reason": "Asked."}
            )


@act("tips", weight=2)
def tip(town: Town, rng: random.Random) -> None:
    """A customer gives a tip; some pay it, some think better of it, some tap twice."""
    order_id = brought(town, rng)
    if order_id is None:
        return
    customer = town.customer_of(order_id)
    body, key = {"amount": rng.randint(100, 3000)}, customer.new_key()
    reply = customer.post(f"/v1/orders/{order_id}/tips", body, key=key)
    if rng.random() < 0.3:
        again = customer.post(f"/v1/orders/{order_id}/tips", body, key=key)
        if again is not None and reply is not None and {again.status, reply.status} == {201}:
            customers.remember(customer, key, reply.json)
            customers.remember(customer, key, again.json)
    if reply is None or reply.status != 201 or rng.random() < 0.2:
        return
    customers.pay(town, rng, reply.json, rng.choice(("card", "card", "declined", "challenge")))
    if rng.random() < 0.6:
        customer.post(f"/v1/orders/{order_id}/payments/confirm")


def tip_at_the_door(town: Town, rng: random.Random, order_id: str) -> None:
    """One tap while the courier stands there: the order itself may not have been paid for yet."""
    customer = town.customer_of(order_id)
    body = {"amount": rng.randint(100, 3000)}
    reply = customer.post(f"/v1/orders/{order_id}/tips", body, key=customer.new_key())
    if reply is not None and reply.status == 201:
        customers.pay(town, rng, reply.json, "card")
        customer.post(f"/v1/orders/{order_id}/payments/confirm")
