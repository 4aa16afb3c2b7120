"""The world with couriers in it."""

import pytest

from tests.couriers.riders import Riders
from tests.world import World


@pytest.fixture
def riders(world_at: World) -> Riders:
    return Riders(world_at)
