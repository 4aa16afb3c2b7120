"""A store that has confirmed asks to give an order up: its customer answers, or silence does."""

import json
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.orders import cancel_requests, cancel_terms, deadlines, reading
from chalicelib.orders.models import OrderHead
from chalicelib.orders.pricing import CANCELLATION_TABLE
from chalicelib.orders.status import DUE_SOON, OrderStatus
from tests import laws, people, shopfront
from tests.orders.test_scheduling import later
from tests.world import Reply, World

BROUGHT: dict[str, Any] = {"fulfilment": "delivery", "drop_off": shopfront.DOOR}


def confirmed(world: World, *more: str, **changed: Any) -> tuple[str, str]:  # noqa: ANN401 - any JSON
    """A store, and an order that it has taken on."""
    store_id = world.store()
    order_id = world.paid_order(store_id, **changed)
    world.command(order_id, "confirm", *more, store_id=store_id)
    return store_id, order_id


def ask(world: World, store_id: str, order_id: str, code: str = "unavailable_item") -> Reply:
    path = f"/v1/orders/{order_id}/request-cancellation"
    return world.post(path, {"code": code}, token=people.machine(store_id))


def answer(world: World, order_id: str, verb: str, token: str | None = None) -> Reply:
    path = f"/v1/orders/{order_id}/{verb}-cancellation"
    return world.post(path, token=token or world.customer())


def _events(order_id: str) -> list[str]:
    return [event.type.removeprefix("order.") for event in reading.events_after(order_id, 0)]


@pytest.mark.parametrize("more", [(), ("preparing",), ("ready",)])
def test_a_store_that_has_confirmed_asks_and_nothing_is_cancelled_by_that(
    world_at: World, more: tuple[str, ...]
) -> None:
    store_id, order_id = confirmed(world_at, *more)
    before = world_at.seen(order_id)["status"]

    asked, again = ask(world_at, store_id, order_id), ask(world_at, store_id, order_id, "risk_area")

    request = asked.json["cancellation_request"]
    assert (asked.status, asked.json["status"], again.json) == (200, before, asked.json)
    assert (request["status"], request["code"]) == ("open", "unavailable_item")
    assert request["default_outcome"] == "cancelled"
    assert request["answer_by"] == asked.json["due_at"] == clock.stamp(clock.after(600))
    assert _events(order_id).count("cancellation_requested") == 1


def test_before_it_has_confirmed_a_store_just_gives_an_order_up(world_at: World) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)

    given_up, again = (ask(world_at, store_id, order_id, "closing") for _ in range(2))

    assert (given_up.json["status"], again.json) == ("CANCELLED", given_up.json)
    assert given_up.json["cancellation"] == {
        "code": "closing",
        "initiated_by": "store",
        "liable_party": "store",
        "fee": 0,
        "refund": 9_000,
    }
    assert given_up.json["cancellation_request"] is None


@pytest.mark.parametrize("who", ["customer", "operator"])
def test_whoever_agrees_pays_nothing_and_the_store_is_liable(world_at: World, who: str) -> None:
    store_id, order_id = confirmed(world_at, "preparing")
    ask(world_at, store_id, order_id)
    token = world_at.customer() if who == "customer" else world_at.operator()

    agreed, again = (answer(world_at, order_id, "accept", token) for _ in range(2))

    assert (agreed.status, again.json) == (200, agreed.json)
    assert agreed.json["cancellation_request"]["status"] == "accepted"
    assert agreed.json["cancellation"] == {
        "code": "unavailable_item",
        "initiated_by": "store",
        "liable_party": "store",
        "fee": 0,
        "refund": 9_000,
    }
    world_at.tick(60)
    laws.demand(world_at)
    assert [seen.captured for seen in laws.orders(world_at)] == [0]


def test_who_insists_gets_the_order_and_the_store_goes_on(world_at: World) -> None:
    store_id, order_id = confirmed(world_at)
    ask(world_at, store_id, order_id)

    denied, again = (answer(world_at, order_id, "deny") for _ in range(2))
    world_at.pass_time(900)
    done = world_at.command(order_id, "preparing", "ready", "picked-up", store_id=store_id)

    assert (denied.status, again.json) == (200, denied.json)
    assert denied.json["cancellation_request"]["status"] == "denied"
    assert (denied.json["due_at"], done.json["status"]) == (None, "PICKED_UP")
    assert _events(order_id).count("cancellation_denied") == 1
    world_at.tick(86_401)
    laws.demand(world_at)


def test_silence_is_consent(world_at: World) -> None:
    store_id, order_id = confirmed(world_at)
    ask(world_at, store_id, order_id)

    world_at.clock.move(599)
    before = world_at.seen(order_id)["status"]
    world_at.tick(1)

    seen = world_at.seen(order_id)
    assert (before, seen["status"]) == ("CONFIRMED", "CANCELLED")
    assert seen["cancellation_request"]["status"] == "expired"
    assert (seen["cancellation"]["liable_party"], seen["cancellation"]["fee"]) == ("store", 0)
    world_at.tick(60)
    laws.demand(world_at)


