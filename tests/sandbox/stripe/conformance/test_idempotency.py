import threading

import pytest

from sandbox.stripe.faults import RATE_LIMITED, SAVED_500, Call, Fault, FaultHook, Stage
from tests.sandbox.stripe.conformance.citing import rests_on
from tests.sandbox.stripe.port import Port, Reply
from tests.sandbox.stripe.stories import DAY, World, create, do, hold, look, pay, refund


@rests_on("https://docs.stripe.com/api/idempotent_requests")
def test_repeating_a_request_gives_the_same_intent(port: Port) -> None:
    key = port.fresh_key()

    first, second = pay(port, key=key), pay(port, key=key)

    assert second.body == first.body
    assert second.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers


@rests_on("https://docs.stripe.com/api/idempotent_requests")
def test_without_a_key_every_request_counts(port: Port) -> None:
    first, second = pay(port), pay(port)

    assert first["id"] != second["id"]


@rests_on("https://docs.stripe.com/api/idempotent_requests", "the resulting status code and body")
def test_the_first_answer_stays_even_if_the_object_moves_on(port: Port) -> None:
    key = port.fresh_key()
    intent = hold(port, key=key)
    do(port, intent, "capture")

    again = hold(port, key=key)

    assert again["status"] == "requires_capture"


@rests_on("https://docs.stripe.com/error-low-level#idempotency")
def test_other_parameters_under_the_same_key_are_refused(port: Port) -> None:
    key = port.fresh_key()
    create(port, key, amount=2000)

    reply = create(port, key, amount=2001)

    assert reply.status == 400
    assert reply.error["type"] == "idempotency_error"


@rests_on("https://docs.stripe.com/api/idempotent_requests")
def test_another_path_under_the_same_key_is_refused(port: Port) -> None:
    key = port.fresh_key()
    create(port, key)

    reply = port.call("POST", "customers", key=key)

    assert reply.error["type"] == "idempotency_error"


@rests_on(
    "https://docs.stripe.com/api/idempotent_requests", "regardless of whether it succeeds or fails"
)
def test_a_decline_is_remembered(port: Port) -> None:
    key = port.fresh_key()

    first = pay(port, "pm_card_visa_chargeDeclined", key)
    second = pay(port, "pm_card_visa_chargeDeclined", key)

    assert (first.status, second.status) == (402, 402)
    assert second.error["payment_intent"]["id"] == first.error["payment_intent"]["id"]


@rests_on("https://docs.stripe.com/api/idempotent_requests", "no idempotent result is saved")
def test_a_failed_validation_is_not_remembered(port: Port) -> None:
    key = port.fresh_key()
    create(port, key, amount=1)

    reply = create(port, key, amount=2000)

    assert reply.status == 200


@rests_on("https://docs.stripe.com/error-low-level#sending-idempotency-keys")
def test_a_wrong_api_key_is_not_remembered(port: Port) -> None:
    key = port.fresh_key()
    wanted = {"amount": 2000, "currency": "usd"}
    refused = port.call("POST", "payment_intents", wanted, key=key, bearer="sk_test_!")

    reply = port.call("POST", "payment_intents", wanted, key=key)

    assert (refused.status, reply.status) == (401, 200)


@rests_on("https://docs.stripe.com/api/idempotent_requests")
def test_one_refund_comes_of_many_repetitions(port: Port) -> None:
    key, intent = port.fresh_key(), pay(port)
    wanted = {"payment_intent": intent["id"], "amount": 500}

    replies = [port.call("POST", "refunds", wanted, key=key) for _ in range(3)]

    assert len({reply["id"] for reply in replies}) == 1
    listed = port.call("GET", "refunds", {"payment_intent": intent["id"]})
    assert len(listed["data"]) == 1


@rests_on(
    "https://docs.stripe.com/api/idempotent_requests",
    "after they're at least 24 hours old",
    fake_only="needs time to pass",
)
def test_a_key_is_forgotten_after_a_day(world: World) -> None:
    first = create(world.port, "k")
    world.clock.forward(DAY - 1)
    within = create(world.port, "k")

    world.clock.forward(1)
    after = create(world.port, "k")

    assert within["id"] == first["id"]
    assert after["id"] != first["id"]


