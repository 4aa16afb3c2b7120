import json
from dataclasses import asdict
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.core import aws, cursors, dynamo, events, outbox, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.outbox import Bell
from tests.clocks import StandingClock
from tests.conftest import Said
from tests.core.things import ThingEvent
from tests.dynamo_faults import Faults, refused

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/test-orders/stream/2026"


def _happen(version: int = 1, subject: str = "ord_1", *, kind: str = "order") -> None:
    parts.commit(
        outbox.announce(
            ThingEvent,
            f"ORDER#{subject}",
            kind=kind,
            subject=subject,
            version=version,
            type="order.created",
            actor="system:ieum",
            data={"total": 9000},
        )
    )


def _image(version: int = 1, subject: str = "ord_1") -> dict[str, Any]:
    key = {"pk": {"S": f"ORDER#{subject}"}, "sk": {"S": outbox.event_key(version)}}
    found = dynamo.client().get_item(TableName="test-orders", Key=key)
    image: dict[str, Any] = found.get("Item", {})
    return image


def _stream(*images: dict[str, Any]) -> dict[str, Any]:
    return {
        "Records": [
            {
                "eventID": str(number),
                "eventName": "INSERT",
                "eventSourceARN": ARN,
                "dynamodb": {
                    "Keys": {"pk": image["pk"], "sk": image["sk"]},
                    "NewImage": image,
                    "SequenceNumber": f"{number:03d}",
                    "StreamViewType": "NEW_IMAGE",
                },
            }
            for number, image in enumerate(images)
        ]
    }


def _heard(queue: str) -> list[dict[str, Any]]:
    client = boto3.client("sqs", region_name="us-east-1")
    heard = []
    while got := client.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        heard += [json.loads(message["Body"]) for message in got]
    return heard


RUNG = Bell(kind="order", subject="ord_1", version=1, type="order.created")
BELL = asdict(RUNG)
MINUTE = {
    "version": "0",
    "account": "123456789012",
    "region": "us-east-1",
    "detail": {},
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "time": "2026-11-22T12:00:00Z",
    "id": "1",
    "resources": [],
}


# --- events ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("clock_at")
def test_an_event_says_what_happened_to_whom_and_when() -> None:
    _happen()

    [event] = outbox.read_after(ThingEvent, "ORDER#ord_1", 0)
    assert event.id.startswith("evt_")
    assert (event.type, event.kind, event.subject) == ("order.created", "order", "ord_1")
    assert (event.version, event.actor) == (1, "system:ieum")
    assert event.at == "2026-11-22T12:00:00.000Z"
    assert event.data == {"total": 9000}


def test_a_version_happens_once() -> None:
    _happen(1)

    with pytest.raises(BusyError):
        _happen(1)


def test_events_are_read_in_order_after_the_version_that_is_known() -> None:
    for version in (2, 11, 1, 10):
        _happen(version)

    def versions(after: int, limit: int | None = None) -> list[int]:
        found = outbox.read_after(ThingEvent, "ORDER#ord_1", after, limit)
        return [int(event.version) for event in found]

    assert versions(0) == [1, 2, 10, 11]
    assert versions(2) == [10, 11]
    assert versions(0, limit=2) == [1, 2]
    assert versions(11) == []


def test_an_event_that_nobody_hears_waits_for_no_bell() -> None:
    _happen(kind="unheard")

    assert "bell_shard" not in _image()


# --- bells -------------------------------------------------------------------------------------


def test_a_bell_rings_on_every_queue_that_hears_it(queues: dict[str, str]) -> None:
    sent = outbox.ring([RUNG])

    assert sent == 3
    assert _heard(queues["PaymentBells"]) == [BELL]
    assert _heard(queues["CourierBells"]) == [BELL]
    assert _heard(queues["WebhookBells"]) == [BELL]


def test_a_bell_of_a_kind_that_nobody_hears_rings_nowhere() -> None:
    assert outbox.ring([Bell("unheard", "x", 1, "t")]) == 0


def test_more_bells_than_a_batch_all_ring(queues: dict[str, str]) -> None:
    outbox.ring([Bell("stripe_event", str(number), 1, "t") for number in range(23)])

    heard = _heard(queues["PaymentBells"])
    assert sorted(int(bell["subject"]) for bell in heard) == list(range(23))


@pytest.mark.usefixtures("queues")
def test_a_batch_that_is_taken_in_part_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = {"Failed": [{"Id": "0"}]}
    monkeypatch.setattr(aws.client("sqs"), "send_message_batch", lambda **_: answer)

    with pytest.raises(aws.QueueRefusedError, match="1 of 1"):
        outbox.ring([RUNG])


