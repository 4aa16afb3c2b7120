"""A check that cannot fail checks nothing: each of these must be found."""

from dataclasses import replace

import pytest

from sandbox.demo import check
from sandbox.robo.scripts import Script
from sandbox.robo.till_kitchen import Told
from tests.sandbox.demo.tales import books, report, story


def test_where_all_is_well_nothing_is_said() -> None:
    stories = [story(1), story(2, Script.REJECTED), story(3, Script.TAKEAWAY)]

    told = report(stories)

    assert check.faults(told) == []
    assert check.remarks(told) == []


def test_an_order_that_has_not_ended_is_a_fault() -> None:
    stories = [story(1)]
    stuck = books(stories, orders={"ord_1": "PREPARING"})

    [fault] = check.faults(report(stories, stuck))

    assert "ord_1 has not ended: it is PREPARING" in fault


def test_an_order_that_nobody_placed_is_a_fault() -> None:
    stories = [story(1)]
    doubled = books(stories, orders={"ord_1": "DELIVERED", "ord_9": "CANCELLED"})

    [fault] = check.faults(report(stories, doubled))

    assert "ord_9 was placed by nobody" in fault


def test_orders_of_the_rehearsal_are_known_and_must_end_too() -> None:
    stories, rehearsed = [story(1)], [story(-1, Script.TAKEAWAY)]
    kept = books(stories, orders={"ord_1": "DELIVERED", "ord_-1": "READY_FOR_PICKUP"})
    told = replace(report(stories, kept), rehearsed=rehearsed)

    [fault] = check.faults(told)

    assert "ord_-1 has not ended" in fault


def test_an_order_that_has_vanished_is_a_fault() -> None:
    stories = [story(1)]

    [fault] = check.faults(report(stories, books(stories, orders={})))

    assert "ord_1 was placed, and is not there" in fault


def test_nineteen_of_twenty_delivered_are_enough_and_eighteen_are_not() -> None:
    stories = [story(number) for number in range(1, 21)]

    stories[0].status = "CANCELLED"
    enough = check.faults(report(stories))
    stories[1].status = "CANCELLED"
    [too_few] = check.faults(report(stories))

    assert enough == []
    assert "Of 20 orders that should be delivered only 18 were." in too_few


def test_who_was_not_delivered_is_named() -> None:
    stories = [story(number) for number in range(1, 21)]
    stories[4].status, stories[4].code = "CANCELLED", "merchant_no_response"

    [remark] = check.remarks(report(stories))

    assert "order 5 (happy) is CANCELLED merchant_no_response ord_5" in remark


def test_a_machine_that_was_too_slow_is_told_and_no_fault() -> None:
    told = report([story(1)])
    slow = replace(told, traffic=replace(told.traffic, lags=[61.0] * 100))

    [remark] = check.remarks(slow)

    assert "1.02 city minutes (p99)" in remark
    assert check.faults(slow) == []
    assert check.remarks(replace(slow, chaos=["the pump"])) == []


def test_orders_that_were_never_meant_to_be_delivered_do_not_count() -> None:
    stories = [story(1), *(story(number, Script.CANCELLED_EARLY) for number in range(2, 9))]

    assert check.faults(report(stories)) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"captured": {"KRW": 9_999}}, "Stripe took 9999 KRW"),
        ({"refunded": {"KRW": 1}}, "Stripe took 9999 KRW"),
        ({"clearing": {"KRW": 10_001}}, "the ledger has 10001"),
        ({"owed": {"KRW": 0}}, "The orders owe 0"),
        ({"owed": {"KRW": 10_000, "JPY": 5}}, "The orders owe 5 JPY"),
        ({"accounts": {"payable:customer": {"KRW": -3}}}, "is left with -3 KRW"),
        ({"ledger": {"KRW": 1}}, "does not sum to zero"),
        ({"held": 2}, "2 payments hold money"),
        ({"dead_letters": {"PaymentBellsDead": 1}}, "1 messages lie in PaymentBellsDead"),
        ({"logged_5xx": 3}, "3 answers at the gateway were server errors"),
    ],
)
def test_each_flaw_in_the_books_is_a_fault(changed: dict[str, object], said: str) -> None:
    stories = [story(1)]

    faults = check.faults(report(stories, books(stories, **changed)))

    assert any(said in fault for fault in faults), faults


def test_a_server_error_that_an_actor_met_is_a_fault() -> None:
    [fault] = check.faults(report([story(1)], server_errors=1))

    assert "1 answers at the gateway were server errors" in fault


def test_a_command_that_was_refused_and_yet_done_is_a_fault() -> None:
    odd = story(1, Script.DOUBLE_TAPS)
    odd.oddities.append("picked-up was refused, and yet done")

    [fault] = check.faults(report([odd]))

    assert "picked-up was refused, and yet done" in fault


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (Told({"CREATED": 2, "CONFIRMED": 2}, 2, [422, 503]), ""),
        (Told({"CREATED": 1, "CONFIRMED": 2}, 2, []), "was not told of the beginning"),
        (Told({"CREATED": 2}, 2, [422, 500]), "was answered 500"),
    ],
)
def test_a_till_that_was_told_too_little_or_refused_is_a_fault(told: Told, said: str) -> None:
    faults = check.faults(replace(report([story(1)]), till=told))

    assert "".join(faults).count(said) == (1 if said else len(faults) + 1)
    assert bool(faults) is bool(said)


@pytest.mark.parametrize(
    ("last", "well"), [("DELIVERY_FINISHED", True), ("REJECTED", True), ("ORDER_PICKED", False)]
)
def test_a_parcel_of_the_tills_is_known_and_has_to_arrive(last: str, *, well: bool) -> None:
    stories = [story(1)]
    kept = books(stories)
    kept.orders["ord_parcel"] = "DELIVERED"
    told = Told({"CREATED": 1}, 1, [], {"ord_parcel": last})

    found = check.faults(replace(report(stories, kept), till=told))

    assert (found == []) is well
