"""The stories of orders, and the street they happen in."""

import pytest

from sandbox.robo.scripts import CASTINGS, Script
from sandbox.robo.story import Street
from tests.sandbox.demo.tales import story


@pytest.mark.parametrize("script", list(CASTINGS))
def test_a_story_that_ends_as_scripted_is_recognised(script: Script) -> None:
    assert story(1, script).as_scripted


def test_the_right_end_for_the_wrong_reason_is_not_as_scripted() -> None:
    told = story(1, Script.REJECTED)
    told.code = "merchant_no_response"

    assert not told.as_scripted


def test_a_concluded_order_was_delivered() -> None:
    told = story(1)
    told.status = "CONCLUDED"

    assert told.as_scripted


def test_a_store_is_shunned_until_everybody_who_shunned_it_has_relented() -> None:
    street = Street()
    street.shun("sto_1")
    street.shun("sto_1")

    street.welcome("sto_1")
    still = street.is_shunned("sto_1")
    street.welcome("sto_1")

    assert still
    assert not street.is_shunned("sto_1")


def test_couriers_with_a_job_in_hand_are_counted() -> None:
    street = Street()

    with street.ride(), street.ride():
        riding = street.riding

    assert (riding, street.riding) == (2, 0)
