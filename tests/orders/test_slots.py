"""Slots: the moments that a store can promise, and what becomes of those that fill up."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.catalog.errors import KitchenFullError
from chalicelib.core import clock, parts
from chalicelib.core.devices import Device
from chalicelib.core.rights import Caller, Role
from chalicelib.orders import placing, reserving
from chalicelib.orders.models import OrderHead
from tests import laws, people, shopfront
from tests.world import World

SEOUL = ZoneInfo("Asia/Seoul")
LUNCH = [{**span, "opens": "11:00", "closes": "14:00"} for span in shopfront.HOURS]
LON, LAT = shopfront.DOOR["location"]["coordinates"]  # type: ignore[index] # a point


def day(ahead: int = 1) -> str:
    return (clock.now().astimezone(SEOUL).date() + timedelta(days=ahead)).isoformat()


def at(hours: int, minutes: int = 0, ahead: int = 1) -> str:
    """A local time of a day, as it goes over the wire."""
    local = datetime.fromisoformat(f"{day(ahead)}T{hours:02d}:{minutes:02d}").replace(tzinfo=SEOUL)
    return clock.stamp(local)


def slots(world: World, store_id: str, **query: object) -> Any:  # noqa: ANN401 - any JSON
    asked = {"date": day(), **query}
    text = "&".join(f"{name}={value}" for name, value in asked.items() if value is not None)
    return world.get(f"/v1/stores/{store_id}/slots?{text}")["items"]


def _moments(found: list[dict[str, Any]]) -> list[str]:
    return [one["scheduled_for"] for one in found]


def test_the_slots_of_a_day_are_the_quarters_of_an_hour_at_which_the_store_is_open(
    world_at: World,
) -> None:
    store_id = world_at.store(hours=LUNCH)

    found = slots(world_at, store_id)

    quarters = [at(hour, minute) for hour in (11, 12, 13) for minute in (0, 15, 30, 45)]
    assert _moments(found) == quarters
    assert {one["left"] for one in found} == {None}
    assert found[0]["ends"] == at(11, 10)


def test_the_first_slot_of_today_leaves_time_to_cook_and_to_bring(world_at: World) -> None:
    store_id = world_at.store()

    collected = slots(world_at, store_id, date=None)
    brought = slots(world_at, store_id, date=None, fulfilment="delivery", lat=LAT, lon=LON)

    assert clock.parse(collected[0]["scheduled_for"]) == clock.now() + timedelta(minutes=15)
    assert clock.parse(brought[0]["scheduled_for"]) == clock.now() + timedelta(minutes=45)


def test_a_slot_that_is_listed_can_be_quoted_and_any_other_moment_of_the_grid_cannot(
    world_at: World,
) -> None:
    store_id, token = world_at.store(hours=LUNCH), world_at.customer()
    listed = set(_moments(slots(world_at, store_id)))

    for moment in (at(10, 45), at(11), at(12, 30), at(13, 45), at(14)):
        quoted = world_at.try_quote(store_id, token, scheduled_for=moment)
        assert (quoted.status == 201) is (moment in listed)


@pytest.mark.parametrize("ahead", [-1, 32])
def test_days_that_are_over_or_too_far_have_no_slots(world_at: World, ahead: int) -> None:
    assert slots(world_at, world_at.store(), date=day(ahead)) == []


def test_a_holiday_a_pause_and_what_a_store_does_not_do_have_no_slots(world_at: World) -> None:
    holiday = world_at.store(special_hours=[{"date": day(), "spans": []}])
    counter_only = world_at.store(fulfilment=["takeaway"], zones=[])
    paused = world_at.store()
    owner = people.person("merchant", "owner")
    world_at.post(f"/v1/stores/{paused}/pause", {"reason": "busy"}, token=owner)

    assert slots(world_at, holiday) == []
    assert slots(world_at, counter_only, fulfilment="dine_in") == []
    assert slots(world_at, paused) == []


def test_who_lives_where_nobody_brings_has_no_slots_and_who_does_not_say_gets_the_longest_way(
    world_at: World,
) -> None:
    store_id = world_at.store(hours=LUNCH)

    far = slots(world_at, store_id, fulfilment="delivery", lat=37.5, lon=127.5)
    unknown = slots(world_at, store_id, fulfilment="delivery")

    assert far == []
    assert len(unknown) == 12


def test_many_items_that_take_longer_have_later_slots(world_at: World) -> None:
    store_id = world_at.store(preparation_rules=[{"minutes": 45, "items": 6}])

    few = slots(world_at, store_id, date=None, items=5)
    many = slots(world_at, store_id, date=None, items=6)

    assert clock.parse(many[0]["scheduled_for"]) == clock.now() + timedelta(hours=1)
    assert few[0]["scheduled_for"] < many[0]["scheduled_for"]


def test_a_store_that_is_not_there_or_not_yet_has_no_list(world_at: World) -> None:
    nowhere = "sto_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
    paths = [f"/v1/stores/{one}/slots" for one in (nowhere, world_at.store(live=False))]

    assert [world_at.call("GET", path).status for path in paths] == [404, 404]


# --- places of the kitchen -----------------------------------------------------------------------


def _kitchen(world: World, orders: int = 2) -> str:
    return world.store(hours=LUNCH, kitchen={"orders": orders, "minutes": 30})


def test_a_slot_says_how_many_places_are_left_and_is_gone_with_the_last(world_at: World) -> None:
    store_id = _kitchen(world_at)
    left = []

    for _ in range(2):
        found = {one["scheduled_for"]: one["left"] for one in slots(world_at, store_id)}
        left.append((found[at(12)], found[at(12, 30)]))
        world_at.order(store_id, scheduled_for=at(12))

    assert left == [(2, 2), (1, 2)]
    assert at(12) not in _moments(slots(world_at, store_id))
    assert at(12, 30) in _moments(slots(world_at, store_id))


def test_a_place_that_is_given_back_makes_its_slot_free_again(world_at: World) -> None:
    store_id = _kitchen(world_at, orders=1)
    order_id = world_at.order(store_id, scheduled_for=at(12))["order_id"]
    taken = at(12) in _moments(slots(world_at, store_id))

    world_at.cancel(order_id)

    assert not taken
    assert at(12) in _moments(slots(world_at, store_id))


def test_who_is_too_late_for_a_slot_is_told_the_next_ones_and_is_not_moved(
    world_at: World,
) -> None:
    store_id, token = _kitchen(world_at, orders=1), world_at.customer()
    slower = world_at.quote(store_id, token, scheduled_for=at(12))
    world_at.order(store_id, scheduled_for=at(12))
    orders = len(laws.rows("orders"))

    refused = world_at.try_place(token, slower["id"])

    assert (refused.status, refused.json["code"]) == (409, "kitchen_full")
    free = _moments(slots(world_at, store_id))
    assert refused.json["slots"] == [one for one in free if one > at(12)][:5]
    assert len(laws.rows("orders")) == orders
    again = world_at.quote(store_id, token, scheduled_for=refused.json["slots"][0])
    assert world_at.try_place(token, again["id"]).status == 201


def test_who_is_too_late_for_now_is_told_no_slots_but_when_there_is_a_place(
    world_at: World,
) -> None:
    store_id = world_at.store(kitchen={"orders": 1, "minutes": 30})
    token = world_at.customer()
    slower = world_at.quote(store_id, token)
    world_at.order(store_id)

    refused = world_at.try_place(token, slower["id"])

    assert (refused.status, refused.json["slots"]) == (409, [])
    assert refused.json["free_from"]


def test_of_fifty_who_want_the_last_places_of_a_slot_at_once_exactly_those_get_them(
    world_at: World,
) -> None:
    """The transaction of placing, fifty at once, each with an order of its own."""
    store_id, limit, most = _kitchen(world_at, orders=3), 3, 50
    quote = world_at.quote(store_id, world_at.customer(), scheduled_for=at(12))
    made = placing.draft(quote["id"], _mina(), Device(None))
    barrier = Barrier(most)

    def place(number: int) -> str:
        takes = reserving.take(store_id, made.quote.content)
        own = parts.upsert(OrderHead.at(f"ord_{number}"), [OrderHead.id.set(str(number))])
        barrier.wait()
        try:
            parts.commit(own, *takes)
        except KitchenFullError as full:
            return "full" if full.facts["slots"] else "full, and nobody says what is free"
        return "placed"

    with ThreadPoolExecutor(most) as pool:
        answers = list(pool.map(place, range(most)))

    assert (answers.count("placed"), answers.count("full")) == (limit, most - limit)
    assert at(12) not in _moments(slots(world_at, store_id))


def _mina() -> Caller:
    return Caller("mina", frozenset({Role.CUSTOMER}))