def test_who_insists_too_late_is_told_that_it_was_cancelled(world_at: World) -> None:
    store_id, order_id = confirmed(world_at)
    ask(world_at, store_id, order_id)
    world_at.clock.move(600)

    late = answer(world_at, order_id, "deny")
    agreed = answer(world_at, order_id, "accept")

    assert (late.status, late.json["code"]) == (409, "no_cancellation_request")
    assert late.json["current_status"] == "CANCELLED"
    assert agreed.json["cancellation_request"]["status"] == "expired"


@pytest.mark.parametrize("verb", ["accept", "deny"])
def test_there_is_nothing_to_answer_where_no_store_has_asked(world_at: World, verb: str) -> None:
    _, order_id = confirmed(world_at)

    refused = answer(world_at, order_id, verb)

    assert (refused.status, refused.json["code"]) == (409, "no_cancellation_request")
    assert refused.json["current_status"] == "CONFIRMED"


@pytest.mark.parametrize("step", ["preparing", "ready"])
def test_a_store_that_goes_on_has_withdrawn_its_request(world_at: World, step: str) -> None:
    store_id, order_id = confirmed(world_at)
    ask(world_at, store_id, order_id)

    moved = world_at.command(order_id, step, store_id=store_id)
    world_at.pass_time(900)

    assert moved.json["cancellation_request"]["status"] == "withdrawn"
    assert moved.json["due_at"] is None
    assert world_at.seen(order_id)["status"] != "CANCELLED"


def test_a_customer_who_cancels_what_the_store_would_give_up_agrees_and_pays_no_fee(
    world_at: World,
) -> None:
    fees = []
    for more in ((), ("preparing",), ("ready",)):
        store_id, order_id = confirmed(world_at, *more)
        ask(world_at, store_id, order_id)
        cancelled = world_at.cancel(order_id)
        assert cancelled.json["cancellation_request"]["status"] == "accepted"
        fees.append((cancelled.json["cancellation"]["liable_party"], cancelled.json["owed"]))

    assert fees == [("store", {"amount": 0, "currency": "KRW"})] * 3


def test_a_store_asks_three_times_at_most(world_at: World) -> None:
    store_id, order_id = confirmed(world_at)
    asked = []

    for _ in range(4):
        asked.append(ask(world_at, store_id, order_id))
        answer(world_at, order_id, "deny")

    assert [one.status for one in asked] == [200, 200, 200, 409]
    assert asked[2].json["cancellation_request"]["number"] == 3
    assert asked[3].json["code"] == "impossible_move"


def test_what_has_left_the_store_is_not_its_own_to_give_up(world_at: World) -> None:
    store_id, order_id = confirmed(world_at, "ready", "dispatch", **BROUGHT)

    refused = ask(world_at, store_id, order_id)

    assert (refused.status, refused.json["current_status"]) == (409, "DISPATCHED")


def test_a_store_that_rejects_too_late_is_told_to_ask(world_at: World) -> None:
    store_id, order_id = confirmed(world_at)

    refused = world_at.post(
        f"/v1/orders/{order_id}/reject", {"code": "closing"}, token=people.machine(store_id)
    )

    assert (refused.status, refused.json["instead"]) == (409, "request_cancellation")


@pytest.mark.parametrize(
    "steps", [("ready",), ("ready", "dispatch"), ("ready", "dispatch", "delivered")]
)
def test_a_customer_who_gives_up_what_is_ready_is_told_that_it_is_a_dispute(
    world_at: World, steps: tuple[str, ...]
) -> None:
    _, order_id = confirmed(world_at, *steps, **BROUGHT)

    refused = world_at.cancel(order_id)

    assert (refused.status, refused.json["code"]) == (409, "impossible_move")
    assert refused.json["instead"] == "dispute"
    assert "operator" in refused.json["detail"]


def test_the_day_of_an_order_for_later_comes_although_its_store_has_asked(world_at: World) -> None:
    store_id = world_at.store(delivered_by="platform")
    moment = later(minutes=50)
    order_id = world_at.paid_order(store_id, scheduled_for=moment, **BROUGHT)
    world_at.command(order_id, "confirm", store_id=store_id)
    day = clock.parse(world_at.seen(order_id)["due_at"])
    ask(world_at, store_id, order_id)

    world_at.tick((day - clock.now()).total_seconds())
    on_its_day = world_at.seen(order_id)
    answer(world_at, order_id, "deny")
    world_at.tick(900)

    assert on_its_day["due_at"] == on_its_day["cancellation_request"]["answer_by"]
    assert _events(order_id).count(DUE_SOON.removeprefix("order.")) == 1
    assert world_at.seen(order_id)["due_at"] is None


