"""Each function has the rights of its role and no more: after all that, none was refused."""

import pytest

from tests.e2e import hooking, logs
from tests.e2e.running import wake
from tests.e2e.town import Town

pytestmark = pytest.mark.e2e


@pytest.fixture
def busy(town: Town) -> Town:
    """Where every function has had something to do, the sweeps included."""
    customer, store = town.customer(), town.store()
    placed = town.paid_order(store, customer)
    town.command(placed["order_id"], ("confirm", "ready", "picked-up"), store)
    town.await_intent(placed, "succeeded")
    town.await_books(placed["order_id"])
    hooking.play(town, store, customer)
    wake(town.box)
    return town


def test_every_function_ran_and_none_was_refused_timed_out_or_broke(busy: Town) -> None:
    box = busy.box

    assert logs.never_ran(box) == []
    assert logs.refusals(box) == []
    assert logs.breakages(box) == []
    assert logs.alarms(box) == []


def test_a_code_goes_by_mail_from_the_one_address_that_may_send(town: Town) -> None:
    asked = town.api.post("/v1/sign-in/codes", {"email": "mina@example.com", "language": "ko"})

    assert asked.status == 201, asked.json


def test_nothing_was_given_up(busy: Town) -> None:
    assert logs.dead_letters(busy.box) == {}
