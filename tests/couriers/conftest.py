"""A street where couriers bring what a store sells, and a world with couriers in it."""

import pytest

from tests.couriers.riders import Riders
from tests.couriers.street import Rider, Street
from tests.world import World


@pytest.fixture
def street(world_at: World) -> Street:
    return Street(world_at, world_at.store(delivered_by="platform"))


@pytest.fixture
def jun(street: Street) -> Rider:
    """A courier on duty."""
    return street.rider("jun")


@pytest.fixture
def riders(world_at: World) -> Riders:
    return Riders(world_at)
