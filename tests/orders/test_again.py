"""What somebody orders again: reordering, their history, favourites, and notes."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock, ids
from chalicelib.orders import favourites
from chalicelib.orders.shelves import Liked, Shelf
from tests import people, shopfront
from tests.couriers.street import TO_THE_DOOR, Street
from tests.orders.offers import at_store
from tests.world import Reply, World

LARGE = {"item_id": "bibimbap", "quantity": 2, "options": {"size": ["large"]}, "note": "Hot"}
MANDU = {"item_id": "mandu", "options": {"sauce": ["soy"]}}
BROUGHT: dict[str, Any] = {"fulfilment": "delivery", "drop_off": shopfront.DOOR}


def again(world: World, order_id: str, user: str = "mina", **body: object) -> Reply:
    return world.post(f"/v1/orders/{order_id}/reorder", body, token=world.customer(user))


def menu(**prices: int | None) -> dict[str, Any]:
    """The shop front's menu at other prices; without what has none."""
    made: dict[str, Any] = json.loads(json.dumps(shopfront.MENU))
    items = made["categories"][0]["items"]
    for item in items:
        item["price"] = prices.get(item["id"], item["price"])
    made["categories"][0]["items"] = [item for item in items if item["price"] is not None]
    return made


def _ordered(world: World, **changed: object) -> tuple[str, str]:
    store_id = world.store()
    return store_id, world.order(store_id, **{"items": [LARGE, MANDU], **changed})["order_id"]


def test_the_same_again_is_a_new_quote_of_all_of_it(world_at: World) -> None:
    _, order_id = _ordered(world_at, note="Ring", courier_note="Third floor", **BROUGHT)

    made = again(world_at, order_id)

    old = world_at.get(f"/v1/orders/{order_id}", world_at.customer())
    quote = made.json["quote"]
    assert (made.status, made.json["issues"]) == (201, [])
    assert quote["priced"]["lines"] == old["lines"]
    assert (quote["total"], quote["fulfilment"]) == (old["total"], "delivery")
    assert (quote["note"], quote["courier_note"]) == ("Ring", "Third floor")
    placed = world_at.place(world_at.customer(), quote)
    new = world_at.get(f"/v1/orders/{placed['order_id']}", world_at.customer())
    assert new["drop_off"] == old["drop_off"]


def test_what_is_gone_is_left_out_and_told(world_at: World) -> None:
    store_id, order_id = _ordered(world_at)
    world_at.publish(store_id, menu(mandu=None))

    made = again(world_at, order_id).json

    assert [line["item_id"] for line in made["quote"]["priced"]["lines"]] == ["bibimbap"]
    assert [(one["code"], one["pointer"]) for one in made["issues"]] == [
        ("item_unknown", "/lines/1")
    ]


def test_what_has_another_price_is_told_with_both_and_costs_the_new_one(world_at: World) -> None:
    store_id, order_id = _ordered(world_at)
    world_at.publish(store_id, menu(bibimbap=9500))

    made = again(world_at, order_id).json

    [issue] = made["issues"]
    assert (issue["code"], issue["pointer"]) == ("price_changed", "/lines/0")
    assert (issue["was"], issue["now"]) == (11_000, 11_500)
    assert made["quote"]["total"]["amount"] == 2 * 11_500 + 7_000


def test_a_delivery_that_costs_something_else_is_told(world_at: World) -> None:
    store_id, order_id = _ordered(world_at, **BROUGHT)
    zone = {"area": {"type": "Radius", "metres": 2000}, "minimum": 0, "eta_minutes": 20}
    world_at.patch_store(store_id, zones=[{**zone, "fee": 3500}])

    [issue] = again(world_at, order_id).json["issues"]

    assert (issue["code"], issue["was"], issue["now"]) == ("delivery_fee_changed", 3000, 3500)


def test_where_nothing_is_left_every_line_says_why(world_at: World) -> None:
    store_id, order_id = _ordered(world_at)
    world_at.publish(store_id, menu(bibimbap=None, mandu=None))

    refused = again(world_at, order_id)

    assert (refused.status, refused.json["code"]) == (422, "quote_impossible")
    told = [(one["code"], one["pointer"]) for one in refused.json["errors"]]
    assert told == [("item_unknown", "/lines/0"), ("item_unknown", "/lines/1")]


def test_what_is_sold_out_by_count_names_the_line_of_the_old_order(world_at: World) -> None:
    store_id, order_id = _ordered(world_at)
    short = menu(bibimbap=None)
    short["categories"][0]["items"][0]["per_day"] = 0
    assert short["categories"][0]["items"][0]["id"] == "mandu"
    world_at.publish(store_id, short)

    refused = again(world_at, order_id)

    assert refused.status == 422
    assert [(one["code"], one["pointer"]) for one in refused.json["errors"]] == [
        ("sold_out", "/lines/1")
    ]


def test_a_closed_store_says_so_as_for_any_quote(world_at: World) -> None:
    store_id, order_id = _ordered(world_at)
    owner = people.person("merchant", "owner")
    world_at.post(f"/v1/stores/{store_id}/pause", {"reason": "busy"}, token=owner)

    refused = again(world_at, order_id)

    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/store_id")


