"""Where couriers are: the last position, on duty, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.core import clock, dynamo
from chalicelib.couriers.zone_models import OnDuty
from tests import laws
from tests.couriers.street import HERE, ZONE, Rider, Street

THERE = [126.9301, 37.5655]


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """The requests to DynamoDB, by operation."""
    found: list[str] = []

    def note(model: Any, **_: Any) -> None:  # noqa: ANN401 - botocore's own
        found.append(model.name)

    events = dynamo.client().meta.events
    events.register("before-call.dynamodb.*", note)
    yield found
    events.unregister("before-call.dynamodb.*", note)


def _duty(rider: Rider) -> OnDuty:
    found = rider.duty()
    assert found
    return found


def test_a_position_is_noted_in_exactly_one_request(jun: Rider, asked: list[str]) -> None:
    token = jun.token
    assert token
    asked.clear()

    answer = jun.locate(1, THERE)

    assert (answer.status, answer.text) == (204, "")
    assert asked == ["UpdateItem"]
    assert _duty(jun).location == THERE


def test_a_position_changes_neither_the_version_nor_the_zone(jun: Rider) -> None:
    version, before = _duty(jun).version, laws.rows("couriers")

    jun.locate(1, THERE)

    assert _duty(jun).version == version
    assert len(laws.rows("couriers")) == len(before)
    assert jun.events() == ["courier.changed", "courier.on_duty"]


def test_off_duty_a_position_is_refused_and_stored_nowhere(street: Street) -> None:
    mia = Rider(street.world, "mia")
    mia.introduce()

    answer = mia.locate(1, [126.987654, 37.5])

    assert (answer.status, answer.json["code"]) == (409, "off_duty")
    everything = [row for table in ("couriers", "orders", "control") for row in laws.rows(table)]
    assert "126.987654" not in str(everything)


def test_a_position_for_another_zone_than_the_duty_is_refused(jun: Rider) -> None:
    answer = jun.locate(1, THERE, zone="busan")

    assert answer.json["code"] == "off_duty"
    assert _duty(jun).location == HERE


@pytest.mark.parametrize("sequence", [7, 6, 1])
def test_a_batch_that_comes_late_is_passed_over(sequence: int, jun: Rider) -> None:
    jun.locate(7, THERE)

    answer = jun.locate(sequence, HERE)

    assert answer.status == 204
    assert _duty(jun).location == THERE
    assert _duty(jun).sequence == 7


def test_of_a_batch_the_newest_point_counts(jun: Rider) -> None:
    jun.world.clock.move(60)
    points = [
        {"location": {"type": "Point", "coordinates": where}, "at": clock.stamp(clock.after(-ago))}
        for where, ago in (([126.91, 37.5], 20), (THERE, 5), ([126.92, 37.5], 10))
    ]

    answer = jun.post("/v1/positions", {"zone": ZONE, "sequence": 1, "points": points})

    assert answer.status == 204
    assert _duty(jun).location == THERE
    assert _duty(jun).located_at == clock.stamp(clock.after(-5))


@pytest.mark.parametrize(("ago", "why"), [(-301, "in the future"), (86_401, "older than a day")])
def test_a_moment_that_cannot_be_is_refused_with_its_place(
    ago: float, why: str, jun: Rider
) -> None:
    answer = jun.locate(1, THERE, ago=ago)

    assert (answer.status, answer.json["code"]) == (400, "invalid")
    (fault,) = answer.json["errors"]
    assert fault["pointer"] == "/points/0/at"
    assert why in fault["detail"]
    assert _duty(jun).location == HERE


def test_a_clock_that_runs_ahead_a_little_is_not_believed(jun: Rider) -> None:
    jun.locate(1, THERE, ago=-200)

    assert _duty(jun).located_at == clock.stamp(clock.now())


def test_where_somebody_was_before_the_duty_began_is_not_kept(jun: Rider) -> None:
    answer = jun.locate(1, THERE, ago=30)

    assert answer.status == 204
    assert _duty(jun).location == HERE


def test_a_duty_of_which_nothing_is_heard_is_forgotten_after_a_day(jun: Rider) -> None:
    jun.world.clock.move(3600)

    jun.locate(1)

    assert _duty(jun).expires_at == int(clock.wall_now()) + 86_400