def test_the_day_of_an_order_for_later_comes_after_its_store_was_answered(world_at: World) -> None:
    store_id = world_at.store(delivered_by="platform")
    order_id = world_at.paid_order(store_id, scheduled_for=later(hours=3), **BROUGHT)
    world_at.command(order_id, "confirm", store_id=store_id)
    day = world_at.seen(order_id)["due_at"]
    ask(world_at, store_id, order_id)

    denied = answer(world_at, order_id, "deny")

    assert denied.json["due_at"] == day


def test_what_its_customer_collects_after_all_still_waits_for_the_answer(world_at: World) -> None:
    from chalicelib.core import parts
    from chalicelib.orders import collecting

    store_id = world_at.store(delivered_by="platform")
    order_id = world_at.paid_order(store_id, **BROUGHT)
    world_at.command(order_id, "confirm", store_id=store_id)
    ask(world_at, store_id, order_id)
    order = reading.find(order_id)
    assert order is not None

    parts.commit(*collecting.collect(order, "customer:mina"))
    world_at.tick(600)

    assert world_at.seen(order_id)["cancellation_request"]["status"] == "expired"


def test_a_request_that_nobody_may_answer_any_more_ends_with_the_order(world_at: World) -> None:
    store_id, order_id = confirmed(world_at)
    ask(world_at, store_id, order_id)
    order = reading.find(order_id)
    assert order is not None

    from chalicelib.orders import holding

    ended = holding.end(order_id)

    assert ended.cancellation is not None
    assert ended.cancellation.code == "capture_deadline"
    assert ended.request is not None
    assert ended.request.status == "withdrawn"


def test_a_cancellation_of_an_older_release_says_what_was_refunded(world_at: World) -> None:
    _, order_id = confirmed(world_at)
    world_at.cancel(order_id)
    head = OrderHead.get(f"ORDER#{order_id}", "HEAD")
    older = {name: one for name, one in head.cancellation.items() if name != "refund"}
    head.update([OrderHead.cancellation.set(older)])

    seen = world_at.seen(order_id)["cancellation"]

    assert (seen["fee"], seen["refund"]) == (2_700, 6_300)


def test_of_what_nobody_paid_nothing_is_refunded(world_at: World) -> None:
    placed = world_at.order(world_at.store())

    cancelled = world_at.cancel(placed["order_id"])

    assert cancelled.json["cancellation"]["refund"] == 0


def test_deadlines_met_twice_cancel_once(world_at: World) -> None:
    store_id, order_id = confirmed(world_at)
    ask(world_at, store_id, order_id)
    world_at.clock.move(600)

    deadlines.meet(order_id)
    deadlines.meet(order_id)

    assert _events(order_id).count("cancelled") == 1


# --- what is published ---------------------------------------------------------------------------


def test_everybody_may_read_what_giving_up_costs(world_at: World) -> None:
    terms = world_at.get("/v1/cancellation-terms")

    customers = {
        rule["while_status"]: (rule["outcome"], rule["basis_points"])
        for rule in terms["rules"]
        if rule["initiated_by"] == "customer" and not rule["late"] and not rule["because"]
    }
    assert customers == {
        "PENDING_PAYMENT": ("cancelled", 0),
        "CREATED": ("cancelled", 0),
        "CONFIRMED": ("cancelled", 3_000),
        "PREPARING": ("cancelled", 6_000),
        "READY_FOR_PICKUP": ("disputed", 0),
        "DISPATCHED": ("disputed", 0),
    }
    of_the_platform = [
        (rule["because"], rule["while_status"], rule["liable_party"], rule["basis_points"])
        for rule in terms["rules"]
        if rule["because"]
    ]
    assert of_the_platform == [
        ("platform_delay", "CONFIRMED", "platform", 0),
        ("platform_delay", "PREPARING", "platform", 0),
        ("no_courier", "CONFIRMED", "platform", 0),
        ("no_courier", "PREPARING", "platform", 0),
        ("no_courier", "READY_FOR_PICKUP", "platform", 0),
    ]
    assert terms["answer_seconds"] == cancel_requests.ANSWER_SECONDS
    assert json.dumps(terms["rules"]).count("requested") == 3


def test_who_is_not_liable_is_published_to_pay_nothing() -> None:
    rules = cancel_terms.published().rules

    assert {rule.basis_points for rule in rules if rule.liable_party != "customer"} == {0}
    assert {rule.while_status for rule in rules if rule.outcome == "cancelled"} >= {
        *CANCELLATION_TABLE,
        OrderStatus.DISPATCHED,
    }


def test_every_code_has_its_word_in_open_delivery() -> None:
    assert cancel_terms.in_open_delivery("too_busy") == "INTERNAL_DIFFICULTIES_OF_THE_RESTAURANT"
    assert cancel_terms.in_open_delivery("unavailable_item") == "UNAVAILABLE_ITEM"
    assert cancel_terms.in_open_delivery("merchant_no_response") == "OTHER_CANCELLATION_REASON"
