"""The queue's consumer and the sweep, with a real receiver on loopback."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from chalicelib.core import clock
from chalicelib.core.settings import settings
from chalicelib.integrations import endpoints, events, posting
from chalicelib.orders.status import OrderCommand
from tests.clocks import StandingClock
from tests.conftest import Said
from tests.integrations.conftest import Rung
from tests.integrations.street import ORDER, STORE, Street, lane_of, move, place_order

SCHEDULE = {
    "version": "0", "account": "1", "region": "r", "detail": {}, "source": "s",
    "detail-type": "Scheduled Event", "time": "t", "id": "1", "resources": [],
}  # fmt: skip


class Receiver:
    """A store's system with a socket: verifies what it gets as its vendor's code would."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}
        self.status = 200
        self.verified: list[Any] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                event = Webhook(receiver.secrets[self.path]).verify(body.decode(), dict(self.headers))
                receiver.verified.append(event)
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.authority = f"127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> "Receiver":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def receiver(street: Street, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with Receiver() as listening:
        opened = replace(settings(), egress_allow=frozenset({listening.authority}))
        for module in (posting, endpoints):
            monkeypatch.setattr(module, "settings", lambda: opened)
        posting._egress.cache_clear()
        made = street.webhook(url=f"http://{listening.authority}/hook")
        listening.secrets["/hook"] = made["secret"]
        yield listening
        posting._egress.cache_clear()


@pytest.fixture
def _now(clock_at: StandingClock) -> None:
    """The library of receivers knows no clock but the real one."""
    from datetime import UTC, datetime

    clock_at.set_to(datetime.now(UTC))


def _bell(**changed: object) -> dict[str, object]:
    return {"kind": "order", "subject": ORDER, "version": 2, "type": "order.created", **changed}


def _hear(*messages: dict[str, Any]) -> list[str]:
    """Hand messages to the consumer. Which of them failed, by number."""
    records = [
        {
            "messageId": str(number),
            "receiptHandle": "r",
            "body": json.dumps(message),
            "attributes": {},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:WebhookBells",
            "awsRegion": "us-east-1",
        }
        for number, message in enumerate(messages)
    ]
    answer = events.send_webhooks({"Records": records}, None)
    return [failed["itemIdentifier"] for failed in answer["batchItemFailures"]]


@pytest.mark.usefixtures("_now")
def test_an_order_reaches_a_real_receiver_which_verifies_it(receiver: Receiver) -> None:
    place_order()

    failed = _hear(_bell())

    assert failed == []
    assert [event["type"] for event in receiver.verified] == ["order.created"]


@pytest.mark.usefixtures("_now")
def test_what_a_receiver_refused_is_rung_again_by_the_sweep(
    receiver: Receiver, clock_at: StandingClock, rung: Rung
) -> None:
    place_order()
    receiver.status = 500
    _hear(_bell())
    receiver.status = 200
    clock_at.move(60)
    rung.messages.clear()

    events.sweep_webhooks(SCHEDULE, None)
    assert _hear(*rung.messages) == []

    assert len(rung.messages) == 1
    assert [event["id"] for event in receiver.verified] == [receiver.verified[0]["id"]] * 2


@pytest.mark.usefixtures("_now")
def test_the_first_endpoint_is_sent_to_here_and_the_others_by_messages_of_their_own(
    street: Street, receiver: Receiver, rung: Rung
) -> None:
    other = street.webhook(url=f"http://{receiver.authority}/other")
    receiver.secrets["/other"] = other["secret"]
    place_order()

    _hear(_bell())
    here = len(receiver.verified)
    waiting = list(rung.messages)
    _hear(*waiting)

    assert (here, len(waiting), len(receiver.verified)) == (1, 1, 2)
    assert waiting[0]["lane"] == ORDER


def test_bells_of_other_kinds_are_none_of_our_business(street: Street, rung: Rung) -> None:
    assert street

    assert _hear(_bell(kind="payment", subject="pay_x")) == []

    assert rung.messages == []


def test_a_message_that_fails_comes_again_alone(
    street: Street, monkeypatch: pytest.MonkeyPatch, said: Said
) -> None:
    assert street

    assert _hear({"kind": "message"}, _bell()) == ["0"]

    assert any(line["said"] == "A message failed" for line in said())


def test_what_a_slow_receiver_leaves_no_time_for_goes_back_to_the_queue(
    street: Street, clock_at: StandingClock, rung: Rung, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert street
    monkeypatch.setattr(events.feeding, "hear", lambda _: clock_at.move(9) or [])

    assert _hear(_bell(version=2), _bell(version=3)) == []

    assert rung.messages == [_bell(version=3)]


def test_the_sweep_rings_for_each_lane_that_is_due_and_for_no_other(
    street: Street, clock_at: StandingClock, rung: Rung, said: Said
) -> None:
    webhook = street.webhook()
    for number in range(12):
        order_id = f"ord_01JD9Z6M7Q3W8K5N2R4T6V8{number:03d}"
        place_order(order_id)
        events.feeding.hear(order_id)
    move(OrderCommand.CONFIRM, order_id="ord_01JD9Z6M7Q3W8K5N2R4T6V8000")
    assert lane_of(webhook, "ord_01JD9Z6M7Q3W8K5N2R4T6V8000").due_at == clock.now()

    clock_at.move(1)
    events.sweep_webhooks(SCHEDULE, None)

    assert len({message["lane"] for message in rung.messages}) == 12
    assert said()[-1]["count"] == 12
