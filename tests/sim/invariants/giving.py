"""The laws of what is given back: counted as it goes, and settled in the end."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.sim.invariants.facts import legs_of
from tests.sim.invariants.registry import at_rest, demand, step
from tests.sim.shadow import Change, Row

if TYPE_CHECKING:
    from tests.sim.world import World

PORTION_ENDED = {"failed", "replaced"}


def _portions(world: "World", pk: str) -> list[Row]:
    partition = world.shadow.partition("payments", pk)
    return [row for row in partition.values() if "refund_id" in row and "leg_id" in row]


@step("M3")
def no_more_goes_back_than_was_taken(world: "World", news: Sequence[Change]) -> None:
    """Of each payment: what its refunds come to is what is counted, and at most what was taken."""
    for pk in {change.key[0] for change in news if "refund_id" in change.row}:
        given: Counter[str] = Counter()
        for one in _portions(world, pk):
            if one["status"] not in PORTION_ENDED:
                given[str(one["leg_id"])] += int(one["amount"])
        for leg in legs_of(world, pk):
            back, taken = given[leg["id"]], int(leg.get("captured", 0))
            demand("M3", back <= taken, f"{leg['id']} gives {back} of {taken} back")
            counted = int(leg.get("refunded", 0))
            demand("M3", back == counted, f"{leg['id']} gives {back} back and counts {counted}")


@at_rest("S2")
def refunds_are_settled(world: "World") -> None:
    """No part of a refund waits, and Stripe has given back exactly what we say it has."""
    for pk, _ in world.shadow.partitions("payments", "PAY#"):
        for one in _portions(world, pk):
            waits = one["status"] == "pending"
            demand("S2", not waits, f"{one['refund_id']} of {pk} is still {one['status']}")
