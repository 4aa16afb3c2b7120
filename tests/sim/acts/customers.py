"""Customers: they order, pay in every way, tap twice, walk away, and change their minds."""

import random
from collections.abc import Sequence
from functools import partial
from typing import Any

from sandbox.stripe.errors import StripeError
from tests.shopfront import DOOR
from tests.sim.acts.person import Person
from tests.sim.acts.registry import act
from tests.sim.invariants.registry import demand
from tests.sim.town import Store, Town

SAVED = ("pm_card_chargeCustomerFail", "pm_card_authenticationRequired", "pm_card_visa")
"""A card that is saved may be refused when it is charged with nobody there."""
WALLETS = ("kakao_pay", "naver_pay", "kr_card")
CARD, DECLINED, CHALLENGED = (
    "pm_card_visa", "pm_card_visa_chargeDeclined", "pm_card_threeDSecure2Required",
)  # fmt: skip
WAYS = ("card",) * 6 + ("challenge", "second card", "wallet", "wallet", "declined", "walks off")
CANCELLED = 0.15
SPLIT = 0.12
TAPS_TWICE = 0.2
CONFIRMS = 0.75


@act("orders", weight=3, orders=1)
def order(town: Town, rng: random.Random) -> None:
    """One order from the quote to the end."""
    order_for(town, rng, town.customer(rng), town.store(rng))


@act("orders twice at once", weight=1, orders=2)
def order_twice(town: Town, rng: random.Random) -> None:
    """The same person orders on two devices at once."""
    customer, store = town.customer(rng), town.store(rng)
    seeds = [rng.randrange(2**32) for _ in range(2)]
    for seed in seeds:
        mine = random.Random(seed)  # noqa: S311 - no secret depends on it
        town.world.act(
            f"{customer.name} also orders",
            partial(order_for, town, mine, customer, store),
        )


def order_for(town: Town, rng: random.Random, customer: Person, store: Store) -> str | None:
    """A customer orders, pays somehow, and follows it or not. The order's id, if one came of it."""
    priced = quote(rng, customer, store)
    if priced is None:
        return None
    way = rng.choice(WAYS)
    payments = _payments(rng, way, priced["total"]["amount"])
    return order_from(town, rng, customer, priced["id"], payments, way)


def order_from(
    town: Town,
    rng: random.Random,
    customer: Person,
    quote_id: str,
    payments: list[dict[str, Any]],
    way: str,
) -> str | None:
    """Place an order from a quote, pay it, follow it or not. Its id, if one came of it."""
    placed = _place(town, rng, customer, quote_id, payments)
    if placed is None:
        return None
    order_id = str(placed["order_id"])
    town.orders.append(order_id)
    if rng.random() < CANCELLED:
        after = rng.choice((0.0, 5.0, 60.0, 300.0, 900.0)) * rng.random()
        town.world.act(f"{customer.name} cancels", lambda: _cancel(customer, order_id), after)
    if way == "walks off":
        return order_id
    for payment in placed["payments"]:
        town.wait(rng.uniform(0, 6))
        pay(town, rng, payment, way)
    if rng.random() < CONFIRMS:
        customer.post(f"/v1/orders/{order_id}/payments/confirm")
    if rng.random() < 0.3:
        town.wait(rng.uniform(1, 400))
        customer.get(f"/v1/orders/{order_id}")
        customer.get(f"/v1/orders/{order_id}/payments")
    return order_id


def quote(
    rng: random.Random,
    customer: Person,
    store: Store,
    kinds: Sequence[str] = ("delivery", "delivery", "takeaway", "dine_in"),
) -> Any:  # noqa: ANN401 - any JSON
    kind = rng.choice(kinds)
    items: list[dict[str, Any]] = [{"item_id": "bibimbap", "quantity": rng.randint(1, 3)}]
    if rng.random() < 0.4:
        items.append({"item_id": "gift-box"})
    wanted: dict[str, Any] = {"store_id": store.id, "fulfilment": kind, "items": items}
    if kind == "delivery":
        wanted["drop_off"] = DOOR
    reply = customer.post("/v1/quotes", wanted)
    return reply.json if reply is not None and reply.status == 201 else None


