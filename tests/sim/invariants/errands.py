"""The laws of what a store sends by itself: asked for twice it is one, and its merchant pays it."""

import json
from collections import Counter
from typing import TYPE_CHECKING

from tests.sim.invariants.facts import cases
from tests.sim.invariants.registry import at_rest, demand
from tests.sim.shadow import Row

if TYPE_CHECKING:
    from tests.sim.world import World

PART = 60
"""Per cent of its price."""


def asked(world: "World", reference: str, answers: list[str]) -> None:
    """A store was told which delivery its parcel is."""
    told = world.memory.setdefault("parcels", {})
    told.setdefault(reference, set()).update(answers)


@at_rest("E1")
def a_parcel_is_one_errand(world: "World") -> None:
    """However often it was asked for under one id, it was one delivery to its store."""
    for reference, answers in world.memory.get("parcels", {}).items():
        demand("E1", len(answers) <= 1, f"{reference} became {sorted(answers)}")
    found = Counter(
        json.loads(case.head["errand"])["reference"]
        for case in cases(world)
        if _is_carried(case.head)
    )
    twice = [one for one, count in found.items() if count > 1]
    demand("E1", not twice, f"{twice} became several errands")


@at_rest("E2")
def a_merchant_owes_what_its_errand_costs(world: "World") -> None:
    """The price of what was carried, a part of what was given up late, and else nothing."""
    for case in cases(world):
        if not _is_one(case.head):
            continue
        shares = json.loads(case.head["shares"])
        price = -sum(one["amount"] for one in shares if one["to"] == "merchant")
        owed = case.balance(f"payable:merchant:{case.head['merchant_id']}")
        ended = json.loads(case.head.get("cancellation", "null"))
        due = _due(ended, price)
        if case.head["status"] in {"DELIVERED", "CONCLUDED", "CANCELLED"}:
            demand("E2", owed in due, f"{case.id}: {owed} is owed of {price} after {ended}")


def _due(ended: dict[str, str] | None, price: int) -> set[int]:
    """What may be owed of a price after such an end. How far its courier was is not known here."""
    if ended is None or ended["code"] == "recalled":
        return {price}
    if ended["code"] == "undeliverable":
        return {price if ended["liable_party"] == "customer" else 0}
    return {0, price * PART // 100} if ended["initiated_by"] == "store" else {0}


def _is_carried(head: Row) -> bool:
    """One for which nobody was found may be asked for again."""
    return _is_one(head) and '"no_courier"' not in str(head.get("cancellation"))


def _is_one(head: Row) -> bool:
    return "errand" in head