def test_the_same_again_may_be_for_later_and_to_another_address(world_at: World) -> None:
    _, order_id = _ordered(world_at, **BROUGHT)
    address_id, mina = ids.new("adr"), world_at.customer()
    home = {"label": "work", "location": shopfront.DOOR["location"], "road_address": "양화로 7"}
    world_at.call("PUT", f"/v1/addresses/{address_id}", home, token=mina)
    moment = clock.stamp(clock.now() + timedelta(hours=4))

    made = again(world_at, order_id, scheduled_for=moment, address_id=address_id).json

    placed = world_at.place(mina, made["quote"])
    seen = world_at.get(f"/v1/orders/{placed['order_id']}", mina)
    assert seen["scheduled_for"] == moment
    assert seen["drop_off"]["address"] == "양화로 7"


@pytest.mark.parametrize("moment", ["2026-11-23T12:00:30Z", "tomorrow"])
def test_a_moment_that_is_none_is_refused(world_at: World, moment: str) -> None:
    _, order_id = _ordered(world_at)

    assert again(world_at, order_id, scheduled_for=moment).status == 400


def test_nobody_reorders_what_another_has_ordered(world_at: World) -> None:
    _, order_id = _ordered(world_at)

    assert again(world_at, order_id, user="jun").status == 404


def test_the_same_again_carries_the_tip_and_the_codes_that_still_hold(world_at: World) -> None:
    store_id = world_at.store(delivered_by="platform")
    code = {"benefit": {"type": "amount", "amount": 1000}, "code": "LESS", "group": "code"}
    promotion = at_store(world_at, store_id, **code)
    order_id = world_at.order(store_id, codes=["LESS"], tip=2000, **BROUGHT)["order_id"]

    first = again(world_at, order_id).json
    owner = people.person("merchant", "owner")
    world_at.post(f"/v1/promotions/{promotion['id']}/stop", token=owner)
    second = again(world_at, order_id).json
    world_at.patch_store(store_id, delivered_by="store")
    third = again(world_at, order_id).json

    assert first["issues"] == []
    assert first["quote"]["total"]["amount"] == 9000 + 3000 + 2000 - 1000
    assert [(one["code"], one["pointer"]) for one in second["issues"]] == [
        ("promotion_unknown", "/codes/0")
    ]
    assert second["quote"]["total"]["amount"] == 9000 + 3000 + 2000
    assert {one["pointer"] for one in third["issues"]} == {"/tip", "/codes/0"}
    assert third["quote"]["total"]["amount"] == 9000 + 3000


# --- history -------------------------------------------------------------------------------------


def _listed(world: World, **query: object) -> list[str]:
    found, cursor = [], None
    for _ in range(9):
        asked = {**query, **({"cursor": cursor} if cursor else {})}
        text = "&".join(f"{name}={value}" for name, value in asked.items())
        page = world.get(f"/v1/orders?{text}", world.customer())
        assert len(page["items"]) <= int(str(query.get("limit", 20)))
        found += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return found
    raise AssertionError("the list does not end")


@pytest.mark.parametrize("limit", [1, 2, 20])
def test_a_customers_history_is_filtered_by_what_is_past_and_by_store(
    world_at: World, limit: int
) -> None:
    first, second = world_at.store(), world_at.store()
    orders = []
    for number in range(8):
        world_at.clock.move(1)
        orders.append(world_at.paid_order((first, second)[number % 2]))
    past = [orders[number] for number in (0, 1, 4, 7)]
    for one in past:
        world_at.cancel(one)

    newest = orders[::-1]
    assert _listed(world_at, limit=limit) == newest
    assert _listed(world_at, limit=limit, when="past") == [o for o in newest if o in past]
    assert _listed(world_at, limit=limit, when="active") == [o for o in newest if o not in past]
    assert _listed(world_at, limit=limit, store_id=first) == newest[1::2]
    both = _listed(world_at, limit=limit, store_id=second, when="past")
    assert both == [orders[7], orders[1]]


def test_what_is_for_a_month_ahead_is_under_way(world_at: World) -> None:
    moment = (clock.now() + timedelta(days=29)).replace(second=0, microsecond=0)
    placed = world_at.order(world_at.store(), scheduled_for=clock.stamp(moment))

    assert _listed(world_at, when="active") == [placed["order_id"]]


# --- favourites ----------------------------------------------------------------------------------


def like(world: World, store_id: str, method: str = "PUT") -> Reply:
    return world.call(method, f"/v1/favourites/{store_id}", token=world.customer())


def _liked(world: World, **query: object) -> Any:  # noqa: ANN401 - any JSON
    text = "&".join(f"{name}={value}" for name, value in query.items())
    return world.get(f"/v1/favourites?{text}", world.customer())


