"""What stands before Stripe: a pace for each endpoint, and a breaker. Refused is never accepted."""

from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest

from chalicelib.core import breaking, clock, pacing
from chalicelib.payments import events, finishing, gateway, guarding
from chalicelib.payments.payment import Subject
from sandbox.stripe.client import SimHttpClient, lost_connection
from sandbox.stripe.faults import Call, Fault
from tests import dynamo_faults as f
from tests import faults as world_faults
from tests import laws
from tests.dynamo_faults import Faults
from tests.payments.stories import Said, alarms, collected
from tests.surroundings import SCHEDULE
from tests.world import World

DOWN = Fault(500, "api_error")


class Counting:
    """Notes when each endpoint is asked, and breaks what it is told to."""

    def __init__(self, world: World) -> None:
        self.asked: list[tuple[str, float]] = []
        self.fault: Fault | None = None
        self._world = world
        world.stripe.set_fault(self)

    def __call__(self, stage: str, call: Call) -> Fault | None:
        if stage != "before":
            return None
        self.asked.append((guarding.endpoint(call.method, call.path), self._world.clock.seconds))
        return self.fault


def _take_all(name: str = guarding.CREATE) -> None:
    pacing.take(name, pacing.CALLS)


def _break() -> None:
    """So many requests to Stripe fail that nobody asks it any more."""
    for _ in range(breaking.FAILURES):
        with suppress(gateway.UnknownOutcomeError, gateway.ThrottledError):
            gateway.retrieve("pi_nothing")
    assert guarding._breaker.waits() > 0


@pytest.mark.parametrize(
    ("method", "url", "name"),
    [
        ("post", "https://api.stripe.com/v1/payment_intents", "POST /v1/payment_intents"),
        ("get", "/v1/payment_intents?limit=100", "GET /v1/payment_intents"),
        ("get", "/v1/payment_intents/pi_3Nabc", "GET /v1/payment_intents/{id}"),
        ("post", "/v1/payment_intents/pi_1/capture", "POST /v1/payment_intents/{id}/capture"),
        ("post", "/v1/payment_intents/pi_1/cancel", "POST /v1/payment_intents/{id}/cancel"),
        ("post", "/v1/refunds", "POST /v1/refunds"),
        ("get", "/v1/refunds/re_1", "GET /v1/refunds/{id}"),
        ("get", "/v1/charges?created[gte]=1", "GET /v1/charges"),
        ("post", "/v1/setup_intents", "POST /v1/setup_intents"),
        (
            "get",
            "/v1/customers/cus_1/payment_methods",
            "GET /v1/customers/{id}/payment_methods",
        ),
    ],
)
def test_an_endpoint_is_what_stripe_counts_as_one(method: str, url: str, name: str) -> None:
    assert guarding.endpoint(method, url) == name


def test_a_burst_of_ten_times_the_pace_never_asks_an_endpoint_more_than_twenty_times_a_second(
    world_at: World,
) -> None:
    intent = world_at.order(world_at.store())["payments"][0]["intent_id"]
    world_at.clock.move(1)
    counting = Counting(world_at)
    answers: Counter[str] = Counter()

    def ask(gone: Callable[[], object]) -> None:
        try:
            gone()
        except gateway.GatewayError as error:
            answers[type(error).__name__] += 1

    with clock.pausing_with(lambda _: None):
        for number in range(600):  # three seconds, 200 requests to each of two endpoints in each
            world_at.clock.move(0.005)
            ask(partial(gateway.retrieve, intent))
            ask(partial(gateway.cancel, "pi_none", subject="o", leg="l", attempt=number))

    by_second = Counter((name, int(at)) for name, at in counting.asked)
    assert max(by_second.values()) == 20
    assert {name for name, _ in by_second} == {
        "GET /v1/payment_intents/{id}", "POST /v1/payment_intents/{id}/cancel",
    }  # fmt: skip
    assert len(counting.asked) + answers["ThrottledError"] == 1200
    for name in {name for name, _ in counting.asked}:
        times = [at for asked, at in counting.asked if asked == name]
        assert max(sum(1 for one in times if at <= one < at + 1) for at in times) <= 25


def test_beyond_the_pace_placing_is_refused_before_anything_is_written_or_asked(
    world_at: World,
) -> None:
    token = world_at.customer()
    quote = world_at.quote(world_at.store(), token)
    counting = Counting(world_at)
    _take_all()
    with clock.pausing_with(lambda _: None):
        refused = world_at.try_place(token, quote["id"], key="one")

    assert (refused.status, refused.json["code"]) == (503, "payments_busy")
    assert refused.headers["Retry-After"] == "1"
    assert laws.orders(world_at) == []
    assert counting.asked == []
    world_at.clock.move(1)
    assert world_at.try_place(token, quote["id"], key="one").status == 201


