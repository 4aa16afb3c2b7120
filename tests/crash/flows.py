"""Everything that calls the outside in the way of an order and its money, one flow at a time.

A flow arranges a world and then does one thing: a request of a caller (who may repeat it), or what
a stream, a queue, a schedule or Stripe's delivery sets off.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from chalicelib.core import secrets
from chalicelib.couriers import waking
from chalicelib.orders import codes
from tests import faults, people, surroundings
from tests.couriers.riders import FAR, ZONE, Riders
from tests.faults import Crash, Script
from tests.world import Reply, World

type Facts = dict[str, Any]


class Law(Protocol):
    """What must hold in the end beside what holds of all money."""

    def __call__(self, world: World, facts: Facts, /, *, again: bool) -> None: ...


SPLIT: tuple[Mapping[str, Any], ...] = ({"method": "card", "amount": 4000}, {"method": "kakao_pay"})


@dataclass(frozen=True)
class Flow:
    """One thing that happens. `request` is a caller's, `happen` the surroundings'.

    `law` is told whether the caller has repeated the request. Where the queue loses what it had it
    is not asked, since a person has to look then.
    """

    name: str
    arrange: Callable[[World], Facts]
    request: Callable[[World, Facts], Reply] | None = None
    happen: Callable[[World, Facts], object] | None = None
    cold: bool = False
    law: Law | None = None

    def act(self, world: World, facts: Facts) -> Reply | None:
        if self.cold:
            secrets.forget()
        if self.request is not None:
            return self.request(world, facts)
        if self.happen is not None:
            self.happen(world, facts)
        return None


# --- worlds to begin with ------------------------------------------------------------------------


def shop(world: World) -> Facts:
    return {"store": world.store(), "key": "the-key"}


def quoted(*payments: Mapping[str, Any], item: str = "bibimbap") -> Callable[[World], Facts]:
    def arrange(world: World) -> Facts:
        facts = shop(world)
        quote = world.quote(facts["store"], world.customer(), items=[{"item_id": item}])
        return {**facts, "quote": quote["id"], "payments": payments}

    return arrange


def placed(*payments: Mapping[str, Any]) -> Callable[[World], Facts]:
    def arrange(world: World) -> Facts:
        facts = quoted(*payments)(world)
        made = place(world, facts).json
        return {**facts, "order": made["order_id"], "made": made}

    return arrange


def held(*payments: Mapping[str, Any]) -> Callable[[World], Facts]:
    """The customer has paid, and nobody here has heard of it."""

    def arrange(world: World) -> Facts:
        facts = placed(*payments)(world)
        world.pump()
        for payment in facts["made"]["payments"]:
            world.pay(payment, {"card": "pm_card_visa"}.get(payment["method"], payment["method"]))
            if payment["method"] != "card":
                world.stripe.answer_wallet(payment["intent_id"], "approve")
        return facts

    return arrange


def brought_to(
    *commands: str, payments: tuple[Mapping[str, Any], ...] = ()
) -> Callable[[World], Facts]:
    """Paid, and as far as the store's commands lead; all bells of before have rung."""

    def arrange(world: World) -> Facts:
        facts = held(*payments)(world)
        world.pump()
        world.confirm(facts["order"])
        if commands:
            world.command(facts["order"], *commands, store_id=facts["store"])
        world.pump()
        return facts

    return arrange


def then(
    arrange: Callable[[World], Facts], more: Callable[[World, Facts], object]
) -> Callable[[World], Facts]:
    def arranged(world: World) -> Facts:
        facts = arrange(world)
        more(world, facts)
        return facts

    return arranged


def later(seconds: float) -> Callable[[World, Facts], object]:
    return lambda world, _: world.clock.move(seconds)


def _cut_off(world: World, facts: Facts) -> None:
    """The function that placed the order died right after Stripe had made the intent."""
    script = Script()

    def die(call: str) -> None:
        if call.startswith("stripe.POST"):
            raise Crash

    script.after = die
    with faults.following(script), suppress(Crash):
        place(world, facts)


def _deaf(world: World, _: Facts) -> None:
    """The streams have forgotten everything, and half a minute has passed."""
    world.streams.skip()
    world.clock.move(31)


def ridden(arrange: Callable[[Riders], str]) -> Callable[[World], Facts]:
    """Two couriers are on duty, and something happens to an order that is to be brought."""

    def arranged(world: World) -> Facts:
        riders = Riders(world)
        riders.on_duty("jun")
        riders.on_duty("ari", at=FAR)
        world.pump()
        return {"riders": riders, "order": arrange(riders)}

    return arranged


def _confirmed(riders: Riders) -> str:
    return riders.order("confirm", "ready")


def _unseen(riders: Riders) -> str:
    """Two deliveries are open, and the one message that says so is on its way."""
    riders.opened()
    order_id = riders.opened()
    waking.zone_now(ZONE)
    return order_id


def _lapsed(riders: Riders) -> str:
    order_id = riders.waiting()
    riders.world.clock.move(45)
    return order_id


def _given_up(riders: Riders) -> str:
    order_id = riders.waiting()
    riders.give_up(order_id)
    return order_id


def _lost(riders: Riders) -> str:
    order_id = riders.waiting()
    assert riders.answer("jun", "accept").status == 200
    riders.world.clock.move(300)
    return order_id