def test_favourites_are_listed_newest_first_and_page_by_page(world_at: World) -> None:
    stores = [world_at.store() for _ in range(3)]
    for store_id in stores:
        world_at.clock.move(1)
        assert like(world_at, store_id).status == 200

    first = _liked(world_at, limit=2)
    second = _liked(world_at, limit=2, cursor=first["next_cursor"])

    assert [one["store_id"] for one in first["items"]] == [stores[2], stores[1]]
    assert [one["store_id"] for one in second["items"]] == [stores[0]]
    assert second["next_cursor"] is None
    assert first["items"][0]["names"]["en"] == "Yeonnam Bibim"
    assert world_at.get("/v1/favourites", world_at.customer("jun"))["items"] == []


def test_liking_twice_is_liking_once_and_so_is_liking_no_more(world_at: World) -> None:
    store_id = world_at.store()

    first = like(world_at, store_id)
    world_at.clock.move(60)
    second = like(world_at, store_id)
    gone = [like(world_at, store_id, "DELETE").status for _ in range(2)]

    assert second.json == first.json
    assert gone == [204, 204]
    assert _liked(world_at)["items"] == []


def test_a_hundred_stores_are_liked_at_most(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(favourites, "MOST_FAVOURITES", 2)
    stores = [world_at.store() for _ in range(3)]

    answers = [like(world_at, store_id) for store_id in (*stores, stores[0])]

    assert [one.status for one in answers] == [200, 200, 409, 200]
    assert answers[2].json["code"] == "too_many_favourites"


def test_a_favourite_that_was_suspended_is_still_listed_and_says_so(world_at: World) -> None:
    store_id = world_at.store()
    like(world_at, store_id)
    said = {"reason": "inspection"}
    suspended = world_at.post(f"/v1/stores/{store_id}/suspend", said, token=world_at.operator())
    assert suspended.status == 200, suspended.text

    [one] = _liked(world_at)["items"]

    assert (one["store_id"], one["listed"]) == (store_id, False)


def test_what_nobody_sells_cannot_be_liked(world_at: World) -> None:
    for store_id in ("sto_01JD9Z6M7Q3W8K5N2R4T6V8X0Y", world_at.store(live=False)):
        assert like(world_at, store_id).json["code"] == "store_not_found"


@pytest.mark.parametrize(
    "place", [{"since": "x"}, {"since": 1, "store_id": "s"}, {"since": "x", "store_id": 2}]
)
def test_a_cursor_of_another_list_is_refused(world_at: World, place: dict[str, object]) -> None:
    from chalicelib.core import paging

    path = f"/v1/favourites?cursor={paging.encode(place)}"

    assert world_at.call("GET", path, token=world_at.customer()).status == 400


def test_two_devices_that_like_at_once_lose_nothing(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = world_at.store(), [world_at.store()]
    read = Shelf.read

    def racing(shelf: Shelf, person_id: str) -> tuple[int, Liked]:
        found = read(shelf, person_id)
        if other:
            like(world_at, other.pop())
        return found

    monkeypatch.setattr(Shelf, "read", racing)

    assert like(world_at, mine).status == 200
    assert len(_liked(world_at)["items"]) == 2


# --- notes ---------------------------------------------------------------------------------------


def test_what_is_noted_for_the_courier_is_shown_to_them_and_not_to_the_store(
    world_at: World,
) -> None:
    street = Street(world_at, world_at.store(delivered_by="platform"))
    rider = street.rider("haneul")
    order_id = street.order(note="No onions", courier_note="Beware of the dog")
    delivery = street.job(rider, *TO_THE_DOOR, order_id=order_id)

    carried = world_at.get(f"/v1/deliveries/{delivery.id}", rider.token)
    rider.step(delivery.id, "delivered", body={"pin": street.pin(order_id)})
    after = world_at.get(f"/v1/deliveries/{delivery.id}", rider.token)
    stores, mine = (
        world_at.get(f"/v1/orders/{order_id}", token)
        for token in (people.machine(street.store_id), world_at.customer())
    )

    assert (carried["note"], carried["courier_note"]) == ("No onions", "Beware of the dog")
    assert (after["note"], after["courier_note"]) == (None, None)
    assert (stores["note"], stores["courier_note"]) == ("No onions", None)
    assert mine["courier_note"] == "Beware of the dog"


@pytest.mark.parametrize("name", ["note", "courier_note"])
def test_a_note_has_two_hundred_characters_at_most(world_at: World, name: str) -> None:
    refused = world_at.try_quote(world_at.store(), world_at.customer(), **{name: "x" * 201})

    assert (refused.status, refused.json["errors"][0]["pointer"]) == (400, f"/{name}")


def test_what_is_gone_before_payment_is_a_typed_issue_and_never_a_paid_surprise(
    world_at: World,
) -> None:
    store_id, token = world_at.store(), world_at.customer()
    quote = world_at.quote(store_id, token, items=[LARGE, MANDU])
    world_at.publish(store_id, menu(mandu=None))

    refused = world_at.try_place(token, quote["id"])

    assert (refused.status, refused.json["code"]) == (409, "items_gone")
    [issue] = refused.json["errors"]
    assert (issue["code"], issue["pointer"]) == ("item_unknown", "/items/1")
    assert world_at.intents() == []
    assert world_at.get("/v1/orders", token)["items"] == []
