"""The laws of how stores are reached: proven addresses, known signatures, apps that are there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chalicelib.integrations.schemas import CHALLENGE
from tests.sim.invariants.registry import at_rest, demand, step
from tests.sim.shadow import Change

if TYPE_CHECKING:
    from tests.sim.world import World

SILENT, SURELY = "no_heartbeat", 240.0
"""So long after a beat nobody says that an app is silent, however slow the calls were."""


def begins(world: "World", store_id: str) -> None:
    """An app has begun to say that it is there."""
    world.memory.setdefault("apps", set()).add(store_id)


def heard(world: "World", store_id: str, began: float) -> None:
    """It was answered: its store is not paused for silence, and will not be for minutes."""
    world.memory.setdefault("beats", {})[store_id] = began
    head = world.shadow.get("catalog", f"STORE#{store_id}") or {}
    if world.scheduler.now < began + SURELY:
        paused = head.get("pause_reason") == SILENT
        demand("A5", not paused, f"{store_id} is paused though its app is back")


@step("A5")
def nobody_who_is_there_is_paused_for_silence(world: "World", news: Sequence[Change]) -> None:
    """A store is paused for its app's silence only if it has one that has been silent."""
    for change in news:
        if change.table != "catalog" or change.key[1] != "HEAD" or change.new is None:
            continue
        before = (change.old or {}).get("pause_reason")
        if change.new.get("pause_reason") != SILENT or before == SILENT:
            continue
        store_id = change.key[0].removeprefix("STORE#")
        used = store_id in world.memory.get("apps", set())
        demand("A5", used, f"{store_id} was paused for an app that it does not use")
        last = world.memory.get("beats", {}).get(store_id)
        silent = last is None or world.scheduler.now >= last + SURELY
        demand("A5", silent, f"{store_id} was paused {world.scheduler.now - (last or 0):.0f} s on")


@at_rest("W3")
def nobody_hears_who_has_not_asked(world: "World") -> None:
    """The first that an address takes is a challenge, and every signature is by a known secret."""
    for receiver in world.receivers.by_url.values():
        if receiver.taken:
            first = receiver.taken[0]["type"]
            demand("W3", first == CHALLENGE, f"{receiver.url} heard {first} before a challenge")
        demand("W3", not receiver.forged, f"{receiver.url} cannot verify {receiver.forged}")
