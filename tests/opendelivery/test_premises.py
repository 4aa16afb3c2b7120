"""What a merchant's document says of its store: hours, ways, areas, kitchen."""

from typing import Any

import pytest

from chalicelib.catalog import reading as stores
from tests.opendelivery import protocol
from tests.opendelivery.desk import Desk
from tests.opendelivery.test_merchant import (
    ADDRESS,
    MERCHANT,
    ONBOARDING,
    Merchant,
    example,
    merchant,
)

assert merchant
WEEK = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
HERE = {"geoMidpointLatitude": 37.5621, "geoMidpointLongitude": 126.9236}
FEE = {"value": 2500, "currency": "KRW"}


def _hours(starts: str, ends: str, days: list[str] = WEEK) -> dict[str, Any]:
    return {"dayOfWeek": days, "timePeriods": {"startTime": starts, "endTime": ends}}


def _corner(latitude: float, longitude: float) -> dict[str, float]:
    return {"latitude": latitude, "longitude": longitude}


def _square(size: float) -> list[dict[str, float]]:
    up, aside = 37.5621, 126.9236
    return [
        _corner(up - size, aside - size), _corner(up - size, aside + size),
        _corner(up + size, aside + size), _corner(up + size, aside - size),
    ]  # fmt: skip


def _take_in(desk: Desk, merchant: Merchant, **services: Any) -> tuple[Any, str]:  # noqa: ANN401 - any JSON
    """The store after its document was read, and what was left out."""
    merchant.answer["services"] = [one | services for one in merchant.answer["services"]]
    protocol.demand("Merchant", merchant.answer)
    assert desk.call("PUT", ONBOARDING, ADDRESS).status in {201, 204}
    told = desk.call("GET", f"/v1/merchantStatus?merchantId={MERCHANT}").json
    assert told["status"] == "SUCCESS"
    store = stores.store(desk.store_id)
    assert store is not None
    return store.model_dump(mode="json"), told.get("moreInfo", "")


def test_the_protocols_own_example_says_when_how_and_how_long(
    desk: Desk, merchant: Merchant
) -> None:
    store, notes = _take_in(desk, merchant)

    assert store["fulfilment"] == ["delivery", "takeaway"]
    assert store["preparation_minutes"] == 20
    assert store["cuisines"] == ["pizza", "family-meals", "premium"]
    assert store["hours"][0] == {"day": "mon", "opens": "19:00", "closes": "03:00"}
    assert store["hours"][-1] == {"day": "sun", "opens": "23:00", "closes": "03:00"}
    assert store["special_hours"] == []
    assert store["phone"] is None
    [zone] = store["zones"]
    assert (zone["fee"], zone["minimum"], zone["eta_minutes"]) == (5, 20, 25)
    assert zone["area"]["coordinates"][0][0] == [-20.8383, -20.2333]
    assert "an area: left out" in notes  # its circle has ten metres


def test_hours_of_several_services_are_united_and_none_is_longer_than_a_day(
    desk: Desk, merchant: Merchant
) -> None:
    collected, brought = _hours("10:00:00", "15:00:00"), _hours("12:00:00", "20:00:00")
    merchant.answer["services"][0]["serviceHours"]["weekHours"] = [brought]
    merchant.answer["services"][1] = {
        **merchant.answer["services"][1],
        "serviceHours": {"id": MERCHANT[15:], "weekHours": [collected]},
    }

    store, _ = _take_in(desk, merchant)
    merchant.answer["services"][0]["serviceHours"]["weekHours"] = [_hours("06:00:00", "06:00:00")]
    always, _ = _take_in(desk, merchant)

    assert len(store["hours"]) == 7
    assert store["hours"][0] == {"day": "mon", "opens": "10:00", "closes": "20:00"}
    assert {(one["opens"], one["closes"]) for one in always["hours"]} == {("00:00", "00:00")}


def test_holidays_to_come_have_other_hours_or_none(desk: Desk, merchant: Merchant) -> None:
    days = [
        {"date": "2026-12-24", "timePeriods": {"startTime": "01:00:00Z", "endTime": "05:00:00Z"}},
        {"date": "2026-12-31", "timePeriods": {"startTime": "20:00:00Z", "endTime": "22:00:00Z"}},
        {"date": "2026-01-01", "timePeriods": {"startTime": "01:00:00Z", "endTime": "05:00:00Z"}},
    ]
    hours = {"id": MERCHANT[15:], "weekHours": [_hours("10:00:00", "15:00:00")]}
    store, _ = _take_in(desk, merchant, serviceHours={**hours, "holidayHours": days})
    merchant.answer["services"][0]["serviceHours"]["holidayHours"] = [{"date": "2026-12-25"}]
    assert desk.call("PUT", ONBOARDING, ADDRESS).status == 204
    closed = stores.store(desk.store_id)

    assert [(one["date"], one["spans"]) for one in store["special_hours"]] == [
        ("2026-12-24", [{"opens": "10:00", "closes": "14:00"}]),
        ("2027-01-01", [{"opens": "05:00", "closes": "07:00"}]),
    ]
    assert closed
    assert closed.special_hours[0].spans == ()


