"""Promotions are made, listed and stopped: by a store at its expense, by the platform."""

import json
from typing import Any

import pytest

from chalicelib.core import clock, dynamo
from chalicelib.orders import sponsoring
from chalicelib.orders.promotion_models import PromotionPlace, place_key
from chalicelib.orders.promotion_places import MOST_AT_ONCE
from tests import laws, people
from tests.orders.offers import at_store, of_platform, seen, try_at_store, try_of_platform
from tests.world import Reply, World

NOWHERE = "sto_0000000000000000000000000A"
NOBODY = "mer_0000000000000000000000000A"
ITEM = {"type": "item", "item_id": "water"}


def _problems(reply: Reply) -> list[tuple[str, str]]:
    assert (reply.status, reply.json["code"]) == (422, "promotion_impossible"), reply.text
    return [(one["code"], one["pointer"]) for one in reply.json["errors"]]


def test_a_store_bears_what_it_makes(world_at: World) -> None:
    store_id = world_at.store()

    made = at_store(world_at, store_id, code="mine", budget=5_000)

    assert made["sponsors"] == {"platform": 0, "merchant": 10_000}
    assert made["scope"] == {"type": "stores", "store_ids": [store_id]}
    assert (made["made_by"], made["currency"], made["code"]) == ("merchant", "KRW", "MINE")
    assert (made["used"], made["spent"]) == (0, {"amount": 0, "currency": "KRW"})
    assert seen(world_at, made["id"]) == made


def test_a_repeated_request_makes_one_and_another_body_is_refused(world_at: World) -> None:
    store_id = world_at.store()

    first, second = (try_at_store(world_at, store_id, key="one") for _ in range(2))
    other = try_at_store(world_at, store_id, key="one", minimum=5)

    assert (first.status, second.status, first.json) == (201, 201, second.json)
    assert second.headers["Idempotent-Replayed"] == "true"
    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")
    heads = [row for row in laws.rows("promotions") if row["pk"].startswith("PROMO#")]
    assert len(heads) == 1


def test_a_code_is_one_promotions_until_that_is_stopped(world_at: World) -> None:
    store_id, other = world_at.store(), world_at.store(owner="rival")
    made = at_store(world_at, store_id, code="WELCOME")

    taken = try_at_store(world_at, store_id, code="welcome")
    elsewhere = try_at_store(world_at, other, owner="rival", code="WELCOME")
    token = people.person("merchant", "owner")
    stopped = world_at.post(f"/v1/promotions/{made['id']}/stop", token=token)
    again = try_at_store(world_at, store_id, code="WELCOME")

    assert (taken.status, taken.json["code"]) == (409, "code_taken")
    assert (elsewhere.status, again.status) == (201, 201)
    assert stopped.json["stopped_at"] == clock.stamp(clock.now())


def test_a_store_lists_its_own_newest_first_page_by_page(world_at: World) -> None:
    store_id = world_at.store()
    made = []
    for number in range(3):
        made.append(at_store(world_at, store_id, code=f"CODE-{number}")["id"])
        world_at.clock.move(1)
    of_platform(world_at)
    token, path = people.person("merchant", "owner"), f"/v1/stores/{store_id}/promotions"
    world_at.post(f"/v1/promotions/{made[1]}/stop", token=token)

    first = world_at.get(f"{path}?limit=2", token)
    rest = world_at.get(f"{path}?limit=2&cursor={first['next_cursor']}", token)

    assert [one["id"] for one in (*first["items"], *rest["items"])] == made[::-1]
    assert [bool(one["stopped_at"]) for one in first["items"]] == [False, True]
    assert rest["next_cursor"] is None


def test_the_platform_lists_its_own(world_at: World) -> None:
    store_id = world_at.store()
    at_store(world_at, store_id)
    made = of_platform(world_at, code="ALL")

    found = world_at.get("/v1/promotions", world_at.operator())["items"]

    assert [one["id"] for one in found] == [made["id"]]


def test_a_cursor_of_another_list_is_refused(world_at: World) -> None:
    answer = world_at.call("GET", "/v1/promotions?cursor=e30", token=world_at.operator())

    assert (answer.status, answer.json["code"]) == (400, "invalid")


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        (
            {"sponsors": {"platform": 5_000, "merchant": 5_000}},
            ("merchant_not_asked", "/sponsors/merchant"),
        ),
        ({"benefit": ITEM}, ("item_of_many_stores", "/benefit/item_id")),
        (
            {"scope": {"type": "stores", "store_ids": [NOWHERE]}},
            ("store_unknown", "/scope/store_ids/0"),
        ),
        (
            {"scope": {"type": "merchant", "merchant_id": NOBODY}},
            ("merchant_unknown", "/scope/merchant_id"),
        ),
        ({"ends": "2026-01-01T00:00:00Z"}, ("promotion_over", "/ends")),
    ],
)
def test_what_cannot_be_is_told(
    world_at: World, changed: dict[str, object], problem: tuple[str, str]
) -> None:
    assert _problems(try_of_platform(world_at, **changed)) == [problem]


