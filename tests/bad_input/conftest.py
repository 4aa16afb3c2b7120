"""A town that must be the same after whatever it is sent, and the number of cases.

Each day a quarter of the routes is sent what is bad, and all of them by `make bad-input`.
"""

import os
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.authorisation.town import Town, standing
from tests.counting import Count
from tests.world import World

HERE = Path(__file__).parent
DAYS = 4


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the routes of other days out."""
    if os.environ.get("BAD_INPUT") == "all":
        return
    left = [one for one in items if HERE in one.path.parents and not _is_of_today(one)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [one for one in items if one not in set(left)]


def _is_of_today(item: pytest.Item) -> bool:
    named = getattr(item, "callspec", None)
    route = named.params.get("route") if named else None
    day = datetime.now(UTC).date().toordinal()
    return route is None or zlib.crc32(route.name.encode()) % DAYS == day % DAYS


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
