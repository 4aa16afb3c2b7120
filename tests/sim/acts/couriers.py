"""Couriers: on and off duty, yes and no, every step to the door, and whatever goes wrong there."""

import random
from collections.abc import Sequence
from functools import partial

from chalicelib.core import clock
from tests.sim.acts import aftermath
from tests.sim.acts.registry import act
from tests.sim.invariants import deciding
from tests.sim.town import HERE, ZONE, Courier, Town

TO_STORE = ("heading-to-store", "arrived-at-store")
TO_DOOR = ("heading-to-customer", "arrived-at-customer")
LOOKS_EVERY = 6.0
SIGN_OF_LIFE = 150.0
OK = 200
SHIFT = (1200, 4000)
TIPPED_AT_THE_DOOR = 0.6
SELDOM = 0.35
"""Below this lies what happens seldom to a courier."""


def work(town: Town, courier: Courier, rng: random.Random, *, late: bool = False) -> None:
    """A shift: on duty, offers as they come, jobs one after the other, off duty.

    A late one ends when nothing is open any more.
    """
    start(courier)
    ends = town.world.scheduler.now + rng.uniform(*SHIFT)
    while town.world.scheduler.now < ends and not town.closing:
        if late and not town.open_orders():
            break
        offer_id = _asked(town, courier)
        if offer_id is not None:
            town.wait(rng.uniform(0.2, 10))
            _answer(town, courier, offer_id, rng)
        town.wait(LOOKS_EVERY)
        _finish_jobs(town, courier, rng)
        stale = town.world.scheduler.now > courier.seen_at + SIGN_OF_LIFE
        if stale and town.open_orders():
            say_where(town, courier)
    if not town.closing:
        courier.person.post("/v1/duty/end")


def start(courier: Courier) -> None:
    point = {"type": "Point", "coordinates": HERE}
    body = {"zone": ZONE, "vehicle": "scooter", "location": point}
    courier.person.post("/v1/duty/start", body)


def _asked(town: Town, courier: Courier) -> str | None:
    """The offer that a courier has: an app polls now and then, and a push makes it look at once."""
    for row in town.world.shadow.partition("couriers", f"COURIER#{courier.person.name}").values():
        if row.get("status") == "pending" and "delivery_id" in row:
            return str(row["id"])
    return None


def _answer(town: Town, courier: Courier, offer_id: str, rng: random.Random) -> None:
    found = courier.person.get("/v1/offers")
    if found is None or offer_id not in [one["id"] for one in found["items"]]:
        return
    temper = rng.random()
    if temper < 0.1:
        town.wait(60)  # does not answer at all
        return
    if temper < 0.2:
        courier.person.post(f"/v1/offers/{offer_id}/decline")
        return
    if rng.random() < 0.5:
        courier.person.post(f"/v1/offers/{offer_id}/view")
    if rng.random() < 0.1:  # on another device somebody ends the shift at the same moment
        town.world.act(
            f"{courier.person.name} also ends",
            partial(courier.person.once, "POST", "/v1/duty/end"),
            after=0.08 * rng.random(),
        )
    if rng.random() < 0.25:  # and just now the order is given up
        by_customer = rng.random() < 0.3
        _gives_up(town, courier, offer_id, 0.3 * rng.random(), by_customer=by_customer)
        town.wait(0.3 * rng.random())
    reply = courier.person.post(f"/v1/offers/{offer_id}/accept")
    if reply is not None and reply.status == OK:
        carry(town, courier, reply.json["id"], rng)


def _gives_up(
    town: Town, courier: Courier, offer_id: str, after: float, *, by_customer: bool
) -> None:
    """Customers may until it is ready, operators as long as nobody has it."""
    rows = town.world.shadow.partition("couriers", f"COURIER#{courier.person.name}")
    offer = next(row for row in rows.values() if row.get("id") == offer_id)
    head = _head(town, deciding.names_of(offer)[-1])
    customer = town.person(str(head["customer_id"]))
    who, code = (customer, "changed_mind") if by_customer else (town.operator, "other")
    work = partial(who.post, f"/v1/orders/{head['order_id']}/cancel", {"code": code})
    town.world.act(f"{who.name} thinks better of it", work, after)


def _finish_jobs(town: Town, courier: Courier, rng: random.Random) -> None:
    """Take up whatever was accepted though no answer said so, or was left lying."""
    for _, partition in town.world.shadow.partitions("couriers", f"ZONE#{ZONE}#"):
        row = partition.get(f"COURIER#{courier.person.name}")
        jobs = _jobs(row) if row else []
        for delivery_id in jobs:
            carry(town, courier, delivery_id, rng)


def _jobs(row: dict[str, object]) -> list[str]:
    import json

    found: list[str] = json.loads(str(row.get("jobs", "[]")))
    return found


