"""What was saved for an order that has ended is let go of, whatever Stripe makes of it."""

import pytest

from chalicelib.core import dynamo
from chalicelib.payments.models import LegItem
from sandbox.stripe.faults import Fault
from tests import faults, laws
from tests.faults import Crash, Script
from tests.payments import later, wallets
from tests.payments.later import placed, promised, seen
from tests.payments.stories import Said, alarms, meanwhile, on
from tests.payments.wallets import attached
from tests.world import SECRET_KEY, World

REFUSED = Fault(400, "invalid_request_error", "not_today")


def _instrument(world: World, order_id: str) -> str:
    instrument: str = seen(world, order_id).legs[0]["instrument"]
    return instrument


def test_what_the_operator_detached_at_stripe_is_let_go_of_in_silence(
    world_at: World, said: Said
) -> None:
    order_id = promised(world_at)
    path = f"/v1/payment_methods/{_instrument(world_at, order_id)}/detach"
    world_at.stripe.request("POST", path, SECRET_KEY, "")
    said()

    world_at.cancel(order_id)
    world_at.pump()

    assert alarms(said) == []
    assert seen(world_at, order_id).legs[0]["status"] == "voided"
    laws.demand(world_at)


def test_what_stripe_will_not_let_go_of_is_told_to_a_person_and_holds_nothing_up(
    world_at: World, said: Said
) -> None:
    order_id = promised(world_at)
    instrument = _instrument(world_at, order_id)
    world_at.stripe.set_fault(on("before", "/detach", REFUSED))
    said()

    world_at.cancel(order_id)
    world_at.pump()

    lines = [line for line in said() if line["said"] == "A saved method could not be let go"]
    assert [(line["level"], line["order"]) for line in lines] == [("ERROR", order_id)]
    assert seen(world_at, order_id).legs[0]["status"] == "voided"
    assert attached(world_at) == [instrument]


def test_a_setup_that_will_not_be_cancelled_now_is_cancelled_later(world_at: World) -> None:
    made = placed(world_at)
    world_at.pump()
    world_at.stripe.set_fault(on("before", "/cancel", REFUSED, times=1))
    world_at.cancel(made["order_id"])
    world_at.pump()
    before = seen(world_at, made["order_id"]).legs[0]["status"]

    world_at.tick(200)

    assert before == "requires_payment"
    assert [one["status"] for one in later.setups(world_at)] == ["canceled"]
    assert seen(world_at, made["order_id"]).legs[0]["status"] == "voided"
    laws.demand(world_at)


def test_who_dies_between_letting_go_and_voiding_is_finished_by_the_browser(
    world_at: World,
) -> None:
    order_id = promised(world_at)
    world_at.cancel(order_id)
    script = Script()

    def die(call: str) -> None:
        let_go = any(one.endswith("/detach") for one in script.calls)
        if let_go and call.endswith("TransactWriteItems"):
            raise Crash

    script.after = die
    with faults.following(script), pytest.raises(Crash):
        world_at.pump()
    world_at.bells.lose()
    half = seen(world_at, order_id).legs[0]

    world_at.confirm(order_id)

    assert (half["stage"], half["status"]) == ("over", "requires_payment")
    assert seen(world_at, order_id).legs[0]["status"] == "voided"
    world_at.tick(61)
    laws.demand(world_at)


def test_what_a_newer_release_calls_its_stage_is_left_to_that_release(world_at: World) -> None:
    order_id = promised(world_at)
    leg = seen(world_at, order_id).legs[0]
    item = dynamo.get(LegItem, leg["pk"], leg["sk"])
    assert item is not None
    item.update(actions=[LegItem.stage.set("renewed")])

    later.charged(world_at, order_id)
    world_at.confirm(order_id)

    found = seen(world_at, order_id)
    assert found.intents == []
    assert (found.legs[0]["stage"], found.legs[0]["status"]) == ("renewed", "requires_payment")
    assert len(attached(world_at)) == 1


# --- methods that were saved before --------------------------------------------------------------


def test_a_method_that_is_being_removed_is_charged_for_no_later_order(world_at: World) -> None:
    method_id, token = wallets.save(world_at), world_at.customer()
    quote = world_at.quote(world_at.store(), token, scheduled_for=later.moment(days=10))
    world_at.stripe.set_fault(on("before", "/detach", Fault(503)))
    assert wallets.remove(world_at, method_id).status == 503

    refused = world_at.try_place(token, quote["id"], {"method_id": method_id})

    assert refused.status == 422
    assert refused.json["errors"][0]["pointer"] == "/payments/0/method_id"
    assert laws.orders(world_at) == []


def test_a_method_that_is_removed_between_reading_and_writing_takes_no_later_order(
    world_at: World,
) -> None:
    method_id, token = wallets.save(world_at), world_at.customer()
    quote = world_at.quote(world_at.store(), token, scheduled_for=later.moment(days=10))

    with faults.following(meanwhile(lambda: wallets.remove(world_at, method_id))):
        refused = world_at.try_place(token, quote["id"], {"method_id": method_id})

    assert refused.status == 422
    assert refused.json["errors"][0]["pointer"] == "/payments/0/method_id"
    assert laws.orders(world_at) == []
