"""What is saved for another day is looked at daily: nothing rests on a bell that may be lost."""

import pytest

from chalicelib.core import clock
from tests import faults, laws
from tests.faults import Script
from tests.payments import later, wallets
from tests.payments.later import DAY, seen
from tests.world import World


def _due_at() -> str:
    [leg] = [row for row in laws.rows("payments") if row["sk"].startswith("LEG#")]
    due_at: str = leg["due_at"]
    return due_at


def _promised(world: World, *, saved_before: bool) -> str:
    if not saved_before:
        return later.promised(world)
    made = later.placed(world, {"method_id": wallets.save(world)})
    world.pump()
    order_id: str = made["order_id"]
    return order_id


@pytest.mark.parametrize("saved_before", [False, True])
def test_a_cancellation_that_nobody_heard_lets_go_of_what_was_saved_within_a_day(
    world_at: World, *, saved_before: bool
) -> None:
    order_id = _promised(world_at, saved_before=saved_before)
    world_at.cancel(order_id)
    world_at.streams.ring()
    assert world_at.bells.lose() == 1

    world_at.tick(DAY + 1)

    assert seen(world_at, order_id).legs[0]["status"] == "voided"
    assert len(wallets.attached(world_at)) == int(saved_before)
    laws.demand(world_at)


def test_stored_value_that_waits_for_another_day_is_looked_at_ever_more_seldom(
    world_at: World,
) -> None:
    balance_id = world_at.grant(9000)
    later.placed(world_at, {"method": "balance", "balance_id": balance_id}, days=6)
    dues = [_due_at()]

    for _ in range(4 * 24 * 4):
        world_at.tick(900)
        if _due_at() != dues[-1]:
            dues.append(_due_at())

    assert 12 < len(dues) < 30


def test_what_waits_is_looked_at_once_a_day_and_stripe_is_asked_nothing(world_at: World) -> None:
    order_id = later.promised(world_at, days=6)
    charge_at, _ = later.of(order_id)
    dues, script = [_due_at()], Script()

    with faults.following(script):
        while clock.parse(dues[-1]) < charge_at:
            later.until(world_at, clock.parse(dues[-1]))
            world_at.tick(1)
            dues.append(_due_at())

    asked = [call for call in script.calls if call.startswith("stripe.")]
    assert asked == []
    assert len(dues) == 5
    assert clock.parse(dues[-1]) == charge_at