def test_a_promotion_in_another_currency_than_its_stores_is_refused(world_at: World) -> None:
    scope = {"type": "stores", "store_ids": [world_at.store()]}

    refused = try_of_platform(world_at, scope=scope, currency="JPY")

    assert _problems(refused) == [("currency_differs", "/scope/store_ids/0")]


def test_a_store_may_make_an_item_cheap(world_at: World) -> None:
    store_id = world_at.store()

    made = at_store(world_at, store_id, benefit={"type": "item", "item_id": "bibimbap"})

    assert made["benefit"]["units"] == 1


def test_only_so_many_apply_by_themselves_at_one_place(world_at: World) -> None:
    store_id = world_at.store()
    for _ in range(MOST_AT_ONCE):
        at_store(world_at, store_id)
        world_at.clock.move(2)

    full = try_at_store(world_at, store_id)
    with_code = try_at_store(world_at, store_id, code="MORE")

    assert (full.status, full.json["code"]) == (409, "promotions_full")
    assert with_code.status == 201


def test_what_is_over_is_dropped_of_its_place_with_the_next(world_at: World) -> None:
    store_id = world_at.store()
    at_store(world_at, store_id, ends=clock.stamp(clock.after(600)))
    world_at.clock.move(600)

    made = at_store(world_at, store_id)

    assert list(_live(store_id)) == [made["id"]]


def test_what_is_stopped_is_of_no_place_any_more(world_at: World) -> None:
    store_id = world_at.store()
    made = [at_store(world_at, store_id)["id"] for _ in range(2)]
    token = people.person("merchant", "owner")

    world_at.post(f"/v1/promotions/{made[0]}/stop", token=token)

    assert list(_live(store_id)) == made[1:]


def test_of_two_who_make_one_for_a_place_at_once_neither_is_lost(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_id = world_at.store()
    written = sponsoring._written

    def meanwhile(*given: Any) -> Any:  # noqa: ANN401 - whatever the function takes and gives
        monkeypatch.setattr(sponsoring, "_written", written)
        made = written(*given)
        at_store(world_at, store_id)
        return made

    monkeypatch.setattr(sponsoring, "_written", meanwhile)
    at_store(world_at, store_id)

    assert len(_live(store_id)) == 2


def _live(store_id: str) -> dict[str, str]:
    (row,) = [one for one in laws.rows("promotions") if one["pk"] == f"PLACE#{store_id}"]
    found: dict[str, str] = json.loads(row["live"])
    return found


def test_a_promotion_of_a_newer_release_is_read(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    at_store(world_at, store_id)
    place = dynamo.get(PromotionPlace, place_key(store_id))
    assert place
    newer = {ident: one.replace("{", '{"newer": 1,', 1) for ident, one in place.live.items()}
    place.update([PromotionPlace.live.set(newer)])

    assert world_at.quote(store_id, token)["total"]["amount"] == 8_100


def test_one_that_only_a_newer_release_can_read_keeps_nobody_from_ordering(
    world_at: World, capsys: pytest.CaptureFixture[str]
) -> None:
    store_id, token = world_at.store(), world_at.customer()
    at_store(world_at, store_id, benefit={"type": "amount", "amount": 500}, group="offer")
    made = at_store(world_at, store_id, group="code")
    place = dynamo.get(PromotionPlace, place_key(store_id))
    assert place
    newer = place.live[made["id"]].replace('"percentage"', '"lottery"')
    place.update([PromotionPlace.live.set({**place.live, made["id"]: newer})])

    quote = world_at.quote(store_id, token)

    assert quote["total"]["amount"] == 8_500
    assert "A promotion cannot be read" in capsys.readouterr().out


def test_a_menu_item_that_is_cheap_is_so_by_its_base_price(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    at_store(world_at, store_id, benefit={"type": "item", "item_id": "bibimbap", "price": 1_000})
    items = [{"item_id": "bibimbap", "options": {"size": ["large"]}}]

    quote = world_at.quote(store_id, token, items=items)

    assert quote["total"]["amount"] == 3_000
