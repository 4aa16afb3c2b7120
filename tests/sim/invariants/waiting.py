"""The laws of orders that wait for their store: reminded, cancelled, and three missed pause it.

Whatever the store's systems do with what they are told: the clock is not theirs.
"""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tests.sim.invariants.reaching import MISSED, undisturbed
from tests.sim.invariants.registry import at_rest, demand, step
from tests.sim.shadow import Change, Row

if TYPE_CHECKING:
    from tests.sim.world import World

REMINDED = (60, 90, 180, 360)
LAPSES = 480
"""Seconds from when a store is shown an order, as every store here has it."""
SKEW = 0.5
AT_WORK = 30.0
"""Seconds for which an answer that came in time may still be on its way to the table."""
SWEPT = 90.0
"""Seconds within which a deadline is met where nothing fails: a minute's sweep, and its work."""
WINDOW, MISSES = 1800.0, 3
LITTLE = 0.04
"""The rate of faults up to which a bell is heard within minutes."""
NO_RESPONSE = "merchant_no_response"

type Moments = dict[str, list[float]]
type Pauses = dict[str, list[tuple[float, str]]]


@step("K1")
def the_clock_is_kept(world: "World", news: Sequence[Change]) -> None:
    """An unanswered order lapses at its time: not before, not after, and is not taken on later."""
    now = world.scheduler.now
    for change in news:
        if change.table != "orders" or change.key[1] != "HEAD":
            continue
        old, new = change.old or {}, change.new or {}
        if new.get("status") == "CREATED":
            _until(world, change.key[0], new)
        if old.get("status") != "CREATED" or new.get("status") in {None, "CREATED"}:
            continue
        until = _until(world, change.key[0], old)
        name = f"{change.key[0]}, {now - until:+.1f} s from its time,"
        if new["status"] == "CONFIRMED":
            demand("K1", now <= until + AT_WORK, f"{name} was taken on")
        if _lapsed(new):
            demand("K1", now >= until - SKEW, f"{name} was given up")
            prompt = now <= until + SWEPT or not undisturbed(world)
            demand("K1", prompt, f"{name} was given up")
            missed: Moments = world.memory.setdefault("missed", {})
            missed.setdefault(str(new["store_id"]), []).append(now)


@step("K2")
def a_reminder_has_its_time(world: "World", news: Sequence[Change]) -> None:
    """Each is told once, in their order, none too early, and in time where nothing fails."""
    told: Counter[str] = world.memory.setdefault("reminded", Counter())
    for change in news:
        row = change.new or {}
        if change.old is not None or row.get("type") != "order.confirmation_overdue":
            continue
        order_id, number = str(row["subject"]), int(_loaded(row["data"])["reminder"])
        head = world.shadow.get("orders", f"ORDER#{order_id}") or {}
        demand("K2", number <= len(REMINDED), f"{order_id} was reminded {number} times")
        shown = _until(world, f"ORDER#{order_id}", head) - LAPSES
        late = world.scheduler.now - shown - REMINDED[number - 1]
        said = f"{order_id} was reminded {number}, {late:+.1f} s from its time"
        demand("K2", number > told[order_id], f"{said}, after {told[order_id]}")
        demand("K2", late >= -SKEW, said)
        demand("K2", late <= SWEPT or not undisturbed(world), said)
        told[order_id] = number


@step("A6")
def only_misses_pause_for_misses(world: "World", news: Sequence[Change]) -> None:
    """Whoever is paused for orders that were not answered has missed three in half an hour."""
    now = world.scheduler.now
    for change in news:
        if change.table != "catalog" or change.key[1] != "HEAD" or change.new is None:
            continue
        before = str((change.old or {}).get("pause_reason") or "")
        reason = str(change.new.get("pause_reason") or "")
        if reason == before:
            continue
        store_id = change.key[0].removeprefix("STORE#")
        pauses: Pauses = world.memory.setdefault("pauses", {})
        pauses.setdefault(store_id, []).append((now, reason))
        if reason == MISSED:
            missed: Moments = world.memory.get("missed", {})
            recent = [one for one in missed.get(store_id, ()) if one > now - WINDOW - AT_WORK]
            demand("A6", len(recent) >= MISSES, f"{store_id} was paused after {len(recent)} misses")


@at_rest("A6")
def three_misses_pause_a_store(world: "World") -> None:
    """Of any three misses in half an hour, it was paused after the first, or at once by the last.

    Where little fails, in a quarter of an hour: who counts late may find that half an hour is over.
    """
    if world.plan.rate > LITTLE or world.memory.get("swizzled"):
        return
    late = SWEPT if undisturbed(world) else WINDOW / 2
    for store_id, missed in world.memory.get("missed", {}).items():
        for first, last in zip(missed, missed[MISSES - 1 :], strict=False):
            if last - first > WINDOW - late:
                continue
            pauses = world.memory.get("pauses", {}).get(store_id, [])
            paused = _was_paused(pauses, first, last + late)
            demand("A6", paused, f"{store_id} missed {MISSES} in {last - first:.0f} s, and goes on")


def _was_paused(pauses: list[tuple[float, str]], first: float, last: float) -> bool:
    """Whether a store was paused at some time between."""
    begun = [at for at, reason in pauses if reason and at <= last]
    return any(all(end > first for end in _ends(pauses, at)[:1]) for at in begun)


def _ends(pauses: list[tuple[float, str]], begun: float) -> list[float]:
    return [at for at, reason in pauses if at > begun and not reason]


def _until(world: "World", pk: str, head: Row) -> float:
    """Until when an order waits for its store, as was said when that was first shown it."""
    first: dict[str, float] = world.memory.setdefault("until", {})
    return first.setdefault(pk, datetime.fromisoformat(head["confirm_by"]).timestamp())


def _lapsed(head: Row) -> bool:
    said = _loaded(head.get("cancellation") or "{}")
    return head["status"] == "CANCELLED" and said.get("code") == NO_RESPONSE


def _loaded(held: str | Row) -> Row:
    found: Row = json.loads(held) if isinstance(held, str) else held
    return found
