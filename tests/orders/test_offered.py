"""What is offered to everybody: listed at the store, and in a word where stores are found."""

from typing import Any

from chalicelib.core import clock
from chalicelib.orders import events as order_events
from chalicelib.orders import promotion_badges
from chalicelib.orders.promotion_models import WaitingBadge
from tests import people
from tests.orders.offers import at_store, of_platform
from tests.shopfront import DOOR
from tests.surroundings import SCHEDULE
from tests.world import World

NEARBY = "/v1/stores/nearby?lat=37.5621&lon=126.9236"
AMOUNT = {"type": "amount", "amount": 1000}


def offered(world: World, store_id: str) -> Any:  # noqa: ANN401 - any JSON
    return world.get(f"/v1/stores/{store_id}/promotions/offered")["items"]


def badges(world: World, path: str = NEARBY) -> list[list[str]]:
    """The kinds of promotions that each store of a list shows."""
    return [[offer["type"] for offer in one["offers"]] for one in world.get(path)["data"]]


def sweep() -> None:
    order_events.sweep_orders(SCHEDULE, None)


def stop(world: World, promotion: Any) -> None:  # noqa: ANN401 - any JSON
    owner = promotion["made_by"] == "merchant"
    token = people.person("merchant", "owner") if owner else world.operator()
    assert world.post(f"/v1/promotions/{promotion['id']}/stop", token=token).status == 200


def test_what_applies_by_itself_now_is_listed_and_what_is_private_or_over_is_not(
    world_at: World,
) -> None:
    store_id, other = world_at.store(), world_at.store(city="busan")
    soon = clock.stamp(clock.after(3600))
    tenth = at_store(world_at, store_id, minimum=5000)
    at_store(world_at, store_id, code="SECRET")
    at_store(world_at, store_id, begins=soon)
    city = of_platform(world_at, benefit={"type": "free_delivery"}, first_order=True, budget=99)
    once = at_store(world_at, store_id, benefit=AMOUNT, uses=1, group="offer")
    over = at_store(world_at, store_id, benefit=AMOUNT)
    stop(world_at, over)

    before = [one["id"] for one in offered(world_at, store_id)]
    world_at.paid_order(store_id, {"method": "cash"})
    after = {one["id"]: one for one in offered(world_at, store_id)}

    assert set(before) == {tenth["id"], city["id"], once["id"]}
    assert once["id"] not in after or tenth["id"] in after
    told = after[tenth["id"]]
    assert not {"code", "uses", "budget", "sponsors", "scope", "currency"} & told.keys()
    assert (told["minimum"], told["benefit"]["basis_points"]) == (5000, 1000)
    assert offered(world_at, other) == []


def test_what_is_used_up_is_offered_no_more(world_at: World) -> None:
    store_id = world_at.store()
    at_store(world_at, store_id, benefit=AMOUNT, uses=1)

    order_id = world_at.paid_order(store_id, {"method": "cash"})
    used_up = offered(world_at, store_id)
    world_at.cancel(order_id)

    assert used_up == []
    assert len(offered(world_at, store_id)) == 1


def test_lists_show_within_a_minute_what_a_store_and_its_city_offer(world_at: World) -> None:
    store_id = world_at.store()
    soon, later = (clock.stamp(clock.after(seconds)) for seconds in (600, 1200))
    at_store(world_at, store_id, begins=soon, ends=later, benefit=AMOUNT)
    tenth = at_store(world_at, store_id)
    free = of_platform(world_at, benefit={"type": "free_delivery"})
    of_platform(world_at, benefit=AMOUNT, currency="USD")
    merchant = world_at.get(f"/v1/stores/{store_id}")["merchant_id"]
    whole = {"type": "merchant", "merchant_id": merchant}
    dear = of_platform(world_at, benefit={**AMOUNT, "amount": 500}, scope=whole)
    assert badges(world_at) == [[]]
    sweep()

    assert badges(world_at) == [["percentage", "amount", "free_delivery"]]
    assert badges(world_at, f"{NEARBY}&fulfilment=takeaway") == badges(world_at)
    assert badges(world_at, "/v1/search?q=bibimbap&city=seoul") == badges(world_at)
    page = world_at.get(f"/v1/stores/{store_id}")["offers"]
    assert [(one["type"], one["basis_points"]) for one in page] == [
        ("percentage", 1000), ("amount", None),
    ]  # fmt: skip
    for one in (tenth, free, dear):
        stop(world_at, one)
    sweep()
    assert badges(world_at) == [[]]
    world_at.clock.move(700)
    assert badges(world_at) == [["amount"]]
    world_at.clock.move(700)
    assert badges(world_at) == [[]]
    assert list(promotion_badges.waiting()) == []


def test_a_place_that_changes_while_lists_are_told_of_it_waits_again(world_at: World) -> None:
    store_id = world_at.store()
    at_store(world_at, store_id)
    [waiting] = promotion_badges.waiting()
    at_store(world_at, store_id, benefit={"type": "free_delivery"})

    promotion_badges.work(waiting)

    assert [one.sk for one in promotion_badges.waiting()] == [store_id]
    WaitingBadge("BADGES", "sto_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R", turn="x").save()
    sweep()
    assert [one.sk for one in promotion_badges.waiting()] == ["sto_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R"]


def test_lists_say_what_a_small_order_pays_more_where_it_is_brought(world_at: World) -> None:
    zone = {"fee": 3000, "minimum": 5000, "eta_minutes": 20}
    area = {"type": "Radius", "metres": 2000}
    small = {"below": 15_000, "fee": 2000}
    store_id = world_at.store(zones=[{**zone, "area": area, "small_order": small}])
    lon, lat = 126.9236, 37.5621

    [near] = world_at.get(NEARBY)["data"]
    [found] = world_at.get(f"/v1/search?q=bibimbap&city=seoul&lat={lat}&lon={lon}")["data"]
    [walked] = world_at.get(f"{NEARBY}&fulfilment=takeaway")["data"]

    assert near["small_order"] == found["small_order"] == small
    assert walked["small_order"] is None
    assert world_at.get(f"/v1/stores/{store_id}")["zones"][0]["small_order"] == small
    quote = world_at.quote(store_id, world_at.customer(), fulfilment="delivery", drop_off=DOOR)
    fees = [one["amount"] for one in quote["priced"]["price"] if one["kind"] == "small_order_fee"]
    assert fees == [small["fee"]]
