"""A street where couriers bring what a store sells."""

import pytest

from tests.couriers.street import Rider, Street
from tests.world import World


@pytest.fixture
def street(world_at: World) -> Street:
    return Street(world_at, world_at.store(delivered_by="platform"))


@pytest.fixture
def jun(street: Street) -> Rider:
    """A courier on duty."""
    return street.rider("jun")
