"""Beginnings that several tests of payments share."""

from collections.abc import Callable

import pytest

from sandbox.stripe.faults import Call, Fault
from tests import faults, laws
from tests.faults import Script
from tests.world import World

type Said = Callable[[], list[dict[str, object]]]


def alarms(said: Said) -> list[object]:
    return [line["said"] for line in said() if line["level"] == "ERROR"]


def collected(world: World) -> tuple[str, str]:
    """A paid order that its customer has collected, and the intent; no bell has rung since."""
    store_id = world.store()
    order_id = world.paid_order(store_id)
    world.pump()
    world.command(order_id, "confirm", "ready", "picked-up", store_id=store_id)
    return order_id, world.intents()[0]["id"]


def on(
    stage: str, ending: str, fault: Fault, times: int = 99
) -> Callable[[str, Call], Fault | None]:
    left = [fault] * times

    def break_it(at: str, call: Call) -> Fault | None:
        return left.pop() if at == stage and call.path.endswith(ending) and left else None

    return break_it


def cut_off(world: World, stage: str) -> str:
    """A placing that died before or after Stripe had made the intent. The order's id."""
    token = world.customer()
    quote = world.quote(world.store(), token)
    script = Script()

    def die(call: str) -> None:
        if call.startswith("stripe.POST"):
            raise faults.Crash

    setattr(script, stage, die)
    with faults.following(script), pytest.raises(faults.Crash):
        world.try_place(token, quote["id"], key="one")
    (seen,) = laws.orders(world)
    return str(seen.head["id"])


def meanwhile(
    happen: Callable[[], object], call: str = "TransactWriteItems", times: int = 1
) -> Script:
    """Somebody else does something right before each of the next such calls."""
    script, left = Script(), [happen] * times

    def before(name: str) -> None:
        if name.endswith(call) and left:
            left.pop()()

    script.before = before
    return script