@rests_on("https://docs.stripe.com/api/idempotent_requests", "up to 255 characters")
def test_a_key_is_at_most_255_characters(port: Port) -> None:
    reply = create(port, "k" * 256)

    assert reply.status == 400


@rests_on(
    "https://docs.stripe.com/error-codes#idempotency-key-in-use",
    fake_only="needs a fault at a chosen moment",
)
def test_a_key_in_use_is_a_conflict(world: World) -> None:
    arrived, go_on = threading.Event(), threading.Event()
    first: list[Reply] = []

    def wait(stage: Stage, _call: Call) -> None:
        if stage == "before" and not arrived.is_set():
            arrived.set()
            go_on.wait(5)

    world.fake.set_fault(wait)
    slow = threading.Thread(target=lambda: first.append(create(world.port, "k")))
    slow.start()
    arrived.wait(5)

    second = create(world.port, "k")

    go_on.set()
    slow.join()
    third = create(world.port, "k")
    assert second.status == 409
    assert second.error["code"] == "idempotency_key_in_use"
    assert second.headers["Stripe-Should-Retry"] == "true"
    assert third["id"] == first[0]["id"]


def once(at: Stage, fault: Fault) -> FaultHook:
    """Break one request, then none."""
    left = [fault]

    def hook(stage: Stage, _call: Call) -> Fault | None:
        return left.pop() if stage == at and left else None

    return hook


@rests_on(
    "https://docs.stripe.com/rate-limits",
    "https://docs.stripe.com/error-low-level",
    fake_only="needs a fault at a chosen moment",
)
def test_a_rate_limit_has_no_effect_and_is_not_remembered(world: World) -> None:
    world.fake.set_fault(once("before", RATE_LIMITED))

    limited, again = create(world.port, "k"), create(world.port, "k")

    assert (limited.status, limited.error["code"]) == (429, "rate_limit")
    assert again.status == 200
    assert len(world.port.call("GET", "payment_intents")["data"]) == 1


@rests_on(
    "https://docs.stripe.com/error-low-level#server-errors",
    "treat as indeterminate",
    fake_only="needs a fault at a chosen moment",
)
def test_a_500_is_remembered_though_its_effect_has_happened(world: World) -> None:
    world.fake.set_fault(once("after", SAVED_500))

    replies = [hold(world.port, key="k") for _ in range(2)]

    held = world.port.call("GET", "payment_intents")["data"]
    assert [reply.status for reply in replies] == [500, 500]
    assert replies[1].headers["Idempotent-Replayed"] == "true"
    assert [intent["status"] for intent in held] == ["requires_capture"]


@rests_on(
    "https://docs.stripe.com/error-low-level#server-errors",
    fake_only="needs a fault at a chosen moment",
)
def test_a_500_may_also_be_remembered_without_any_effect(world: World) -> None:
    world.fake.set_fault(once("before", SAVED_500))

    replies = [hold(world.port, key="k") for _ in range(2)]

    assert [reply.status for reply in replies] == [500, 500]
    assert world.port.call("GET", "payment_intents")["data"] == []


@rests_on(
    "https://docs.stripe.com/error-low-level#connection-errors",
    fake_only="needs a fault at a chosen moment",
)
def test_a_lost_answer_is_found_by_repeating(world: World) -> None:
    world.fake.set_fault(once("after", Fault(503)))

    lost, again = hold(world.port, key="k"), hold(world.port, key="k")

    assert (lost.status, again.status) == (503, 200)
    assert len(world.port.call("GET", "payment_intents")["data"]) == 1


@rests_on(
    "https://docs.stripe.com/error-low-level#connection-errors",
    fake_only="needs a fault at a chosen moment",
)
@pytest.mark.parametrize("stage", ["before", "after"])
def test_a_crash_leaves_either_all_or_nothing(world: World, stage: Stage) -> None:
    intent = pay(world.port)

    def crash(at: Stage, _call: Call) -> None:
        if at == stage:
            raise ConnectionResetError

    world.fake.set_fault(crash)
    with pytest.raises(ConnectionResetError):
        refund(world.port, intent, amount=500)

    world.fake.set_fault(lambda _stage, _call: None)
    charge = world.port.call("GET", f"charges/{look(world.port, intent)['latest_charge']}")
    assert charge["amount_refunded"] == (0 if stage == "before" else 500)
