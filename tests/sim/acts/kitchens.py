"""Stores: they take orders on, refuse or forget them, cook, hand over, ride themselves."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from chalicelib.core import clock
from tests.sim.acts.registry import act
from tests.sim.town import Store, Town

CUSTOMERS_OWN = {"takeaway": ("picked-up",), "dine_in": ("delivered",)}
REJECTS, IGNORES, SLOW = 0.07, 0.06, 0.1
THINKS_BETTER, AT_ONCE = 0.06, 0.1


def serve(town: Town, store: Store, order_id: str, rng: random.Random) -> None:
    """What a store does with an order that it has heard of; once, whoever tells of it."""
    if order_id in store.handled:
        return
    store.handled.add(order_id)
    temper = rng.random()
    if temper < IGNORES or store.absent:
        return
    town.wait(rng.uniform(1, 90))
    path = f"/v1/orders/{order_id}"
    if rng.random() < THINKS_BETTER:
        _loses_its_customer(town, order_id, rng)
    if temper < IGNORES + REJECTS:
        store.machine.post(f"{path}/reject", {"code": "too_busy"})
        return
    if not _say(store, f"{path}/confirm"):
        return
    if rng.random() < 0.6:
        town.wait(rng.uniform(1, 120))
        if rng.random() < THINKS_BETTER:
            _loses_its_customer(town, order_id, rng)
        _say(store, f"{path}/preparing")
    town.wait(rng.uniform(20, 1200 if temper > 1 - SLOW else 400))
    if _say(store, f"{path}/ready"):
        _hand_over(town, store, order_id, rng)


def _loses_its_customer(town: Town, order_id: str, rng: random.Random) -> None:
    """Just when its store takes an order on, its customer gives it up: one of them is first."""
    who = town.customer_of(order_id)
    work = partial(who.post, f"/v1/orders/{order_id}/cancel", {"code": "changed_mind"})
    town.world.act(f"{who.name} thinks better of it", work, AT_ONCE * rng.random())
    town.wait(AT_ONCE * rng.random())


def _hand_over(town: Town, store: Store, order_id: str, rng: random.Random) -> None:
    head = town.world.shadow.get("orders", f"ORDER#{order_id}") or {}
    kind = head.get("fulfilment", "")
    steps = CUSTOMERS_OWN.get(kind, ("dispatch", "delivered") if store.own_riders else ())
    if kind == "delivery" and head.get("delivered_by") == "platform":
        return
    for step in steps:
        town.wait(rng.uniform(10, 500))
        if not _say(store, f"/v1/orders/{order_id}/{step}"):
            return


def _say(store: Store, path: str) -> bool:
    reply = store.machine.post(path)
    return reply is not None and reply.status == 200


def serving(town: Town) -> Callable[[Store, str], None]:
    """How the stores of a town serve: each order by a source of chance of its own."""

    def serve_one(store: Store, order_id: str) -> None:
        number = len(store.handled)
        rng = town.world.chance.stream(f"kitchen {store.machine.name} {number}")
        serve(town, store, order_id, rng)

    return serve_one


def poll(town: Town, store: Store) -> None:
    """The till of a store without a webhook: an answer that tells nothing new is left out."""
    while not town.closing:
        town.wait(20)
        if any(town.status(one) == "CREATED" for one in town.placed() if one not in store.handled):
            look_at(town, store)


@act("looks at the board", weight=1)
def look(town: Town, rng: random.Random) -> None:
    """A till polls: whatever no webhook told of is found here."""
    look_at(town, town.store(rng))


def look_at(town: Town, store: Store) -> None:
    page = store.machine.get(f"/v1/stores/{store.id}/orders")
    for one in (page or {}).get("items", []):
        if one["status"] == "CREATED" and one["id"] not in store.handled:
            town.world.act(f"{store.machine.name} finds", partial(town.serve, store, one["id"]))


@act("is in a rush", weight=0.7)
def hurry(town: Town, rng: random.Random) -> None:
    """A kitchen takes longer for a while; some are calm again before."""
    store = town.store(rng)
    until = datetime.fromtimestamp(town.world.scheduler.now + rng.uniform(300, 3600), UTC)
    body = {"minutes": rng.randint(5, 40), "until": clock.stamp(until)}
    store.machine.post(f"/v1/stores/{store.id}/rush", body)
    if rng.random() < 0.5:
        town.wait(rng.uniform(1, 600))
        store.machine.post(f"/v1/stores/{store.id}/calm")
