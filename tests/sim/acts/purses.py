"""What people pay with besides a card at hand: stored value, and methods that they have saved."""

import random
from typing import Any

from tests.sim.acts import customers
from tests.sim.acts.person import Person
from tests.sim.acts.registry import act
from tests.sim.town import Town

KINDS = ("wallet", "voucher", "gift")


@act("is given stored value", weight=1.5)
def give(town: Town, rng: random.Random) -> None:
    """An operator gives somebody stored value, which the next order may use; twice by mistake."""
    customer = town.customer(rng)
    body: dict[str, Any] = {
        "owner": customer.name,
        "kind": rng.choice(KINDS),
        "amount": rng.choice((500, 3000, 9000, 40_000)),
        "currency": "KRW",
        "reason": "Goodwill.",
    }
    key = town.operator.new_key()
    for _ in range(rng.choice((1, 1, 2))):
        town.operator.post("/v1/balances", body, key=key)


@act("pays by stored value", weight=2, orders=1)
def pay_by_value(town: Town, rng: random.Random) -> None:
    """An order that stored value pays, wholly or in part; two at once for the same account."""
    customer = town.customer(rng)
    body = {
        "owner": customer.name,
        "kind": rng.choice(KINDS),
        "amount": rng.choice((3000, 9000, 60_000)),
        "currency": "KRW",
        "reason": "Goodwill.",
    }
    given = town.operator.post("/v1/balances", body, key=town.operator.new_key())
    if given is None or given.status != 201:
        return
    balance_id = given.json["id"]
    store = town.store(rng)
    if rng.random() < 0.4:
        mine = random.Random(rng.randrange(2**32))  # noqa: S311 - no secret depends on it
        town.world.act(
            f"{customer.name} also pays",
            lambda: _by_value(town, mine, customer, balance_id, store),
        )
    _by_value(town, rng, customer, balance_id, store)


def _by_value(
    town: Town,
    rng: random.Random,
    customer: Person,
    balance_id: str,
    store: Any,  # noqa: ANN401
) -> None:
    quote = customers.quote(rng, customer, store)
    if quote is None:
        return
    total = int(quote["total"]["amount"])
    part = rng.choice((total, min(total, 3000), min(total, 2000)))
    payments: list[dict[str, Any]] = [
        {"method": "balance", "balance_id": balance_id, "amount": part}
    ]
    if part < total:
        payments.append({"method": rng.choice(("card", "card", "cash"))})
    customers.order_from(town, rng, customer, quote["id"], payments, rng.choice(customers.WAYS))


@act("pays cash", weight=1.5, orders=1)
def pay_cash(town: Town, rng: random.Random) -> None:
    """An order that is paid at the door."""
    customer, store = town.customer(rng), town.store(rng)
    quote = customers.quote(rng, customer, store)
    if quote is not None:
        customers.order_from(town, rng, customer, quote["id"], [{"method": "cash"}], "card")


@act("saves a card", weight=1)
def save(town: Town, rng: random.Random) -> None:
    """Somebody saves a card, makes it the default, or takes it away again."""
    customer = town.customer(rng)
    body = {"method": "card", "agreed": True}
    reply = customer.post("/v1/payment-methods", body, key=customer.new_key())
    if reply is None or reply.status != 201:
        return
    setup = reply.json
    town.wait(rng.uniform(1, 30))
    card = rng.choice((customers.CARD, customers.CARD, customers.DECLINED))
    form = f"client_secret={setup['client_secret']}&payment_method={card}"
    town.world.bank.ask("POST", f"/v1/setup_intents/{setup['setup_id']}/confirm", form)
    path = f"/v1/payment-methods/{setup['id']}"
    if rng.random() < 0.7:
        customer.post(f"{path}/confirm")
    if rng.random() < (0.9 if town.seeks_rare else 0.5):
        customer.post(f"{path}/default")
    if rng.random() < 0.3:
        customer.send("DELETE", path)


@act("orders are stopped", weight=0.4)
def stop(town: Town, rng: random.Random) -> None:
    """An operator stops new orders for a while; those in flight are finished."""
    town.operator.post("/v1/operations/orders/stop", {"reason": "A drill"})
    town.wait(rng.uniform(5, 200))
    town.operator.post("/v1/operations/orders/resume", {"reason": "It is over"})
