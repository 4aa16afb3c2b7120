"""The report's arithmetic."""

from dataclasses import replace

import pytest

from sandbox.demo import figures, report
from sandbox.robo.scripts import Script
from sandbox.robo.till_kitchen import Told
from tests.sandbox.demo import tales


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [([], 99, 0.0), ([5.0], 50, 5.0), (range(1, 101), 90, 90), (range(1, 101), 99, 99)],
)
def test_percentiles_are_nearest_ranks(
    values: list[float], percent: float, expected: float
) -> None:
    assert figures.percentile(values, percent) == expected


def test_click_to_door_counts_what_was_delivered_alone() -> None:
    stories = [
        tales.story(1, minutes=20), tales.story(2, minutes=40), tales.story(3, Script.REJECTED),
    ]  # fmt: skip

    door = figures.click_to_door(stories)

    assert (door.count, door.mean, door.p90) == (2, 30.0, 40.0)


def test_stages_are_measured_from_event_to_event() -> None:
    stages = figures.stages([tales.story(1, minutes=30)])

    means = {name: one.mean for name, one in stages.items()}
    assert means == {
        "placed to confirmed": 1.0,
        "confirmed to ready": 9.0,
        "ready to picked up": 2.0,
        "picked up to delivered": 18.0,
    }


def test_what_has_concluded_counts_as_what_it_was() -> None:
    brought, collected = tales.story(1), tales.story(2, Script.TAKEAWAY)
    collected.stages["order.picked_up"] = tales.BEGAN + 900
    brought.status = collected.status = "CONCLUDED"

    assert figures.ends([brought, collected]) == {"DELIVERED": 1, "PICKED_UP": 1}


def test_the_figures_say_what_became_of_all() -> None:
    stories = [tales.story(1), tales.story(2, Script.REJECTED), tales.story(3, Script.TAKEAWAY)]

    said = report.as_json(tales.report(stories))

    assert (said["orders"], said["delivered"], said["picked_up"], said["cancelled"]) == (3, 1, 1, 1)
    assert said["scripted_otherwise"] == 2
    assert (said["captured"], said["owed_difference"], said["ledger_sum"]) == (10_000, 0, 0)
    assert said["lag_minutes"] == {"p50": 0.2, "p99": 0.8}
    assert said["click_to_door_minutes"] == {"mean": 30.0, "p90": 30.0}
    assert said["seconds"] == 12.35


def test_a_difference_between_what_is_owed_and_taken_is_told() -> None:
    stories = [tales.story(1)]
    kept = tales.books(stories, paid={"KRW": 7_500})

    said = report.as_json(tales.report(stories, kept))

    assert said["owed_difference"] == 2_500


def test_people_read_the_same_figures() -> None:
    text = report.as_text(tales.report([tales.story(1), tales.story(2, Script.REJECTED)]))

    assert "2: 1 delivered, 0 picked up, 1 cancelled (1 scripted" in text
    assert "captured KRW 10,000" in text
    assert "30 city seconds a second" in text


def test_what_a_till_was_told_is_reported() -> None:
    told = replace(tales.report([tales.story(1)]), till=Told({"CREATED": 2, "CONFIRMED": 1}, 2, []))

    assert "2 orders by a till that polls: CONFIRMED 1, CREATED 2" in report.as_text(told)
    assert report.as_json(told)["open_delivery"] == {"CREATED": 2, "CONFIRMED": 1}
    assert report.as_json(tales.report([tales.story(1)]))["open_delivery"] == {}
