"""Orders for later: what calls the outside on their way, one flow at a time."""

from collections.abc import Callable, Mapping
from typing import Any

from tests import shopfront, surroundings
from tests.couriers.riders import Riders
from tests.crash.flows import (
    Facts,
    Flow,
    _cut_off,
    cancel,
    pay,
    place,
    pump,
    ridden,
    shop,
    sweep,
    sweep_and_pump,
    then,
)
from tests.crash.flows import later as after
from tests.payments import later
from tests.world import World


def for_later(
    *payments: Mapping[str, Any],
    days: float = 5.5,
    **more: Any,  # noqa: ANN401 - any JSON
) -> Callable[[World], Facts]:
    """A quote for a moment beyond what a card is held for."""

    def arrange(world: World) -> Facts:
        facts = shop(world)
        quote = world.quote(
            facts["store"], world.customer(), scheduled_for=later.moment(days=days), **more
        )
        return {**facts, "quote": quote["id"], "payments": payments}

    return arrange


def _made(world: World, facts: Facts) -> None:
    facts["made"] = place(world, facts).json
    facts["order"] = facts["made"]["order_id"]
    world.pump()


def saved(card: str = "pm_card_visa") -> Callable[[World], Facts]:
    """The customer has saved what is to be charged, and nobody here has heard of it."""

    def save(world: World, facts: Facts) -> None:
        later.save(world, facts["made"]["payments"][0], card)

    return then(then(for_later(), _made), save)


def on_the_day(
    card: str = "pm_card_visa", *more: Callable[[World, Facts], object]
) -> Callable[[World], Facts]:
    """The order waits, and the moment of its charge has come."""

    def arrange(world: World) -> Facts:
        facts = saved(card)(world)
        pay(world, facts)
        world.pump()
        later.until(world, later.of(facts["order"])[0], 1)
        for step in more:
            step(world, facts)
        return facts

    return arrange


def _mended(world: World, facts: Facts) -> None:
    """The charge has failed, and the customer has paid with another card; nobody has heard."""
    surroundings.sweep()
    world.pump()
    later.mend(world, facts["order"])


def _cut_off_charging(_: World, __: Facts) -> None:
    later.cut_off_charging("after")


def _charged(world: World, _: Facts) -> None:
    surroundings.sweep()
    world.pump()


def _long_after(world: World, facts: Facts) -> None:
    """Nobody has mended it for half a day."""
    _charged(world, facts)
    world.clock.move(12 * 3600 + 1)


def _due_soon(riders: Riders) -> str:
    """An order for later was confirmed, and the time has come to look for a courier."""
    world = riders.world
    order_id = world.paid_order(
        riders.store_id,
        scheduled_for=later.moment(hours=3),
        fulfilment="delivery",
        drop_off=shopfront.DOOR,
    )
    world.command(order_id, "confirm", store_id=riders.store_id)
    world.pump()
    world.clock.move(3 * 3600 - 45 * 60)
    return order_id


FAILS = "pm_card_chargeCustomerFail"
LATER_FLOWS = (
    Flow("place for later", for_later(), request=place),
    Flow("the browser has saved for later", saved(), request=pay),
    Flow("Stripe tells of what is saved for later", saved(), happen=pump),
    Flow("sweep of what is saved for later", then(saved(), after(200)), happen=sweep),
    Flow("sweep of what nobody saved", then(then(for_later(), _made), after(601)), happen=sweep),
    Flow(
        "sweep of the cut off, for later",
        then(then(for_later(), _cut_off), after(601)),
        happen=sweep_and_pump,
    ),
    Flow("a charge", on_the_day(), happen=sweep),
    Flow("a charge that fails", on_the_day(FAILS), happen=sweep),
    Flow("a charge that is mended", on_the_day(FAILS, _mended), request=pay),
    Flow("a charge that nobody mends", on_the_day(FAILS, _long_after), happen=sweep_and_pump),
    Flow(
        "customer cancels before the day",
        then(then(then(saved(), pay), pump), cancel),
        happen=pump,
    ),
    Flow(
        "a charge cut off, and cancelled",
        on_the_day("pm_card_visa", _cut_off_charging, cancel),
        happen=pump,
    ),
    Flow("what was charged is let go", on_the_day("pm_card_visa", _charged, cancel), happen=pump),
    Flow("a courier is looked for in time", ridden(_due_soon), happen=sweep_and_pump),
)
