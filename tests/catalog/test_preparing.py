"""How long a kitchen takes: rules by day, time and number of items, and a rush that ends itself."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from chalicelib.catalog.hours import DAYS
from chalicelib.catalog.preparing import LONGEST, Pace, PreparationRule, Rush
from chalicelib.core import clock
from tests.catalog.conftest import Told
from tests.catalog.shop import Town
from tests.clocks import StandingClock
from tests.world import World

ZONES = ("Asia/Seoul", "America/New_York", "Europe/Berlin", "Pacific/Auckland")
MINUTE = timedelta(minutes=1)
FRIDAY_NIGHT = {"minutes": 10, "days": ["fri"], "begins": "22:00", "ends": "02:00"}


def rule(**said: object) -> PreparationRule:
    return PreparationRule.model_validate({"minutes": 10, **said})


def pace(*rules: PreparationRule, rush: Rush | None = None, zone: str = "Asia/Seoul") -> Pace:
    return Pace(15, rules, rush, zone)


def at(text: str, zone: str = "Asia/Seoul") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("moment", "minutes"),
    [
        ("2026-11-27T21:59", 15),
        ("2026-11-27T22:00", 25),
        ("2026-11-28T01:59", 25),
        ("2026-11-28T02:00", 15),
        ("2026-11-28T22:30", 15),
        ("2026-11-27T01:00", 15),
    ],
)
def test_a_rule_of_the_night_belongs_to_the_day_on_which_it_begins(
    moment: str, minutes: int
) -> None:
    assert pace(rule(**FRIDAY_NIGHT)).minutes(at(moment), 1) == minutes


def test_the_night_of_sunday_runs_into_monday() -> None:
    night = rule(days=["sun"], begins="23:00", ends="01:00")

    assert pace(night).minutes(at("2026-11-23T00:30"), 1) == 25


@pytest.mark.parametrize(("items", "minutes"), [(1, 15), (5, 15), (6, 20), (12, 50)])
def test_many_items_take_longer_and_what_applies_is_added_up(items: int, minutes: int) -> None:
    rules = (rule(items=6, minutes=5), rule(items=12, minutes=30))

    assert pace(*rules).minutes(at("2026-11-27T12:00"), items) == minutes


@pytest.mark.parametrize(("zone", "day"), [("America/New_York", "2026-11-01"),
                                           ("Europe/Berlin", "2026-10-25")])  # fmt: skip
def test_an_hour_that_happens_twice_is_in_a_rule_twice(zone: str, day: str) -> None:
    hour = 1 if zone.startswith("America") else 2
    night = rule(begins=f"0{hour}:00", ends=f"0{hour}:59")
    first = at(f"{day}T0{hour}:30", zone).astimezone(UTC)

    found = [pace(night, zone=zone).minutes(first + n * 60 * MINUTE, 1) for n in range(-1, 3)]

    assert found == [15, 25, 25, 15]


def test_a_rush_ends_at_its_moment() -> None:
    until = at("2026-11-27T13:00")
    hurried = pace(rush=Rush(minutes=20, until=until))

    assert [hurried.minutes(one, 1) for one in (until - MINUTE, until)] == [35, 15]


def test_no_kitchen_is_said_to_take_longer_than_eight_hours() -> None:
    assert pace(*[rule(minutes=240)] * 3).minutes(at("2026-11-27T13:00"), 1) == LONGEST


clock_times = st.integers(0, 24 * 60 - 1).map(lambda n: f"{n // 60:02d}:{n % 60:02d}")
rules_ = st.builds(
    PreparationRule,
    minutes=st.integers(1, 240),
    days=st.lists(st.sampled_from(DAYS), min_size=1, max_size=7).map(tuple),
    begins=clock_times,
    ends=clock_times,
    items=st.integers(1, 3),
)
moments = st.integers(0, 365 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + n * MINUTE)


@pytest.mark.parametrize("zone", ZONES)
@given(rules=st.lists(rules_, max_size=4), ready=moments, hurry=st.integers(-300, 300))
def test_a_kitchen_begins_as_late_as_it_may_and_is_ready_in_time(
    zone: str, rules: list[PreparationRule], ready: datetime, hurry: int
) -> None:
    rush = Rush(minutes=25, until=ready + hurry * MINUTE)
    kitchen = pace(*rules, rush=rush, zone=zone)

    begins = kitchen.latest(ready, 2)

    assert begins + kitchen.minutes(begins, 2) * MINUTE <= ready
    later = begins + MINUTE
    if later <= ready - 15 * MINUTE:
        assert later + kitchen.minutes(later, 2) * MINUTE > ready


@pytest.mark.parametrize(
    "said",
    [
        {"minutes": 0},
        {"minutes": 241},
        {"days": []},
        {"days": ["holiday"]},
        {"begins": "24:00"},
        {"items": 0},
        {"unknown": 1},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        rule(**said)


# --- a rush by the public door --------------------------------------------------------------------


@pytest.mark.usefixtures("clock_at")
def test_a_store_in_a_rush_says_so_until_it_is_over(town: Town, clock_at: StandingClock) -> None:
    store_id = town.live()
    rush = {"minutes": 20, "until": clock.stamp(clock.after(1800))}

    said = town.machine(store_id).post(f"/v1/stores/{store_id}/rush", rush).json_body
    clock_at.move(1800)
    after = town.stranger.get(f"/v1/stores/{store_id}").json_body

    assert said["rush"] == rush
    assert after.get("rush") is None


@pytest.mark.usefixtures("clock_at")
def test_a_rush_said_twice_is_told_once_and_calm_ends_it(town: Town, told: Told) -> None:
    store_id = town.draft()
    rush = {"minutes": 20, "until": clock.stamp(clock.after(1800))}
    for command, body in (("rush", rush), ("calm", None)):
        for _ in range(2):
            answer = town.owner.post(f"/v1/stores/{store_id}/{command}", body)
            assert answer.status_code == 200

    assert told.types(store_id) == ["store.created", "store.rush_began", "store.rush_ended"]
    assert answer.json_body["rush"] is None


@pytest.mark.usefixtures("clock_at")
@pytest.mark.parametrize("seconds", [-1, 0, 86_401])
def test_a_rush_ends_in_the_future_and_within_a_day(town: Town, seconds: float) -> None:
    rush = {"minutes": 20, "until": clock.stamp(clock.after(seconds))}

    answer = town.owner.post(f"/v1/stores/{town.draft()}/rush", rush)

    assert (answer.status_code, answer.json_body["code"]) == (400, "rush_over")


# --- in what customers are promised ---------------------------------------------------------------


def test_a_rush_and_many_items_are_in_the_promise(world_at: World) -> None:
    store_id = world_at.store(preparation_rules=[{"minutes": 7, "items": 3}])
    customer = world_at.customer()
    rush = {"minutes": 20, "until": clock.stamp(clock.after(1800))}
    hurried = world_at.post(f"/v1/stores/{store_id}/rush", rush, token=world_at.operator())
    assert hurried.status == 200
    many = [{"item_id": "bibimbap", "quantity": 2}, {"item_id": "water"}]

    quote = world_at.quote(store_id, customer, items=many)

    assert clock.parse(quote["promised"]["begins"]) == clock.now() + (15 + 7 + 20) * MINUTE


def test_an_order_for_after_the_rush_is_begun_as_ever(world_at: World) -> None:
    store_id, customer = world_at.store(), world_at.customer()
    rush = {"minutes": 60, "until": clock.stamp(clock.after(1800))}
    world_at.post(f"/v1/stores/{store_id}/rush", rush, token=world_at.operator())
    begins = (clock.now() + timedelta(minutes=31)).replace(second=0, microsecond=0)

    near, after = (
        world_at.try_quote(store_id, customer, scheduled_for=clock.stamp(moment))
        for moment in (begins + 5 * MINUTE, begins + 15 * MINUTE)
    )

    [issue] = near.json["errors"]
    assert issue["code"] == "scheduled_too_soon"
    placed = world_at.place(customer, after.json)
    world_at.pay(placed["payments"][0])
    world_at.confirm(placed["order_id"])
    assert clock.parse(world_at.seen(placed["order_id"])["prepare_by"]) == begins
