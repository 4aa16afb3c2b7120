"""What couriers do to an order: it leaves, it arrives, it comes back, or somebody fetches it."""

import pytest

from chalicelib.core import parts
from chalicelib.core.errors import ConflictError, GoneError
from chalicelib.orders import carrying, collecting, reading
from chalicelib.orders.errors import ImpossibleMoveError
from chalicelib.orders.order import Order
from tests import laws, shopfront
from tests.world import World

ACTOR = "courier:woo"
TAX = {"included": True, "basis_points": 1000}


def _ordered(world: World, *commands: str, tax: object = TAX) -> str:
    store_id = world.store(delivered_by="platform", tax=tax)
    order_id = world.paid_order(store_id, fulfilment="delivery", drop_off=shopfront.DOOR)
    for command in commands:
        assert world.command(order_id, command, store_id=store_id).status == 200
    return order_id


def _order(order_id: str) -> Order:
    found = reading.find(order_id)
    assert found is not None
    return found


def test_what_couriers_bring_is_neither_dispatched_nor_delivered_by_its_store(
    world_at: World,
) -> None:
    order_id = _ordered(world_at, "confirm", "ready")
    order = _order(order_id)

    refused = world_at.command(order_id, "dispatch", store_id=order.store_id)
    parts.commit(*carrying.dispatch(order, "woo", ACTOR))
    repeated = world_at.command(order_id, "dispatch", store_id=order.store_id)
    delivered = world_at.command(order_id, "delivered", store_id=order.store_id)

    assert (refused.status, refused.json["allowed_commands"]) == (409, ["cancel"])
    assert (repeated.status, repeated.json["status"]) == (200, "DISPATCHED")
    assert (delivered.status, delivered.json["current_status"]) == (409, "DISPATCHED")


def test_an_order_that_a_courier_brings_is_paid_for_at_the_door(world_at: World) -> None:
    order_id = _ordered(world_at, "confirm", "ready")

    parts.commit(*carrying.dispatch(_order(order_id), "woo", ACTOR))
    parts.commit(*carrying.deliver(_order(order_id), ACTOR))
    world_at.tick(86_400)

    order = _order(order_id)
    assert (order.status, order.owed, order.courier_id) == ("CONCLUDED", 12_000, "woo")
    assert order.courier_share == 3_000
    laws.demand(world_at)


def test_an_order_leaves_only_when_it_is_ready(world_at: World) -> None:
    order = _order(_ordered(world_at, "confirm"))

    with pytest.raises(ImpossibleMoveError):
        carrying.dispatch(order, "woo", ACTOR)


@pytest.mark.parametrize(("liable", "owed"), [("customer", 12_000), ("platform", 0)])
def test_what_could_not_be_handed_over_is_owed_whole_or_not_at_all(
    world_at: World, liable: str, owed: int
) -> None:
    order_id = _ordered(world_at, "confirm", "ready")
    parts.commit(*carrying.dispatch(_order(order_id), "woo", ACTOR))

    parts.commit(*carrying.bring_back(_order(order_id), liable, ACTOR))  # type: ignore[arg-type]
    world_at.pump()

    order = _order(order_id)
    assert (order.status, order.owed) == ("CANCELLED", owed)
    assert sum(share.amount for share in order.owed_shares) == owed
    laws.demand(world_at)


def test_what_has_not_left_cannot_come_back(world_at: World) -> None:
    order = _order(_ordered(world_at, "confirm", "ready"))

    with pytest.raises(ImpossibleMoveError):
        carrying.bring_back(order, "customer", ACTOR)


def test_a_claim_holds_only_while_the_order_is_to_be_brought(world_at: World) -> None:
    order_id = _ordered(world_at, "confirm")
    other_id = _ordered(world_at)
    world_at.cancel(other_id)

    parts.commit(carrying.still_to_bring(order_id, GoneError()))

    with pytest.raises(GoneError):
        parts.commit(carrying.still_to_bring(other_id, GoneError()))


@pytest.mark.parametrize("included", [True, False])
def test_a_customer_who_collects_pays_no_delivery(world_at: World, *, included: bool) -> None:
    order_id = _ordered(world_at, "confirm", tax={"included": included, "basis_points": 1000})
    order = _order(order_id)

    parts.commit(*collecting.collect(order, ACTOR))
    world_at.command(order_id, "ready", "picked-up", store_id=order.store_id)
    world_at.tick(86_400)

    collected = _order(order_id)
    assert (collected.status, collected.fulfilment) == ("CONCLUDED", "takeaway")
    assert collected.owed == (9_000 if included else 9_900)
    assert collected.courier_share == 0
    laws.demand(world_at)


def test_only_a_delivery_that_waits_for_a_courier_can_be_collected(world_at: World) -> None:
    order_id = _ordered(world_at, "confirm", "ready")
    parts.commit(*carrying.dispatch(_order(order_id), "woo", ACTOR))

    with pytest.raises(ConflictError):
        collecting.collect(_order(order_id), ACTOR)


def test_who_brings_it_knows_where_to_and_its_store_does_not(world_at: World) -> None:
    order_id = _ordered(world_at, "confirm")
    store_id = _order(order_id).store_id

    seen = world_at.command(order_id, "confirm", store_id=store_id).json

    assert seen["drop_off"] is None
    found = reading.drop_off(order_id)
    assert found is not None
    assert found.address == shopfront.DOOR["address"]
    assert reading.note(order_id) is None
