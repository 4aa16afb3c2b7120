"""The town, laid out afresh for every test, and the number of cases gone through in it."""

from collections.abc import Iterator

import pytest

from chalicelib.payments import gateway
from sandbox.stripe.client import SimHttpClient
from tests.authorisation.town import Town, build
from tests.clocks import StandingClock
from tests.counting import Count
from tests.world import World

_built: list[Town] = []


@pytest.fixture
def town(world_at: World, clock_at: StandingClock) -> Iterator[Town]:
    assert clock_at
    if not _built:
        _built.append(build(world_at))
    found = _built[0]
    found.again()
    with gateway.speaking_through(SimHttpClient(found.world.stripe)), found.watched():
        yield found


@pytest.fixture
def cases(request: pytest.FixtureRequest) -> Iterator[Count]:
    count = Count(request, "authorisation")
    yield count
    count.record()
