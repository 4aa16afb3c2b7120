"""Stores and customers that regret: one asks to give an order up, the other answers, or nobody."""

import json
import random
from datetime import datetime, timedelta
from functools import partial

from chalicelib.core import clock
from tests.sim.acts.person import Person
from tests.sim.acts.registry import act
from tests.sim.town import Store, Town

WITH_ITS_STORE = {"CONFIRMED", "PREPARING", "READY_FOR_PICKUP"}
PATIENCE = 3600.0
CODES = ("unavailable_item", "internal_difficulties_of_the_restaurant", "delivery_problem")
ANSWERS = ("accept", "accept", "deny", "deny", "cancel", "nobody", "nobody", "both")


@act("regrets", weight=2)
def regret(town: Town, rng: random.Random) -> None:
    """A store asks, often while it goes on; its customer answers, or an operator, or nobody."""
    if not town.wait_for(lambda: bool(_taken_on(town)), PATIENCE, 20):
        return
    order_id = rng.choice(_taken_on(town))
    store = _store_of(town, order_id)
    path = f"/v1/orders/{order_id}"
    for _ in range(rng.choice((1, 1, 2))):
        store.machine.post(f"{path}/request-cancellation", {"code": rng.choice(CODES)})
    town.wait(rng.choice((0.0, 20.0, 300.0, 599.5, 601.0)) * rng.random())
    _answer(town, rng, order_id, town.customer_of(order_id))


def _answer(town: Town, rng: random.Random, order_id: str, customer: Person) -> None:
    path, answer = f"/v1/orders/{order_id}", rng.choice(ANSWERS)
    if answer == "cancel":
        customer.post(f"{path}/cancel", {"code": "changed_mind"})
    elif answer == "both":
        agrees = partial(customer.post, f"{path}/accept-cancellation")
        town.world.act(f"{customer.name} agrees", agrees, 0.2 * rng.random())
        town.operator.post(f"{path}/deny-cancellation")
    elif answer != "nobody":
        customer.post(f"{path}/{answer}-cancellation")


@act("asks to be let go", weight=1)
def ask_to_be_let_go(town: Town, rng: random.Random) -> None:
    """A customer asks their store, which lets them go, goes on, is silent, or asks the same."""
    if not town.wait_for(lambda: bool(_taken_on(town)), PATIENCE, 20):
        return
    order_id = rng.choice(_taken_on(town))
    machine, customer = _store_of(town, order_id).machine, town.customer_of(order_id)
    path = f"/v1/orders/{order_id}"
    for _ in range(rng.choice((1, 1, 2))):
        customer.post(f"{path}/ask-to-cancel", {"code": "ordered_by_mistake"})
    town.wait(rng.choice((0.0, 20.0, 299.5, 301.0)) * rng.random())
    answer = rng.choice(("let-go", "let-go", "go-on", "nobody", "asks", "cancel", "both"))
    if answer in {"let-go", "both"}:
        town.world.act("a store lets go", partial(machine.post, f"{path}/let-go"), rng.random())
    if answer in {"go-on", "both"}:
        machine.post(f"{path}/go-on", {"code": "dish_already_done"})
    elif answer == "asks":
        machine.post(f"{path}/request-cancellation", {"code": rng.choice(CODES)})
    elif answer == "cancel":
        customer.post(f"{path}/cancel", {"code": "changed_mind"})


def _taken_on(town: Town) -> list[str]:
    return [one for one in town.placed() if town.status(one) in WITH_ITS_STORE]


def _store_of(town: Town, order_id: str) -> Store:
    head = town.world.shadow.get("orders", f"ORDER#{order_id}") or {}
    return next(one for one in town.stores if one.id == head["store_id"])


@act("takes longer", weight=1)
def delay(town: Town, rng: random.Random) -> None:
    """A store, or an operator, tells another time while it cooks; sometimes both, or once more."""
    if not town.wait_for(lambda: bool(_taken_on(town)), PATIENCE, 20):
        return
    order_id = rng.choice(_taken_on(town))
    head = town.world.shadow.get("orders", f"ORDER#{order_id}") or {}
    promised = datetime.fromisoformat(json.loads(head["promised"])["begins"])
    for minutes in rng.choice(((20,), (10,), (5, 15), (10, 10, 40))):
        later = promised.replace(second=0, microsecond=0) + timedelta(minutes=minutes + 1)
        body = {"promised_for": clock.stamp(later), "reason": "kitchen_busy"}
        by = rng.choice((_store_of(town, order_id).machine, town.operator))
        by.post(f"/v1/orders/{order_id}/delay", body)
        town.wait(rng.uniform(0, 60))
    if rng.random() < 0.3:
        town.customer_of(order_id).post(f"/v1/orders/{order_id}/cancel", {"code": "takes_too_long"})
