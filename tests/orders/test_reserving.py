"""What orders hold of their store: told before payment, taken at once, given back once."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from chalicelib.catalog import holding
from chalicelib.core import clock, parts
from chalicelib.core.errors import BusyError
from chalicelib.orders import reading, reserving
from chalicelib.orders.models import OrderHead
from tests import dynamo_faults as f
from tests import laws, people, shopfront
from tests.dynamo_faults import Faults
from tests.orders.ways_out import WAYS, Ends, by_customer
from tests.world import Reply, World

TWO_CAKES = [{"item_id": "cake", "quantity": 2}]
CAKE = [{"item_id": "cake"}]
KITCHEN = {"orders": 1, "minutes": 15}


def _menu(**per_day: int) -> dict[str, Any]:
    """The shop front's menu, and things of which there are only so many a day."""
    menu: dict[str, Any] = json.loads(json.dumps(shopfront.MENU))
    limited = [shopfront.item(name, 5000, per_day=limit) for name, limit in per_day.items()]
    menu["categories"][0]["items"] += limited
    return menu


def _bakery(world: World, **per_day: int) -> str:
    store_id = world.store()
    world.publish(store_id, _menu(**(per_day or {"cake": 3})))
    return store_id


def _taken(store_id: str) -> Mapping[str, int]:
    """What is held of a store, by the last of a counter's name."""
    mine = (row for row in laws.rows("catalog") if row["pk"] == f"STORE#{store_id}")
    return {row["sk"].rpartition("#")[2]: int(row["taken"]) for row in mine if "taken" in row}


def _refusal(reply: Reply) -> Any:  # noqa: ANN401 - any JSON
    assert (reply.status, reply.json["code"]) == (422, "quote_impossible"), reply.text
    [issue] = reply.json["errors"]
    return issue


def test_an_order_takes_what_is_limited_and_a_quote_takes_nothing(world_at: World) -> None:
    store_id, token = _bakery(world_at, cake=3, pie=9), world_at.customer()
    wanted = [*TWO_CAKES, {"item_id": "pie"}, {"item_id": "water"}, {"item_id": "pie"}]

    quote = world_at.quote(store_id, token, items=wanted)
    before = _taken(store_id)
    world_at.place(token, quote)

    assert before == {}
    assert _taken(store_id) == {"cake": 2, "pie": 2}


def test_what_is_left_too_little_of_is_told_before_payment(world_at: World) -> None:
    store_id, token = _bakery(world_at), world_at.customer()
    world_at.order(store_id, items=TWO_CAKES)

    issue = _refusal(world_at.try_quote(store_id, token, items=[{"item_id": "water"}, *TWO_CAKES]))

    assert (issue["code"], issue["pointer"], issue["left"]) == ("sold_out", "/items/1", 1)
    assert world_at.try_quote(store_id, token, items=CAKE).status == 201


def test_of_several_limited_items_those_that_are_gone_are_told(world_at: World) -> None:
    store_id, token = _bakery(world_at, cake=2, pie=2, tart=9), world_at.customer()
    world_at.order(store_id, items=[*TWO_CAKES, {"item_id": "tart", "quantity": 2}])
    wanted = [{"item_id": one} for one in ("tart", "cake", "pie")]

    issue = _refusal(world_at.try_quote(store_id, token, items=wanted))

    assert (issue["code"], issue["pointer"], issue["left"]) == ("sold_out", "/items/1", 0)


def test_everything_that_stands_against_an_order_is_told_at_once(world_at: World) -> None:
    store_id, token = world_at.store(kitchen=KITCHEN), world_at.customer()
    world_at.publish(store_id, _menu(cake=1))
    world_at.order(store_id, items=CAKE)

    refused = world_at.try_quote(store_id, token, items=[*CAKE, {"item_id": "eel"}])

    assert [(one["code"], one["pointer"]) for one in refused.json["errors"]] == [
        ("item_unavailable", "/items/1"),
        ("sold_out", "/items/0"),
        ("kitchen_full", "/store_id"),
    ]


