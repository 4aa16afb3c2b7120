"""A push crosses others' servers and lies on a locked screen: it says no more than it must."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest

from chalicelib.core import ids
from chalicelib.notifications import payloads, sifting
from chalicelib.notifications.payloads import News
from sandbox.cloud.phones import Phones
from tests import people
from tests.notifications import ringing
from tests.notifications.desk import COURIER, CUSTOMER, OFFER, Desk, connected, put_push
from tests.privacy.test_nothing_personal import CANARIES, live
from tests.world import World

MAY_BE_SAID = {"event_id", "type", "version", "delivery_id", *sifting.KEPT}
SECRET: dict[str, Any] = {
    "pin": "4711",
    "given_name": "Canary",
    "location": {"type": "Point", "coordinates": [126.92361837, 37.56211234]},
    "courier_id": COURIER,
    "customer_id": CUSTOMER,
    "address": "Canary-ro 77",
    "note": "canary",
}


@pytest.fixture
def phones() -> Iterator[Phones]:
    made = Phones()
    with connected(made):
        put_push({"fcm": made.create_application("test", "GCM")})
        yield made


def test_no_push_of_a_whole_story_repeats_what_a_customer_has_told(
    world_at: World, phones: Phones
) -> None:
    for token, phone in (
        (world_at.customer(), "minas-phone"),
        (people.person("merchant", "owner"), "owners-phone"),
    ):
        said = {"platform": "fcm", "token": phone, "language": "ko"}
        world_at.call("PUT", f"/v1/devices/{ids.new('dev')}", said, token=token)

    live(world_at)
    ringing.hear_everything()

    told = [*phones.inbox("minas-phone"), *phones.inbox("owners-phone")]
    assert {message.data["type"] for message in told} >= {"order.cancelled", "order.delivered"}
    text = json.dumps([asdict(message) for message in told], ensure_ascii=False)
    assert [canary for canary in CANARIES if canary in text] == []


@pytest.mark.parametrize("event_type", ["delivery.offered", "delivery.order_picked"])
def test_what_an_event_says_too_much_stays_behind(event_type: str, desk: Desk) -> None:
    desk.register(COURIER)
    desk.order("CONFIRMED")
    desk.offered_to(COURIER)

    desk.tell(event_type, offer_id=OFFER, **SECRET)

    told = [*desk.inbox(f"{COURIER}-token"), *desk.inbox(f"{CUSTOMER}-token")]
    assert told
    for message in told:
        text = json.dumps(asdict(message)).replace(f"{COURIER}-token", "")
        assert set(message.data) <= MAY_BE_SAID
        assert [one for one in map(str, SECRET.values()) if one in text] == []


def test_everything_that_is_said_is_text_and_small() -> None:
    news = News(
        "t" * 120, "b" * 120, {"event_id": "e" * 30}, "ord_" + "x" * 26, urgent=True, seconds=9
    )

    for service in ("GCM", "APNS", "APNS_SANDBOX"):
        arn = f"arn:aws:sns:us-east-1:1:endpoint/{service}/ieum/1"
        letter = payloads.letter(arn, news)

        assert set(json.loads(letter.message)) == {"default", service}
        assert len(letter.message.encode()) < 4096


def test_apples_test_service_is_addressed_by_its_own_name_and_apples_headers() -> None:
    news = News("t", "b", {}, "ord_1", urgent=False, seconds=9)

    letter = payloads.letter("arn:aws:sns:us-east-1:1:endpoint/APNS_SANDBOX/ieum/1", news)

    assert {name: one["StringValue"] for name, one in letter.attributes.items()} == {
        "AWS.SNS.MOBILE.APNS.COLLAPSE_ID": "ord_1",
        "AWS.SNS.MOBILE.APNS.PRIORITY": "5",
        "AWS.SNS.MOBILE.APNS.PUSH_TYPE": "alert",
        "AWS.SNS.MOBILE.APNS_SANDBOX.TTL": "9",
    }
