"""Breaks, how long somebody may be on duty, and how long they rest."""

from datetime import timedelta

import pytest

from chalicelib.core import clock
from chalicelib.couriers import hours
from chalicelib.couriers.hours import Worked
from chalicelib.couriers.standing_schemas import HoursRule
from tests import laws
from tests.couriers.papers import Office
from tests.couriers.street import Rider, Street
from tests.world import Reply, World

NOW = clock.parse("2026-11-22T12:00:00.000Z")
HOUR = 3600


@pytest.fixture
def office(world_at: World) -> Office:
    return Office(world_at)


def rule(most: float = 10, rest: float = 11) -> HoursRule:
    return HoursRule(most_minutes=int(most * 60), rest_minutes=int(rest * 60))


def worked(begun_ago: float, ended_ago: float, net: float | None = None) -> Worked:
    """A duty that began and ended so many hours ago."""
    hours_of_it = begun_ago - ended_ago if net is None else net
    since, until = (NOW - timedelta(hours=ago) for ago in (begun_ago, ended_ago))
    return Worked(since, until, timedelta(hours=hours_of_it))


def pause(rider: Rider) -> Reply:
    return rider.post("/v1/duty/break")


def resume(rider: Rider) -> Reply:
    return rider.post("/v1/duty/resume")


# --- the rule: pure -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done", "left", "free_in"),
    [
        ([], 10, None),
        ([worked(4, 1)], 7, None),
        ([worked(12, 2)], 0, 12 + 1 / 60),
        ([worked(12, 2, net=8)], 2, None),
        ([worked(30, 20), worked(4, 0)], 6, None),
        ([worked(21, 12), worked(1, 0)], 0, 3.0 + 1 / 60),
        ([worked(16, 10.5), worked(5, 0)], -0.5, 11),
        ([worked(40, 30)], 10, None),
    ],
)
def test_how_long_somebody_may_go_on_and_when_again(
    done: list[Worked], left: float, free_in: float | None
) -> None:
    may = hours.left(rule(), done, NOW)
    free = hours.may_start_at(rule(), done, NOW)

    assert may == timedelta(hours=left)
    expected = None if free_in is None else NOW + timedelta(hours=free_in)
    assert free == expected


def test_where_no_rest_is_asked_for_24_hours_alone_count() -> None:
    done = [worked(30, 20), worked(6, 1)]

    assert hours.left(rule(rest=0), done, NOW) == timedelta(hours=5)
    assert hours.may_start_at(rule(rest=0), done, NOW) is None


def test_less_than_a_minute_is_not_worth_beginning() -> None:
    nearly = [worked(10, 0.02)]

    assert hours.may_start_at(rule(most=10, rest=11), nearly, NOW) is None
    assert hours.may_start_at(rule(most=10), [worked(10, 0.01)], NOW) is not None


# --- on duty --------------------------------------------------------------------------------------


def test_who_has_worked_enough_is_told_and_goes_off_duty_and_rests(
    office: Office, world_at: World
) -> None:
    jun = Rider(world_at)
    jun.introduce()
    assert office.allow(120, 600).status == 200
    started = jun.start()
    world_at.pump()
    world_at.tick(105 * 60)
    told = jun.events().count("courier.duty_ends")
    world_at.tick(60)
    world_at.tick(14 * 60)

    again = jun.start()
    world_at.clock.move(22 * HOUR + 60)
    rested = jun.start()

    assert started.json["ends_by"] == "2026-11-22T14:00:00.000Z"
    assert told == 1
    assert jun.events().count("courier.duty_ends") == 1
    assert "courier.off_duty" in jun.events()
    assert (again.status, again.json["code"]) == (409, "hours_used")
    assert again.json["may_start_at"] == "2026-11-23T12:01:00.000Z"
    assert rested.json["ends_by"] == "2026-11-23T14:01:00.000Z"


def test_a_duty_that_was_short_leaves_the_rest_of_the_day(office: Office, world_at: World) -> None:
    jun = Rider(world_at)
    jun.introduce()
    office.allow(120, 600)
    jun.start()
    world_at.clock.move(HOUR)
    jun.end()

    [spell] = [row for row in laws.rows("couriers") if row["sk"].startswith("SPELL#")]
    assert (spell["since"], int(spell["seconds"])) == ("2026-11-22T12:00:00.000Z", HOUR)
    assert jun.start().json["ends_by"] == "2026-11-22T14:00:00.000Z"


def test_where_a_city_has_no_rule_a_duty_has_no_end(jun: Rider) -> None:
    assert jun.get("/v1/duty")["ends_by"] is None


# --- breaks ---------------------------------------------------------------------------------------


def test_on_a_break_nothing_is_offered_and_no_position_is_taken(jun: Rider, street: Street) -> None:
    before = jun.duty()
    begun = [pause(jun) for _ in range(2)]
    order_id = street.order()
    street.world.pump()
    refused = jun.locate(1, [127.0, 37.5])

    assert [one.json["status"] for one in begun] == ["break", "break"]
    assert jun.get("/v1/offers")["items"] == []
    assert (refused.status, refused.json["code"]) == (409, "on_break")
    found = jun.duty()
    assert before is not None
    assert found is not None
    assert found.location == before.location
    ended = [resume(jun) for _ in range(2)]
    street.world.pump()
    assert [one.json["status"] for one in ended] == ["on", "on"]
    assert len(jun.get("/v1/offers")["items"]) == 1
    assert street.delivery(order_id).status == "PENDING"
    assert jun.events().count("courier.on_break") == 1


def test_an_offer_that_waits_is_declined_by_a_break(jun: Rider, street: Street) -> None:
    offer_id = street.ask(jun, street.order())

    begun = pause(jun)

    assert (begun.json["status"], begun.json["offer_id"]) == ("break", None)
    assert jun.answer(offer_id).status == 410


def test_a_job_in_hand_is_finished_before_a_break(jun: Rider, street: Street) -> None:
    street.job(jun)

    refused = pause(jun)

    assert (refused.status, refused.json["code"]) == (409, "on_a_job")
    assert jun.get("/v1/duty")["status"] == "on"


@pytest.mark.parametrize("what", ["break", "resume"])
def test_off_duty_there_is_no_break(world_at: World, what: str) -> None:
    jun = Rider(world_at)
    jun.introduce()

    assert jun.post(f"/v1/duty/{what}").json["code"] == "off_duty"


def test_breaks_do_not_count_as_worked(office: Office, world_at: World) -> None:
    jun = Rider(world_at)
    jun.introduce()
    office.allow(120, 600)
    jun.start()
    for _ in range(2):
        world_at.clock.move(1200)
        pause(jun)
        world_at.clock.move(600)
        assert jun.get("/v1/duty")["ends_by"] is None
        resume(jun)

    duty = jun.get("/v1/duty")
    jun.end()

    assert duty["ends_by"] == "2026-11-22T14:20:00.000Z"
    assert duty["break_since"] is None
    [spell] = [row for row in laws.rows("couriers") if row["sk"].startswith("SPELL#")]
    assert int(spell["seconds"]) == 2400


def test_a_break_that_lasts_until_the_end_of_a_duty_is_one_too(jun: Rider) -> None:
    pause(jun)
    jun.world.clock.move(600)

    ended = jun.end()

    assert ended.json["status"] == "off"
    [spell] = [row for row in laws.rows("couriers") if row["sk"].startswith("SPELL#")]
    assert int(spell["seconds"]) == 0


def test_starting_again_ends_a_break(jun: Rider) -> None:
    pause(jun)

    assert jun.start().json["status"] == "on"
