"""At least once, soon, or not at all: what comes twice or late, cancels, and phones that die."""

import json

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.core import clock, ids
from chalicelib.notifications import devices
from tests.clocks import StandingClock
from tests.conftest import Said
from tests.dynamo_faults import Faults, refused
from tests.notifications.desk import (
    COURIER,
    CUSTOMER,
    OFFER,
    STAFF,
    Desk,
    put_push,
)

TOKEN = f"{CUSTOMER}-token"
CONFIRMED = "order.confirmed"
LOST = ReadTimeoutError(endpoint_url="http://push.test")


def _alive(person: str = CUSTOMER) -> list[bool]:
    return [device.alive for device in devices.listing(person).items]


# --- twice -----------------------------------------------------------------------------------


def test_a_bell_that_rings_twice_is_heard_once(desk: Desk) -> None:
    desk.order("CONFIRMED")
    bell = desk.happens(CONFIRMED)

    desk.ring(bell, bell)
    desk.ring(bell)

    assert desk.told(CUSTOMER) == [CONFIRMED]


def test_a_device_that_comes_later_hears_when_the_bell_rings_again(desk: Desk) -> None:
    desk.order("CONFIRMED")
    bell = desk.happens(CONFIRMED)
    desk.ring(bell)
    desk.register(CUSTOMER, "tablet-token")

    desk.ring(bell)

    assert (len(desk.inbox(TOKEN)), len(desk.inbox("tablet-token"))) == (1, 1)


def test_a_push_whose_answer_was_lost_comes_again_with_the_same_event_id(desk: Desk) -> None:
    desk.order("CONFIRMED")
    desk.wire.lost["Publish"] = [LOST]

    failed = desk.tell(CONFIRMED)

    first, again = desk.inbox(TOKEN)
    assert failed == []
    assert first.data["event_id"] == again.data["event_id"]
    assert first.collapse_key == again.collapse_key


def test_who_dies_between_the_push_and_its_note_tells_it_again(desk: Desk, faults: Faults) -> None:
    desk.order("CONFIRMED")
    bell = desk.happens(CONFIRMED)
    faults.come_to("PutItem", *[refused("ThrottlingException")] * 20)

    assert desk.ring(bell) == ["0"]
    faults.planned_for.clear()
    assert desk.ring(bell) == []

    assert desk.told(CUSTOMER) == [CONFIRMED] * 2


def test_who_is_customer_and_staff_of_an_order_hears_of_it_once_per_phone(desk: Desk) -> None:
    desk.employ(CUSTOMER)
    desk.order("CANCELLED")

    desk.tell("order.cancelled", code="too_busy", initiated_by="store")

    assert len(desk.inbox(TOKEN)) == 1


# --- late, overtaken, superseded --------------------------------------------------------------


def test_what_is_too_old_is_dropped(desk: Desk, clock_at: StandingClock, said: Said) -> None:
    desk.order("CONFIRMED")
    bell = desk.happens(CONFIRMED)
    clock_at.move(15 * 60 + 1)

    desk.ring(bell)

    assert desk.told(CUSTOMER) == []
    assert "too_old" in [line.get("code") for line in said()]


def test_after_a_cancel_nothing_else_of_that_order_is_told(desk: Desk, said: Said) -> None:
    desk.order("CANCELLED")
    bells = [desk.happens(CONFIRMED), desk.happens("order.created")]
    bells.append(desk.happens("order.cancelled", code="too_busy", initiated_by="store"))

    desk.ring(*bells)

    assert (desk.told(CUSTOMER), desk.told(STAFF)) == (["order.cancelled"], ["order.cancelled"])
    assert "superseded" in [line.get("code") for line in said()]


def test_a_cancelled_order_supersedes_the_steps_of_its_delivery_too(desk: Desk) -> None:
    desk.order("CANCELLED")

    desk.tell("delivery.accepted", courier_id=COURIER)

    assert desk.told(CUSTOMER) == []


def test_an_order_that_comes_back_is_told_though_it_is_cancelled(desk: Desk) -> None:
    desk.order("CANCELLED")

    desk.tell("delivery.returning", courier_id=COURIER)

    assert desk.told(CUSTOMER) == ["delivery.returning"]


@pytest.mark.parametrize(
    ("first", "then", "person"),
    [
        ("order.created", "order.confirmed", STAFF),
        ("order.confirmation_overdue", "order.confirmed", STAFF),
        ("order.confirmed", "order.dispatched", CUSTOMER),
        ("delivery.no_courier", "delivery.accepted", CUSTOMER),
        ("delivery.no_courier", "delivery.waited_for", CUSTOMER),
        ("delivery.accepted", "delivery.order_picked", CUSTOMER),
    ],
)
def test_what_later_news_have_overtaken_is_dropped(
    first: str, then: str, person: str, desk: Desk
) -> None:
    desk.order("CONFIRMED")
    bell = desk.happens(first)
    desk.happens(then, courier_id=COURIER)

    desk.ring(bell)

    assert first not in desk.told(person)


