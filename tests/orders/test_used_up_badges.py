"""What is used up leaves every list within a minute, and comes back with who gives an order up."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.core import parts
from chalicelib.orders import promotion_badges, promotion_counts
from chalicelib.orders.errors import PromotionGoneError
from tests import faults, laws
from tests.faults import Script
from tests.orders.offers import at_store, of_platform
from tests.orders.test_offered import AMOUNT, NEARBY, badges, sweep
from tests.world import World

SEARCH = "/v1/search?q=bibimbap&city=seoul"
SEOUL = {"type": "cities", "cities": ["seoul"]}


def shown(world: World, store_id: str) -> list[list[str]]:
    """What the list, the search and the store's own page show, which is the same."""
    page = [one["type"] for one in world.get(f"/v1/stores/{store_id}")["offers"]]
    (near,), (found,) = badges(world, NEARBY), badges(world, SEARCH)
    assert near == found
    return [near, page]


@pytest.mark.parametrize("limit", [{"uses": 1}, {"budget": 1999}])
def test_what_a_store_has_given_away_is_shown_no_more_until_it_comes_back(
    world_at: World, limit: dict[str, int]
) -> None:
    store_id = world_at.store()
    at_store(world_at, store_id, benefit=AMOUNT, **limit)
    sweep()
    assert shown(world_at, store_id) == [["amount"], ["amount"]]

    order_id = world_at.paid_order(store_id)
    sweep()
    assert shown(world_at, store_id) == [[], []]
    world_at.cancel(order_id)
    sweep()

    assert shown(world_at, store_id) == [["amount"], ["amount"]]
    assert list(promotion_badges.waiting()) == []


def test_what_a_city_or_a_merchant_has_given_away_is_shown_no_more(world_at: World) -> None:
    store_id = world_at.store()
    merchant = world_at.get(f"/v1/stores/{store_id}")["merchant_id"]
    whole = {"type": "merchant", "merchant_id": merchant}
    free = {"type": "free_delivery"}
    of_platform(world_at, benefit=AMOUNT, uses=1, group="offer")
    of_platform(world_at, scope=whole, uses=1, group="code")
    of_platform(world_at, benefit=free, uses=1, group="delivery")
    sweep()
    assert badges(world_at) == [["percentage", "free_delivery", "amount"]]

    world_at.paid_order(store_id)
    sweep()

    assert badges(world_at) == [["free_delivery"]]  # nothing was brought: that is left


def test_of_fifty_who_want_the_last_use_one_has_it_and_its_badge_goes(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    at_store(world_at, store_id, benefit=AMOUNT, uses=1)
    quote = world_at.quote(store_id, token)
    [row] = [one for one in laws.rows("quotes") if one.get("id") == quote["id"]]
    content = json.loads(row["content"])
    sweep()

    def take(number: int) -> bool:
        try:
            parts.commit(*promotion_counts.take(f"usr-{number}", content))
        except PromotionGoneError:
            return False
        return True

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(take, range(50)))
    sweep()

    assert answers.count(True) == 1
    assert badges(world_at) == [[]]


def test_placing_asks_no_more_for_a_limited_promotion_than_for_any_other(world_at: World) -> None:
    counted = []
    world_at.paid_order(world_at.store())  # what a process asks once, it has asked
    for limit in ({}, {"uses": 9, "budget": 90_000}):
        store_id, token = world_at.store(), world_at.customer()
        at_store(world_at, store_id, benefit=AMOUNT, **limit)
        quote, script = world_at.quote(store_id, token), Script()
        with faults.following(script):
            world_at.place(token, quote)
        counted.append(len(script.calls))

    assert counted[0] == counted[1]


def test_a_promotion_that_waits_again_and_again_keeps_no_other_from_its_turn(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promotion_badges, "SWEPT_AT_ONCE", 1)
    assert world_at
    for place in ("busan", "seoul"):
        parts.commit(promotion_badges.waits(place))

    first = {next(iter(promotion_badges.waiting())).sk for _ in range(30)}

    assert first == {"busan", "seoul"}
