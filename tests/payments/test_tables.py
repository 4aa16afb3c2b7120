"""The rules of money that need nothing but numbers: legs, splits, what to do next."""

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.payments import ledger, status
from chalicelib.payments.errors import PaymentsImpossibleError
from chalicelib.payments.finishing import Step, next_step
from chalicelib.payments.ledger import Entry
from chalicelib.payments.methods import MethodName, minimum
from chalicelib.payments.payment import Leg, Payment, Subject
from chalicelib.payments.schemas import PaymentRequest
from chalicelib.payments.splitting import split
from chalicelib.payments.status import (
    EVENT_TYPES,
    HOLDING,
    LEG_MOVES,
    LegCommand,
    LegStatus,
    Operation,
)

SUBJECT = Subject("order", "ord_1")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RANK = [
    LegStatus.REQUIRES_PAYMENT, LegStatus.REQUIRES_ACTION, LegStatus.AUTHORIZED,
    LegStatus.CAPTURED, LegStatus.PARTIALLY_REFUNDED, LegStatus.REFUNDED,
]  # fmt: skip
OUT = {
    LegStatus.FAILED, LegStatus.VOIDED, LegStatus.EXPIRED,
    LegStatus.CAPTURE_FAILED, LegStatus.DISPUTED,
}  # fmt: skip


def leg(
    amount: int = 1000,
    stands: LegStatus = LegStatus.AUTHORIZED,
    operation: Operation | None = None,
    intended: int = 0,
    ident: str = "leg_1",
    method: MethodName = "card",
    captured: int = 0,
    purpose: str = "due",
) -> Leg:
    return Leg(
        id=ident,
        method=method,
        purpose=purpose,
        balance_id=None,
        balance_kind=None,
        opened_at=NOON,
        amount=amount,
        currency="KRW",
        status=stands,
        attempt=1,
        intent_id="pi_1",
        captured=captured,
        refunded=0,
        decline_code=None,
        operation=operation,
        operation_amount=intended,
        due_at=None,
        capture_before=None,
        method_id=None,
        saves=False,
    )


def payment(*legs: Leg) -> Payment:
    return Payment(
        subject=SUBJECT,
        payer="mina",
        currency="KRW",
        due=sum(one.amount for one in legs),
        authorized=0,
        captured=sum(one.captured for one in legs),
        refunded=0,
        version=1,
        sale=None,
        sold=0,
        written_off=0,
        returned=0,
        opened_at=NOON,
        legs=legs,
    )


@pytest.mark.parametrize(("start", "command"), list(itertools.product(LegStatus, LegCommand)))
def test_a_leg_only_goes_forward_or_out_but_for_a_declined_challenge(
    start: LegStatus, command: LegCommand
) -> None:
    target = status.after(start, command)

    if target is None or target in OUT:
        assert target is None or start not in OUT
    elif command is LegCommand.ASK_AGAIN:
        assert (start, target) == (LegStatus.REQUIRES_ACTION, LegStatus.REQUIRES_PAYMENT)
    elif command is LegCommand.REFUND_PART:
        assert target is LegStatus.PARTIALLY_REFUNDED
    elif command in {LegCommand.RETURN_REFUND, LegCommand.RETURN_REFUND_PART}:
        assert start in {LegStatus.REFUNDED, LegStatus.PARTIALLY_REFUNDED}
        assert target in {LegStatus.CAPTURED, LegStatus.PARTIALLY_REFUNDED}
    else:
        assert RANK.index(target) > RANK.index(start)


def test_money_is_taken_only_of_what_is_held_and_every_state_has_its_event() -> None:
    starts = {
        start
        for (start, command), end in LEG_MOVES.items()
        if end is LegStatus.CAPTURED and command is not LegCommand.RETURN_REFUND
    }

    assert starts == {LegStatus.AUTHORIZED}
    assert set(EVENT_TYPES) == set(LegStatus)


