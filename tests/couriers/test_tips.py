"""What a customer gave later is posted to whoever brought the order: once, whoever races."""

import pytest

from chalicelib.core import ids
from chalicelib.core.errors import BusyError
from chalicelib.couriers import tips
from tests import faults, laws
from tests.couriers.riders import Riders
from tests.dynamo_faults import Faults, cancelled
from tests.payments.stories import meanwhile
from tests.world import World


def _taken(world: World, riders: Riders) -> str:
    """An order with a tip that was taken, of which no bell has rung. The order's id."""
    order_id = riders.brought()
    world.pay(world.try_tip(order_id).json)
    assert world.confirm(order_id).status == 200
    world.streams.skip()
    return order_id


def _posted() -> list[tuple[str, int]]:
    found = [row for row in laws.rows("ledger") if row["transaction"].startswith("tip:")]
    return sorted((row["account"], int(row["amount"])) for row in found)


WHOLE = [("payable:courier:jun", -2000), ("payable:couriers", 2000)]


def test_a_tip_that_was_taken_is_posted_to_who_brought_the_order(world_at: World) -> None:
    order_id = _taken(world_at, Riders(world_at))

    tips.post(order_id)

    assert _posted() == WHOLE


def test_hearing_of_it_again_posts_nothing(world_at: World) -> None:
    order_id = _taken(world_at, Riders(world_at))

    tips.post(order_id)
    tips.post(order_id)

    assert _posted() == WHOLE


def test_of_two_who_hear_of_it_at_once_one_posts_it(world_at: World) -> None:
    order_id = _taken(world_at, Riders(world_at))

    with faults.following(meanwhile(lambda: tips.post(order_id))):
        tips.post(order_id)

    assert _posted() == WHOLE


def test_whoever_cannot_post_it_now_is_told_so_and_comes_again(
    world_at: World, faults: Faults
) -> None:
    order_id = _taken(world_at, Riders(world_at))
    faults.come_to("TransactWriteItems", cancelled("ConditionalCheckFailed", "None"))

    with pytest.raises(BusyError):
        tips.post(order_id)

    faults.planned_for.clear()
    tips.post(order_id)
    assert _posted() == WHOLE


def test_a_tip_that_nobody_has_paid_is_not_posted(world_at: World) -> None:
    riders = Riders(world_at)
    order_id = riders.brought()
    world_at.try_tip(order_id)

    tips.post(order_id)

    assert _posted() == []


def test_what_nobody_ordered_or_brought_takes_no_tip(world_at: World) -> None:
    order_id = world_at.paid_order(world_at.store())

    tips.post(order_id)
    tips.post(ids.new("ord"))

    assert _posted() == []