def test_a_phone_shows_only_the_last_news_of_an_order(desk: Desk) -> None:
    desk.order("DISPATCHED")

    desk.tell("delivery.accepted", courier_id=COURIER)
    desk.tell("delivery.order_picked", courier_id=COURIER)

    assert len({message.collapse_key for message in desk.inbox(TOKEN)}) == 1


# --- offers ----------------------------------------------------------------------------------


def test_an_offer_says_which_and_until_when(desk: Desk) -> None:
    desk.register(COURIER)
    desk.order("CONFIRMED")
    desk.offered_to(COURIER)

    desk.tell("delivery.offered", offer_id=OFFER, courier_id=COURIER)

    [message] = desk.inbox(f"{COURIER}-token")
    assert message.data["offer_id"] == OFFER
    assert message.data["until"] == clock.stamp(clock.after(45))
    assert message.payload["fcmV1Message"]["message"]["android"]["ttl"] == "45s"


@pytest.mark.parametrize("status", ["declined", "accepted", "expired", "revoked"])
def test_an_offer_that_is_over_is_not_told(status: str, desk: Desk) -> None:
    desk.register(COURIER)
    desk.order("CONFIRMED")
    desk.offered_to(COURIER, status=status)

    desk.tell("delivery.offered", offer_id=OFFER, courier_id=COURIER)

    assert desk.told(COURIER) == []


def test_an_offer_whose_time_has_passed_is_not_told(desk: Desk, clock_at: StandingClock) -> None:
    desk.register(COURIER)
    desk.order("CONFIRMED")
    desk.offered_to(COURIER)
    bell = desk.happens("delivery.offered", offer_id=OFFER, courier_id=COURIER)
    clock_at.move(46)

    desk.ring(bell)

    assert desk.told(COURIER) == []


def test_couriers_who_were_still_asked_hear_that_the_delivery_is_off(desk: Desk) -> None:
    for courier in (COURIER, "lena", "otto"):
        desk.register(courier)
    desk.order("CANCELLED")
    desk.happens("delivery.opened")
    desk.happens("delivery.offered", offer_id="ofr_1", courier_id="lena")
    desk.happens("delivery.offer_declined", offer_id="ofr_1", courier_id="lena")
    desk.happens("delivery.offered", offer_id="ofr_2", courier_id="otto")
    desk.happens("delivery.offer_expired", offer_id="ofr_2", courier_id="otto")
    desk.happens("delivery.offered", offer_id="ofr_3", courier_id=COURIER)

    desk.tell("delivery.cancelled", code="changed_mind")

    told = {courier: desk.told(courier) for courier in (COURIER, "lena", "otto")}
    assert told == {COURIER: ["delivery.cancelled"], "lena": [], "otto": []}


def test_what_a_courier_has_done_is_not_told_to_that_courier(desk: Desk) -> None:
    desk.register(COURIER)
    desk.order("CONFIRMED")

    desk.tell("delivery.cancelled", actor=f"courier:{COURIER}", courier_id=COURIER)

    assert desk.told(COURIER) == []


def test_a_courier_with_no_order_in_hand_is_asked_for_a_sign_of_life(desk: Desk) -> None:
    desk.register(COURIER, platform="apns")

    desk.tell("courier.silent", courier_id=COURIER)

    [message] = desk.inbox(f"{COURIER}-token")
    assert message.payload["aps"]["interruption-level"] == "time-sensitive"


# --- phones that die ---------------------------------------------------------------------------


def test_a_dead_phone_is_marked_and_the_next_one_hears(desk: Desk, said: Said) -> None:
    desk.register(CUSTOMER, "tablet-token")
    desk.phones.bury(TOKEN)
    desk.order("CONFIRMED")

    failed = desk.tell(CONFIRMED)

    assert failed == []
    assert sorted(_alive()) == [False, True]
    assert len(desk.inbox("tablet-token")) == 1
    assert said()[-2]["said"] == "People were told"


def test_an_endpoint_that_is_gone_counts_as_dead(desk: Desk) -> None:
    [device] = devices.of_person(CUSTOMER)
    desk.phones.delete_endpoint(str(device.endpoint_arn))
    desk.order("CONFIRMED")

    assert desk.tell(CONFIRMED) == []

    assert _alive() == [False]


def test_when_nobody_is_left_that_is_a_fact_of_the_log(desk: Desk, said: Said) -> None:
    desk.phones.bury(TOKEN)
    desk.order("CONFIRMED")

    desk.tell(CONFIRMED)
    asked = desk.wire.asked.count("Publish")
    desk.tell("delivery.accepted", courier_id=COURIER)

    nobody = [line for line in said() if line["said"] == "Nobody was there to be told"]
    assert [line["gone"] for line in nobody] == [1, 0]
    assert desk.wire.asked.count("Publish") == asked + 1  # the manager's, who hears who comes


