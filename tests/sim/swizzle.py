"""Swizzling: things go down one by one, and come back in another order."""

import random
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tests.sim.world import Pump, World

MINUTE = 60.0


class Switch(Protocol):
    """Takes one thing down, or brings it up again."""

    def __call__(self, *, down: bool) -> None: ...


SERVICES = ("stripe", "sqs", "sns", "hook", "ssm")


def swizzle(world: "World", rng: random.Random, minutes: float) -> None:
    """Take everything down, one after the other; bring it back in random order. An actor's work."""
    switches = _switches(world)
    rng.shuffle(switches)
    pause = minutes * MINUTE / (2 * len(switches))
    chosen = switches[: rng.randint(2, len(switches))]
    for switch in chosen:
        world.scheduler.pause(rng.uniform(0, pause))
        switch(down=True)
    rng.shuffle(chosen)
    for switch in chosen:
        world.scheduler.pause(rng.uniform(0, pause))
        switch(down=False)


def _switches(world: "World") -> list[Switch]:
    services: list[Switch] = [_service(world, name) for name in SERVICES]
    return services + [_pump(one) for one in world.pumps]


def _service(world: "World", name: str) -> Switch:
    def switch(*, down: bool) -> None:
        if down:
            world.caller.down.add(name)
        else:
            world.caller.down.discard(name)

    return switch


def _pump(pump: "Pump") -> Switch:
    def switch(*, down: bool) -> None:
        pump.down = down
        if not down:
            pump.ring()

    return switch
