"""Swizzling: things go down one by one, and come back in another order."""

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.sim.world import World

MINUTE = 60.0
SERVICES = ("stripe", "sqs", "sns", "hook", "ssm")


def swizzle(world: "World", rng: random.Random, minutes: float) -> None:
    """Take everything down, one after the other; bring it back in random order. An actor's work."""
    switches = _switches(world)
    rng.shuffle(switches)
    pause = minutes * MINUTE / (2 * len(switches))
    chosen = switches[: rng.randint(2, len(switches))]
    for switch in chosen:
        world.scheduler.pause(rng.uniform(0, pause))
        switch(True)
    rng.shuffle(chosen)
    for switch in chosen:
        world.scheduler.pause(rng.uniform(0, pause))
        switch(False)


def _switches(world: "World") -> list[Callable[[bool], None]]:
    found: list[Callable[[bool], None]] = [_service(world, name) for name in SERVICES]
    pumps = (*world.queue_pumps.values(), *world.streams, *world.schedules)
    return found + [_pump(one) for one in pumps]


def _service(world: "World", name: str) -> Callable[[bool], None]:
    def switch(down: bool) -> None:  # noqa: FBT001 - a switch has two positions
        if down:
            world.caller.down.add(name)
        else:
            world.caller.down.discard(name)

    return switch


def _pump(pump: object) -> Callable[[bool], None]:
    def switch(down: bool) -> None:  # noqa: FBT001 - a switch has two positions
        pump.down = down  # type: ignore[attr-defined] # every pump has it
        if not down:
            pump.ring()  # type: ignore[attr-defined] # and this

    return switch
