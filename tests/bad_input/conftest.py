"""A town that must be the same after whatever it is sent, and the number of cases."""

from collections.abc import Iterator

import pytest

from tests.authorisation.town import Town, standing
from tests.counting import Count
from tests.world import World


@pytest.fixture
def town(world_at: World) -> Iterator[Town]:
    with standing(world_at) as found:
        found.put("delivery", "CREATED")
        before = found.digest()
        yield found
        assert found.digest() == before


@pytest.fixture
def cases(request: pytest.FixtureRequest) -> Iterator[Count]:
    count = Count(request, "bad input")
    yield count
    count.record()
