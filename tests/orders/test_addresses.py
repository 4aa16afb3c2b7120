"""A customer's address book, and quotes that name an address of it."""

from typing import Any

import pytest

from chalicelib.core import ids
from chalicelib.orders import addresses, korean, reading
from chalicelib.orders.customer_models import AddressBook
from chalicelib.orders.models import QuoteItem
from tests import people, shopfront
from tests.couriers.street import TO_THE_DOOR, Street
from tests.world import Reply, World

HOME = {
    "label": "home",
    "location": shopfront.DOOR["location"],
    "road_address": "서울 마포구 양화로 45",
    "lot_address": "서울 마포구 서교동 395-43",
    "postal_code": "04036",
    "detail": "3층 301호",
    "entrance_code": "#0301*",
    "leave_at_door": True,
}


def put(world: World, address_id: str, token: str | None = None, **changed: Any) -> Reply:  # noqa: ANN401 - any JSON
    match = {"If-Match": changed.pop("seen")} if "seen" in changed else {}
    body = {name: one for name, one in {**HOME, **changed}.items() if one is not None}
    path = f"/v1/addresses/{address_id}"
    return world.call("PUT", path, body, token=token or world.customer(), headers=match)


def remove(world: World, address_id: str, **headers: str) -> Reply:
    path = f"/v1/addresses/{address_id}"
    return world.call("DELETE", path, token=world.customer(), headers=headers)


def listed(world: World) -> list[tuple[str, bool]]:
    found = world.get("/v1/addresses", world.customer())["items"]
    return [(one["id"], one["default"]) for one in found]


def _many(world: World, count: int) -> list[str]:
    made = [ids.new("adr") for _ in range(count)]
    for one in made:
        assert put(world, one).status == 200
    return made


def test_an_address_is_kept_as_it_was_given_and_the_first_is_the_default(world_at: World) -> None:
    address_id = ids.new("adr")

    made, again = put(world_at, address_id), put(world_at, address_id)

    assert made.json == {**HOME, "id": address_id, "default": True, "name": None}
    assert (again.status, again.json) == (200, made.json)
    assert world_at.get(f"/v1/addresses/{address_id}", world_at.customer()) == made.json
    assert listed(world_at) == [(address_id, True)]


def test_one_address_is_the_default_and_that_one_comes_first(world_at: World) -> None:
    first, second, third = _many(world_at, 3)

    put(world_at, second, default=True)
    put(world_at, first, default=False, detail="4층")

    assert listed(world_at) == [(second, True), (third, False), (first, False)]


def test_when_the_default_goes_the_newest_is_the_default(world_at: World) -> None:
    first, second, third = _many(world_at, 3)

    gone = [remove(world_at, first).status for _ in range(2)]

    assert gone == [204, 204]
    assert listed(world_at) == [(third, True), (second, False)]
    assert [remove(world_at, one).status for one in (second, third)] == [204, 204]
    assert listed(world_at) == []


def test_twenty_addresses_are_kept_and_no_more(world_at: World) -> None:
    made = _many(world_at, addresses.MOST_ADDRESSES)

    refused, changed = put(world_at, ids.new("adr")), put(world_at, made[0], detail="5층")

    assert (refused.status, refused.json["code"]) == (409, "too_many_addresses")
    assert changed.status == 200
    assert len(listed(world_at)) == 20


def test_another_persons_address_is_not_there(world_at: World) -> None:
    [address_id] = _many(world_at, 1)

    seen = world_at.call("GET", f"/v1/addresses/{address_id}", token=world_at.customer("jun"))
    quoted = world_at.try_quote(
        world_at.store(), world_at.customer("jun"), fulfilment="delivery", address_id=address_id
    )

    assert seen.status == 404
    [issue] = quoted.json["errors"]
    assert (quoted.status, issue["code"], issue["pointer"]) == (
        422,
        "address_unknown",
        "/address_id",
    )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": "Mum's"}, "name_of_other"),
        ({"label": "other"}, "name_of_other"),
        ({"road_address": None, "lot_address": None}, "address_missing"),
        ({"road_address": "서울 마포구"}, "no_road_address"),
        ({"lot_address": "서울 마포구 양화로 45"}, "no_lot_address"),
        ({"postal_code": "0403"}, "string_pattern_mismatch"),
        ({"entrance_code": "1" * 31}, "string_too_long"),
    ],
)
def test_an_address_that_nobody_could_find_is_refused(
    world_at: World, changed: dict[str, Any], code: str
) -> None:
    refused = put(world_at, ids.new("adr"), **changed)

    assert (refused.status, refused.json["errors"][0]["code"]) == (400, code)


@pytest.mark.parametrize(
    "road",
    ["서울 종로구 세종대로 110", "성남시 분당구 판교역로146번길 20", "서울 강남구 테헤란로4길 8-1",
     "서울 강남구 테헤란로 4길 8", "서울 중구 을지로 지하 12", "12 Yanghwa-ro"],
)  # fmt: skip
def test_a_road_address_is_known_by_its_road_and_its_building(world_at: World, road: str) -> None:
    assert put(world_at, ids.new("adr"), road_address=road, lot_address=None).status == 200


