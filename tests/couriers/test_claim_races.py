"""Claims and refusals that meet something half done: each race ends in one clear answer."""

import pytest

from chalicelib.core import clock, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.rights import Caller, Role
from chalicelib.couriers import answering, claiming, moving
from chalicelib.couriers.errors import AlreadyTakenError, OfferGoneError
from chalicelib.couriers.models import OfferItem
from chalicelib.couriers.zone_models import OnDuty, OpenDelivery
from tests.couriers.street import ZONE, Rider, Street, events

JUN = Caller("jun", frozenset({Role.COURIER}))


def _duty(rider: Rider) -> OnDuty:
    duty = rider.duty()
    assert duty is not None
    return duty


def test_a_courier_whose_duty_was_forgotten_cannot_accept(street: Street, jun: Rider) -> None:
    (offer_id,) = street.offer_to(jun)
    _duty(jun).delete()

    answer = jun.answer(offer_id)

    assert (answer.status, answer.json["code"]) == (409, "off_duty")


def test_a_courier_with_another_job_cannot_accept(street: Street, jun: Rider) -> None:
    (offer_id,) = street.offer_to(jun)
    _duty(jun).update([OnDuty.jobs.set(["dlv_other"])])

    answer = jun.answer(offer_id)

    assert (answer.status, answer.json["code"]) == (409, "on_a_job")


def test_what_was_accepted_in_another_request_just_now_is_read_again(
    street: Street, jun: Rider
) -> None:
    delivery = street.job(jun)

    with pytest.raises(BusyError):
        claiming._free([delivery], JUN)


def test_a_delivery_that_nobody_looks_for_any_more_is_read_again(
    street: Street, jun: Rider
) -> None:
    (offer_id,) = street.offer_to(jun)
    offer = answering.demand(offer_id, JUN)
    OpenDelivery.at(ZONE, offer.delivery_id).delete()

    with pytest.raises(BusyError):
        claiming._claimed(offer, JUN)


@pytest.mark.parametrize(
    ("status", "error"), [("accepted", BusyError), ("revoked", OfferGoneError)]
)
def test_an_offer_that_was_answered_meanwhile_says_how(status: str, error: type[Exception]) -> None:
    assert isinstance(claiming._repeated_or_gone({"status": {"S": status}}), error)


def test_a_rival_who_has_left_or_is_asked_something_else_is_left_alone(street: Street) -> None:
    jun, mia, ari = (street.rider(name) for name in ("jun", "mia", "ari"))
    ours, theirs, _ = street.offer_to(jun, mia, ari)
    _duty(mia).delete()
    _duty(ari).update([OnDuty.offer_id.set("ofr_other")])

    answer = jun.answer(ours)

    assert answer.status == 200
    assert answering.find(theirs, "mia").status == "revoked"  # type: ignore[union-attr]
    assert _duty(ari).offer_id == "ofr_other"


def test_who_ends_a_duty_drops_an_offer_that_is_over(street: Street, jun: Rider) -> None:
    (offer_id,) = street.offer_to(jun)
    offer = answering.demand(offer_id, JUN)
    offered = _duty(jun)
    OfferItem("COURIER#jun", f"OFFER#{offer_id}").update([OfferItem.status.set("revoked")])

    parts.commit(*answering.dropped(offered, "courier:jun"))

    assert _duty(jun).offer_id is None
    assert events(offer.delivery_id).count("delivery.offer_declined") == 0


def test_declining_what_was_taken_back_from_under_it_declines_the_offer_alone(
    street: Street, jun: Rider
) -> None:
    (offer_id,) = street.offer_to(jun)
    offer = answering.demand(offer_id, JUN)
    OpenDelivery.at(ZONE, offer.delivery_id).delete()
    _duty(jun).delete()

    answer = jun.answer(offer_id, "decline")

    assert answer.status == 200
    assert answer.json["status"] == "declined"
    assert moving.demand(offer.delivery_id).version == 2
    assert clock.parse(offer.until) > clock.now()


def test_an_offer_that_was_taken_back_with_its_order_is_gone(street: Street, jun: Rider) -> None:
    order_id = street.order("confirm")
    (offer_id,) = street.offer_to(jun, order_id=order_id)
    street.world.cancel(order_id)
    street.world.pump()

    answer = jun.answer(offer_id)

    assert (answer.status, answer.json["code"]) == (410, "offer_gone")


@pytest.mark.parametrize(
    ("status", "courier", "error"),
    [
        ("PENDING", None, BusyError),
        ("ACCEPTED", "jun", BusyError),
        ("ACCEPTED", "mia", AlreadyTakenError),
        ("CANCELLED", None, OfferGoneError),
        (None, None, OfferGoneError),
    ],
)
def test_what_stands_in_the_way_of_a_claim_says_why(
    status: str | None, courier: str | None, error: type[Exception]
) -> None:
    named = {"status": status, "courier_id": courier}
    raw = {name: {"S": value} for name, value in named.items() if value}

    assert isinstance(claiming._lost("jun", raw if status else None), error)
