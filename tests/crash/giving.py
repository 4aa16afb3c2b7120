"""What is given: refunds, stored value, cash and tips, one flow at a time. See `flows.py`."""

from collections.abc import Callable, Mapping
from typing import Any

from tests import people
from tests.couriers.riders import Riders
from tests.crash.flows import (
    Facts,
    Flow,
    brought_to,
    cancel,
    deliver,
    later,
    pay,
    place,
    pump,
    quoted,
    shop,
    sweep,
    then,
)
from tests.faults import Crash, Script, following
from tests.world import Reply, World

COLLECTED = ("confirm", "ready", "picked-up")
CASH: Mapping[str, Any] = {"method": "cash"}
CARD: Mapping[str, Any] = {"method": "card"}


# --- worlds to begin with ------------------------------------------------------------------------


def with_balance(*payments: Mapping[str, Any], amount: int = 4000) -> Callable[[World], Facts]:
    """A quote, and what it will be paid by: so much out of a wallet, and other payments."""

    def arrange(world: World) -> Facts:
        facts = shop(world)
        quote = world.quote(facts["store"], world.customer())
        stored = {"method": "balance", "balance_id": world.grant(9000), "amount": amount}
        world.pump()
        return {**facts, "quote": quote["id"], "payments": (stored, *payments)}

    return arrange


def _placed(world: World, facts: Facts) -> None:
    made = place(world, facts).json
    facts |= {"order": made["order_id"], "made": made}


def _paid(world: World, facts: Facts) -> None:
    """The customer has paid what is to be confirmed, and nobody here has heard of it."""
    _placed(world, facts)
    world.pump()
    for payment in facts["made"]["payments"]:
        world.pay(payment)


def _settled(world: World, facts: Facts) -> None:
    """It is paid, and all bells of before have rung."""
    _paid(world, facts)
    world.confirm(facts["order"])
    world.pump()


def _told(*commands: str) -> Callable[[World, Facts], None]:
    def more(world: World, facts: Facts) -> None:
        world.command(facts["order"], *commands, store_id=facts["store"])

    return more


def _refunded(world: World, facts: Facts) -> None:
    """A part was given back, and all that follows has happened."""
    facts["refund"] = refund(world, facts).json["id"]
    world.pump()


def _returned(world: World, facts: Facts) -> None:
    """The customer's bank has sent it back, and nobody here has heard of it."""
    _refunded(world, facts)
    world.stripe.fail_refund(world.refunds()[0]["id"])


def _parked(world: World, facts: Facts) -> None:
    _returned(world, facts)
    world.pump()


def _cut_off(asked: Callable[[World, Facts], Reply]) -> Callable[[World, Facts], None]:
    """The function died right after Stripe had done what it asked."""

    def more(world: World, facts: Facts) -> None:
        script = Script()

        def die(call: str) -> None:
            if call.startswith("stripe.POST"):
                raise Crash

        script.after = die
        with following(script):
            try:
                asked(world, facts)
            except Crash:
                return

    return more


def brought(world: World) -> Facts:
    """A courier has brought an order, and all that follows has happened."""
    riders = Riders(world)
    order_id = riders.brought("jun")
    assert world.post("/v1/duty/end", token=riders.token("jun")).status == 200
    world.pump()
    return {"order": order_id, "key": "the-key"}


def _begun(world: World, facts: Facts) -> None:
    """The customer has begun a tip, and not paid it."""
    facts["tip"] = tip(world, facts).json
    world.pump()


def _tipped(world: World, facts: Facts) -> None:
    """The customer has paid a tip, and nobody here has heard of it."""
    _begun(world, facts)
    world.pay(facts["tip"])


# --- what callers ask ----------------------------------------------------------------------------


def refund(world: World, facts: Facts) -> Reply:
    return world.try_refund(facts["order"], key=facts["key"], amount=3000)


def _refund_all(world: World, facts: Facts) -> Reply:
    return world.try_refund(facts["order"], key=facts["key"], liable_party="store")


