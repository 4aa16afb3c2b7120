"""A store whose till has joined, in a world of its own."""

from collections.abc import Iterator

import pytest

from tests.opendelivery.desk import Desk, desk_in
from tests.world import World


@pytest.fixture
def desk(world_at: World) -> Iterator[Desk]:
    with desk_in(world_at) as made:
        made.take()
        yield made
