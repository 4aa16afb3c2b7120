"""Stories of some seeds look for what was met too seldom."""

from tests.sim import coverage, rare, story
from tests.sim.acts import registry
from tests.sim.chance import Chance
from tests.sim.faults import READ, Fault, Plan

SITE = "GET /v1/orders/{order_id} -> dynamodb GetItem orders"
WANTED = {SITE: [(Fault.TIMES_OUT,)]}


def first_faults(wanted: rare.Wanted) -> list[Fault | None]:
    plans = [Plan(Chance(seed), 0.02, wanted=wanted) for seed in range(100)]
    return [plan.draw(SITE, "task", 1, READ) for plan in plans]


def test_a_fault_that_is_rare_at_a_call_is_likelier_there() -> None:
    assert first_faults({}).count(Fault.TIMES_OUT) < 10
    assert first_faults(WANTED).count(Fault.TIMES_OUT) > 35


def test_what_is_looked_for_is_found_once_or_twice_in_a_story_and_not_at_every_call() -> None:
    plan = Plan(Chance(1), 0.0001, wanted=WANTED)
    drawn = [plan.draw(SITE, "task", number, READ) for number in range(100)]
    assert 1 <= len([one for one in drawn if one]) <= 20


def test_a_fault_that_cannot_meet_a_call_is_not_looked_for_there() -> None:
    plan = Plan(Chance(1), 0.0001, wanted={SITE: [(Fault.CRASH_AFTER,)]})
    drawn = [plan.draw(SITE, f"task {number}", 1, READ) for number in range(100)]
    assert not [one for one in drawn if one is Fault.CRASH_AFTER]


def test_what_was_met_often_enough_is_not_looked_for_any_more() -> None:
    often = {"met": 500, "throttled": 20, "times out": 20, "fails before": 20}
    assert coverage.seldom({SITE: {**often, "delayed": 19}}) == {SITE: ["delayed"]}
    assert coverage.seldom({SITE: {**often, "delayed": 20}}) == {}


def test_the_table_names_only_what_can_happen() -> None:
    for site, columns in rare.wanted().items():
        names = [name for name, faults in coverage.COLUMNS.items() if faults in columns]
        assert len(names) == len(columns) > 0
        assert not [name for name in names if (coverage.kind_of(site), name) in coverage.EXCLUDED]


def test_the_seed_says_whether_a_story_is_steered() -> None:
    assert not story.script(rare.STEERED_FROM - 1).steered
    assert story.script(rare.STEERED_FROM).steered


def test_the_acts_that_are_likelier_are_acts() -> None:
    assert set(rare.LIKELIER) <= set(registry.ACTS)
