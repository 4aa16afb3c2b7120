"""Being asked, and answering: of all who are asked, exactly one gets the delivery."""

import pytest

from chalicelib.core import dynamo
from chalicelib.couriers import offering, zones
from chalicelib.couriers.models import DIRTY, OfferItem, courier_key, offer_key, shard_key
from chalicelib.couriers.zone_models import ZoneDirty
from tests.couriers.street import ZONE, Rider, Street, at_once, events


def _status(offer_id: str, courier: str) -> str:
    found = dynamo.get(OfferItem, courier_key(courier), offer_key(offer_id))
    assert found
    return str(found.status)


def _changes(subject: str) -> int:
    found = dynamo.get(ZoneDirty, shard_key(ZONE, subject), DIRTY)
    return int(found.changes) if found else 0


def test_an_offer_says_what_a_courier_has_to_know_and_not_where_the_customer_lives(
    street: Street, jun: Rider
) -> None:
    (offer_id,) = street.offer_to(jun)

    (offer,) = jun.get("/v1/offers")["items"]

    assert offer["id"] == offer_id
    assert offer["status"] == "pending"
    assert offer["pickup"]["address"] == "Yeonnam-dong 1"
    assert offer["drop_area"]["precision_metres"] == 1000
    assert offer["metres_to_pickup"] < 100
    assert offer["earning"] == {
        "currency": "KRW", "gross": 3000, "fee": 150, "net": 2850, "tip": 0,
    }  # fmt: skip
    assert "Yanghwa-ro" not in str(offer)
    assert "126.924" not in str(offer["drop_area"])


def test_seeing_an_offer_is_noted_once(street: Street, jun: Rider) -> None:
    (offer_id,) = street.offer_to(jun)

    answers = [jun.answer(offer_id, "view") for _ in range(2)]

    assert [answer.json["status"] for answer in answers] == ["viewed", "viewed"]
    assert _status(offer_id, "jun") == "viewed"
    assert jun.answer(offer_id).status == 200


def test_accepting_gives_the_courier_the_address_and_the_job(street: Street, jun: Rider) -> None:
    order_id = street.order(note="Ring twice")
    (offer_id,) = street.offer_to(jun, order_id=order_id)

    answer = jun.answer(offer_id)

    assert answer.status == 200
    assert answer.json["status"] == "ACCEPTED"
    assert answer.json["order_id"] == order_id
    assert answer.json["drop_off"]["address"] == "Yanghwa-ro 45"
    assert answer.json["note"] == "Ring twice"
    assert answer.json["pin_tries_left"] == 5
    duty = jun.get("/v1/duty")
    assert (duty["jobs"], duty["offer_id"]) == ([answer.json["id"]], None)
    assert jun.get("/v1/offers")["items"] == []
    assert offering.opened(ZONE, answer.json["id"]) is None
    assert events(answer.json["id"])[-1] == "delivery.accepted"


def test_accepting_again_changes_nothing_and_says_the_same(street: Street, jun: Rider) -> None:
    (offer_id,) = street.offer_to(jun)

    first, second = jun.answer(offer_id), jun.answer(offer_id)

    assert (first.status, second.status) == (200, 200)
    assert first.text == second.text


def test_of_two_couriers_accepting_at_once_exactly_one_gets_the_delivery(street: Street) -> None:
    jun, mia = street.rider("jun"), street.rider("mia")

    for _ in range(4):
        order_id = street.order()
        ours, theirs = street.offer_to(jun, mia, order_id=order_id)
        answers = at_once(lambda: jun.answer(ours), lambda: mia.answer(theirs))  # noqa: B023 - used at once

        assert sorted(answer.status for answer in answers) == [200, 409]
        codes = {answer.json["code"] for answer in answers if answer.status == 409}
        assert codes == {"already_taken"}
        winner = jun if answers[0].status == 200 else mia
        loser = mia if winner is jun else jun
        delivery = street.delivery(order_id)
        assert delivery.courier_id == winner.name
        assert winner.get("/v1/duty")["jobs"] == [delivery.id]
        assert loser.get("/v1/duty") | {"since": None} == {
            "status": "on", "zone": ZONE, "since": None, "vehicle": "scooter", "jobs": [],
            "offer_id": None, "ends_by": None, "break_since": None,
        }  # fmt: skip
        assert winner.step(delivery.id, "release", body={"code": "other"}).status == 200