def _refund_line(world: World, facts: Facts) -> Reply:
    till = people.machine(facts["store"])
    return world.try_refund(facts["order"], till, facts["key"], lines=[{"line": 0}])


def _refund_to_wallet(world: World, facts: Facts) -> Reply:
    key = facts["key"]
    return world.try_refund(facts["order"], key=key, amount=3000, destination="wallet")


def _retry(destination: str) -> Callable[[World, Facts], Reply]:
    def asked(world: World, facts: Facts) -> Reply:
        path = f"/v1/orders/{facts['order']}/refunds/{facts['refund']}/retry"
        return world.post(
            path, {"destination": destination, "reason": "Sent back."}, token=world.operator()
        )

    return asked


def _credit(world: World, facts: Facts) -> Reply:
    body = {"owner": "mina", "amount": 5000, "currency": "KRW", "reason": "Goodwill."}
    return world.post("/v1/balances", body, token=world.operator(), key=facts["key"])


def tip(world: World, facts: Facts) -> Reply:
    return world.try_tip(facts["order"], key=facts["key"])


captured = then(brought_to(*COLLECTED), pump)
mixed = then(with_balance(CARD), _settled)
covered = then(with_balance(amount=9000), _settled)
in_cash = then(quoted(CASH), _settled)

GIVING = (
    Flow("refund", captured, request=refund),
    Flow("refund of all", captured, request=_refund_all),
    Flow("refund of a line", captured, request=_refund_line),
    Flow("refund to the wallet", captured, request=_refund_to_wallet),
    Flow("refund of several", then(then(mixed, _told(*COLLECTED)), pump), request=_refund_all),
    Flow("refund of cash", then(then(in_cash, _told(*COLLECTED)), pump), request=refund),
    Flow(
        "sweep of a refund cut off", then(then(captured, _cut_off(refund)), later(61)), happen=sweep
    ),
    Flow("a bank returns a refund", then(captured, _returned), happen=deliver),
    Flow("a bank returns a refund, all follows", then(captured, _returned), happen=pump),
    Flow("retry to the wallet", then(captured, _parked), request=_retry("wallet")),
    Flow("retry to the card", then(captured, _parked), request=_retry("source")),
    Flow("credit", shop, request=_credit),
    Flow("place with a balance", with_balance(amount=9000), request=place),
    Flow("place with a balance and a card", with_balance(CARD), request=place),
    Flow("the browser has paid the rest", then(with_balance(CARD), _paid), request=pay),
    Flow("customer cancels what a balance pays in part", mixed, request=cancel),
    Flow("a balance and a card are let go", then(mixed, cancel), happen=pump),
    Flow("a balance and a card are taken", then(mixed, _told(*COLLECTED)), happen=pump),
    Flow(
        "a fee of a balance and a card",
        then(then(mixed, _told("confirm")), cancel),
        happen=pump,
    ),
    Flow("a balance is taken", then(covered, _told(*COLLECTED)), happen=pump),
    Flow(
        "sweep of a balance and an unpaid card",
        then(then(with_balance(CARD), _placed), later(601)),
        happen=sweep,
    ),
    Flow("place in cash", quoted(CASH), request=place),
    Flow("cash is taken", then(in_cash, _told(*COLLECTED)), happen=pump),
    Flow("cash is not taken", then(in_cash, cancel), happen=pump),
    Flow("tip", brought, request=tip),
    Flow("the browser has paid a tip", then(brought, _tipped), request=pay),
    Flow("Stripe tells of a tip, all follows", then(brought, _tipped), happen=pump),
    Flow("sweep of a tip that nobody told", then(then(brought, _tipped), later(200)), happen=sweep),
    Flow("sweep of a tip that nobody paid", then(then(brought, _begun), later(1801)), happen=sweep),
    Flow("sweep of a tip cut off", then(then(brought, _cut_off(tip)), later(1801)), happen=sweep),
)
