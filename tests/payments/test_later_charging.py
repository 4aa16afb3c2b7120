"""A charge with nobody there at its edges: answers that are lost, and means that are gone."""

import pytest

from chalicelib.core import clock
from sandbox.stripe.faults import SAVED_500, Call, Fault
from tests import laws
from tests.payments import later
from tests.payments.later import charged, mend, promised, seen, to_pay
from tests.payments.stories import Said, alarms, on
from tests.payments.wallets import attached
from tests.world import SECRET_KEY, World

HOUR = 3600


def _detach(world: World, order_id: str) -> None:
    """Somebody takes what was saved from its customer, at Stripe."""
    path = f"/v1/payment_methods/{seen(world, order_id).legs[0]['instrument']}/detach"
    assert world.stripe.request("POST", path, SECRET_KEY, "")[0] == 200
    world.pump()


def _called(found: laws.Seen) -> int:
    """How often the customer was called to mend the payment."""
    return [event["type"] for event in found.events].count("order.payment_due")


class Refusing:
    """Stripe makes no intent, and says so; `keys` are those that it was asked under."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.keys: list[str] = []

    def __call__(self, stage: str, call: Call) -> Fault | None:
        if stage == "after" or (call.method, call.path) != ("POST", "/v1/payment_intents"):
            return None
        self.keys.append(str(call.idempotency_key).rpartition(":")[2])
        return self.fault


# --- no answer -----------------------------------------------------------------------------------


def test_a_charge_that_was_answered_by_a_500_and_had_happened_is_found(world_at: World) -> None:
    order_id = promised(world_at)
    world_at.stripe.set_fault(on("after", "/payment_intents", SAVED_500, times=1))

    found = charged(world_at, order_id)

    assert (found.head["status"], found.legs[0]["status"]) == ("CREATED", "authorized")
    assert len(found.intents) == 1


def test_a_charge_that_was_answered_by_a_500_for_good_holds_nothing_and_lapses(
    world_at: World,
) -> None:
    order_id = promised(world_at)
    world_at.stripe.set_fault(on("before", "/payment_intents", SAVED_500, times=1))

    waiting = charged(world_at, order_id)
    world_at.pass_time(600)
    later.until(world_at, later.of(order_id)[1], 1)
    world_at.tick(1)
    world_at.tick(23 * HOUR)

    found = seen(world_at, order_id)
    assert (waiting.head["status"], waiting.legs[0]["attempt"]) == ("PENDING_PAYMENT", 1)
    assert (found.head["status"], found.intents) == ("CANCELLED", [])
    assert attached(world_at) == []
    laws.demand(world_at)


def test_a_charge_that_stripe_answers_500_for_good_is_asked_for_ever_more_seldom(
    world_at: World, said: Said
) -> None:
    order_id = promised(world_at)
    world_at.stripe.set_fault(on("before", "/payment_intents", SAVED_500, times=1))
    charged(world_at, order_id)
    said()

    for _ in range(180):
        world_at.tick(60)

    alarms = [one for one in said() if one["said"] == "A payment could not be taken up"]
    assert 6 < len(alarms) < 25
    assert seen(world_at, order_id).legs[0]["attempt"] == 1


# --- a definitive no -----------------------------------------------------------------------------


def test_what_is_saved_no_more_is_asked_for_anew_and_its_payer_pays_with_another(
    world_at: World,
) -> None:
    order_id = promised(world_at)
    _detach(world_at, order_id)

    told, shown = charged(world_at, order_id), to_pay(world_at, order_id)
    paid = mend(world_at, order_id)
    world_at.confirm(order_id)
    world_at.pump()

    found = seen(world_at, order_id)
    assert (_called(told), shown["decline_code"], shown["intent"]) == (
        1, "charge_refused", "payment",
    )  # fmt: skip
    assert clock.parse(told.head["due_at"]) > clock.now()
    assert paid == 200
    assert (found.head["status"], found.legs[0]["attempt"], len(found.intents)) == ("CREATED", 2, 1)
    assert found.intents[0]["customer"] is None, "who pays anew says anew what is to be saved"
    assert attached(world_at) == []


@pytest.mark.parametrize("status", [400, 402])
def test_another_key_is_used_once_and_what_then_is_refused_waits_for_a_person(
    world_at: World, said: Said, status: int
) -> None:
    order_id = promised(world_at)
    kind = "card_error" if status == 402 else "invalid_request_error"
    refusing = Refusing(Fault(status, kind, "not_today"))
    world_at.stripe.set_fault(refusing)
    said()

    charged(world_at, order_id)
    world_at.pass_time(180)
    keys, told = refusing.keys, alarms(said)
    world_at.stripe.set_fault(lambda *_: None)
    world_at.pass_time(120)

    found = seen(world_at, order_id)
    assert keys[0] == "1"
    assert set(keys[1:]) == {"2"}
    assert "A payment could not be taken up" in told
    assert (_called(found), len(found.intents), found.legs[0]["attempt"]) == (1, 1, 2)


def test_a_wallet_whose_permission_was_withdrawn_is_paid_by_the_very_intent_that_was_refused(
    world_at: World,
) -> None:
    made = later.placed(world_at, {"method": "kakao_pay"})
    [payment] = made["payments"]
    later.save(world_at, payment, "kakao_pay")
    world_at.stripe.answer_wallet(payment["intent_id"], "approve")
    world_at.confirm(made["order_id"])
    world_at.pump()
    for traits in world_at.stripe._account.store.all("traits"):
        traits["saved"] = False

    told = charged(world_at, made["order_id"])
    mend(world_at, made["order_id"], "kakao_pay")
    world_at.stripe.answer_wallet(told.intents[0]["id"], "approve")
    world_at.confirm(made["order_id"])

    found = seen(world_at, made["order_id"])
    assert (_called(told), told.legs[0]["decline_code"]) == (1, "charge_refused")
    assert (found.head["status"], found.legs[0]["attempt"]) == ("CREATED", 1)
    assert [one["id"] for one in found.intents] == [told.intents[0]["id"]]


# --- a charge that meets the end of its order ----------------------------------------------------


@pytest.mark.parametrize("stage", ["before", "after"])
def test_a_charge_that_was_cut_off_is_not_repeated_for_an_order_that_was_cancelled(
    world_at: World, stage: str
) -> None:
    order_id = promised(world_at)
    later.until(world_at, later.of(order_id)[0], 1)
    later.cut_off_charging(stage)
    world_at.cancel(order_id)
    world_at.streams.ring()
    world_at.bells.lose()

    world_at.confirm(order_id)

    found = seen(world_at, order_id)
    assert [one["status"] for one in found.intents] == (["canceled"] if stage == "after" else [])
    assert found.legs[0]["status"] == "voided"
    assert attached(world_at) == []