def _payments(rng: random.Random, way: str, total: int) -> list[dict[str, Any]]:
    method = rng.choice(WALLETS) if way == "wallet" else "card"
    if rng.random() < SPLIT:
        part = rng.randrange(100, max(101, total - 100))
        return [{"method": "card", "amount": part}, {"method": method}]
    return [{"method": method}]


def _place(
    town: Town,
    rng: random.Random,
    customer: Person,
    quote_id: str,
    payments: list[dict[str, Any]],
) -> Any:  # noqa: ANN401 - any JSON
    """Place it; an impatient finger does so twice, with the one key of the one screen."""
    body, key = {"quote_id": quote_id, "payments": payments}, customer.new_key()
    if rng.random() < TAPS_TWICE:
        again = town.world.act(
            f"{customer.name} taps twice",
            lambda: _repeat(customer, body, key),
            after=rng.choice((0.0, 0.05, 0.5, 4.0)) * rng.random(),
        )
        assert again is not None
    reply = customer.post("/v1/orders", body, key=key)
    if reply is None or reply.status != 201:
        return None
    remember(customer, key, reply.json)
    return reply.json


def _repeat(customer: Person, body: object, key: str) -> None:
    reply = customer.post("/v1/orders", body, key=key)
    if reply is not None and reply.status == 201:
        remember(customer, key, reply.json)


def remember(customer: Person, key: str, answer: Any) -> None:  # noqa: ANN401 - any JSON
    """M13: every answer to one key is the same answer."""
    known = customer.world.memory.setdefault("answers", {})
    first = known.setdefault((customer.name, key), answer)
    demand("M13", first == answer, f"two answers to the key {key}: {first} and {answer}")


def pay(town: Town, rng: random.Random, payment: Any, way: str) -> None:  # noqa: ANN401 - any JSON
    """What `stripe.js` and the person do. Nothing of it reaches the product."""
    if payment["method"] != "card":
        _say(town, payment, method=payment["method"])
        town.wait(rng.uniform(2, 40))
        outcome = rng.choice(("approve",) * 5 + ("decline", "leave", "processing"))
        _answer(town, lambda fake: fake.answer_wallet(payment["intent_id"], outcome))
        return
    if way == "challenge":
        _say(town, payment, CHALLENGED)
        town.wait(rng.uniform(2, 40))
        passed = rng.random() < 0.8
        _answer(town, lambda fake: fake.answer_challenge(payment["intent_id"], approved=passed))
        return
    if way in {"second card", "declined"}:
        _say(town, payment, DECLINED)
        if way == "declined":
            return
        town.wait(rng.uniform(2, 60))
    later = str(payment["intent_id"]).startswith("seti_")
    _say(town, payment, rng.choice(SAVED) if later else CARD)


def _say(town: Town, payment: Any, card: str = "", method: str = "") -> None:  # noqa: ANN401 - any JSON
    form = f"client_secret={payment['client_secret']}&return_url=https://app.test/back"
    form += f"&payment_method={card}" if card else f"&payment_method_data[type]={method}"
    ident = str(payment["intent_id"])
    kind = "setup_intents" if ident.startswith("seti_") else "payment_intents"
    town.world.bank.ask("POST", f"/v1/{kind}/{ident}/confirm", form)


def _answer(town: Town, act_: Any) -> None:  # noqa: ANN401 - what happens on the bank's page
    try:
        act_(town.world.bank.fake)
    except StripeError:
        return  # the page was closed meanwhile: the intent was cancelled
    finally:
        town.world.bank.moved()


def _cancel(customer: Person, order_id: str) -> None:
    customer.post(f"/v1/orders/{order_id}/cancel", {"code": "changed_mind"})
