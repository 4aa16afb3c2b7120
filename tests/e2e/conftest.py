"""The product, running from the packaged template, once for all tests that do it no harm."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.e2e import logs
from tests.e2e.running import free_ports, up
from tests.e2e.town import Town

HERE = Path(__file__).parent
# The calm ones first, then what reads their traces, then those with a city of their own.
ORDER = (
    "test_the_slice",
    "test_pushes",
    "test_to_the_door",
    "test_placing_at_once",
    "test_stripe_events",
    "test_the_contract",
    "test_the_tour",
    "test_permissions",
    "test_a_fast_city",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A told order here, in whatever order the other tests are shuffled."""

    def place(item: pytest.Item) -> tuple[int, int]:
        if HERE not in item.path.parents:
            return (-1, 0)
        return (ORDER.index(item.path.stem), item.location[1] or 0)

    items.sort(key=place)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure is shown together with what the functions and processes have said."""
    report = yield
    if report.failed and HERE in item.path.parents:
        report.sections.extend(("what the sandbox said", logs.told(box)) for box in logs.running)
    return report


@pytest.fixture(autouse=True)
def _fresh_world() -> None:
    """No moto here: these tests speak to the embedded cloud."""


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A sandbox at the wall clock's speed, with people in it."""
    with up(tmp_path_factory.mktemp("sandbox"), free_ports()) as box:
        made = Town(box)
        made.people()
        yield made
