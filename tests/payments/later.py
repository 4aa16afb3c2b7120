"""Orders for later whose means is saved now and charged a day before, for several tests."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from chalicelib.core import clock
from sandbox.stripe.store import Json
from tests import faults, laws, surroundings
from tests.faults import Crash, Script
from tests.payments.wallets import at_stripe
from tests.world import PUBLISHABLE_KEY, World

DAY = 86_400


def moment(**ahead: float) -> str:
    """A whole minute that lies so far ahead."""
    return clock.stamp((clock.now() + timedelta(**ahead)).replace(second=0, microsecond=0))


def placed(world: World, *payments: Mapping[str, Any], days: float = 10, **changed: object) -> Any:  # noqa: ANN401 - any JSON
    """An order of Mina's for so many days ahead: what placing it answered."""
    return world.order(world.store(), *payments, scheduled_for=moment(days=days), **changed)


def save(world: World, payment: Mapping[str, Any], card: str = "pm_card_visa") -> int:
    """The customer confirms the setup with Stripe, as `stripe.js` does. Stripe's status."""
    assert payment["intent"] == "setup"
    form = f"client_secret={payment['client_secret']}&return_url=https://app.test/back"
    chosen = "payment_method" if card.startswith("pm_") else "payment_method_data[type]"
    path = f"/v1/setup_intents/{payment['intent_id']}/confirm"
    return world.stripe.request("POST", path, PUBLISHABLE_KEY, f"{form}&{chosen}={card}")[0]


def promised(
    world: World, card: str = "pm_card_visa", *, days: float = 10, **changed: object
) -> str:
    """An order that waits for the day of its charge, and all bells have rung. Its id."""
    made = placed(world, days=days, **changed)
    for payment in made["payments"]:
        assert save(world, payment, card) == 200
    assert world.confirm(made["order_id"]).status == 200
    world.pump()
    order_id: str = made["order_id"]
    return order_id


def of(order_id: str) -> tuple[datetime, datetime]:
    """When an order is charged, and the last moment at which it can be paid for."""
    row = next(row for row in laws.rows("orders") if row.get("id") == order_id)
    charge = clock.parse(row["scheduled_for"]) - timedelta(days=1)
    return charge, clock.parse(row["prepare_by"]) - timedelta(hours=1)


def cut_off_charging(stage: str) -> None:
    """The sweep that charges dies right before or after Stripe has done it."""
    script = Script()

    def die(call: str) -> None:
        if call.startswith("stripe.POST"):
            raise Crash

    setattr(script, stage, die)
    with faults.following(script), suppress(Crash):
        surroundings.sweep()


def until(world: World, then: datetime, seconds: float = 0) -> None:
    """Time passes at once until so long after a moment; nothing runs."""
    world.clock.move((then - clock.now()).total_seconds() + seconds)


def charged(world: World, order_id: str) -> laws.Seen:
    """The day has come, and everything has run that runs by the clock."""
    until(world, of(order_id)[0])
    world.tick(1)
    return seen(world, order_id)


def seen(world: World, order_id: str) -> laws.Seen:
    return next(one for one in laws.orders(world) if one.head["id"] == order_id)


def to_pay(world: World, order_id: str, user: str = "mina") -> Json:
    """The one payment as its customer reads it."""
    [shown] = world.get(f"/v1/orders/{order_id}/payments", world.customer(user))["payments"]
    found: Json = shown
    return found


def mend(world: World, order_id: str, card: str = "pm_card_mastercard") -> int:
    """The customer pays on session what could not be charged. Stripe's status."""
    shown = to_pay(world, order_id)
    assert shown["intent"] == "payment"
    intent_id = shown["client_secret"].partition("_secret")[0]
    return world.pay({"client_secret": shown["client_secret"], "intent_id": intent_id}, card)


def setups(world: World) -> list[Json]:
    found: list[Json] = at_stripe(world, "setup_intents?limit=100")["data"]
    return found


def events(order_id: str) -> list[str]:
    """The types of what has happened to an order, in order."""
    rows = [row for row in laws.rows("orders") if row["pk"] == f"ORDER#{order_id}"]
    told = [row for row in rows if row["sk"].startswith("EVT#")]
    return [str(row["type"]) for row in sorted(told, key=lambda row: row["sk"])]


def news(found: laws.Seen) -> list[str]:
    return [str(row["type"]) for row in found.news]