@pytest.mark.parametrize(
    "lot", ["마포구 서교동 395-43", "남양주시 화도읍 묵현리 산 12-1", "종로구 종로1가 1번지"]
)
def test_a_lot_address_is_known_by_its_district_and_its_lot(lot: str) -> None:
    assert korean.is_lot_address(lot)
    assert not korean.is_road_address(lot)


# --- If-Match ------------------------------------------------------------------------------------


def test_what_has_changed_since_it_was_seen_is_not_overwritten(world_at: World) -> None:
    [address_id] = _many(world_at, 1)
    path, token = f"/v1/addresses/{address_id}", world_at.customer()
    seen = world_at.call("GET", path, token=token).headers["ETag"]

    first = put(world_at, address_id, seen=seen, detail="4층")
    slower = put(world_at, address_id, seen=seen, detail="5층")
    gone = remove(world_at, address_id, **{"If-Match": seen})
    again = put(world_at, address_id, seen=first.headers["ETag"], detail="5층")

    assert [one.status for one in (first, slower, gone, again)] == [200, 412, 412, 200]
    assert slower.json["code"] == "precondition_failed"
    assert first.headers["ETag"] != seen
    assert remove(world_at, address_id, **{"If-Match": again.headers["ETag"]}).status == 204


def test_a_star_demands_that_there_is_one(world_at: World) -> None:
    address_id = ids.new("adr")

    missing = put(world_at, address_id, seen="*")
    put(world_at, address_id)
    there = put(world_at, address_id, seen="*", detail="9층")

    assert (missing.status, there.status) == (412, 200)


def test_of_two_devices_that_change_the_book_at_once_nothing_is_lost(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, others = addresses._read, [ids.new("adr")]

    def racing(person_id: str) -> addresses.Book:
        book = read(person_id)
        if others:
            put(world_at, others.pop())
        return book

    monkeypatch.setattr(addresses, "_read", racing)

    mine = put(world_at, ids.new("adr"))

    assert mine.status == 200
    assert len(listed(world_at)) == 2


# --- quotes --------------------------------------------------------------------------------------


def test_a_quote_copies_the_address_that_it_names(world_at: World) -> None:
    [address_id] = _many(world_at, 1)
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id, fulfilment="delivery", address_id=address_id)

    put(world_at, address_id, detail="moved away", entrance_code="#9999")
    remove(world_at, address_id)

    seen = world_at.get(f"/v1/orders/{order_id}", world_at.customer())["drop_off"]
    assert seen == {
        "location": HOME["location"],
        "address": "서울 마포구 양화로 45, 3층 301호",
        "entrance_code": "#0301*",
        "leave_at_door": True,
    }


def test_a_quote_goes_to_one_place(world_at: World) -> None:
    [address_id] = _many(world_at, 1)

    refused = world_at.try_quote(
        world_at.store(), world_at.customer(), fulfilment="delivery",
        drop_off=shopfront.DOOR, address_id=address_id,
    )  # fmt: skip

    assert (refused.status, refused.json["errors"][0]["code"]) == (400, "two_places")


def test_the_entrance_code_is_shown_to_the_courier_of_the_job_and_only_while_it_runs(
    world_at: World,
) -> None:
    [address_id] = _many(world_at, 1)
    store_id = world_at.store(delivered_by="platform")
    street = Street(world_at, store_id)
    rider, other = street.rider("haneul"), street.rider("bora")
    order_id = street.order(drop_off=None, address_id=address_id)
    delivery = street.job(rider, *TO_THE_DOOR, order_id=order_id)

    path = f"/v1/deliveries/{delivery.id}"
    during = world_at.get(path, rider.token)
    strangers = world_at.call("GET", path, token=other.token).status
    stores = world_at.get(f"/v1/orders/{order_id}", people.machine(store_id))
    operators = world_at.get(path, world_at.operator())
    rider.step(delivery.id, "delivered", body={"pin": street.pin(order_id)})
    after = world_at.get(path, rider.token)

    assert during["drop_off"]["entrance_code"] == "#0301*"
    assert (strangers, stores["drop_off"], operators["drop_off"]) == (404, None, None)
    assert after["drop_off"] is None


# --- other releases ------------------------------------------------------------------------------


def test_an_address_that_a_newer_release_kept_is_shown(world_at: World) -> None:
    [address_id] = _many(world_at, 1)
    book = AddressBook.get("CUSTOMER#mina", "ADDRESSES")
    newer = {address_id: {**book.addresses[address_id], "floor_plan": 1}}
    book.update([AddressBook.addresses.set(newer)])

    assert listed(world_at) == [(address_id, True)]


def test_an_order_of_a_release_without_entrance_codes_is_shown(world_at: World) -> None:
    token, store_id = world_at.customer(), world_at.store()
    quote = world_at.quote(store_id, token, fulfilment="delivery", drop_off=shopfront.DOOR)
    item = QuoteItem.get(f"QUOTE#{quote['id']}", "HEAD")
    older = {name: item.content["drop_off"][name] for name in ("location", "address")}
    item.update([QuoteItem.content.set({**item.content, "drop_off": older})])

    placed = world_at.place(token, quote)

    found = reading.drop_off(placed["order_id"])
    assert found is not None
    assert (found.entrance_code, found.leave_at_door) == (None, False)