def test_a_short_crowd_is_waited_out(world_at: World) -> None:
    token = world_at.customer()
    quote = world_at.quote(world_at.store(), token)
    _take_all()

    assert world_at.try_place(token, quote["id"]).status == 201


def test_beyond_the_pace_money_in_flight_stays_due_and_is_settled_later(world_at: World) -> None:
    order_id, _ = collected(world_at)
    counting = Counting(world_at)
    _take_all("POST /v1/payment_intents/{id}/capture")
    with clock.pausing_with(lambda _: None), pytest.raises(gateway.ThrottledError):
        finishing.settle_up(Subject("order", order_id))

    assert counting.asked == []
    (seen,) = laws.orders(world_at)
    assert (seen.legs[0]["operation"], int(seen.legs[0]["attempt"])) == ("capture", 1)
    world_at.tick(86_401)
    laws.demand(world_at)


def test_without_the_counter_nothing_is_asked_of_stripe(world_at: World, faults: Faults) -> None:
    order_id, intent_id = collected(world_at)
    counting = Counting(world_at)
    faults.planned_for["UpdateItem"] = deque([f.unreachable] * 99)

    with pytest.raises(gateway.ThrottledError):
        gateway.retrieve(intent_id)
    with pytest.raises(gateway.ThrottledError):
        finishing.settle_up(Subject("order", order_id))

    assert counting.asked == []
    faults.planned_for.clear()
    world_at.tick(86_401)
    laws.demand(world_at)