@given(
    st.lists(st.integers(100, 10**6), min_size=1, max_size=5),
    st.integers(0, 4),
    st.booleans(),
)
def test_a_split_sums_to_what_is_due_exactly(
    amounts: list[int],
    place: int,
    left_open: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    asked: list[int | None] = list(amounts)
    if left_open:
        asked[place % len(asked)] = None
    requests = [PaymentRequest(amount=amount) for amount in asked]

    taken = split(requests, sum(amounts), "KRW")

    assert taken == amounts


@given(st.lists(st.none() | st.integers(0, 10**6), max_size=5), st.integers(0, 10**6))
def test_no_split_is_ever_more_or_less_than_what_is_due(asked: list[int | None], due: int) -> None:
    requests = [PaymentRequest(amount=amount) for amount in asked]
    try:
        taken = split(requests, due, "KRW")
    except PaymentsImpossibleError:
        return

    assert sum(taken) == due
    assert all(amount >= minimum("KRW") for amount in taken)


@pytest.mark.parametrize(
    ("asked", "due", "currency", "pointers"),
    [
        ([{"amount": 500}, {"amount": 400}], 1000, "KRW", ["/payments"]),
        ([{}, {}], 1000, "KRW", ["/payments", "/payments/0/amount", "/payments/1/amount"]),
        ([{"amount": 2000}, {}], 1000, "KRW", ["/payments/1/amount"]),
        ([{"amount": 950}, {}], 1000, "KRW", ["/payments/1/amount"]),
        ([{"method": "kakao_pay"}], 1000, "USD", ["/payments/0/method"]),
        ([{}], 100_000_000, "KRW", ["/payments/0/amount"]),
        ([], 1000, "KRW", ["/payments"]),
        ([{"amount": 500}], 0, "KRW", ["/payments"]),
    ],
)
def test_every_problem_of_a_split_is_told_with_its_place(
    asked: list[dict[str, object]], due: int, currency: str, pointers: list[str]
) -> None:
    requests = [PaymentRequest.model_validate(one) for one in asked]

    with pytest.raises(PaymentsImpossibleError) as told:
        split(requests, due, currency)

    assert [error["pointer"] for error in told.value.errors] == pointers


def test_nothing_due_needs_no_payment() -> None:
    assert split([PaymentRequest()], 0, "KRW") == []


LEGS = st.lists(
    st.builds(leg, st.integers(100, 10_000), st.sampled_from(sorted(HOLDING))), max_size=4
)


@given(LEGS, st.integers(0, 40_000))
def test_step_by_step_exactly_what_is_owed_is_taken_and_nothing_stays_held(
    legs: list[Leg], owed: int
) -> None:
    named = [leg(one.amount, one.status, ident=f"leg_{n}") for n, one in enumerate(legs)]
    held = sum(one.amount for one in named if one.status is LegStatus.AUTHORIZED)

    while (step := next_step(payment(*named), owed)) is not None:
        amount, done = 0, LegStatus.VOIDED
        if step.operation is Operation.CAPTURE:
            assert step.leg.status is LegStatus.AUTHORIZED
            assert 0 < step.amount <= step.leg.amount
            amount, done = step.amount, LegStatus.CAPTURED
        named = [
            leg(one.amount, done, ident=one.id, captured=amount) if one.id == step.leg.id else one
            for one in named
        ]

    assert payment(*named).taken == min(owed, held)
    assert all(one.status not in HOLDING for one in named)


@pytest.mark.parametrize("operation", [Operation.CAPTURE, Operation.VOID])
def test_what_was_once_intended_is_done_as_it_was_intended(operation: Operation) -> None:
    first, second = leg(ident="leg_1"), leg(ident="leg_2", operation=operation, intended=700)

    step = next_step(payment(first, second), owed=2000)

    assert step == Step(second, operation, 700)


def test_entries_that_do_not_sum_to_zero_are_never_posted() -> None:
    with pytest.raises(ValueError, match="do not sum to zero"):
        ledger.post(SUBJECT, "sale", "KRW", [Entry("a", 100, "x"), Entry("b", -99, "x")])


def test_an_entry_of_nothing_is_left_out() -> None:
    entries = [Entry("a", 100, "x"), Entry("b", 0, "x"), Entry("c", -100, "x")]

    parts = ledger.post(SUBJECT, "sale", "KRW", entries)

    assert [part.item.sk for part in parts] == ["sale#00", "sale#02"]