def test_a_phone_that_registers_again_is_reached_again(desk: Desk) -> None:
    [before] = devices.of_person(CUSTOMER)
    desk.phones.bury(TOKEN)
    desk.order("CONFIRMED")
    desk.tell(CONFIRMED)

    desk.register(CUSTOMER, "new-token", before.id)
    desk.tell("delivery.accepted", courier_id=COURIER)

    assert _alive() == [True]
    assert [message.data["type"] for message in desk.inbox("new-token")] == ["delivery.accepted"]


def test_a_note_of_death_does_not_bury_who_has_registered_meanwhile(
    desk: Desk, clock_at: StandingClock
) -> None:
    [stale] = devices.of_person(CUSTOMER)
    clock_at.move(1)
    desk.register(CUSTOMER, "new-token", stale.id)

    devices.note(stale, alive=False, endpoint_arn=stale.endpoint_arn)

    assert _alive() == [True]


# --- SNS says no -------------------------------------------------------------------------------


def test_what_is_throttled_comes_again_for_those_alone_who_were_not_told(
    desk: Desk, said: Said
) -> None:
    desk.register(CUSTOMER, "tablet-token", "dev_00000000000000000000000000")
    desk.order("CONFIRMED")
    bell = desk.happens(CONFIRMED)
    desk.phones.throttle(3)

    assert desk.ring(bell) == ["0"]
    first = (len(desk.inbox(TOKEN)), len(desk.inbox("tablet-token")))
    assert desk.ring(bell) == []

    assert sum(first) == 1
    assert (len(desk.inbox(TOKEN)), len(desk.inbox("tablet-token"))) == (1, 1)
    codes = [str(line.get("code")) for line in said()]
    assert "UnavailableError Throttled" in codes


def test_a_bell_that_fails_leaves_the_others_alone(desk: Desk) -> None:
    desk.order("CONFIRMED")
    first, second = desk.happens(CONFIRMED), desk.happens("order.created")
    desk.wire.broken["Publish"] = [LOST] * 3

    assert desk.ring(first, second) == ["0"]
    assert desk.told(STAFF) == ["order.created"]


def test_without_platform_applications_pushes_are_skipped_and_that_is_said(
    bare: Desk, said: Said
) -> None:
    bare.register(CUSTOMER)
    bare.order("CONFIRMED")

    assert bare.tell(CONFIRMED) == []

    assert bare.wire.asked == []
    assert "There is no platform application to push with" in [line["said"] for line in said()]


def test_who_registered_before_there_were_applications_is_reached_once_there_are(
    bare: Desk,
) -> None:
    bare.register(CUSTOMER)
    bare.order("CONFIRMED")
    bare.known_to_sns()

    bare.tell(CONFIRMED)
    bare.tell("delivery.accepted", courier_id=COURIER)

    assert bare.told(CUSTOMER) == [CONFIRMED, "delivery.accepted"]
    assert bare.wire.asked.count("CreatePlatformEndpoint") == 1


def test_a_token_that_sns_refuses_only_when_it_pushes_is_dead(
    bare: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare.register(CUSTOMER)
    bare.order("CONFIRMED")
    put_push({"fcm": "arn:aws:sns:us-east-1:000000000000:app/GCM/test"})
    monkeypatch.setattr(bare.phones, "create_endpoint", _refuse)

    assert bare.tell(CONFIRMED) == []

    assert _alive() == [False]


def _refuse(*_: object) -> str:
    from sandbox.cloud.phones import Refused

    raise Refused("InvalidParameter", "Invalid parameter: Token Reason: not a token")


# --- bells -------------------------------------------------------------------------------------


def test_a_bell_for_nothing_is_heard_and_forgotten(desk: Desk, said: Said) -> None:
    desk.order("CONFIRMED")
    bell = desk.happens(CONFIRMED)
    nothing = type(bell)("order", bell.subject, 99, CONFIRMED)
    of_no_concern = type(bell)("order", bell.subject, bell.version, "order.preparing")

    assert desk.ring(nothing, of_no_concern) == []

    assert desk.told(CUSTOMER) == []
    assert "A bell rang for nothing" in [line["said"] for line in said()]


def test_an_event_of_an_order_that_is_gone_is_told_to_nobody(desk: Desk) -> None:
    assert desk.tell("delivery.accepted", order_id=ids.new("ord")) == []

    assert desk.told(CUSTOMER) == []


def test_no_line_of_the_log_holds_a_token_or_a_text(desk: Desk, said: Said) -> None:
    desk.phones.bury(TOKEN)
    desk.order("CONFIRMED")
    desk.tell(CONFIRMED)
    desk.tell("delivery.accepted", courier_id=COURIER)

    text = json.dumps(said())

    assert TOKEN not in text
    assert f"{STAFF}-token" not in text
    assert "endpoint/" not in text
