"""What customers think of orders: said once, summed once, shown once enough have said it."""

import json
from typing import Any

import pytest

from chalicelib.catalog import rating as stores
from chalicelib.catalog.models import StoreHead
from chalicelib.core import clock
from chalicelib.couriers import rating as hearing
from chalicelib.orders import rating as ratings
from chalicelib.orders.models import OrderHead
from tests import database, people
from tests.couriers.riders import Riders
from tests.world import Reply, World


def collected(world: World, store_id: str, user: str = "mina") -> str:
    """An order that its customer has. Its id."""
    order_id = world.paid_order(store_id, {"method": "cash"}, user=user)
    done = world.command(order_id, "confirm", "ready", "picked-up", store_id=store_id)
    assert done.status == 200, done.text
    return order_id


def rate(world: World, order_id: str, store: int = 5, user: str = "mina", **said: object) -> Reply:
    path, body = f"/v1/orders/{order_id}/rating", {"store": store, **said}
    return world.call("PUT", path, body, token=world.customer(user))


def listed(world: World, store_id: str, token: str | None = None) -> Any:  # noqa: ANN401 - any JSON
    owner = people.person("merchant", "owner")
    return world.get(f"/v1/stores/{store_id}/ratings", token or owner)["items"]


def shown(world: World, store_id: str) -> Any:  # noqa: ANN401 - any JSON
    """What the store's page, what is near, and the search say of a store's rating."""
    world.pump()
    page = world.get(f"/v1/stores/{store_id}")["rating"]
    [near] = world.get("/v1/stores/nearby?lat=37.5621&lon=126.9236")["data"]
    [found] = world.get("/v1/search?q=bibimbap&city=seoul")["data"]
    assert page == near["rating"] == found["rating"]
    return page


def test_a_rating_is_shown_everywhere_once_five_have_said_it(world_at: World) -> None:
    store_id = world_at.store()
    for stars in (5, 4, 5, 4):
        assert rate(world_at, collected(world_at, store_id), stars).status == 200
    assert shown(world_at, store_id) is None

    last = collected(world_at, store_id)
    rate(world_at, last, 1)

    assert shown(world_at, store_id) == {"hundredths": 380, "count": 5}
    rate(world_at, last, 5, comment="It came hot after all.")
    assert shown(world_at, store_id) == {"hundredths": 460, "count": 5}
    near = "/v1/stores/nearby?lat=37.5621&lon=126.9236&min_rating="
    assert [len(world_at.get(f"{near}{least}")["data"]) for least in (460, 470)] == [1, 0]


def test_a_bell_that_rings_twice_late_or_not_at_all_counts_each_rating_once(
    world_at: World,
) -> None:
    store_id = world_at.store()
    orders = [collected(world_at, store_id) for _ in range(5)]
    for order_id in orders:
        rate(world_at, order_id, 3)
        rate(world_at, order_id, 4)
    world_at.streams.skip()

    for order_id in (*orders, *orders):
        hearing.count(order_id)
    world_at.tick(60)

    assert shown(world_at, store_id) == {"hundredths": 400, "count": 5}
    hearing.count("ord_01JD9Z6M7Q3W8K5N2R4T6V8X0Y")


