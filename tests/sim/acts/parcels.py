"""Stores that have parcels of their own carried: asked for, given up, waited for."""

import random
from uuid import UUID

from chalicelib.core import ids
from tests.opendelivery.parcels import parcel
from tests.sim.acts.registry import act
from tests.sim.invariants import errands
from tests.sim.town import Store, Town

PATH = "/opendelivery/v1/logistics"
FINISHED = {"finishDate": "2026-11-22T12:00:00Z"}
ANY = {"type": ["BICYCLE", "SCOOTER", "CAR"], "container": "NORMAL"}
ACCEPTED = 202


@act("a parcel is carried", weight=0.8)
def send(town: Town, rng: random.Random) -> None:
    """A store asks for it, from two tills at once or again, and may think better of it."""
    store = town.store(rng)
    body = parcel(
        store.id,
        rng.randrange(2**40),
        vehicle=ANY,
        canCombine=rng.random() < 0.7,
        notifyReadyForPickup=(waits := rng.random() < 0.3),
        returnToMerchant=rng.random() < 0.1,
        limitTimes={},
    )
    known = f"{body['orderId']}"
    replies = [store.machine.post(f"{PATH}/delivery", body) for _ in range(rng.choice((1, 1, 2)))]
    told = [one.json for one in replies if one and one.status == ACCEPTED]
    taken = [one["deliveryId"] for one in told if one["event"] != "REJECTED"]
    errands.asked(town.world, known, taken)
    town.wait(rng.uniform(0, 300))
    if rng.random() < 0.25:
        store.machine.post(f"{PATH}/cancel/{known}", {"reason": "OTHER"})
        return
    if waits:
        store.machine.post(f"{PATH}/readyForPickup/{known}")
    town.wait_for(lambda: _is_over(town, taken), 2400, 60)
    _end(store, known, rng)


def _end(store: Store, known: str, rng: random.Random) -> None:
    store.machine.once("GET", f"{PATH}/delivery/{known}")
    if rng.random() < 0.6:
        store.machine.post(f"{PATH}/finishDelivery/{known}", FINISHED)


def _is_over(town: Town, taken: list[str]) -> bool:
    orders = {ids.from_uuid("ord", UUID(one)) for one in taken}
    return all(town.status(one) in {"", "DELIVERED", "CONCLUDED", "CANCELLED"} for one in orders)
