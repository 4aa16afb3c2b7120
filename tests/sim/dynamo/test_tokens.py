"""Tokens of transactions: good for ten minutes, for the same parameters, for what succeeded."""

import pytest

from tests.clocks import StandingClock
from tests.sim.dynamo.port import THINGS, Port, part, putting, raw, refused

cites = pytest.mark.cites

TOKEN = "APIReference/API_TransactWriteItems.html#DDB-TransactWriteItems-request-ClientRequestToken"
ABSENT = "attribute_not_exists(pk)"
CANCELLED = "TransactionCanceledException"


@pytest.mark.usefixtures("clock_at")
@cites(TOKEN)
def test_a_token_acts_once(port: Port) -> None:
    for _ in range(3):
        port.transact(("Update", part("a", "ADD n :v", {":v": 1})), token="t1")

    assert port.get("a") == {"n": 1}


@pytest.mark.usefixtures("clock_at")
@cites(TOKEN)
def test_a_token_answers_as_before_though_the_condition_fails_now(port: Port) -> None:
    for _ in range(2):
        port.transact(("Put", putting("a", condition=ABSENT)), token="t2")

    assert port.get("a") == {}


@pytest.mark.usefixtures("clock_at")
@cites(TOKEN)
def test_a_token_refuses_other_parameters(port: Port) -> None:
    port.transact(("Put", putting("a")), token="t3")

    with refused("IdempotentParameterMismatchException"):
        port.transact(("Put", putting("b")), token="t3")

    assert port.get("b") is None


@cites(TOKEN)
def test_a_token_is_good_for_ten_minutes(port: Port, clock_at: StandingClock) -> None:
    if port.is_distant:
        pytest.skip("its clock is not ours")
    port.transact(("Update", part("a", "ADD n :v", {":v": 1})), token="t4")
    clock_at.move(599)
    port.transact(("Update", part("a", "ADD n :v", {":v": 1})), token="t4")
    assert port.get("a") == {"n": 1}

    clock_at.move(2)
    port.transact(("Update", part("a", "ADD n :v", {":v": 1})), token="t4")

    assert port.get("a") == {"n": 2}


@pytest.mark.usefixtures("clock_at")
@cites(TOKEN)
def test_a_token_of_a_cancelled_transaction_may_be_tried_again(port: Port) -> None:
    port.put("a")
    writing = ("Put", putting("a", condition=ABSENT))
    with refused(CANCELLED):
        port.transact(writing, token="t5")
    port.client.delete_item(TableName=THINGS, Key=raw({"pk": "a", "sk": "1"}))

    port.transact(writing, token="t5")

    assert port.get("a") == {}