def test_who_dies_between_counting_and_showing_is_followed(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_id = world_at.store()
    orders = [collected(world_at, store_id) for _ in range(5)]
    with monkeypatch.context() as dying:
        dying.setattr(stores, "tell", lambda _: None)
        for order_id in orders:
            rate(world_at, order_id, 5)
            hearing.count(order_id)
    assert world_at.get(f"/v1/stores/{store_id}")["rating"] is None

    assert shown(world_at, store_id) == {"hundredths": 500, "count": 5}


@pytest.mark.parametrize(
    ("known", "mean", "count", "news"),
    [
        ((None, None), 460, 5, True),
        ((460, 5), 470, 6, True),
        ((460, 50), 460, 54, False),
        ((460, 50), 460, 55, True),
    ],
)
def test_lists_are_written_when_a_tenth_changes_or_a_tenth_more_have_rated(
    known: tuple[int | None, int | None], mean: int, count: int, *, news: bool
) -> None:
    head = StoreHead("STORE#1", rating_hundredths=known[0], rating_count=known[1])

    assert stores._is_news(head, mean, count) is news
    assert [stores._rounded(stars, 8) for stars in (8, 30, 34, 40)] == [100, 380, 430, 500]


def test_an_order_is_rated_once_and_only_by_its_customer_after_it_is_there(
    world_at: World,
) -> None:
    store_id = world_at.store()
    waiting = world_at.paid_order(store_id)
    early, foreign = rate(world_at, waiting), rate(world_at, waiting, user="jun")
    order_id = collected(world_at, store_id)
    first, again = (rate(world_at, order_id, 4, comment=" Good. ") for _ in range(2))

    assert (early.status, early.json["current_status"]) == (409, "CREATED")
    assert foreign.status == 404
    assert first.json == again.json
    assert first.json["comment"] == "Good."
    assert len(listed(world_at, store_id)) == 1
    assert rate(world_at, order_id, 4, courier=5).json["code"] == "nobody_brought_it"
    assert [one.id for one in ratings.of_orders([waiting, order_id])] == [first.json["id"]]


def test_a_week_to_rate_and_a_day_to_say_it_otherwise(world_at: World) -> None:
    store_id = world_at.store()
    late, kept, old = (collected(world_at, store_id) for _ in range(3))
    OrderHead.at(old).update([OrderHead.handed_over_at.remove()])
    world_at.clock.move(6.9 * 86_400)
    assert rate(world_at, kept, 2).status == 200
    assert rate(world_at, old, 2).status == 200
    world_at.clock.move(0.9 * 86_400)

    assert rate(world_at, late).json["code"] == "rating_late"
    assert rate(world_at, kept, 3).status == 200
    world_at.clock.move(0.2 * 86_400)
    assert rate(world_at, kept, 3).status == 200  # the same again
    assert rate(world_at, kept, 4).json["code"] == "rating_closed"


def test_a_courier_is_rated_apart_and_told_the_mean_when_enough_have_said_it(
    world_at: World,
) -> None:
    riders = Riders(world_at)
    orders = [riders.brought() for _ in range(5)]
    mine = [world_at.get("/v1/courier/rating", riders.token("jun"))]
    for order_id in orders:
        assert rate(world_at, order_id, 2, courier=4).status == 200
    rate(world_at, orders[0], 2)
    world_at.pump()
    mine.append(world_at.get("/v1/courier/rating", riders.token("jun")))
    rate(world_at, orders[0], 2, courier=5)
    world_at.pump()
    mine.append(world_at.get("/v1/courier/rating", riders.token("jun")))

    assert [one["count"] for one in mine] == [0, 4, 5]
    assert [one["hundredths"] for one in mine] == [None, None, 420]
    assert world_at.get(f"/v1/stores/{riders.store_id}")["rating"]["hundredths"] == 200
    assert "courier" not in listed(world_at, riders.store_id)[0]


def test_a_store_answers_without_knowing_whom_and_an_operator_hides_with_a_reason(
    world_at: World,
) -> None:
    store_id, operator = world_at.store(), world_at.operator()
    order_id = collected(world_at, store_id)
    rate(world_at, order_id, 2, comment="Jun at the till was rude.")
    world_at.clock.move(1)
    silent = collected(world_at, store_id)
    rate(world_at, silent)
    quiet, told = listed(world_at, store_id)
    owner = people.person("merchant", "owner")
    path = f"/v1/stores/{store_id}/ratings/{told['id']}"

    answers = [
        world_at.call("PUT", f"{path}/answer", {"text": text}, token=owner)
        for text in ("Sorry.", "Sorry.", "We have spoken with him.")
    ]
    hidden = [
        world_at.post(f"{path}/hide", {"reason": "It names a person."}, token=operator)
        for _ in range(2)
    ]

    assert [one.status for one in (*answers, *hidden)] == [200] * 5
    text = json.dumps(listed(world_at, store_id))
    assert not [one for one in ("mina", order_id, "rude") if one in text]
    assert listed(world_at, store_id)[1]["hidden"] is True
    assert listed(world_at, store_id, operator)[1]["comment"] == "Jun at the till was rude."
    mine = world_at.get(f"/v1/orders/{order_id}/rating", world_at.customer())
    assert (mine["hidden"], mine["answer"]["text"]) == (True, "We have spoken with him.")
    kept = world_at.get(f"/v1/audit?subject={told['id']}", operator)["items"]
    assert [one["reason"] for one in kept] == ["It names a person."]
    nothing = f"/v1/stores/{store_id}/ratings/{quiet['id']}/hide"
    said = world_at.post(nothing, {"reason": "No."}, token=operator)
    assert (said.status, said.json["code"]) == (409, "nothing_said")


def test_words_are_kept_with_the_rating_alone_and_in_no_event(world_at: World) -> None:
    store_id = world_at.store()
    order_id = collected(world_at, store_id)
    rate(world_at, order_id, 3, comment="canary words")
    world_at.pump()

    holding = {
        item["pk"]["S"].partition("#")[0]
        for name in database.names()
        for item in database.raw(name)
        if "canary words" in json.dumps(item)
    }

    assert holding == {"RATINGS"}
    found = ratings.find(order_id)
    assert found is not None
    assert "customer" not in json.dumps(found.serialize())
    assert clock.parse(found.given_at) <= clock.now()
