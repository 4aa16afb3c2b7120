"""The laws of how stores are reached: proven addresses, known signatures, apps that are there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chalicelib.integrations.schemas import CHALLENGE
from tests.sim.invariants.registry import at_rest, demand, step
from tests.sim.shadow import Change

if TYPE_CHECKING:
    from tests.sim.world import World

SILENT, MISSED = "no_heartbeat", "no_response"
RECOVERED = 10.0
SURELY = 240.0
"""So long after a beat nobody says that an app is silent, however slow the calls were."""


def begins(world: "World", store_id: str) -> None:
    """An app has begun to say that it is there."""
    world.memory.setdefault("apps", set()).add(store_id)


def has_app(world: "World", store_id: str) -> bool:
    return store_id in world.memory.get("apps", ())


def heard(world: "World", store_id: str, began: float) -> None:
    """It was answered: its store is not paused for silence, and will not be for minutes."""
    world.memory.setdefault("beats", {})[store_id] = began
    if world.scheduler.now < began + SURELY:
        still = paused(world, store_id) == SILENT
        demand("A5", not still, f"{store_id} is paused though its app is back")
    _in_time("A5", world, store_id, began)


def resumed(world: "World", store_id: str, began: float) -> None:
    """Its people have opened it again, and were told that it is."""
    changed = world.memory.get("pauses", {}).get(store_id, [(0.0, "")])[-1][0]
    still = paused(world, store_id) == MISSED and changed < began
    demand("A6", not still, f"{store_id} is paused though its people opened it again")
    _in_time("A6", world, store_id, began)


def paused(world: "World", store_id: str) -> str:
    """Why a store is paused; nothing: it is not."""
    head = world.shadow.get("catalog", f"STORE#{store_id}") or {}
    return str(head.get("pause_reason") or "")


def _in_time(law: str, world: "World", store_id: str, began: float) -> None:
    """Where nothing goes wrong around us, recovering takes seconds."""
    took = world.scheduler.now - began
    demand(law, took <= RECOVERED or not undisturbed(world), f"{store_id}: {took:.1f} s")


def undisturbed(world: "World") -> bool:
    """Whether nothing fails in this story but the systems of stores."""
    failing = world.plan.rate or world.options.deaf or world.memory.get("swizzled")
    return not failing


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
        used = has_app(world, store_id)
        demand("A5", used, f"{store_id} was paused for an app that it does not use")
        last = world.memory.get("beats", {}).get(store_id)
        silent = last is None or world.scheduler.now >= last + SURELY
        demand("A5", silent, f"{store_id} was paused {world.scheduler.now - (last or 0):.0f} s on")


@at_rest("W3")
def nobody_hears_who_has_not_asked(world: "World") -> None:
    """The first that an address takes is a challenge, and every signature is by a known secret."""
    strayed = world.receivers.strayed
    demand("W3", not strayed, f"{strayed} were called, and are nobody's")
    for receiver in world.receivers.by_url.values():
        for url, first in receiver.first.items():
            demand("W3", first == CHALLENGE, f"{url} heard {first} before a challenge")
        demand("W3", not receiver.forged, f"{receiver.url} cannot verify {receiver.forged}")
