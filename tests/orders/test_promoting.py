"""Promotions in quotes and orders: the best counts, no limit is passed, what ends gives back."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from chalicelib.core import clock, parts
from chalicelib.core.errors import BusyError
from chalicelib.orders import promotion_counts, reading
from chalicelib.orders.errors import PromotionGoneError
from chalicelib.orders.models import OrderHead
from chalicelib.orders.promotion_models import COUNT, promotion_key
from tests import laws, people, shopfront
from tests.couriers.riders import Riders
from tests.orders import offers
from tests.orders.offers import at_store, of_platform, refused, taken
from tests.orders.ways_out import WAYS, Ends, by_customer
from tests.world import World


def _total(quote: Any) -> int:  # noqa: ANN401 - any JSON
    total: int = quote["total"]["amount"]
    return total


def test_what_applies_by_itself_is_in_the_quote_with_its_sponsor(world_at: World) -> None:
    store_id = world_at.store()
    made = at_store(world_at, store_id)

    quote = world_at.quote(store_id, world_at.customer())

    assert _total(quote) == 8_100
    (line,) = [one for one in quote["priced"]["price"] if one["kind"] == "discount"]
    assert line["promotion_id"] == made["id"]
    assert line["amount"] == -900
    assert line["sponsors"] == [{"by": "merchant", "amount": 900}]
    assert (quote["priced"]["lines"][0]["discount"], quote["warnings"]) == (900, [])


def test_a_promotion_is_for_its_store_its_merchants_stores_or_its_cities(world_at: World) -> None:
    store_id, other = world_at.store(), world_at.store(owner="rival")
    merchant_id = world_at.get(f"/v1/stores/{store_id}")["merchant_id"]
    token = world_at.customer()
    scopes = (
        {"type": "stores", "store_ids": [store_id]},
        {"type": "merchant", "merchant_id": merchant_id},
        {"type": "cities", "cities": ["seoul", "busan"]},
    )
    prices = []
    for scope in scopes:
        made = of_platform(world_at, scope=scope)
        prices.append([_total(world_at.quote(one, token)) for one in (store_id, other)])
        world_at.post(f"/v1/promotions/{made['id']}/stop", token=world_at.operator())

    assert prices == [[8_100, 9_000], [8_100, 9_000], [8_100, 8_100]]


def test_a_code_is_typed_in_any_letters_and_taken_with_the_order(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    made = at_store(world_at, store_id, code="WELCOME", uses=5, budget=50_000, per_customer=2)

    quote = world_at.quote(store_id, token, codes=["welcome"])
    before = taken(world_at, made["id"])
    world_at.place(token, quote)

    assert _total(quote) == 8_100
    assert before == (0, 0)
    assert taken(world_at, made["id"]) == (1, 900)
    assert _total(world_at.quote(store_id, token)) == 9_000


def test_a_code_of_another_store_is_none_here_and_the_platforms_is(world_at: World) -> None:
    store_id, other = world_at.store(), world_at.store(owner="rival")
    at_store(world_at, other, owner="rival", code="SAME")
    token = world_at.customer()

    none = world_at.try_quote(store_id, token, codes=["NONE"])
    before = world_at.try_quote(store_id, token, codes=["SAME"])
    of_platform(world_at, code="SAME")
    after = world_at.quote(store_id, token, codes=["SAME"])

    assert refused(none) == ("promotion_unknown", "/codes/0")
    assert refused(before) == ("promotion_unknown", "/codes/0")
    assert _total(after) == 8_100


def test_every_code_that_does_not_count_is_told_why_at_once(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    soon = clock.stamp(clock.after(3_600))
    at_store(world_at, store_id, code="SOON", begins=soon)
    at_store(world_at, store_id, code="BRIEF", ends=soon)
    at_store(world_at, store_id, code="BIG", minimum=9_001)
    at_store(world_at, store_id, code="WAY", benefit={"type": "free_delivery"})
    world_at.order(store_id)

    fits = world_at.try_quote(store_id, token, codes=["BRIEF"])
    told = world_at.try_quote(store_id, token, codes=["SOON", "BIG", "WAY", "NONE"])
    world_at.clock.move(3_600)
    over = world_at.try_quote(store_id, world_at.customer(), codes=["BRIEF"])

    assert fits.status == 201
    assert [(one["code"], one["pointer"]) for one in told.json["errors"]] == [
        ("promotion_not_yet", "/codes/0"),
        ("promotion_minimum", "/codes/1"),
        ("promotion_without_effect", "/codes/2"),
        ("promotion_unknown", "/codes/3"),
    ]
    assert refused(over) == ("promotion_over", "/codes/0")


def test_a_code_that_saves_less_than_what_it_cannot_stand_beside_is_a_warning(
    world_at: World,
) -> None:
    store_id, token = world_at.store(), world_at.customer()
    at_store(world_at, store_id)
    at_store(world_at, store_id, code="LITTLE", benefit={"type": "amount", "amount": 100})

    quote = world_at.quote(store_id, token, codes=["LITTLE"])

    assert _total(quote) == 8_100
    assert [(one["code"], one["pointer"]) for one in quote["warnings"]] == [
        ("promotion_not_combined", "/codes/0")
    ]
    assert world_at.get(f"/v1/quotes/{quote['id']}", token)["warnings"] == []


def test_a_first_order_is_one_of_who_has_none_and_happens_once(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    made = at_store(world_at, store_id, first_order=True)
    quoted = [world_at.quote(store_id, token) for _ in range(2)]

    placed = world_at.place(token, quoted[0])
    second = world_at.try_place(token, quoted[1]["id"])
    later = world_at.quote(store_id, token)
    others = world_at.quote(store_id, world_at.customer("jun"))

    assert [_total(one) for one in (*quoted, later, others)] == [8_100, 8_100, 9_000, 8_100]
    assert (second.status, second.json["code"]) == (409, "promotion_gone")
    assert second.json["promotion_id"] == made["id"]
    assert world_at.cancel(placed["order_id"]).status == 200
    assert _total(world_at.quote(store_id, token)) == 8_100


def test_who_has_ordered_before_has_no_first_order_and_is_told_of_a_code(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    world_at.order(store_id)
    at_store(world_at, store_id, first_order=True, code="FIRST")

    told = world_at.try_quote(store_id, token, codes=["FIRST"])

    assert refused(told) == ("promotion_first_order", "/codes/0")


def test_one_customer_has_it_as_often_as_they_may_and_others_too(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    at_store(world_at, store_id, code="TWICE", per_customer=2)
    quoted = [world_at.quote(store_id, token, codes=["TWICE"]) for _ in range(3)]

    answers = [world_at.try_place(token, one["id"]).status for one in quoted]
    told = world_at.try_quote(store_id, token, codes=["TWICE"])

    assert answers == [201, 201, 409]
    assert refused(told) == ("promotion_used", "/codes/0")
    jun = world_at.customer("jun")
    assert _total(world_at.quote(store_id, jun, codes=["TWICE"])) == 8_100


def test_a_budget_is_never_passed_and_what_does_not_fit_is_not_given_in_part(
    world_at: World,
) -> None:
    store_id, token = world_at.store(), world_at.customer()
    made = at_store(world_at, store_id, budget=1_000, code="BUDGET")
    too_dear = world_at.try_quote(
        store_id, token, codes=["BUDGET"], items=[{"item_id": "bibimbap", "quantity": 2}]
    )
    quoted = [world_at.quote(store_id, token, codes=["BUDGET"]) for _ in range(2)]

    answers = [world_at.try_place(token, one["id"]) for one in quoted]

    assert refused(too_dear) == ("promotion_used_up", "/codes/0")
    assert [one.status for one in answers] == [201, 409]
    assert answers[1].json["code"] == "promotion_gone"
    assert taken(world_at, made["id"]) == (1, 900)


def test_what_is_used_up_by_itself_is_just_no_part_of_the_next_quote(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    at_store(world_at, store_id, uses=1)
    at_store(world_at, store_id, benefit={"type": "amount", "amount": 100})
    world_at.order(store_id)

    quote = world_at.quote(store_id, token)

    assert _total(quote) == 8_900


def test_who_was_slower_is_told_before_any_payment_and_nothing_is_there(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    made = at_store(world_at, store_id, uses=1)
    slower = world_at.quote(store_id, token)
    world_at.order(store_id)
    names = ("orders", "payments", "promotions", "quotes")
    before = {name: laws.rows(name) for name in names}

    answer = world_at.try_place(token, slower["id"])

    assert (answer.status, answer.json["code"]) == (409, "promotion_gone")
    assert answer.json["promotion_id"] == made["id"]
    assert {name: laws.rows(name) for name in names} == before
    assert len(world_at.intents()) == 1


def test_a_repetition_of_the_last_use_is_that_order_and_takes_nothing_more(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    made = at_store(world_at, store_id, uses=1)
    quote = world_at.quote(store_id, token)

    first, second = (world_at.try_place(token, quote["id"], key="one-key") for _ in range(2))

    assert (first.status, second.status) == (201, 201)
    assert first.json == second.json
    assert taken(world_at, made["id"]) == (1, 900)


def test_what_is_stopped_is_taken_from_quotes_that_are_out_too(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    made = at_store(world_at, store_id)
    quote = world_at.quote(store_id, token)
    path = f"/v1/promotions/{made['id']}/stop"

    answers = [world_at.post(path, token=people.person("merchant", "owner")) for _ in range(2)]

    assert [one.status for one in answers] == [200, 200]
    assert answers[0].json == answers[1].json
    assert world_at.try_place(token, quote["id"]).json["code"] == "promotion_gone"
    assert _total(world_at.quote(store_id, token)) == 9_000


def test_a_quote_keeps_its_price_though_its_promotion_ends_meanwhile(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    at_store(world_at, store_id, ends=clock.stamp(clock.after(60)))
    quote = world_at.quote(store_id, token)

    world_at.clock.move(61)

    assert world_at.place(token, quote)["total"]["amount"] == 8_100


def test_a_new_menu_between_quote_and_order_never_changes_the_price(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    at_store(world_at, store_id)
    quote = world_at.quote(store_id, token)
    dearer = json.loads(json.dumps(shopfront.MENU).replace("9000", "19000"))

    world_at.publish(store_id, dearer)

    assert world_at.place(token, quote)["total"]["amount"] == 8_100


# --- ways out ------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", WAYS, ids=lambda one: str(one.__name__))
def test_whoever_gives_an_order_up_gives_back_what_lowered_its_price(
    world_at: World, ends: Ends
) -> None:
    store_id = world_at.store()
    limits = {"uses": 1, "budget": 900, "per_customer": 1, "first_order": True}
    made = at_store(world_at, store_id, **limits)
    order_id = world_at.paid_order(store_id)
    before = offers.counts()

    ends(world_at, order_id, store_id)
    world_at.pump()

    assert before == [("COUNT", 1), ("FIRST_ORDER", 1), ("USER", 1)]
    assert offers.counts() == [("COUNT", 0), ("FIRST_ORDER", 0), ("USER", 0)]
    assert taken(world_at, made["id"]) == (0, 0)


def test_an_order_that_nobody_pays_gives_back_what_lowered_its_price(world_at: World) -> None:
    store_id = world_at.store()
    made = at_store(world_at, store_id, uses=1)
    world_at.order(store_id)

    world_at.pass_time(900)

    assert taken(world_at, made["id"]) == (0, 0)


def test_what_was_collected_stays_taken(world_at: World) -> None:
    store_id = world_at.store()
    made = at_store(world_at, store_id, uses=1)
    order_id = world_at.paid_order(store_id)

    world_at.command(order_id, "confirm", "ready", "picked-up", store_id=store_id)
    world_at.pass_time(2 * 86_400, step=3600)

    assert world_at.seen(order_id)["status"] == "CONCLUDED"
    assert taken(world_at, made["id"]) == (1, 900)


def test_of_two_who_cancel_at_once_it_comes_back_once(world_at: World) -> None:
    store_id = world_at.store()
    made = at_store(world_at, store_id)
    order_id = world_at.paid_order(store_id)
    order = reading.find(order_id)
    assert order is not None
    given_back = promotion_counts.give_back(order)

    by_customer(world_at, order_id, store_id)
    stale = OrderHead.version == order.version
    head = parts.update(OrderHead.at(order_id), [OrderHead.v.set(1)], BusyError(), stale)
    with pytest.raises(BusyError):
        parts.commit(head, *given_back)

    assert taken(world_at, made["id"]) == (0, 0)


@pytest.mark.parametrize(("code", "left"), [("customer_absent", (1, 3_900)), ("damaged", (0, 0))])
def test_what_comes_back_to_its_store_stays_taken_where_its_price_is_owed(
    world_at: World, code: str, left: tuple[int, int]
) -> None:
    riders = Riders(world_at)
    way = at_store(world_at, riders.store_id, benefit={"type": "free_delivery"}, group="delivery")
    less = at_store(world_at, riders.store_id, group="offer")
    order_id = riders.carried()
    path = f"/v1/deliveries/{riders.delivery(order_id).id}/undeliverable"

    assert world_at.post(path, {"code": code}, token=riders.token("jun")).status == 200

    sums = [taken(world_at, one["id"]) for one in (way, less)]
    assert (sums[0][0], sums[0][1] + sums[1][1]) == left


def test_who_collects_after_all_gives_back_what_was_taken_off_the_way(world_at: World) -> None:
    riders = Riders(world_at)
    way = at_store(world_at, riders.store_id, benefit={"type": "free_delivery"}, group="delivery")
    less = at_store(world_at, riders.store_id, group="offer")
    order_id = riders.waiting()
    world_at.pass_time(660)
    path = f"/v1/orders/{order_id}/no-courier"

    assert world_at.post(path, {"choice": "collect"}, token=world_at.customer()).status == 200

    assert world_at.seen(order_id)["total"]["amount"] == 8_100
    assert [taken(world_at, one["id"]) for one in (way, less)] == [(0, 0), (1, 900)]
    assert world_at.cancel(order_id, world_at.operator()).status == 200
    assert [taken(world_at, one["id"]) for one in (way, less)] == [(0, 0), (0, 0)]


def test_an_order_of_an_older_release_gives_nothing_back(world_at: World) -> None:
    store_id = world_at.store()
    made = at_store(world_at, store_id)
    order_id = world_at.paid_order(store_id)
    OrderHead.at(order_id).update([OrderHead.promotions.remove()])

    by_customer(world_at, order_id, store_id)

    assert world_at.seen(order_id)["status"] == "CANCELLED"
    assert taken(world_at, made["id"]) == (1, 900)


# --- all at once ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "wins"), [({"uses": 1}, 1), ({"uses": 7}, 7), ({"budget": 900 * 3 + 899}, 3)]
)
def test_of_fifty_at_once_exactly_the_limit_wins(
    world_at: World, limits: dict[str, int], wins: int
) -> None:
    store_id, token = world_at.store(), world_at.customer()
    made = at_store(world_at, store_id, **limits)
    quote = world_at.quote(store_id, token)
    [row] = [one for one in laws.rows("quotes") if one.get("id") == quote["id"]]
    content = json.loads(row["content"])
    barrier = Barrier(50)

    def take(number: int) -> bool:
        own = parts.upsert(OrderHead.at(f"ord_{number}"), [OrderHead.id.set(str(number))])
        barrier.wait()
        try:
            parts.commit(own, *promotion_counts.take(f"usr-{number}", content))
        except PromotionGoneError:
            return False
        return True

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(take, range(50)))

    assert answers.count(True) == wins
    assert taken(world_at, made["id"]) == (wins, wins * 900)


def test_of_fifty_orders_of_one_customer_at_once_one_is_the_first(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    at_store(world_at, store_id, first_order=True)
    quote = world_at.quote(store_id, token)
    [row] = [one for one in laws.rows("quotes") if one.get("id") == quote["id"]]
    content = json.loads(row["content"])

    def take(_: int) -> bool:
        try:
            parts.commit(*promotion_counts.take("usr-mina", content))
        except PromotionGoneError:
            return False
        return True

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(take, range(50)))

    assert answers.count(True) == 1


def test_a_budget_below_a_discount_takes_nothing_even_where_nothing_was_counted(
    world_at: World,
) -> None:
    store_id, token = world_at.store(), world_at.customer()
    made = at_store(world_at, store_id)
    quote = world_at.quote(store_id, token)
    [row] = [one for one in laws.rows("quotes") if one.get("id") == quote["id"]]
    content = json.loads(row["content"])
    content["promotions"][0]["budget"] = 899

    with pytest.raises(PromotionGoneError):
        parts.commit(*promotion_counts.take("usr-mina", content))

    key = promotion_key(made["id"])
    assert [one for one in laws.rows("promotions") if (one["pk"], one["sk"]) == (key, COUNT)] == []