def test_a_new_service_day_begins_with_everything(world_at: World) -> None:
    store_id, token = _bakery(world_at, cake=1), world_at.customer()
    world_at.order(store_id, items=CAKE)
    four = holding.day_begins("Asia/Seoul", holding.service_day("Asia/Seoul", clock.now()))
    there = four + holding.ONE_DAY + timedelta(minutes=15)

    before, after = (
        world_at.try_quote(store_id, token, items=CAKE, scheduled_for=clock.stamp(moment))
        for moment in (there - timedelta(minutes=1), there)
    )

    assert (before.status, after.status) == (422, 201)


def test_a_new_limit_is_that_of_new_quotes(world_at: World) -> None:
    store_id, token = _bakery(world_at, cake=2), world_at.customer()
    quoted = [world_at.quote(store_id, token, items=CAKE) for _ in range(3)]
    world_at.place(token, quoted[0])

    world_at.publish(store_id, _menu(cake=1))

    assert _refusal(world_at.try_quote(store_id, token, items=CAKE))["left"] == 0
    assert world_at.try_place(token, quoted[1]["id"]).status == 201
    assert world_at.try_place(token, quoted[2]["id"]).json["code"] == "sold_out"


def test_lines_of_one_item_are_counted_together(world_at: World) -> None:
    refused = world_at.try_quote(
        _bakery(world_at), world_at.customer(), items=[*TWO_CAKES, *TWO_CAKES]
    )

    told = [(one["code"], one["pointer"], one["left"]) for one in refused.json["errors"]]
    assert told == [("sold_out", "/items/0", 3), ("sold_out", "/items/1", 3)]


def test_what_the_menu_limits_to_none_is_sold_out(world_at: World) -> None:
    issue = _refusal(world_at.try_quote(_bakery(world_at, cake=0), world_at.customer(), items=CAKE))

    assert (issue["code"], issue["left"]) == ("sold_out", 0)


def test_who_was_slower_is_told_which_item_is_gone_and_nothing_is_there(world_at: World) -> None:
    store_id, token = _bakery(world_at), world_at.customer()
    slower = world_at.quote(store_id, token, items=TWO_CAKES)
    world_at.order(store_id, items=TWO_CAKES)
    before = {name: laws.rows(name) for name in ("orders", "payments", "catalog", "quotes")}

    refused = world_at.try_place(token, slower["id"])

    assert (refused.status, refused.json["code"]) == (409, "sold_out")
    assert (refused.json["item_id"], refused.json["left"]) == ("cake", 1)
    assert {name: laws.rows(name) for name in before} == before
    assert len(world_at.intents()) == 1


def test_a_repetition_of_the_last_order_is_that_order_and_takes_nothing_more(
    world_at: World,
) -> None:
    store_id, token = _bakery(world_at, cake=2), world_at.customer()
    quote = world_at.quote(store_id, token, items=TWO_CAKES)

    first, second = (world_at.try_place(token, quote["id"], key="one-key") for _ in range(2))

    assert (first.status, second.status) == (201, 201)
    assert first.json == second.json
    assert _taken(store_id) == {"cake": 2}


def test_placing_what_is_limited_asks_no_more_of_the_database(
    world_at: World, faults: Faults
) -> None:
    store_id, token = world_at.store(kitchen={"orders": 4, "minutes": 60}), world_at.customer()
    world_at.publish(store_id, _menu(cake=9, pie=9))
    asked = []
    for items in ([{"item_id": "water"}], [*TWO_CAKES, {"item_id": "pie"}]):
        quote = world_at.quote(store_id, token, items=[*items, {"item_id": "bibimbap"}])
        before = len(faults.sent)
        world_at.place(token, quote)
        asked.append(faults.sent[before:])

    assert asked[0] == asked[1]
    assert asked[1].count("TransactWriteItems") <= 2


