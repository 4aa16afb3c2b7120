"""A customer asks their store to be let go: it answers, or silence does, and the order goes on."""

from collections.abc import Callable

import pytest

from chalicelib.core import clock
from chalicelib.orders import asking, cancel_terms, deadlines, reading
from chalicelib.orders.status import DUE_SOON
from tests import laws, people
from tests.orders.test_cancel_requests import BROUGHT, confirmed
from tests.orders.test_cancel_requests import ask as store_asks
from tests.orders.test_scheduling import later
from tests.world import Reply, World

type Answer = Callable[[World, str, str], Reply]


def ask(world: World, order_id: str, code: str = "ordered_by_mistake", user: str = "mina") -> Reply:
    path = f"/v1/orders/{order_id}/ask-to-cancel"
    return world.post(path, {"code": code}, token=world.customer(user))


def let_go(world: World, store_id: str, order_id: str) -> Reply:
    return world.post(f"/v1/orders/{order_id}/let-go", token=people.machine(store_id))


def go_on(world: World, store_id: str, order_id: str, code: str = "dish_already_done") -> Reply:
    path = f"/v1/orders/{order_id}/go-on"
    return world.post(path, {"code": code}, token=people.machine(store_id))


def _events(order_id: str) -> list[str]:
    return [event.type.removeprefix("order.") for event in reading.events_after(order_id, 0)]


@pytest.mark.parametrize("more", [(), ("preparing",), ("ready",)])
def test_a_customer_asks_and_nothing_is_cancelled_by_that(
    world_at: World, more: tuple[str, ...]
) -> None:
    _, order_id = confirmed(world_at, *more)
    before = world_at.seen(order_id)["status"]

    asked, again = ask(world_at, order_id), ask(world_at, order_id, "changed_mind")

    request = asked.json["customer_request"]
    assert (asked.status, asked.json["status"], again.json) == (200, before, asked.json)
    assert (request["status"], request["code"]) == ("open", "ordered_by_mistake")
    assert request["default_outcome"] == "goes_on"
    assert request["answer_by"] == asked.json["due_at"] == clock.stamp(clock.after(300))
    assert _events(order_id).count("customer_cancellation_requested") == 1


@pytest.mark.parametrize("more", [(), ("preparing",), ("ready",)])
def test_who_is_let_go_pays_nothing_and_the_store_bears_it(
    world_at: World, more: tuple[str, ...]
) -> None:
    store_id, order_id = confirmed(world_at, *more)
    ask(world_at, order_id)

    gone, again = (let_go(world_at, store_id, order_id) for _ in range(2))

    assert (gone.status, again.json) == (200, gone.json)
    assert gone.json["customer_request"]["status"] == "accepted"
    assert gone.json["cancellation"] == {
        "code": "ordered_by_mistake",
        "initiated_by": "customer",
        "liable_party": "store",
        "fee": 0,
        "refund": 9_000,
    }
    world_at.tick(60)
    laws.demand(world_at)
    assert [seen.captured for seen in laws.orders(world_at)] == [0]


def test_a_store_that_goes_on_says_why_and_the_order_is_made(world_at: World) -> None:
    store_id, order_id = confirmed(world_at)
    ask(world_at, order_id)

    denied, again = (go_on(world_at, store_id, order_id) for _ in range(2))
    world_at.pass_time(900)
    done = world_at.command(order_id, "preparing", "ready", "picked-up", store_id=store_id)

    assert (denied.status, again.json) == (200, denied.json)
    request = denied.json["customer_request"]
    assert (request["status"], request["denied_because"]) == ("denied", "dish_already_done")
    assert (denied.json["due_at"], done.json["status"]) == (None, "PICKED_UP")
    assert _events(order_id).count("customer_cancellation_denied") == 1
    world_at.tick(86_401)
    laws.demand(world_at)


def test_silence_means_that_it_goes_on(world_at: World) -> None:
    _, order_id = confirmed(world_at)
    ask(world_at, order_id)

    world_at.clock.move(299)
    before = world_at.seen(order_id)["customer_request"]["status"]
    world_at.tick(1)

    seen = world_at.seen(order_id)
    assert (before, seen["status"]) == ("open", "CONFIRMED")
    assert (seen["customer_request"]["status"], seen["due_at"]) == ("expired", None)
    [told] = [one for one in reading.events_after(order_id, 0) if one.type.endswith("tion_denied")]
    assert (told.actor, told.data["code"]) == ("system:ieum", "no_answer")


@pytest.mark.parametrize("answer", [let_go, go_on])
def test_an_answer_that_comes_too_late_finds_that_it_went_on(
    world_at: World, answer: Answer
) -> None:
    store_id, order_id = confirmed(world_at)
    ask(world_at, order_id)
    world_at.clock.move(300)

    late = answer(world_at, store_id, order_id)

    assert (late.status, late.json["code"]) == (409, "no_cancellation_request")
    assert world_at.seen(order_id)["customer_request"]["status"] == "expired"
    assert _events(order_id).count("customer_cancellation_denied") == 1


@pytest.mark.parametrize("answer", [let_go, go_on])
def test_there_is_nothing_to_answer_where_nobody_asks(world_at: World, answer: Answer) -> None:
    store_id, order_id = confirmed(world_at)

    refused = answer(world_at, store_id, order_id)

    assert (refused.status, refused.json["code"]) == (409, "no_cancellation_request")
    assert refused.json["current_status"] == "CONFIRMED"