def test_areas_are_circles_polygons_and_what_is_cut_out_of_them(
    desk: Desk, merchant: Merchant
) -> None:
    circle = {"size": 1500, "price": FEE, "estimateDeliveryTime": 15}
    area: dict[str, Any] = {"id": MERCHANT[15:], "geoRadius": {**HERE, "radius": [circle]}}
    plain, _ = _take_in(desk, merchant, serviceArea=area)
    area["polygon"] = [{"geoCoordinates": _square(0.02), "price": FEE}]
    area["exclusionAreaPolygon"] = [{"geoCoordinates": _square(0.002)}]
    cut, _ = _take_in(desk, merchant, serviceArea=area)

    assert plain["zones"][0]["area"] == {"type": "Radius", "metres": 1500}
    assert (plain["zones"][0]["fee"], plain["zones"][0]["minimum"]) == (2500, 20)
    shapes = [zone["area"] for zone in cut["zones"][:2]]
    assert {one["type"] for one in shapes} == {"Polygon"}
    assert [len(one["coordinates"]) for one in shapes] == [2, 2]
    assert [len(one["coordinates"][0]) for one in shapes] == [5, 25]
    assert {zone["eta_minutes"] for zone in cut["zones"]} == {15, 30}


def test_an_area_without_price_in_the_stores_currency_or_of_no_shape_is_left_out(
    desk: Desk, merchant: Merchant
) -> None:
    crossed = [_square(0.02)[place] for place in (0, 2, 1, 3)]
    area = {
        "id": MERCHANT[15:],
        "polygon": [
            {"geoCoordinates": _square(0.02)},
            {"geoCoordinates": _square(0.02), "price": {"value": 5, "currency": "BRL"}},
            {"geoCoordinates": crossed, "price": FEE},
        ],
    }

    before = stores.store(desk.store_id)
    store, notes = _take_in(desk, merchant, serviceArea=area)

    assert before
    assert store["zones"] == before.model_dump(mode="json")["zones"]
    assert notes.count("an area: left out") == 3


def test_couriers_have_areas_of_their_own(desk: Desk, merchant: Merchant) -> None:
    desk.world.patch_store(desk.store_id, delivered_by="platform")
    before = stores.store(desk.store_id)

    store, _ = _take_in(desk, merchant)

    assert before
    assert store["zones"] == before.model_dump(mode="json")["zones"]


def test_what_an_operator_has_looked_at_stays(desk: Desk, merchant: Merchant) -> None:
    merchant.answer["basicInfo"]["contactPhones"]["commercialNumber"] = "+8225550100"
    merchant.answer["basicInfo"]["averagePreparationTime"] = 999.5
    before = stores.store(desk.store_id)

    store, _ = _take_in(desk, merchant)

    assert before
    for name in ("names", "address", "location", "tax", "currency", "delivered_by"):
        assert store[name] == before.model_dump(mode="json")[name]
    assert (store["phone"], store["preparation_minutes"]) == ("+8225550100", 240)


def test_what_is_not_said_stays(desk: Desk, merchant: Merchant) -> None:
    before = stores.store(desk.store_id)
    merchant.answer["services"] = [{**merchant.answer["services"][0], "status": "UNAVAILABLE"}]
    basic = merchant.answer["basicInfo"]
    basic["averagePreparationTime"], basic["merchantCategories"] = 15, []

    store, _ = _take_in(desk, merchant)

    assert before
    assert store == before.model_dump(mode="json") | {
        "menu_version": store["menu_version"], "version": store["version"], "diets": store["diets"],
    }  # fmt: skip


@pytest.mark.parametrize("spans", [45])
def test_more_than_a_store_can_say_is_left_out_with_a_word(
    desk: Desk, merchant: Merchant, spans: int
) -> None:
    times = [
        _hours(f"{hour:02d}:{minute:02d}:00", f"{hour:02d}:{minute + 10:02d}:00", [day])
        for day in WEEK
        for hour in range(spans // 6)
        for minute in (0,)
    ]
    hours = {"id": MERCHANT[15:], "weekHours": times}

    store, notes = _take_in(desk, merchant, serviceHours=hours)

    assert "hours: left out" in notes
    assert store["preparation_minutes"] == 20


def test_the_example_has_what_the_tests_change() -> None:
    assert {one["serviceType"] for one in example()["services"]} == {"DELIVERY", "TAKEOUT"}
