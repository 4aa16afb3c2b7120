"""The laws of deciding who is asked can each be broken."""

import json
from collections.abc import Callable

import pytest

from tests.sim.invariants import deciding
from tests.sim.invariants.registry import Violation
from tests.sim.shadow import Change
from tests.sim.test_laws import delivery, put
from tests.sim.world import World


def jobs(world: World, *names: str) -> Change:
    row = {"jobs": json.dumps(names), "courier_id": "a"}
    return put(world, "couriers", "ZONE#z#0", "COURIER#a", row)


def offer(world: World, status: str, *names: str) -> Change:
    row = {
        "id": "f1", "courier_id": "a", "delivery_id": names[0], "deliveries": json.dumps(names),
        "status": status,
    }  # fmt: skip
    return put(world, "couriers", "COURIER#a", "OFFER#f1", row)


def two_jobs(world: World) -> None:
    deciding.nobody_carries_more_than_was_accepted_as_one(world, [jobs(world, "d1", "d2")])


def two_offers_of_one_job_each(world: World) -> None:
    offer(world, "accepted", "d1")
    two_jobs(world)


def four_jobs(world: World) -> None:
    offer(world, "accepted", "d1", "d2", "d3", "d4")
    found = [jobs(world, "d1", "d2", "d3", "d4")]
    deciding.nobody_carries_more_than_was_accepted_as_one(world, found)


def kept(world: World) -> None:
    jobs(world, "d1")
    delivery(world, status="ACCEPTED", courier_id="a")
    ended = delivery(world, status="ORDER_DELIVERED", courier_id="a")
    deciding.nobody_keeps_what_is_over(world, [ended])


def outlived(world: World) -> None:
    offer(world, "viewed", "d0", "d1")
    delivery(world, status="PENDING")
    cancelled = delivery(world, status="CANCELLED")
    deciding.an_offer_ends_with_what_it_proposes(world, [cancelled])


def of_two_stores(world: World) -> None:
    for name in ("d1", "d2"):
        put(world, "couriers", f"DELIVERY#{name}", "HEAD", {"store_id": f"s-{name}"})
    deciding.an_offer_is_of_one_store(world, [offer(world, "pending", "d1", "d2")])


def of_four(world: World) -> None:
    found = [offer(world, "pending", "d1", "d2", "d3", "d4")]
    deciding.an_offer_is_of_one_store(world, found)


def explained(world: World, decision: str) -> Change:
    kept = {"decision": decision, "deliveries": '["d1"]'}
    put(world, "couriers", "ASSIGNMENT#f1", "HEAD", kept)
    return offer(world, "pending", "d1")


def forbidden(world: World) -> None:
    delivery(world, directed='{"forbidden": ["a"]}')
    deciding.nobody_is_asked_who_was_forbidden(world, [offer(world, "pending", "d1")])


def for_no_reason(world: World) -> None:
    deciding.every_offer_can_be_explained(world, [explained(world, '{"rule": "r-1"}')])


def otherwise(world: World) -> None:
    explained(world, '{"rule": "r-1", "reason": "nearest"}')
    world.shadow._tables["couriers"]["COURIER#a"].clear()
    found = [offer(world, "pending", "d1", "d2")]
    deciding.every_offer_can_be_explained(world, found)


BAD: list[tuple[str, Callable[[World], None]]] = [
    ("C2", two_jobs), ("C2", two_offers_of_one_job_each), ("C2", four_jobs), ("C6", kept),
    ("C5", outlived), ("C5", of_two_stores), ("C2", of_four),
    ("D3", forbidden), ("D4", for_no_reason), ("D4", otherwise),
]  # fmt: skip


@pytest.mark.parametrize(("law", "break_it"), BAD, ids=lambda one: getattr(one, "__name__", one))
def test_a_world_that_is_as_it_must_not_be_breaks_its_law(
    calm: World, law: str, break_it: Callable[[World], None]
) -> None:
    with pytest.raises(Violation) as caught:
        break_it(calm)

    assert caught.value.name == law


def test_what_was_accepted_as_one_breaks_no_law(calm: World) -> None:
    offer(calm, "accepted", "d1", "d2")

    deciding.nobody_carries_more_than_was_accepted_as_one(calm, [jobs(calm, "d1", "d2")])