def test_nobody_is_asked_where_giving_up_costs_nothing(world_at: World) -> None:
    store_id = world_at.store()
    unpaid = world_at.order(store_id)["order_id"]
    unconfirmed = world_at.paid_order(store_id, user="hana")

    answers = [ask(world_at, unpaid), ask(world_at, unconfirmed, user="hana")]

    assert [one.json["status"] for one in answers] == ["CANCELLED"] * 2
    assert {one.json["cancellation"]["fee"] for one in answers} == {0}
    assert ask(world_at, unpaid).json == answers[0].json


def test_nobody_is_asked_where_it_is_late(world_at: World) -> None:
    _, order_id = confirmed(world_at)
    world_at.clock.move(3600)

    gone = ask(world_at, order_id)

    assert (gone.json["cancellation"]["liable_party"], gone.json["owed"]["amount"]) == ("store", 0)
    assert gone.json["customer_request"] is None


def test_who_asks_while_the_store_asks_agrees_with_it(world_at: World) -> None:
    store_id, order_id = confirmed(world_at)
    store_asks(world_at, store_id, order_id)

    gone = ask(world_at, order_id)

    assert gone.json["cancellation"]["initiated_by"] == "store"
    assert gone.json["cancellation_request"]["status"] == "accepted"
    assert gone.json["customer_request"] is None


def test_a_store_that_asks_while_its_customer_asks_lets_them_go(world_at: World) -> None:
    store_id, order_id = confirmed(world_at)
    ask(world_at, order_id)

    gone = store_asks(world_at, store_id, order_id)

    assert gone.json["cancellation"]["initiated_by"] == "customer"
    assert gone.json["customer_request"]["status"] == "accepted"
    assert gone.json["cancellation_request"] is None


def test_who_would_not_wait_for_the_answer_pays_the_fee(world_at: World) -> None:
    _, order_id = confirmed(world_at)
    ask(world_at, order_id)

    gone = world_at.cancel(order_id)

    assert gone.json["cancellation"]["fee"] == 2_700
    assert gone.json["customer_request"]["status"] == "withdrawn"


def test_a_kitchen_that_goes_on_cooking_has_not_answered_yet(world_at: World) -> None:
    store_id, order_id = confirmed(world_at)
    ask(world_at, order_id)

    moved = world_at.command(order_id, "preparing", "ready", store_id=store_id)

    assert moved.json["customer_request"]["status"] == "open"
    assert moved.json["due_at"] == moved.json["customer_request"]["answer_by"]
    assert let_go(world_at, store_id, order_id).json["status"] == "CANCELLED"


def test_what_has_left_its_store_is_past_asking_for(world_at: World) -> None:
    store_id, order_id = confirmed(world_at, "ready", **BROUGHT)
    ask(world_at, order_id)

    left = world_at.command(order_id, "dispatch", store_id=store_id)
    refused = ask(world_at, order_id)

    assert left.json["customer_request"]["status"] == "expired"
    assert (refused.status, refused.json["instead"]) == (409, "dispute")
    assert let_go(world_at, store_id, order_id).status == 409


def test_a_customer_asks_twice_at_most(world_at: World) -> None:
    store_id, order_id = confirmed(world_at)
    asked = []

    for _ in range(3):
        asked.append(ask(world_at, order_id))
        go_on(world_at, store_id, order_id)

    assert [one.status for one in asked] == [200, 200, 409]
    assert asked[2].json["code"] == "impossible_move"
    assert "cancel" in asked[2].json["allowed_commands"]


def test_the_day_of_an_order_for_later_comes_although_its_customer_has_asked(
    world_at: World,
) -> None:
    store_id = world_at.store(delivered_by="platform")
    moment = later(minutes=50)
    order_id = world_at.paid_order(store_id, scheduled_for=moment, **BROUGHT)
    world_at.command(order_id, "confirm", store_id=store_id)
    day = clock.parse(world_at.seen(order_id)["due_at"])
    world_at.clock.move((day - clock.now()).total_seconds() - 60)
    ask(world_at, order_id)

    world_at.tick(60)
    on_its_day = world_at.seen(order_id)
    world_at.tick(240)

    assert on_its_day["due_at"] == on_its_day["customer_request"]["answer_by"]
    assert _events(order_id).count(DUE_SOON.removeprefix("order.")) == 1
    assert world_at.seen(order_id)["customer_request"]["status"] == "expired"


def test_what_its_customer_collects_after_all_still_waits_for_the_answer(world_at: World) -> None:
    from chalicelib.core import parts
    from chalicelib.orders import collecting

    store_id = world_at.store(delivered_by="platform")
    order_id = world_at.paid_order(store_id, **BROUGHT)
    world_at.command(order_id, "confirm", store_id=store_id)
    ask(world_at, order_id)
    order = reading.find(order_id)
    assert order is not None

    parts.commit(*collecting.collect(order, "customer:mina"))
    deadlines.meet(order_id)
    world_at.tick(300)

    assert world_at.seen(order_id)["customer_request"]["status"] == "expired"


def test_the_terms_say_how_long_a_store_may_think_and_what_silence_means() -> None:
    terms = cancel_terms.published()

    assert terms.customer_answer_seconds == asking.CUSTOMER_WAITS_SECONDS
    assert terms.customer_default_outcome == "goes_on"
    assert terms.most_customer_requests == asking.MOST_WISHES