# --- ways out ------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", WAYS, ids=lambda one: str(one.__name__))
def test_whoever_gives_an_order_up_gives_back_what_it_held(world_at: World, ends: Ends) -> None:
    store_id = world_at.store(kitchen={"orders": 4, "minutes": 60})
    world_at.publish(store_id, _menu(cake=3))
    order_id = world_at.paid_order(store_id, items=TWO_CAKES)
    before = _taken(store_id)

    ends(world_at, order_id, store_id)
    world_at.pump()

    assert sorted(before.values()) == [1, 2]
    assert set(_taken(store_id).values()) == {0}


def test_an_order_that_nobody_pays_gives_back_what_it_held(world_at: World) -> None:
    store_id = _bakery(world_at)
    world_at.order(store_id, items=TWO_CAKES)

    world_at.pass_time(900)

    assert _taken(store_id) == {"cake": 0}


def test_what_was_made_stays_taken(world_at: World) -> None:
    store_id = _bakery(world_at)
    order_id = world_at.paid_order(store_id, items=TWO_CAKES)

    steps = ("confirm", "preparing", "ready", "picked-up")
    assert world_at.command(order_id, *steps, store_id=store_id).status == 200
    world_at.pass_time(2 * 86_400, step=3600)

    assert world_at.seen(order_id)["status"] == "CONCLUDED"
    assert _taken(store_id) == {"cake": 2}


def test_of_two_who_cancel_at_once_what_was_held_comes_back_once(world_at: World) -> None:
    store_id = _bakery(world_at)
    order_id = world_at.paid_order(store_id, items=TWO_CAKES)
    world_at.order(store_id, items=CAKE)
    order = reading.find(order_id)
    assert order is not None
    given_back = reserving.give_back(order)

    by_customer(world_at, order_id, store_id)
    stale = OrderHead.version == order.version
    head = parts.update(OrderHead.at(order_id), [OrderHead.v.set(1)], BusyError(), stale)
    with pytest.raises(BusyError):
        parts.commit(head, *given_back)

    assert _taken(store_id) == {"cake": 1}


def test_what_a_counter_may_have_forgotten_is_not_given_back(world_at: World) -> None:
    store_id = _bakery(world_at)
    order_id = world_at.paid_order(store_id, items=TWO_CAKES)
    order = reading.find(order_id)
    assert order is not None

    world_at.clock.move((order.holds[0].ends + holding.KEPT - clock.now()).total_seconds())

    assert reserving.give_back(order) == ()


def test_an_order_of_an_older_release_holds_nothing_and_is_given_up(world_at: World) -> None:
    store_id = _bakery(world_at)
    order_id = world_at.paid_order(store_id, items=TWO_CAKES)
    OrderHead.at(order_id).update([OrderHead.holds.remove()])

    by_customer(world_at, order_id, store_id)

    assert world_at.seen(order_id)["status"] == "CANCELLED"
    assert _taken(store_id) == {"cake": 2}


# --- kitchens ------------------------------------------------------------------------------------


def test_a_full_kitchen_is_told_with_the_moment_to_ask_for(world_at: World) -> None:
    store_id, token = world_at.store(kitchen=KITCHEN), world_at.customer()
    world_at.order(store_id)

    issue = _refusal(world_at.try_quote(store_id, token))
    quote = world_at.quote(store_id, token, scheduled_for=issue["free_from"])

    assert (issue["code"], issue["pointer"]) == ("kitchen_full", "/store_id")
    begins = clock.parse(issue["free_from"]) - timedelta(minutes=15)
    assert begins == holding.window("Asia/Seoul", 15, clock.now())[1]
    world_at.place(token, quote)


