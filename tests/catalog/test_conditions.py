"""What slows a city, and what that makes of the time to the door."""

import pytest

from chalicelib.catalog import conditions
from chalicelib.catalog.conditions import USUAL, Conditions, way_minutes
from chalicelib.catalog.models import CityConditions, conditions_key
from chalicelib.catalog.status import DeliveredBy
from chalicelib.core import clock, dynamo, parts
from tests.catalog.shop import SEOUL, Json, Town
from tests.clocks import StandingClock

AT = f"lat={SEOUL[1]}&lon={SEOUL[0]}"
PLATFORM, STORE = DeliveredBy.PLATFORM, DeliveredBy.STORE


def rain(percent: int = 150, seconds: float = 3600) -> Json:
    until = clock.stamp(clock.after(seconds))
    return {"city": "seoul", "percent": percent, "until": until, "reason": "rain"}


@pytest.mark.parametrize(
    ("usual", "by", "supply", "weather", "minutes"),
    [
        (20, PLATFORM, 100, 100, 20),
        (20, PLATFORM, 130, 100, 26),
        (20, STORE, 130, 100, 20),
        (20, STORE, 130, 150, 30),
        (20, PLATFORM, 130, 150, 39),
        (7, PLATFORM, 115, 100, 9),
        (0, PLATFORM, 150, 300, 0),
    ],
)
def test_the_way_takes_longer_by_both_and_is_rounded_up(
    usual: int, by: DeliveredBy, supply: int, weather: int, minutes: int
) -> None:
    assert way_minutes(usual, by, Conditions(supply, weather)) == minutes


def test_rain_lengthens_the_eta_of_a_list_until_it_ends(
    town: Town, clock_at: StandingClock
) -> None:
    town.live()

    assert town.operator.put("/v1/conditions", rain()).status_code == 200

    path = f"/v1/stores/nearby?{AT}"
    assert town.stranger.get(path).json_body["data"][0]["eta_minutes"] == 15 + 30
    clock_at.move(3600)
    assert town.stranger.get(path).json_body["data"][0]["eta_minutes"] == 15 + 20


def test_who_collects_does_not_wait_for_the_weather(town: Town) -> None:
    town.live()
    town.operator.put("/v1/conditions", rain())

    [found] = town.stranger.get(f"/v1/stores/nearby?{AT}&fulfilment=takeaway").json_body["data"]

    assert found["eta_minutes"] == 15


def test_an_operator_sees_what_slows_a_city_and_ends_it(town: Town) -> None:
    usual: Json = {
        "city": "seoul", "supply_percent": 100, "weather_percent": 100,
        "weather_until": None, "weather_reason": None,
    }  # fmt: skip
    assert town.operator.get("/v1/conditions?city=seoul").json_body == usual
    wanted = rain(130)

    told = town.operator.put("/v1/conditions", wanted).json_body

    assert told == {**usual, "weather_percent": 130, "weather_until": wanted["until"],
                    "weather_reason": "rain"}  # fmt: skip
    town.operator.put("/v1/conditions", rain(100))
    assert conditions.of_city("seoul") == USUAL


def test_weather_that_has_passed_is_refused(town: Town) -> None:
    answer = town.operator.put("/v1/conditions", rain(seconds=-1))

    assert (answer.status_code, answer.json_body["code"]) == (400, "weather_over")


def test_supply_and_weather_do_not_overwrite_each_other(town: Town) -> None:
    parts.commit(conditions.supply("seoul", 130, clock.after(3600)))
    town.operator.put("/v1/conditions", rain(150))
    parts.commit(conditions.supply("seoul", 115, clock.after(3600)))

    assert conditions.of_city("seoul") == Conditions(115, 150)


def test_conditions_of_a_newer_release_are_read() -> None:
    parts.commit(conditions.supply("seoul", 130, clock.after(3600)))
    item = dynamo.get(CityConditions, conditions_key("seoul"))
    assert item is not None
    item.v = 9
    item.save()

    assert conditions.of_city("seoul") == Conditions(130, 100)