def test_many_acceptances_by_one_courier_at_once_are_one(street: Street, jun: Rider) -> None:
    (offer_id,) = street.offer_to(jun)

    answers = at_once(*[lambda: jun.answer(offer_id)] * 5)

    assert {answer.status for answer in answers} == {200}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert events(answers[0].json["id"]).count("delivery.accepted") == 1


def test_who_is_second_is_told_so_and_is_free_to_be_asked_again(street: Street) -> None:
    jun, mia = street.rider("jun"), street.rider("mia")
    ours, theirs = street.offer_to(jun, mia)
    jun.answer(ours)

    late = mia.answer(theirs)

    assert (late.status, late.json["code"]) == (409, "already_taken")
    assert _status(theirs, "mia") == "revoked"
    assert street.job(mia).courier_id == "mia"


def test_after_its_time_an_offer_is_gone_though_nobody_has_noted_it(
    street: Street, jun: Rider
) -> None:
    (offer_id,) = street.offer_to(jun)
    street.world.clock.move(45)

    answers = [jun.answer(offer_id, how) for how in ("accept", "decline", "view")]

    assert {(answer.status, answer.json["code"]) for answer in answers} == {(410, "offer_gone")}
    assert jun.get("/v1/offers")["items"] == []
    assert jun.get("/v1/duty")["offer_id"] is None
    assert _status(offer_id, "jun") == "pending"


def test_an_offer_can_be_accepted_until_its_very_end(street: Street, jun: Rider) -> None:
    (offer_id,) = street.offer_to(jun)
    street.world.clock.move(44.9)

    assert jun.answer(offer_id).status == 200


def test_what_was_seen_in_time_is_gone_after_it(street: Street, jun: Rider) -> None:
    (offer_id,) = street.offer_to(jun)
    jun.answer(offer_id, "view")
    street.world.clock.move(45)

    assert jun.answer(offer_id, "view").status == 410


def test_after_the_order_was_given_up_its_offer_is_gone(street: Street, jun: Rider) -> None:
    order_id = street.order()
    (offer_id,) = street.offer_to(jun, order_id=order_id)
    street.world.cancel(order_id, street.world.operator())

    answer = jun.answer(offer_id)

    assert (answer.status, answer.json["code"]) == (410, "offer_gone")
    assert jun.get("/v1/duty")["jobs"] == []


def test_declining_costs_nothing_and_is_not_asked_again(street: Street, jun: Rider) -> None:
    order_id = street.order()
    (offer_id,) = street.offer_to(jun, order_id=order_id)
    delivery = street.delivery(order_id)

    answers = [jun.answer(offer_id, "decline") for _ in range(2)]

    assert [answer.json["status"] for answer in answers] == ["declined", "declined"]
    assert events(delivery.id)[-1:] == ["delivery.offer_declined"]
    assert events(delivery.id).count("delivery.offer_declined") == 1
    opened = offering.opened(ZONE, delivery.id)
    assert opened
    assert (opened.offers, opened.refused) == ([], ["jun"])
    assert opened.version == street.delivery(order_id).version
    assert jun.get("/v1/duty")["offer_id"] is None
    assert jun.answer(offer_id).status == 410


def test_declining_one_offer_leaves_that_of_another_courier(street: Street, jun: Rider) -> None:
    mia = street.rider("mia")
    ours, theirs = street.offer_to(jun, mia)

    jun.answer(ours, "decline")

    assert mia.answer(theirs).status == 200


@pytest.mark.parametrize("how", ["view", "accept", "decline"])
def test_an_offer_to_another_is_not_there(how: str, street: Street, jun: Rider) -> None:
    mia = street.rider("mia")
    (offer_id,) = street.offer_to(jun)

    answer = mia.answer(offer_id, how)

    assert answer.status == 404
    assert _status(offer_id, "jun") == "pending"


def test_who_went_off_duty_has_declined_what_they_were_asked(street: Street, jun: Rider) -> None:
    (offer_id,) = street.offer_to(jun)

    jun.end()

    assert _status(offer_id, "jun") == "declined"
    assert jun.answer(offer_id).status == 410


def test_every_answer_tells_the_zone(street: Street, jun: Rider) -> None:
    order_id = street.order()
    (offer_id,) = street.offer_to(jun, order_id=order_id)
    delivery_id = street.delivery(order_id).id
    before = _changes(delivery_id)

    jun.answer(offer_id, "decline")
    declined = _changes(delivery_id)
    (second,) = street.offer_to(jun, order_id=order_id)
    jun.answer(second)

    assert declined == before + 1
    assert _changes(delivery_id) == declined + 2
    assert zones.touch(ZONE, delivery_id).verb == "Update"