# --- what callers ask ----------------------------------------------------------------------------


def _quote(world: World, facts: Facts) -> Reply:
    return world.try_quote(facts["store"], world.customer())


def place(world: World, facts: Facts) -> Reply:
    return world.try_place(world.customer(), facts["quote"], *facts["payments"], key=facts["key"])


def pay(world: World, facts: Facts) -> Reply:
    return world.confirm(facts["order"])


def command(name: str) -> Callable[[World, Facts], Reply]:
    return lambda world, facts: world.command(facts["order"], name, store_id=facts["store"])


def cancel(world: World, facts: Facts) -> Reply:
    return world.cancel(facts["order"])


def _reject(world: World, facts: Facts) -> Reply:
    path = f"/v1/orders/{facts['order']}/reject"
    return world.post(path, {"code": "too_busy"}, token=people.machine(facts["store"]))


def _ask(world: World, facts: Facts) -> Reply:
    path = f"/v1/orders/{facts['order']}/ask-to-cancel"
    return world.post(path, {"code": "changed_mind"}, token=world.customer())


def _let_go(world: World, facts: Facts) -> Reply:
    path = f"/v1/orders/{facts['order']}/let-go"
    return world.post(path, token=people.machine(facts["store"]))


def _check_code(world: World, facts: Facts) -> Reply:
    body = {"code": codes.code(facts["order"])}
    path = f"/v1/orders/{facts['order']}/check-code"
    return world.post(path, body, token=people.machine(facts["store"]))


def _read(world: World, facts: Facts) -> Reply:
    return world.call("GET", f"/v1/orders/{facts['order']}", token=world.customer())


def _payments(world: World, facts: Facts) -> Reply:
    return world.call("GET", f"/v1/orders/{facts['order']}/payments", token=world.customer())


# --- what the surroundings set off ---------------------------------------------------------------


def pump(world: World, _: Facts) -> None:
    world.pump()


def sweep(_: World, __: Facts) -> None:
    surroundings.sweep()


def sweep_and_pump(world: World, _: Facts) -> None:
    surroundings.sweep()
    world.pump()


def deliver(world: World, _: Facts) -> None:
    world.deliver()


FLOWS = (
    Flow("quote", shop, request=_quote),
    Flow("place", quoted(), request=place),
    Flow("place, cold", quoted(), request=place, cold=True),
    Flow("place with two payments", quoted(*SPLIT), request=place),
    Flow("place what costs nothing", quoted(item="water"), request=place),
    Flow("place again", placed(), request=place),
    Flow("the browser has paid", held(), request=pay),
    Flow("the browser has paid twice", held(*SPLIT), request=pay),
    Flow("read the payments", placed(), request=_payments),
    Flow("store confirms", brought_to(), request=command("confirm")),
    Flow("store is ready", brought_to("confirm"), request=command("ready")),
    Flow("customer collects", brought_to("confirm", "ready"), request=command("picked-up")),
    Flow("customer cancels unpaid", placed(), request=cancel),
    Flow("customer cancels", brought_to(), request=cancel),
    Flow("customer cancels with a fee", brought_to("confirm"), request=cancel),
    Flow("customer asks to be let go", brought_to("confirm"), request=_ask),
    Flow("store lets its customer go", then(brought_to("confirm"), _ask), request=_let_go),
    Flow("store checks a code", brought_to("confirm", "ready"), request=_check_code),
    Flow("store rejects", brought_to(), request=_reject),
    Flow("read what has lapsed", then(placed(), later(601)), request=_read),
    Flow("bells of a new order", placed(), happen=pump),
    Flow("Stripe tells", held(), happen=deliver),
    Flow("Stripe tells, all follows", held(), happen=pump),
    Flow("Stripe tells of two payments", held(*SPLIT), happen=pump),
    Flow("capture", then(brought_to("confirm", "ready"), command("picked-up")), happen=pump),
    Flow(
        "capture of two",
        then(brought_to("confirm", "ready", payments=SPLIT), command("picked-up")),
        happen=pump,
    ),
    Flow("void", then(brought_to(), cancel), happen=pump),
    Flow("void of two, unpaid", then(placed(*SPLIT), cancel), happen=pump),
    Flow("fee", then(brought_to("confirm", payments=SPLIT), cancel), happen=pump),
    Flow("rejection", then(brought_to(), _reject), happen=pump),
    Flow("sweep of the unpaid", then(placed(), later(601)), happen=sweep),
    Flow("sweep of the paid that nobody told", then(held(), later(200)), happen=sweep),
    Flow("sweep of the unconfirmed", then(brought_to(), later(481)), happen=sweep),
    Flow("sweep of the cut off", then(then(quoted(), _cut_off), later(601)), happen=sweep),
    Flow("a delivery opens", ridden(_confirmed), happen=pump),
    Flow("couriers are asked", ridden(_unseen), happen=pump),
    Flow("an offer lapses", ridden(_lapsed), happen=sweep_and_pump),
    Flow("what is asked for is given up", ridden(_given_up), happen=pump),
    Flow("a courier is lost", ridden(_lost), happen=sweep_and_pump),
    Flow("sweep of bells", then(placed(), _deaf), happen=sweep),
    Flow(
        "sweep of the collected",
        then(brought_to("confirm", "ready", "picked-up"), later(86_401)),
        happen=sweep,
    ),
)
