"""The law of what there is only so much of: counters say what living orders hold, to the limit."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.catalog.holding import KEPT
from tests.sim.invariants.facts import cases
from tests.sim.invariants.registry import demand, step
from tests.sim.shadow import Change, Row

if TYPE_CHECKING:
    from tests.sim.world import World

type Place = tuple[str, str]


@step("H1")
def what_is_taken_is_what_is_held(world: "World", news: Sequence[Change]) -> None:
    """Each counter is the sum of what orders that were not given up hold, never above its limit."""
    touched = {place for change in news for place in _touched(change)}
    for store_id, counter in sorted(touched):
        row = world.shadow.get("catalog", f"STORE#{store_id}", counter)
        holds = list(_held(world, store_id, counter))
        if row is None and _is_forgotten(world, holds):
            continue
        taken, held = int((row or {}).get("taken", 0)), sum(one["number"] for one in holds)
        name = f"{counter} of {store_id}"
        demand("H1", taken == held, f"{name}: {taken} are taken, {held} are held")
        limit = min((one["limit"] for one in holds), default=0)
        demand("H1", taken <= limit or not holds, f"{name}: {taken} are taken of {limit}")


def _touched(change: Change) -> Iterator[Place]:
    if change.table == "catalog" and "taken" in change.row:
        yield change.key[0].removeprefix("STORE#"), change.key[1]
    if change.table == "orders" and change.key[1] == "HEAD":
        for one in _holds(change.row):
            yield change.row["store_id"], one["counter"]


def _holds(head: Row) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(head.get("holds") or "[]")
    return found


def _held(world: "World", store_id: str, counter: str) -> Iterator[dict[str, Any]]:
    for case in cases(world):
        if case.head["store_id"] == store_id and case.head["status"] != "CANCELLED":
            yield from (one for one in _holds(case.head) if one["counter"] == counter)


def _is_forgotten(world: "World", holds: list[dict[str, Any]]) -> bool:
    kept = (datetime.fromisoformat(one["ends"]) + KEPT for one in holds)
    return all(one.timestamp() < world.scheduler.now for one in kept)