def test_a_long_delay_is_cut_to_what_the_queue_can_do(
    queues: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    entries: list[dict[str, Any]] = []

    def send(**said: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3 has it
        entries.extend(said["Entries"])
        return {}

    monkeypatch.setattr(aws.client("sqs"), "send_message_batch", send)
    aws.send_all(queues["WebhookBells"], [BELL], delay=5000)

    assert entries[0]["DelaySeconds"] == 900


# --- the stream --------------------------------------------------------------------------------


def test_a_new_event_rings_and_leaves_the_index(queues: dict[str, str]) -> None:
    _happen()

    answer = events.ring_bells(_stream(_image()), None)

    assert answer == {"batchItemFailures": []}
    assert _heard(queues["PaymentBells"]) == [BELL]
    assert "bell_shard" not in _image()


def test_a_record_that_comes_twice_rings_twice_and_harms_nothing(queues: dict[str, str]) -> None:
    _happen()
    stream = _stream(_image())

    answers = [events.ring_bells(stream, None) for _ in range(2)]

    assert answers == [{"batchItemFailures": []}] * 2
    assert _heard(queues["PaymentBells"]) == [BELL, BELL]


@pytest.mark.usefixtures("queues")
def test_the_handler_stops_at_the_first_record_that_fails_and_names_it(
    faults: Faults, said: Said
) -> None:
    for version in (1, 2, 3):
        _happen(version)
    stream = _stream(*[_image(version) for version in (1, 2, 3)])
    faults.come_to("UpdateItem", lambda *_: None, refused("ValidationException"))

    answer = events.ring_bells(stream, None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "001"}]}
    assert ["bell_shard" in _image(version) for version in (1, 2, 3)] == [False, True, True]
    assert [line["level"] for line in said()] == ["ERROR"]


def test_without_its_queue_no_bell_rings_and_the_event_stays() -> None:
    _happen()

    answer = events.ring_bells(_stream(_image()), None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "000"}]}
    assert "bell_shard" in _image()


@pytest.mark.usefixtures("queues")
def test_an_event_that_is_gone_meanwhile_is_not_made_again() -> None:
    _happen()
    image = _image()
    dynamo.client().delete_item(TableName="test-orders", Key={"pk": image["pk"], "sk": image["sk"]})

    answer = events.ring_bells(_stream(image), None)

    assert answer == {"batchItemFailures": []}
    assert _image() == {}


def test_an_event_that_nobody_hears_is_not_written_again(faults: Faults) -> None:
    _happen(kind="unheard")
    image = _image()
    faults.sent.clear()

    events.ring_bells(_stream(image), None)

    assert faults.sent == []


# --- the sweep ---------------------------------------------------------------------------------


def test_what_no_stream_has_rung_is_swept(
    queues: dict[str, str], clock_at: StandingClock, said: Said
) -> None:
    for number in range(5):
        _happen(1, f"ord_{number}")
    clock_at.move(31)

    events.sweep_bells(MINUTE, None)

    heard = _heard(queues["WebhookBells"])
    assert sorted(bell["subject"] for bell in heard) == [f"ord_{number}" for number in range(5)]
    assert list(outbox.undelivered("test-orders", 0)) == []
    assert said()[-1]["count"] == 5


def test_a_young_event_is_left_to_its_stream(
    queues: dict[str, str], clock_at: StandingClock
) -> None:
    _happen()
    clock_at.move(1)

    events.sweep_bells(MINUTE, None)

    assert _heard(queues["WebhookBells"]) == []
    assert "bell_shard" in _image()


def test_a_missed_bell_that_fails_does_not_silence_the_others(
    queues: dict[str, str], clock_at: StandingClock, faults: Faults, said: Said
) -> None:
    for number in range(3):
        _happen(1, f"ord_{number}")
    clock_at.move(31)
    faults.come_to("UpdateItem", refused("ValidationException"))

    events.sweep_bells(MINUTE, None)

    assert len(_heard(queues["WebhookBells"])) == 3
    assert (said()[-1]["count"], len(list(outbox.undelivered("test-orders", 0)))) == (2, 1)


def test_a_sweep_gives_up_when_nothing_can_be_rung(clock_at: StandingClock, said: Said) -> None:
    for number in range(5):
        _happen(1, f"ord_{number}")
    clock_at.move(31)

    with pytest.raises(ClientError):
        events.sweep_bells(MINUTE, None)

    assert len(list(outbox.undelivered("test-orders", 0))) == 5
    assert [line["said"] for line in said()][-1] == "The invocation failed"


def test_a_failure_that_is_not_about_the_event_is_raised(faults: Faults) -> None:
    _happen()
    image = _image()
    faults.always = refused("AccessDeniedException")

    with pytest.raises(ClientError):
        outbox.rung("test-orders", image)


# --- cursors -----------------------------------------------------------------------------------


def test_a_cursor_begins_at_nothing_and_moves_forward() -> None:
    assert cursors.reached("webhooks", "ord_1") == 0

    parts.commit(cursors.advance("webhooks", "ord_1", since=0, to=2))
    parts.commit(cursors.advance("webhooks", "ord_1", since=2, to=3))

    assert cursors.reached("webhooks", "ord_1") == 3
    assert cursors.reached("payments", "ord_1") == 0


@pytest.mark.parametrize("since", [0, 2])
def test_of_two_consumers_at_the_same_place_one_moves_the_cursor(since: int) -> None:
    if since:
        parts.commit(cursors.advance("webhooks", "ord_1", since=0, to=since))
    parts.commit(cursors.advance("webhooks", "ord_1", since=since, to=5))

    with pytest.raises(BusyError):
        parts.commit(cursors.advance("webhooks", "ord_1", since=since, to=6))

    assert cursors.reached("webhooks", "ord_1") == 5
