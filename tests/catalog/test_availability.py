"""What is sold out: said by the till, ended by the clock, and no new version of the menu."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from chalicelib.catalog import availability, reading
from chalicelib.catalog.models import Availability, StoreHead, store_key
from chalicelib.core import clock, dynamo
from tests.catalog.conftest import Told
from tests.catalog.shop import Json, Person, Town, group, item, menu
from tests.clocks import StandingClock

NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
"""Monday noon in Seoul."""


@pytest.fixture
def at_noon() -> Iterator[StandingClock]:
    standing = StandingClock(NOON)
    with clock.running_on(standing):
        yield standing


@pytest.fixture
def shop(town: Town, at_noon: StandingClock) -> str:
    assert at_noon
    hours = [{"day": day, "opens": "11:00", "closes": "22:00"} for day in ("mon", "wed")]
    store_id = town.older(hours=hours)
    town.owner.put(f"/v1/stores/{store_id}/menu", menu(item("a", group()), item("b")))
    return store_id


BASIL = {"item_id": "a", "group_id": "toppings", "option_id": "basil"}


def sell_out(who: Person, store_id: str, *things: Json, **more: object) -> Json:
    body = {"things": list(things) or [{"item_id": "b"}], **more}
    answer = who.post(f"/v1/stores/{store_id}/availability/sold-out", body)
    return {"status": answer.status_code, **answer.json_body}


def back(who: Person, store_id: str, *things: Json) -> Json:
    body = {"things": list(things)}
    answer = who.post(f"/v1/stores/{store_id}/availability/back", body)
    return {"status": answer.status_code, **answer.json_body}


def seen(town: Town, store_id: str) -> list[Json]:
    found: list[Json] = town.stranger.get(f"/v1/stores/{store_id}/menu").json_body["unavailable"]
    return found


def test_the_till_takes_an_item_and_an_option_off_and_everybody_sees_until_when(
    town: Town, shop: str
) -> None:
    said = sell_out(town.machine(shop), shop, {"item_id": "b"}, BASIL, reason="quality")

    told = {"category_id": None, "why": "sold_out", "until": "2026-11-23T19:00:00.000Z"}
    assert said["status"] == 200
    assert said["unavailable"] == seen(town, shop)
    assert said["unavailable"] == [
        {**BASIL, **told, "reason": "quality"},
        {"item_id": "b", "group_id": None, "option_id": None, **told, "reason": "quality"},
    ]


@pytest.mark.parametrize(
    ("more", "until"),
    [
        ({}, "2026-11-23T19:00:00.000Z"),
        ({"returns": "next_service_day"}, "2026-11-23T19:00:00.000Z"),
        ({"returns": "next_opening"}, "2026-11-25T02:00:00.000Z"),
        ({"returns": "by_hand"}, None),
        ({"returns": "at", "until": "2026-11-23T05:00:00Z"}, "2026-11-23T05:00:00.000Z"),
    ],
)
def test_it_says_when_it_comes_back(town: Town, shop: str, more: Json, until: str | None) -> None:
    said = sell_out(town.owner, shop, **more)

    assert [one["until"] for one in said["unavailable"]] == [until]


def test_the_next_opening_is_not_on_a_holiday(town: Town, shop: str) -> None:
    holiday = {"special_hours": [{"date": "2026-11-25", "spans": []}]}
    assert town.owner.patch(f"/v1/stores/{shop}", holiday).status_code == 200

    said = sell_out(town.owner, shop, returns="next_opening")

    assert said["unavailable"][0]["until"] == "2026-11-30T02:00:00.000Z"


def test_before_four_in_the_morning_the_service_day_is_still_yesterdays(
    town: Town, shop: str, at_noon: StandingClock
) -> None:
    at_noon.move(15.5 * 3600)

    said = sell_out(town.owner, shop)

    assert said["unavailable"][0]["until"] == "2026-11-23T19:00:00.000Z"


def test_it_is_back_by_itself_when_its_time_has_come(
    town: Town, shop: str, at_noon: StandingClock
) -> None:
    sell_out(town.owner, shop)
    before = town.stranger.get(f"/v1/stores/{shop}/menu")

    at_noon.move(16 * 3600)
    after = town.stranger.get(f"/v1/stores/{shop}/menu")

    assert after.json_body["unavailable"] == []
    assert after.headers["ETag"] != before.headers["ETag"]


def test_the_menu_keeps_its_version_and_gets_another_etag(
    town: Town, shop: str, told: Told
) -> None:
    before = town.stranger.get(f"/v1/stores/{shop}/menu")

    sell_out(town.owner, shop)
    etag = before.headers["ETag"]
    after = town.stranger.get(f"/v1/stores/{shop}/menu", **{"If-None-Match": etag})

    assert (after.status_code, after.json_body["version"]) == (200, 1)
    assert after.json_body["categories"] == before.json_body["categories"]
    assert told.types(shop).count("menu.published") == 1


def test_it_is_put_back_by_hand(town: Town, shop: str, told: Told) -> None:
    sell_out(town.owner, shop, {"item_id": "a"}, {"item_id": "b"}, returns="by_hand")

    said = back(town.machine(shop), shop, {"item_id": "a"}, {"item_id": "b"})

    assert (said["status"], said["unavailable"]) == (200, [])
    assert told.events(shop)[-1].type == "store.availability_changed"
    assert told.events(shop)[-1].data == {"back": ["a", "b"]}


def test_saying_it_again_changes_nothing_and_announces_nothing(
    town: Town, shop: str, told: Told
) -> None:
    for _ in range(2):
        sell_out(town.owner, shop)
    once = told.types(shop).count("store.availability_changed")
    for _ in range(2):
        back(town.owner, shop, {"item_id": "b"}, {"item_id": "never-there"})

    assert once == 1
    assert told.types(shop).count("store.availability_changed") == 2


def test_what_the_menu_has_not_is_told_by_pointer(town: Town, shop: str) -> None:
    said = sell_out(town.owner, shop, {"item_id": "b"}, {**BASIL, "item_id": "b"})

    assert (said["status"], said["code"]) == (400, "not_on_menu")
    assert [one["pointer"] for one in said["errors"]] == ["/things/1"]


def test_what_is_over_is_refused(town: Town, shop: str) -> None:
    said = sell_out(town.owner, shop, returns="at", until="2026-11-23T02:59:00Z")

    assert (said["status"], said["code"]) == (400, "sold_out_over")


def test_a_store_without_a_menu_has_nothing_to_sell_out(town: Town) -> None:
    store_id = town.older()

    answers = [
        sell_out(town.owner, store_id)["code"],
        back(town.owner, store_id, {"item_id": "b"})["code"],
        town.stranger.get(f"/v1/stores/{store_id}/availability").json_body["code"],
    ]

    assert answers == ["menu_not_found"] * 3


def test_a_draft_shows_its_availability_to_its_own_people(town: Town) -> None:
    store_id = town.draft()
    town.owner.put(f"/v1/stores/{store_id}/menu", menu())
    path = f"/v1/stores/{store_id}/availability"

    answers = [who.get(path).status_code for who in (town.owner, town.stranger)]
    unknown = town.stranger.get("/v1/stores/sto_00000000000000000000000000/availability")

    assert answers == [200, 404]
    assert unknown.status_code == 404


def test_no_more_than_two_hundred_things_are_sold_out_and_what_is_over_does_not_count(
    town: Town, shop: str, at_noon: StandingClock
) -> None:
    dishes = [item(f"dish-{number}") for number in range(201)]
    town.owner.put(f"/v1/stores/{shop}/menu", menu(*dishes))
    things = [{"item_id": dish["id"]} for dish in dishes]

    answers = [
        sell_out(town.owner, shop, *things[first : first + 100])["status"]
        for first in (0, 100, 200)
    ]
    at_noon.move(16 * 3600)
    next_day = sell_out(town.owner, shop, things[200])

    assert answers == [200, 200, 409]
    assert len(next_day["unavailable"]) == 1
    stored = dynamo.get(Availability, store_key(shop), Availability.SK)
    assert stored is not None
    assert list(stored.sold_out) == ["dish-200"]


def test_a_new_menu_keeps_what_is_sold_out(town: Town, shop: str) -> None:
    sell_out(town.owner, shop, {"item_id": "a"}, {"item_id": "b"})

    town.owner.put(f"/v1/stores/{shop}/menu", menu(item("b"), item("c")))

    assert [one["item_id"] for one in seen(town, shop)] == ["b"]
    small = town.stranger.get(f"/v1/stores/{shop}/availability").json_body
    assert (small["menu_version"], len(small["unavailable"])) == (2, 1)


def test_a_reason_of_a_newer_release_is_another_one(town: Town, shop: str) -> None:
    stored = {"b": {"until": None, "reason": "eaten_by_the_cat", "newer": 1}}
    Availability(
        store_key(shop), Availability.SK, version=9, menu_version=1, sold_out=stored
    ).save()

    assert [one["reason"] for one in seen(town, shop)] == ["other"]


def test_a_menu_that_was_published_between_two_reads_is_the_one_that_is_offered(
    town: Town, shop: str
) -> None:
    """One read shows the head as it was and the availability as it is: the younger decides."""
    town.owner.put(f"/v1/stores/{shop}/menu", menu(item("young")))
    head = StoreHead.get(store_key(shop), dynamo.HEAD)
    head.update([StoreHead.menu_version.set(1)])

    found = reading.offering(shop)

    assert found is not None
    assert (found.menu_version, found.menu.item("young") is not None) == (2, True)


def test_the_part_that_demands_that_all_stands_reads_one_item() -> None:
    part = availability.still("sto_x", 3)

    assert (part.verb, part.item.sk) == ("ConditionCheck", "HEAD#AVAILABILITY")
