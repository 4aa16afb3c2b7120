"""Worlds for tests of the world: calm ones, in which nothing happens that is not asked for."""

from collections.abc import Iterator

import pytest

from tests.sim.town import Town
from tests.sim.world import Options, World


@pytest.fixture
def calm() -> Iterator[World]:
    """A world without faults."""
    with World(Options(seed=1, rate=0.0)) as world:
        world.plan.calm = world.bank.calm = True
        yield world


@pytest.fixture
def town(calm: World) -> Town:
    """Somebody lives in it."""
    made = Town(calm, chance=calm.chance)
    calm.act("settling", made.settle)
    calm.run(300)
    assert made.customers
    return made