def test_a_moment_whose_window_is_full_is_refused_at_that_moment(world_at: World) -> None:
    store_id, token = world_at.store(kitchen=KITCHEN), world_at.customer()
    moment = clock.stamp((clock.now() + timedelta(hours=5)).replace(minute=0, second=0))
    world_at.order(store_id, scheduled_for=moment)

    issue = _refusal(world_at.try_quote(store_id, token, scheduled_for=moment))

    assert (issue["code"], issue["pointer"]) == ("kitchen_full", "/scheduled_for")
    assert clock.parse(issue["free_from"]) == clock.parse(moment) + timedelta(minutes=15)


def test_who_was_slower_is_told_when_the_kitchen_has_a_place(world_at: World) -> None:
    store_id, token = world_at.store(kitchen=KITCHEN), world_at.customer()
    slower = world_at.quote(store_id, token)
    world_at.order(store_id)

    refused = world_at.try_place(token, slower["id"])

    assert (refused.status, refused.json["code"]) == (409, "kitchen_full")
    free: datetime = clock.parse(refused.json["free_from"])
    assert world_at.try_quote(store_id, token, scheduled_for=clock.stamp(free)).status == 201


def test_no_moment_is_named_while_the_store_is_closed_for_a_day(world_at: World) -> None:
    store_id, token = world_at.store(kitchen=KITCHEN), world_at.customer()
    slower = world_at.quote(store_id, token)
    world_at.order(store_id)
    pause = {"reason": "busy"}
    world_at.post(f"/v1/stores/{store_id}/pause", pause, token=people.machine(store_id))

    refused = world_at.try_place(token, slower["id"])

    assert refused.json["code"] == "kitchen_full"
    assert refused.json["free_from"] is None


# --- all at once ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("limit", "most"), [(1, 50), (7, 50), (50, 50)])
def test_of_fifty_at_once_exactly_the_limit_wins(world_at: World, limit: int, most: int) -> None:
    store_id, token = _bakery(world_at, cake=limit), world_at.customer()
    hold = _a_hold(world_at, store_id, token)

    answers = _at_once(store_id, hold, most)

    assert answers.count("taken") == limit
    assert set(answers) <= {"taken", "sold_out"}
    assert _taken(store_id) == {"cake": limit}


def test_of_fifty_at_once_exactly_the_places_of_the_kitchen_are_taken(world_at: World) -> None:
    store_id = world_at.store(kitchen={"orders": 3, "minutes": 30})
    hold = _a_hold(world_at, store_id, world_at.customer(), item_id="water")

    answers = _at_once(store_id, hold, 50)

    assert answers.count("taken") == 3
    assert list(_taken(store_id).values()) == [3]


def _a_hold(world: World, store_id: str, token: str, item_id: str = "cake") -> holding.Hold:
    quote = world.quote(store_id, token, items=[{"item_id": item_id}])
    [row] = [one for one in laws.rows("quotes") if one.get("id") == quote["id"]]
    [hold] = reserving.kept(json.loads(row["content"]))
    return hold


def _at_once(store_id: str, hold: holding.Hold, most: int) -> list[str]:
    """So many transactions at once, each with something of its own."""
    barrier = Barrier(most)

    def take(number: int) -> str:
        own = OrderHead.at(f"ord_{number}")
        barrier.wait()
        try:
            parts.commit(
                parts.upsert(own, [OrderHead.id.set(str(number))]),
                holding.take(store_id, hold, _SoldOutError()),
            )
        except _SoldOutError:
            return "sold_out"
        return "taken"

    with ThreadPoolExecutor(most) as pool:
        return list(pool.map(take, range(most)))


class _SoldOutError(Exception):
    pass


def test_conflicts_on_the_last_one_are_tried_again(world_at: World, faults: Faults) -> None:
    store_id, token = _bakery(world_at, cake=1), world_at.customer()
    hold = _a_hold(world_at, store_id, token)
    own = OrderHead.at("ord_x")
    faults.come(*[f.cancelled("None", "TransactionConflict")] * 8)

    parts.commit(
        parts.upsert(own, [OrderHead.id.set("x")]), holding.take(store_id, hold, _SoldOutError())
    )

    assert _taken(store_id) == {"cake": 1}
