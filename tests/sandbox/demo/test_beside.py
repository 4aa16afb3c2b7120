"""The same orders in the world of an evaluator, which is made up here."""

from dataclasses import replace
from pathlib import Path

from sandbox.demo import beside, report
from sandbox.demo.figures import Spread
from sandbox.robo.scripts import Script
from sandbox.robo.story import Story
from tests.sandbox.demo import tales

EVALUATOR = """
class Instance:
    def __init__(self, path):
        self.orders = {f"o{n}": {"placed": 100} for n in range(5)}
        self.couriers = {"c1": {}, "c2": {}}

class Simulator:
    def __init__(self, day, policy, interval):
        assert policy({"time": 0, "interval": interval, "couriers": [], "roster": [], "orders": [],
            "restaurants": {}, "params": {"meters_per_minute": 320, "pickup_service": 4,
            "dropoff_service": 4, "max_c2d": 90, "pay_per_order": 10,
            "guaranteed_pay_per_hour": 15}}) == []
        self.day, self.done = day, {}

    def run(self):
        assert set(self.day.couriers) == {"c1"}
        self.done = {one: {"drop": 100 + 10 * int(one[1:])} for one in self.day.orders}
"""


def told(number: int, minutes: float, script: Script = Script.HAPPY) -> Story:
    story = tales.story(number, script, minutes=minutes)
    story.wish = replace(story.wish, published=f"o{number}")
    return story


def test_what_was_delivered_in_both_worlds_is_compared(tmp_path: Path) -> None:
    (tmp_path / beside.NAME).write_text(EVALUATOR)
    stories = [told(1, 30), told(2, 50), told(3, 0, Script.REJECTED), told(9, 10)]

    there = beside.minutes(tmp_path, tmp_path, {"o1", "o2", "o3"}, {"c1"})
    found = beside.compared(stories, there)

    assert there == {"o1": 10, "o2": 20, "o3": 30}
    assert (found.here, found.there) == (Spread(2, 40.0, 50.0), Spread(2, 15.0, 20.0))


def test_the_evaluator_stands_beside_the_instances_or_where_it_is_said(tmp_path: Path) -> None:
    day = tmp_path / "instances" / "a-day"
    day.mkdir(parents=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / beside.NAME).touch()

    assert beside.home(day, None) is None
    assert beside.home(day, str(elsewhere)) == elsewhere
    (tmp_path / beside.NAME).touch()
    assert beside.home(day, None) == tmp_path


def test_the_report_tells_both_and_nothing_where_there_is_nothing() -> None:
    alone = tales.report([told(1, 30)])
    both = replace(alone, beside=beside.Beside(Spread(1, 30.0, 30.0), Spread(1, 28.5, 28.5)))

    assert "evaluator" not in report.as_text(alone)
    assert report.as_json(alone)["evaluator"] is None
    assert "in the evaluator's world  28.5" in report.as_text(both)
    assert report.as_json(both)["evaluator"]["there"] == {"mean": 28.5, "p90": 28.5}
