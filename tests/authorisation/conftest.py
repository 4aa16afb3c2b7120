"""The town, laid out afresh for every test, and the number of cases gone through in it."""

from collections.abc import Iterator

import pytest

from tests.authorisation.town import Town, standing
from tests.counting import Count
from tests.world import World


@pytest.fixture
def town(world_at: World) -> Iterator[Town]:
    with standing(world_at) as found:
        yield found


@pytest.fixture
def cases(request: pytest.FixtureRequest) -> Iterator[Count]:
    count = Count(request, "authorisation")
    yield count
    count.record()
