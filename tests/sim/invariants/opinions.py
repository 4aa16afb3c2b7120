"""The law of ratings: sums hold each rating once as it last was, and lists show what sums say."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chalicelib.catalog.rating import ENOUGH
from tests.sim.invariants.registry import at_rest, demand
from tests.sim.shadow import Row

if TYPE_CHECKING:
    from tests.sim.world import World


@at_rest("R1")
def sums_are_what_was_said(world: "World") -> None:
    """Of stores and couriers; and a store's mean is shown once enough have said something."""
    said: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in _ratings(world):
        said["catalog", f"STORE#{row['store_id']}"].append(int(row["store_stars"]))
        if "courier_stars" in row:
            place = "couriers", f"COURIER#{row['courier_id']}"
            said[place].append(int(row["courier_stars"]))
    for (table, key), stars in sorted(said.items()):
        held = world.shadow.get(table, key, "STARS") or {}
        found = int(held.get("stars", 0)), int(held.get("ratings", 0))
        demand("R1", found == (sum(stars), len(stars)), f"{key} has {found} of {stars}")
        if table == "catalog":
            head = world.shadow.get(table, key) or {}
            shown = "rating_count" in head
            demand("R1", shown == (len(stars) >= ENOUGH), f"{key} shows its rating: {shown}")


def _ratings(world: "World") -> Iterator[Row]:
    for _, partition in world.shadow.partitions("orders", "RATINGS#"):
        yield from partition.values()
