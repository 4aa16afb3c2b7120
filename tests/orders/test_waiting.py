"""A customer has come for their takeaway, and says at which bay they wait."""

from typing import Any

import pytest

from chalicelib.orders import reading
from tests import shopfront
from tests.orders.test_cancel_requests import confirmed
from tests.world import Reply, World

BROUGHT: dict[str, Any] = {"fulfilment": "delivery", "drop_off": shopfront.DOOR}


def wait(world: World, order_id: str, spot: str = "B-12") -> Reply:
    return world.post(f"/v1/orders/{order_id}/waiting", {"spot": spot}, token=world.customer())


def _told(order_id: str) -> list[str]:
    events = reading.events_after(order_id, 0)
    return [str(one.data["spot"]) for one in events if one.type == "order.customer_waits"]


def test_who_waits_says_where_and_saying_it_again_changes_nothing(world_at: World) -> None:
    _, order_id = confirmed(world_at)

    said, again = wait(world_at, order_id), wait(world_at, order_id)

    assert (said.status, again.json) == (200, said.json)
    assert said.json["customer_waits"]["spot"] == "B-12"
    assert _told(order_id) == ["B-12"]


def test_who_parks_anew_says_so_five_times_at_most(world_at: World) -> None:
    _, order_id = confirmed(world_at, "ready")

    answers = [wait(world_at, order_id, str(number)) for number in range(1, 7)]

    assert [one.status for one in answers] == [200] * 5 + [409]
    assert _told(order_id) == ["1", "2", "3", "4", "5"]


def test_nobody_waits_for_what_is_brought_or_not_taken_on_or_collected(world_at: World) -> None:
    store_id, brought = confirmed(world_at, **BROUGHT)
    unconfirmed = world_at.paid_order(store_id)
    collected = world_at.paid_order(store_id)
    world_at.command(collected, "confirm", "ready", "picked-up", store_id=store_id)

    answers = [wait(world_at, one) for one in (brought, unconfirmed, collected)]

    assert {(one.status, one.json["code"]) for one in answers} == {(409, "impossible_move")}


@pytest.mark.parametrize("spot", ["", "by the door", "Mina", "b-12", "B-12345", "12 B", None])
def test_a_spot_is_a_number_and_no_words(world_at: World, spot: str | None) -> None:
    _, order_id = confirmed(world_at)
    path = f"/v1/orders/{order_id}/waiting"

    assert world_at.post(path, {"spot": spot}, token=world_at.customer()).status == 400