def carry(town: Town, courier: Courier, delivery_id: str, rng: random.Random) -> None:
    """A job, as well as it goes; what was given up on the way is taken back."""
    if _head(town, delivery_id).get("status") == "RETURNING_TO_MERCHANT":
        _tell_where(courier, town, rng)
        _step(courier, delivery_id, "returned")
        return
    temper = 1.0 if town.closing else rng.random()
    if town.seeks_rare and not town.closing and rng.random() < 0.5:
        temper *= SELDOM
    if temper < 0.05:
        courier.person.post(f"/v1/deliveries/{delivery_id}/release", {"code": "breakdown"})
        return
    if temper < 0.1:
        town.wait(rng.uniform(100, 700))
    if not _walk(town, courier, delivery_id, TO_STORE, rng):
        return
    if not town.wait_for(lambda: _ready(town, delivery_id), 1500, 20):
        return
    if not _walk(town, courier, delivery_id, ("picked-up", *TO_DOOR), rng):
        return
    if 0.1 <= temper < 0.18:
        body = {"code": "customer_absent"}
        reply = courier.person.post(f"/v1/deliveries/{delivery_id}/undeliverable", body)
        if reply is not None and reply.status == OK:
            town.wait(rng.uniform(5, 60))
            _step(courier, delivery_id, "returned")
        return
    _hand_over(town, courier, delivery_id, wrong=temper < 0.3, rng=rng)


def _walk(
    town: Town, courier: Courier, delivery_id: str, steps: Sequence[str], rng: random.Random
) -> bool:
    """One step after the other. Whether all of them were taken."""
    for step in steps:
        if step != "picked-up":
            _tell_where(courier, town, rng)
        if not _step(courier, delivery_id, step):
            return False
    return True


def _hand_over(
    town: Town, courier: Courier, delivery_id: str, *, wrong: bool, rng: random.Random
) -> None:
    path = f"/v1/deliveries/{delivery_id}/delivered"
    delivery = _head(town, delivery_id)
    if delivery.get("errand"):
        courier.person.post(path, {})
        return
    asker = town.person(str(delivery["customer_id"]))
    shown = asker.get(f"/v1/orders/{delivery['order_id']}/delivery") or {}
    pin = shown.get("pin")
    if wrong:
        for _ in range(rng.choice((1, 2, 6))):
            guess = f"{(int(pin or 0) + 1) % 10_000:04d}"
            courier.person.post(path, {"pin": guess})
    reply = courier.person.post(path, {"pin": pin or "0000"})
    if reply is not None and reply.status == OK and rng.random() < TIPPED_AT_THE_DOOR:
        mine = random.Random(rng.randrange(2**32))  # noqa: S311 - no secret depends on it
        order_id = str(delivery["order_id"])
        work = partial(aftermath.tip_at_the_door, town, mine, order_id)
        town.world.act(f"{asker.name} tips at the door", work)
    if reply is not None and reply.status != OK and reply.code == "pin_locked":
        body = {"reason": "pin_locked"}
        town.operator.post(f"/v1/deliveries/{delivery_id}/complete", body)


def _head(town: Town, delivery_id: str) -> dict[str, object]:
    return town.world.shadow.get("couriers", f"DELIVERY#{delivery_id}") or {}


def _ready(town: Town, delivery_id: str) -> bool:
    """Whether there is nothing to wait for any more."""
    status = town.status(str(_head(town, delivery_id).get("order_id")))
    return status not in {"CONFIRMED", "PREPARING"}


def _step(courier: Courier, delivery_id: str, step: str) -> bool:
    reply = courier.person.post(f"/v1/deliveries/{delivery_id}/{step}")
    return reply is not None and reply.status == OK


def _tell_where(courier: Courier, town: Town, rng: random.Random) -> None:
    """On the way: a position every minute or so."""
    for _ in range(rng.choice((1, 1, 2))):
        town.wait(rng.uniform(5, 60))
        say_where(town, courier)


def say_where(town: Town, courier: Courier) -> None:
    """One position, through the function of its own; an app does not try again."""
    courier.sequence += 1
    courier.seen_at = town.world.scheduler.now
    point = {"type": "Point", "coordinates": HERE}
    located = {"location": point, "at": clock.stamp(clock.now())}
    body = {"zone": ZONE, "sequence": courier.sequence, "points": [located]}
    courier.person.once("POST", "/v1/positions", body, by_url=True)


def finish(town: Town, courier: Courier) -> None:
    """At the end of the day: whatever somebody still carries is brought to its end."""
    rng = town.world.chance.stream(f"finish {courier.person.name}")
    for _ in range(3):
        _finish_jobs(town, courier, rng)
        town.wait(10)
    courier.person.post("/v1/duty/end")


@act("both accept", weight=1)
def accept_what_is_another_s(town: Town, rng: random.Random) -> None:
    """A courier tries to take what was offered to somebody else."""
    courier = rng.choice(town.couriers)
    for _, partition in list(town.world.shadow.partitions("couriers", "COURIER#")):
        for row in list(partition.values()):
            if row.get("status") == "pending" and row.get("courier_id") != courier.person.name:
                courier.person.post(f"/v1/offers/{row['id']}/accept")
                return
