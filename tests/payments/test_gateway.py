"""Stripe's answers, told in four kinds, since each allows something else to be done next."""

import pytest

from chalicelib.payments import gateway, genuine
from sandbox.stripe.client import lost_connection
from sandbox.stripe.faults import LOCK_TIMEOUT, RATE_LIMITED, Call, Fault
from sandbox.stripe.signing import signature_header
from tests import people
from tests.world import World

WANTED = {
    "kind": "order",
    "subject": "ord_1",
    "leg": "leg_1",
    "method": "card",
    "currency": "KRW",
    "attempt": 1,
}


def _create(amount: int = 1000) -> gateway.Intent:
    return gateway.create(amount=amount, **WANTED)  # type: ignore[arg-type] # a table of arguments


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(402, "card_error", "card_declined"), gateway.DeclinedError),
        (RATE_LIMITED, gateway.ThrottledError),
        (LOCK_TIMEOUT, gateway.ThrottledError),
        (Fault(409, "invalid_request_error", "in_use"), gateway.ThrottledError),
        (Fault(409, "idempotency_error", None), gateway.ThrottledError),
        (Fault(400, "idempotency_error", None), gateway.ThrottledError),
        (Fault(400, "invalid_request_error", None), gateway.RefusedError),
        (Fault(404, "invalid_request_error", "resource_missing"), gateway.RefusedError),
        (Fault(401, "invalid_request_error", None), gateway.UnknownOutcomeError),
        (Fault(500, "api_error"), gateway.UnknownOutcomeError),
        (Fault(503, "api_error"), gateway.UnknownOutcomeError),
    ],
    ids=str,
)
def test_each_answer_is_told_by_what_may_be_done_now(
    world_at: World, fault: Fault, kind: type[gateway.GatewayError]
) -> None:
    world_at.stripe.set_fault(lambda _stage, _call: fault)

    with pytest.raises(gateway.GatewayError) as told:
        _create()

    assert type(told.value) is kind
    assert told.value.code


def test_a_connection_that_was_lost_is_an_unknown_outcome(world_at: World) -> None:
    def lose(_stage: str, _call: Call) -> Fault | None:
        raise lost_connection()

    world_at.stripe.set_fault(lose)

    with pytest.raises(gateway.UnknownOutcomeError):
        _create()


def test_the_same_key_makes_one_intent_and_another_amount_is_refused(world_at: World) -> None:
    first, second = _create(), _create()

    with pytest.raises(gateway.ThrottledError):
        _create(amount=2000)

    assert first == second
    assert len(world_at.intents()) == 1
    assert (first.leg, first.subject_id, first.env) == ("leg_1", "ord_1", "test")


def test_an_intent_is_found_by_what_it_was_made_for(world_at: World) -> None:
    made = _create()
    since = int(world_at.clock()) - 1

    assert gateway.find("ord_1", "leg_1", since) == made
    assert gateway.find("ord_1", "leg_2", since) is None
    assert gateway.find("ord_1", "leg_1", since + 60) is None


def test_bytes_that_are_no_text_are_never_genuine(world_at: World) -> None:
    body = b"\xff\xfe"
    header = signature_header([people.STRIPE_SECRET], int(world_at.clock()), body)

    with pytest.raises(genuine.ForgedError):
        genuine.demand_genuine(body, header)