def test_a_payment_without_stripe_begins_whatever_stripe_does(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    counting = Counting(world_at)
    counting.fault = DOWN
    _break()

    placed = world_at.place(token, world_at.quote(store_id, token, items=[{"item_id": "water"}]))

    assert placed["status"] == "CREATED"


def test_an_open_breaker_answers_503_before_an_order_is_written_and_asks_nothing(
    world_at: World,
) -> None:
    token = world_at.customer()
    quote = world_at.quote(world_at.store(), token)
    counting = Counting(world_at)
    counting.fault = DOWN
    _break()
    counting.asked.clear()

    refused = world_at.try_place(token, quote["id"], key="one")

    assert (refused.status, refused.json["code"]) == (503, "payments_busy")
    assert refused.headers["Retry-After"] == "10"
    assert laws.orders(world_at) == []
    assert counting.asked == []


def test_orders_are_taken_again_when_stripe_answers_a_trial(world_at: World) -> None:
    token = world_at.customer()
    quote = world_at.quote(world_at.store(), token)
    counting = Counting(world_at)
    counting.fault = DOWN
    _break()
    counting.fault = None
    world_at.clock.move(10)

    assert world_at.try_place(token, quote["id"]).status == 201
    assert world_at.try_place(token, world_at.quote(world_at.store(), token)["id"]).status == 201


def test_a_trial_that_fails_accepts_nothing_and_the_next_is_refused_at_once(
    world_at: World,
) -> None:
    token, store_id = world_at.customer(), world_at.store()
    quotes = [world_at.quote(store_id, token)["id"] for _ in range(2)]
    counting = Counting(world_at)
    counting.fault = DOWN
    _break()
    counting.asked.clear()
    world_at.clock.move(10)

    trial, next_one = (world_at.try_place(token, one) for one in quotes)

    assert (trial.status, trial.json["code"]) == (503, "payment_provider_unavailable")
    assert (next_one.status, next_one.json["code"]) == (503, "payments_busy")
    assert len(counting.asked) == 1
    counting.fault = None
    (seen,) = laws.orders(world_at)
    assert seen.head["status"] == "PENDING_PAYMENT"


def test_while_it_is_open_work_in_flight_asks_nothing_and_is_done_afterwards(
    world_at: World,
) -> None:
    store_id = world_at.store()
    order_ids = [world_at.paid_order(store_id) for _ in range(3)]
    world_at.pump()
    for one in order_ids:
        world_at.command(one, "confirm", "ready", "picked-up", store_id=store_id)
    counting = Counting(world_at)
    counting.fault = DOWN

    world_at.pump()

    assert len(counting.asked) == breaking.FAILURES
    world_at.stripe.set_fault(world_faults.on_stripe)
    world_at.tick(200)
    world_at.tick(86_401)
    laws.demand(world_at)
    assert [one["amount_received"] for one in world_at.intents()] == [9000] * 3


def test_a_repetition_of_what_was_placed_waits_for_stripe_and_is_then_answered_as_before(
    world_at: World,
) -> None:
    token = world_at.customer()
    quote = world_at.quote(world_at.store(), token)
    first = world_at.try_place(token, quote["id"], key="one")
    counting = Counting(world_at)
    counting.fault = DOWN
    _break()

    early = world_at.try_place(token, quote["id"], key="one")
    counting.fault = None
    world_at.clock.move(10)
    late = world_at.try_place(token, quote["id"], key="one")

    assert (early.status, early.json["code"]) == (503, "payment_provider_unavailable")
    assert (late.status, late.text) == (201, first.text)


@pytest.mark.parametrize("lost", [True, False])
def test_a_repetition_that_may_not_be_leaves_what_was_said_before(
    world_at: World, *, lost: bool
) -> None:
    """The first attempt may have happened: nobody must read that nothing did."""
    asked = []

    def break_it(stage: str, _: Call) -> Fault | None:
        if stage == "before":
            asked.append(stage)
            pacing.take("GET /v1/payment_intents/{id}", pacing.CALLS - 1)
            if lost:
                raise lost_connection()
        return DOWN

    world_at.stripe.set_fault(break_it)
    with clock.pausing_with(lambda _: None), pytest.raises(gateway.UnknownOutcomeError):
        gateway.retrieve("pi_1")

    assert len(asked) == 1


def test_one_world_knows_nothing_of_the_health_of_stripe_in_another(world_at: World) -> None:
    counting = Counting(world_at)
    counting.fault = DOWN
    _break()
    counting.fault = None

    elsewhere = gateway.speaking_through(SimHttpClient(world_at.stripe))
    with elsewhere, pytest.raises(gateway.RefusedError):
        gateway.retrieve("pi_nothing")
    with pytest.raises(gateway.RefusedError):
        gateway.retrieve("pi_nothing")


def test_a_client_is_guarded_once_however_often_it_is_taken_up(world_at: World) -> None:
    http = SimHttpClient(world_at.stripe)
    counting = Counting(world_at)
    for _ in range(3):
        with gateway.speaking_through(http), pytest.raises(gateway.RefusedError):
            gateway.retrieve("pi_nothing")

    with clock.pausing_with(lambda _: None):
        pacing.take("GET /v1/payment_intents/{id}", pacing.CALLS - 3)
    assert len(counting.asked) == 3


def test_what_stripe_declines_or_refuses_is_an_answer(world_at: World) -> None:
    counting = Counting(world_at)
    for fault in (Fault(402, "card_error", "card_declined"), Fault(429, "rate_limit_error")):
        counting.fault = fault
        for _ in range(breaking.FAILURES + 1):
            with pytest.raises(gateway.GatewayError):
                gateway.retrieve("pi_1")

    assert guarding._breaker.waits() == 0


def test_a_person_is_told_once_that_stripe_does_not_answer(
    world_at: World, capsys: pytest.CaptureFixture[str]
) -> None:
    counting = Counting(world_at)
    counting.fault = DOWN
    _break()

    assert capsys.readouterr().out.count("Stripe does not answer") == 1


def test_too_many_orders_at_once_wake_nobody(world_at: World, said: Said) -> None:
    token = world_at.customer()
    quote = world_at.quote(world_at.store(), token)
    world_at.stripe.set_fault(lambda *_: Fault(429, "rate_limit_error"))

    assert world_at.try_place(token, quote["id"]).status == 503
    assert alarms(said) == []


def test_a_sweep_leaves_due_what_must_wait_and_wakes_nobody(world_at: World, said: Said) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)
    world_at.pump()
    world_at.command(order_id, "confirm", "ready", "picked-up", store_id=store_id)
    world_at.bells.lose()
    world_at.clock.move(1000)
    counting = Counting(world_at)
    counting.fault = DOWN
    _break()
    counting.fault = None
    said()

    events.sweep_payments(SCHEDULE, None)

    lines = said()
    assert "A payment waits for Stripe" in {line["said"] for line in lines}
    assert "ERROR" not in {line["level"] for line in lines}
    world_at.clock.move(10)
    events.sweep_payments(SCHEDULE, None)
    world_at.tick(86_401)
    laws.demand(world_at)
