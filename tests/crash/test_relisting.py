"""A city that is listed anew is listed to its end, wherever whoever was at it has died."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from chalicelib.catalog import events as catalog_events
from chalicelib.catalog.models import LISTING
from tests import database, faults, laws
from tests.crash import states
from tests.crash.sharing import is_of_today
from tests.faults import Crash, Script
from tests.surroundings import SCHEDULE
from tests.world import World

PATH = "/v1/stores/relist?city=seoul&limit=1"
NEARBY = "/v1/stores/nearby?lat=37.5621&lon=126.9236"
SEARCH = "/v1/search?q=bibimbap&city=seoul"
STORES = 2
MINUTE = 61


@dataclass
class City:
    """Stores of an older release, without any rows, again and again."""

    world: World
    state: states.State

    def ask(self) -> None:
        """An operator asks for a page, and goes away."""
        self.world.post(PATH, token=self.world.operator())

    def sweep(self) -> None:
        self.world.clock.move(MINUTE)
        catalog_events.sweep_uploads(SCHEDULE, None)

    def calls(self, act: Callable[[], None], *before: Callable[[], None]) -> int:
        script = Script()
        self._stand(*before)
        with faults.following(script):
            act()
        return len(script.calls)

    def dies(self, number: int, act: Callable[[], None], *before: Callable[[], None]) -> None:
        script = Script()
        script.crash_at(number, effect=True)
        self._stand(*before)
        with faults.following(script), pytest.raises(Crash):
            act()

    def _stand(self, *before: Callable[[], None]) -> None:
        states.put_back(self.world, self.state)
        for act in before:
            act()

    def is_whole(self) -> bool:
        """Every store is found near the point and by what it cooks, and nothing waits."""
        found = [len(self.world.get(path)["data"]) for path in (NEARBY, SEARCH)]
        waits = [row for row in laws.rows("catalog") if row["pk"] in {"RELISTS", "TEXTS"}]
        return found == [STORES, STORES] and not waits


@pytest.fixture
def city(world_at: World) -> City:
    for _ in range(STORES):
        world_at.store()
    for row in database.raw("test-catalog"):
        pk, sk = row["pk"]["S"], row["sk"]["S"]
        if pk.startswith(("CELL#", "TEXT#")) or sk in {LISTING, "TEXT"}:
            database.remove("test-catalog", {"pk": row["pk"], "sk": row["sk"]})
    made = City(world_at, states.take(world_at))
    assert not made.is_whole()
    return made


def test_a_city_of_which_one_page_was_asked_for_is_listed_to_its_end(city: City) -> None:
    city.ask()
    assert not city.is_whole()
    city.sweep()

    assert city.is_whole()


def test_whoever_dies_at_any_call_of_the_request_is_followed_by_the_sweep(city: City) -> None:
    count = city.calls(city.ask)
    today = [number for number in range(count) if is_of_today(number)]
    begun = []

    for number in today:
        city.dies(number, city.ask)
        begun.append(any(row["pk"] == "RELISTS" for row in laws.rows("catalog")))
        for _ in range(STORES + 1):
            city.sweep()
        assert city.is_whole() is begun[-1], number

    assert count > 10
    assert begun == sorted(begun)  # who dies before the first write has promised nothing


def test_a_sweep_that_dies_at_any_call_is_followed_by_one_that_finishes(city: City) -> None:
    count = city.calls(city.sweep, city.ask)
    today = [number for number in range(count) if is_of_today(number)]

    for number in today:
        city.dies(number, city.sweep, city.ask)
        for _ in range(STORES + 1):
            city.sweep()
        assert city.is_whole(), number

    assert count > 10
