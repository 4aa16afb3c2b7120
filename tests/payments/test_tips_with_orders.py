"""A tip that is given with the order: the courier's whole, taken only where somebody brought it."""

import pytest

from tests import laws, shopfront
from tests.couriers.riders import Riders
from tests.world import World

COURIER = "payable:courier:jun"
TIP = 1_500


class Tipping(Riders):
    """Customers who tip with every order."""

    def order(self, *commands: str, user: str = "mina") -> str:
        wanted = {"fulfilment": "delivery", "drop_off": shopfront.DOOR, "tip": TIP}
        order_id = self.world.paid_order(self.store_id, user=user, **wanted)
        if commands:
            assert self.world.command(order_id, *commands, store_id=self.store_id).status == 200
        return order_id


@pytest.fixture
def riders(world_at: World) -> Tipping:
    return Tipping(world_at)


def _books(prefix: str) -> int:
    rows = [row for row in laws.rows("ledger") if row["account"].startswith(prefix)]
    return sum(int(row["amount"]) for row in rows)


def _settled(world: World) -> None:
    world.pump()
    world.tick(90_000)
    laws.demand(world)


def test_it_is_shown_to_the_courier_and_posted_whole(world_at: World, riders: Tipping) -> None:
    riders.on_duty("jun")
    order_id = riders.waiting()
    [offer] = riders.asked("jun")
    assert offer["earning"]["tip"] == TIP
    riders.answer("jun", "accept")
    riders.step("jun", order_id, "arrived-at-store", "picked-up", "heading-to-customer")
    riders.step("jun", order_id, "arrived-at-customer")
    pin = world_at.get(f"/v1/orders/{order_id}/delivery", world_at.customer())["pin"]
    path = f"/v1/deliveries/{riders.delivery(order_id).id}/delivered"
    assert world_at.post(path, {"pin": pin}, token=riders.token("jun")).status == 200

    _settled(world_at)

    net = offer["earning"]["net"]
    assert _books(COURIER) == -(net + TIP)
    assert _books("payable:couriers") == 0
    found = world_at.get("/v1/earnings", riders.token("jun"))["items"]
    assert [one["money"]["amount"] for one in found if one["why"] == "tip"] == [TIP]


def test_no_refund_takes_it_back(world_at: World, riders: Tipping) -> None:
    order_id = riders.brought()

    listed = world_at.get(f"/v1/orders/{order_id}/refunds", world_at.customer())
    too_much = world_at.try_refund(order_id, amount=12_001)
    all_of_it = world_at.refund(order_id)

    assert listed["refundable"]["amount"] == 12_000
    assert too_much.json["errors"][0]["detail"] == "At most 12000 can be given back."
    assert all_of_it["amount"]["amount"] == 12_000
    _settled(world_at)


def test_who_cancels_pays_no_tip(world_at: World, riders: Tipping) -> None:
    order_id = riders.order("confirm")

    assert world_at.cancel(order_id).status == 200
    _settled(world_at)

    assert world_at.seen(order_id)["owed"]["amount"] == 2_700
    assert _books("payable:couriers") == 0
    assert _books("payable:merchant") == -2_700


def test_a_tip_with_the_order_counts_towards_what_tips_may_be(
    world_at: World, riders: Tipping
) -> None:
    order_id = riders.brought()

    refused = world_at.try_tip(order_id, amount=12_000 - TIP + 1)
    given = world_at.try_tip(order_id, amount=12_000 - TIP)

    assert (refused.status, refused.json["code"]) == (409, "tip_impossible")
    assert given.status == 201


def test_where_the_store_brings_it_there_is_nobody_to_tip(world_at: World) -> None:
    wanted = {"fulfilment": "delivery", "drop_off": shopfront.DOOR, "tip": TIP}

    refused = world_at.try_quote(world_at.store(), world_at.customer(), **wanted)

    assert refused.status == 422
    assert [one["code"] for one in refused.json["errors"]] == ["tip_not_possible"]
