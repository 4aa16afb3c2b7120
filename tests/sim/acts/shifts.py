"""Between two shifts: an order looks for a courier while nobody is on duty, or not for long."""

import random
from functools import partial

from chalicelib.core import clock
from tests.sim.acts import couriers, customers
from tests.sim.acts.registry import act
from tests.sim.town import ZONE, Town

PATIENCE = 1800
ASKED_BEFORE = 90
"""Seconds before an order is ready from when on a courier is asked, wherever they are."""


@act("orders between shifts", weight=1.5, orders=1)
def order_between_shifts(town: Town, rng: random.Random) -> None:
    """Nobody is on duty until somebody is waited for; then all come, and one cannot decide."""
    for courier in town.couriers:
        courier.person.post("/v1/duty/end")
    customer = town.customer(rng)
    priced = customers.quote(rng, customer, town.store(rng), ("delivery",))
    if priced is not None:
        customers.order_from(town, rng, customer, priced["id"], [{"method": "card"}], "card")
    if town.wait_for(lambda: _somebody_waits(town), PATIENCE, 10):
        _come(town, rng)
    for courier in town.couriers:
        couriers.start(courier)


def _come(town: Town, rng: random.Random) -> None:
    undecided, *others = rng.sample(town.couriers, len(town.couriers))
    for other in others:
        work = partial(couriers.start, other)
        town.world.act(f"{other.person.name} comes", work, after=rng.uniform(0.5, 3))
    for _ in range(rng.randint(3, 6)):
        couriers.start(undecided)
        town.wait(rng.uniform(0, 0.3))
        undecided.person.post("/v1/duty/end")
        town.wait(rng.uniform(0, 0.3))


def _somebody_waits(town: Town) -> bool:
    """Whether somebody should be asked at once, and nobody is."""
    soon = clock.stamp(clock.after(ASKED_BEFORE))
    return any(
        row.get("offers") == "[]" and row["ready_at"] <= soon
        for _, partition in town.world.shadow.partitions("couriers", f"ZONE#{ZONE}#")
        for row in partition.values()
    )
