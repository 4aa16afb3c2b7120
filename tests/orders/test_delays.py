"""It takes longer than was promised: another time is told, and who waits too long is found."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.orders import lateness, reading
from chalicelib.orders.models import OrderHead
from tests import laws, people, shopfront
from tests.couriers.riders import Riders
from tests.world import Reply, World

BROUGHT: dict[str, Any] = {"fulfilment": "delivery", "drop_off": shopfront.DOOR}
READY_IN = 15
"""Minutes that the shop front promises a takeaway in."""


def delay(
    world: World, order_id: str, minutes: float, token: str | None = None, *, store_id: str = ""
) -> Reply:
    """Promise an order for so many minutes after noon."""
    noon = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
    body = {
        "promised_for": clock.stamp(noon + timedelta(minutes=minutes)),
        "reason": "kitchen_busy",
    }
    return world.post(f"/v1/orders/{order_id}/delay", body, token=token or people.machine(store_id))


def confirmed(world: World, *more: str, **changed: Any) -> tuple[str, str]:  # noqa: ANN401 - any JSON
    store_id = world.store()
    order_id = world.paid_order(store_id, **changed)
    world.command(order_id, "confirm", *more, store_id=store_id)
    return store_id, order_id


def late(world: World, store_id: str = "", **query: object) -> Any:  # noqa: ANN401 - any JSON
    """What is late of a store as its machine lists it, or of all stores, for an operator."""
    text = "&".join(f"{name}={value}" for name, value in query.items())
    if store_id:
        return world.get(f"/v1/stores/{store_id}/late-orders?{text}", people.machine(store_id))
    return world.get(f"/v1/operations/late-orders?{text}", world.operator())


def _ids(page: Any) -> list[str]:  # noqa: ANN401 - any JSON
    return [one["id"] for one in page["items"]]


def _events(order_id: str) -> list[str]:
    return [event.type for event in reading.events_after(order_id, 0)]


@pytest.mark.parametrize("more", [(), ("preparing",)])
def test_another_time_is_promised_and_the_first_one_is_kept_beside_it(
    world_at: World, more: tuple[str, ...]
) -> None:
    store_id, order_id = confirmed(world_at, *more)
    first = world_at.seen(order_id)["promised"]

    told = delay(world_at, order_id, READY_IN + 20, store_id=store_id)

    assert (told.status, told.json["first_promised"]) == (200, first)
    moved = timedelta(minutes=20)
    for name in ("begins", "ends"):
        assert clock.parse(told.json["promised"][name]) == clock.parse(first[name]) + moved
    assert told.json["delay"] == {
        "reason": "kitchen_busy",
        "told_by": "store",
        "told_at": clock.stamp(clock.now()),
        "number": 1,
    }
    assert _events(order_id)[-1] == "order.delayed"


def test_telling_the_same_time_twice_is_one_delay(world_at: World) -> None:
    store_id, order_id = confirmed(world_at)

    first, second = (delay(world_at, order_id, 40, store_id=store_id) for _ in range(2))

    assert second.json == first.json
    assert _events(order_id).count("order.delayed") == 1


def test_the_first_promise_stays_the_first_one_and_three_delays_are_told_at_most(
    world_at: World,
) -> None:
    store_id, order_id = confirmed(world_at)
    first = world_at.seen(order_id)["promised"]

    told = [delay(world_at, order_id, READY_IN + n, store_id=store_id) for n in (10, 20, 30, 40)]

    assert [one.status for one in told] == [200, 200, 200, 409]
    assert told[2].json["first_promised"] == first
    assert told[2].json["delay"]["number"] == 3
    assert (told[3].json["code"], told[3].json["left"]) == ("delay_limit", 0)


@pytest.mark.parametrize("minutes", [READY_IN - 5, READY_IN + 4, READY_IN + 61])
def test_a_time_beyond_the_limits_is_refused_with_those_that_may_be_told(
    world_at: World, minutes: int
) -> None:
    store_id, order_id = confirmed(world_at)

    refused = delay(world_at, order_id, minutes, store_id=store_id)

    promised = clock.parse(world_at.seen(order_id)["promised"]["begins"])
    assert (refused.status, refused.json["code"]) == (409, "delay_limit")
    assert clock.parse(refused.json["earliest"]) == promised + timedelta(minutes=5)
    assert clock.parse(refused.json["latest"]) == promised + timedelta(minutes=60)
    assert refused.json["left"] == 3


@pytest.mark.parametrize("steps", [(), ("confirm", "ready"), ("confirm", "ready", "picked-up")])
def test_what_is_not_in_the_kitchen_is_not_delayed(world_at: World, steps: tuple[str, ...]) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)
    if steps:
        world_at.command(order_id, *steps, store_id=store_id)

    refused = delay(world_at, order_id, 40, store_id=store_id)

    assert (refused.status, refused.json["code"]) == (409, "impossible_move")


def test_the_platform_tells_of_a_delay_too(world_at: World) -> None:
    _, order_id = confirmed(world_at)

    told = delay(world_at, order_id, 40, world_at.operator())

    assert told.json["delay"]["told_by"] == "operator"


def test_a_delay_leaves_what_an_order_for_later_waits_for(world_at: World) -> None:
    store_id = world_at.store(delivered_by="platform")
    moment = clock.stamp(clock.now() + timedelta(hours=3))
    order_id = world_at.paid_order(store_id, scheduled_for=moment, **BROUGHT)
    world_at.command(order_id, "confirm", store_id=store_id)
    before = world_at.seen(order_id)["due_at"]

    told = delay(world_at, order_id, 200, store_id=store_id)

    assert (told.status, told.json["due_at"]) == (200, before)


# --- who waits -----------------------------------------------------------------------------------


def test_a_courier_is_expected_so_much_later(world_at: World) -> None:
    riders = Riders(world_at)
    order_id = world_at.paid_order(riders.store_id, **BROUGHT)
    world_at.command(order_id, "confirm", store_id=riders.store_id)
    world_at.pump()
    before = riders.delivery(order_id)

    delay(world_at, order_id, 55, store_id=riders.store_id)
    world_at.pump()
    riders.follow(order_id, "order.delayed")

    after = riders.delivery(order_id)
    more = timedelta(minutes=20)
    assert clock.parse(after.promised_by) == clock.parse(before.promised_by) + more
    assert clock.parse(after.ready_at) == clock.parse(before.ready_at) + more
    assert after.version == before.version


def test_who_has_accepted_is_expected_later_and_who_was_never_asked_is_not(
    world_at: World,
) -> None:
    riders = Riders(world_at)
    order_id = world_at.paid_order(riders.store_id, **BROUGHT)
    world_at.command(order_id, "confirm", store_id=riders.store_id)
    world_at.pump()
    before = riders.delivery(order_id)
    DeliveryHead.at(before.id).update([DeliveryHead.status.set("ACCEPTED")])
    _, collected = confirmed(world_at)

    delay(world_at, order_id, 55, store_id=riders.store_id)
    world_at.pump()
    riders.follow(collected, "order.delayed")

    assert riders.delivery(order_id).promised_by > before.promised_by


@pytest.mark.parametrize(
    ("minutes", "liable", "fee"), [(READY_IN + 10, "customer", 2_700), (READY_IN + 11, "store", 0)]
)
def test_who_is_told_of_more_than_ten_minutes_may_go_for_nothing(
    world_at: World, minutes: int, liable: str, fee: int
) -> None:
    store_id, order_id = confirmed(world_at)
    delay(world_at, order_id, minutes, store_id=store_id)

    cancelled = world_at.cancel(order_id).json["cancellation"]

    assert (cancelled["initiated_by"], cancelled["liable_party"]) == ("customer", liable)
    assert cancelled["fee"] == fee
    world_at.tick(60)
    laws.demand(world_at)


def test_what_the_platform_delays_is_the_platforms_to_bear(world_at: World) -> None:
    _, order_id = confirmed(world_at)
    delay(world_at, order_id, 60, world_at.operator())

    assert world_at.cancel(order_id).json["cancellation"]["liable_party"] == "platform"


def test_who_waits_for_the_kitchen_ten_minutes_after_the_promise_may_go_for_nothing(
    world_at: World,
) -> None:
    fees = []
    for extra in (0, 1):
        _, order_id = confirmed(world_at, "preparing")
        ends = clock.parse(world_at.seen(order_id)["promised"]["ends"])
        world_at.clock.move((ends - clock.now()).total_seconds() + 600 + extra)
        fees.append(world_at.cancel(order_id).json["cancellation"]["fee"])

    assert fees == [5_400, 0]


# --- lists ---------------------------------------------------------------------------------------


def test_what_is_past_its_promise_is_listed_the_longest_first_until_it_is_there(
    world_at: World,
) -> None:
    store_id = world_at.store()
    first = world_at.paid_order(store_id)
    world_at.clock.move(30)
    second, third = world_at.paid_order(store_id), world_at.paid_order(store_id)
    for one in (first, second, third):
        world_at.command(one, "confirm", store_id=store_id)
    early = _ids(late(world_at, store_id))

    world_at.clock.move((READY_IN + 11) * 60)
    waiting = _ids(late(world_at, store_id))
    world_at.command(first, "ready", "picked-up", store_id=store_id)
    world_at.cancel(third)

    assert (early, waiting[0], set(waiting)) == ([], first, {first, second, third})
    assert _ids(late(world_at, store_id)) == _ids(late(world_at)) == [second]
    assert not [row for row in laws.rows("orders") if row.get("id") == first and "late_from" in row]


def test_an_order_that_was_promised_anew_is_late_by_the_new_promise(world_at: World) -> None:
    store_id, order_id = confirmed(world_at)
    delay(world_at, order_id, READY_IN + 30, store_id=store_id)

    world_at.clock.move((READY_IN + 20) * 60)
    before = _ids(late(world_at, store_id))
    world_at.clock.move(20 * 60)

    assert (before, _ids(late(world_at, store_id))) == ([], [order_id])


def test_a_store_lists_its_own_and_an_operator_all(world_at: World) -> None:
    (mine, own), (theirs, other) = (confirmed(world_at) for _ in range(2))
    world_at.clock.move(3600)

    listed = [_ids(late(world_at, store_id)) for store_id in (mine, theirs)]

    assert listed == [[own], [other]]
    assert set(_ids(late(world_at))) == {own, other}


def test_a_list_of_late_orders_is_read_page_by_page(world_at: World) -> None:
    store_id = world_at.store()
    placed = [world_at.paid_order(store_id) for _ in range(5)]
    world_at.clock.move(3000)

    for where in (store_id, ""):
        pages = [late(world_at, where, limit=2)]
        while pages[-1]["next_cursor"]:
            pages.append(late(world_at, where, limit=2, cursor=pages[-1]["next_cursor"]))
        assert [len(page["items"]) for page in pages] == [2, 2, 1]
        assert {one for page in pages for one in _ids(page)} == set(placed)


def test_what_the_index_still_lists_but_is_there_is_left_out(world_at: World) -> None:
    store_id, order_id = confirmed(world_at, "ready", "picked-up")
    OrderHead.at(order_id).update(lateness.expected(store_id, "2026-11-22T12:00:00.000Z"))

    assert _ids(late(world_at, store_id)) == []


def test_an_operator_who_asks_for_a_store_that_is_not_there_is_told_so(world_at: World) -> None:
    path = "/v1/stores/sto_01JD9Z6M7Q3W8K5N2R4T6V8X0Y/late-orders"

    assert world_at.call("GET", path, token=world_at.operator()).status == 404


def test_an_order_of_a_release_before_delays_is_shown_and_finished(world_at: World) -> None:
    store_id, order_id = confirmed(world_at)
    head = OrderHead.at(order_id)
    head.update([OrderHead.late_shard.remove(), OrderHead.late_from.remove()])

    done = world_at.command(order_id, "ready", "picked-up", store_id=store_id)

    assert (done.status, done.json["delay"], done.json["first_promised"]) == (200, None, None)
