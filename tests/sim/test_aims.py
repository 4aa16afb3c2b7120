"""Stories of some seeds choose acts that lead to what was met too seldom."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sim import coverage, rare
from tests.sim.acts import all_acts, registry
from tests.sim.chance import Chance

assert all_acts.MODULES
ACTS = sorted(registry.ACTS)[:3]
RARE = "GET /v1/orders/{order_id} -> stripe GET /v1/setup_intents/{id}"
CHANCE = Chance(1)
USUAL = "GET /v1/orders/{order_id} -> dynamodb GetItem orders"


@pytest.fixture(autouse=True)
def a_table_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(coverage, "SITES", tmp_path / "sites.json")
    forget()
    yield
    monkeypatch.undo()
    forget()


def forget() -> None:
    for known in (coverage.leads, rare.wanted, rare.aims):
        known.cache_clear()


def stories() -> list[tuple[frozenset[str], frozenset[str]]]:
    usual = [(frozenset(ACTS[1:]), frozenset({USUAL}))] * 18
    return [*usual, (frozenset(ACTS), frozenset({USUAL, RARE}))] * 2


def test_an_act_leads_to_what_is_met_where_it_is_told_and_seldom_elsewhere() -> None:
    assert coverage.record(stories()) == 2
    assert coverage.leads() == {RARE: (ACTS[0],), USUAL: ()}


def test_a_story_aims_at_a_call_that_was_met_too_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    coverage.record(stories())
    monkeypatch.setattr(rare, "wanted", lambda: {RARE: [()], USUAL: [()]})

    chosen = rare.aimed(CHANCE.stream("aim"))

    assert [one.name for one in chosen] == [ACTS[0]] * rare.AIMS


def test_where_no_act_leads_anywhere_nothing_is_aimed_at(monkeypatch: pytest.MonkeyPatch) -> None:
    coverage.record(stories())
    monkeypatch.setattr(rare, "wanted", lambda: {USUAL: [()]})

    assert rare.aimed(CHANCE.stream("aim")) == []


def test_an_act_that_is_no_more_is_not_aimed_at(monkeypatch: pytest.MonkeyPatch) -> None:
    coverage.record([(frozenset({"gone"}), frozenset({RARE})), *stories()])
    monkeypatch.setattr(rare, "wanted", lambda: {RARE: [()]})

    assert {one.name for one in rare.aimed(CHANCE.stream("aim"))} == {ACTS[0]}
