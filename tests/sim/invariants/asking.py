"""The law of dispatch: whoever can be asked is asked before a run leaves its zone."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.sim.invariants.registry import demand, step
from tests.sim.shadow import Change, Row

if TYPE_CHECKING:
    from tests.sim.world import World

SETS_OFF_BEFORE = 90
"""Seconds before an order is ready at which somebody is asked at the latest, however near."""
HEARD_WITHIN = 300
LOOKS_AGAIN = 60
SLACK = 30
"""Seconds by which a run's view of the time may be old."""

type Pair = tuple[str, str, float]


@step("D2")
def a_zone_is_left_with_nobody_to_ask(world: "World", news: Sequence[Change]) -> None:
    """What a run says that it has seen, it has acted on.

    Where nothing has changed since, and somebody free could be asked for what nobody is asked for,
    now or before it is ready, then the zone is looked at again by that time.
    """
    for change in news:
        pk, sk = change.key
        row = change.new or {}
        if change.table != "couriers" or sk != "HEAD" or not pk.startswith("ZONE#"):
            continue
        if "lease" in row or "seen" not in row or not _is_as_seen(world, pk, row):
            continue
        due = _moment(row["due_at"]) if "due_at" in row else float("inf")
        for courier, delivery, at in pairs(world, pk, world.scheduler.now):
            in_time = due <= at + LOOKS_AGAIN + SLACK
            demand("D2", in_time, f"{pk} was left, and {courier} is not asked for {delivery}")


def _is_as_seen(world: "World", pk: str, row: Row) -> bool:
    seen = _loads(row["seen"])
    counters = [world.shadow.get("couriers", f"{pk}#{one}", "DIRTY") for one in range(len(seen))]
    return bool(seen) and seen == [int((one or {}).get("changes", 0)) for one in counters]


def pairs(world: "World", pk: str, now: float) -> Iterator[Pair]:
    """Who is free, what waits for a courier and was not refused by them, and when they set off."""
    rows = [
        row
        for _, partition in world.shadow.partitions("couriers", f"{pk}#")
        for row in partition.values()
    ]
    free = [row["courier_id"] for row in rows if "jobs" in row and _is_free(row, now)]
    waiting = [row for row in rows if "refused" in row and not _loads(row["offers"])]
    on_duty = {row["courier_id"] for row in rows if "jobs" in row}
    for row in waiting:
        at = max(now, _moment(row["ready_at"]) - SETS_OFF_BEFORE)
        barred = _barred(row, on_duty)
        for courier in free:
            if courier not in barred:
                yield courier, row["delivery_id"], at


def _barred(row: Row, on_duty: set[str]) -> set[str]:
    """Who has refused, who is forbidden, and all but who is pinned and may still be asked."""
    said = _loads(row.get("directed") or "{}")
    barred = {*_loads(row["refused"]), *said.get("forbidden", ())}
    return on_duty if said.get("pinned") in on_duty - barred else barred


def _is_free(row: Row, now: float) -> bool:
    heard = _moment(row["located_at"]) > now - HEARD_WITHIN + SLACK
    return row["status"] == "on" and not _loads(row["jobs"]) and "offer_id" not in row and heard


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _loads(held: Any) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(held) if isinstance(held, str) else held
