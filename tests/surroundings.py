"""What surrounds the product's functions: streams, queues, schedules, Stripe's deliveries.

They keep their promises and no others: at least once, in no order to rely upon. What a function
does not finish comes again, five times, and then lies among the dead. A delayed message comes when
the clock of the world has moved on.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from moto.sqs.models import sqs_backends

from chalicelib.catalog import events as catalog_events
from chalicelib.core import clock
from chalicelib.core import events as core_events
from chalicelib.couriers import events as courier_events
from chalicelib.orders import events as order_events
from chalicelib.payments import events as payment_events
from tests import database
from tests.tables import ACCOUNT, REGION

MOST_RECEIVES = 5
SCHEDULE = {
    "version": "0", "account": ACCOUNT, "region": REGION, "detail": {}, "source": "s",
    "detail-type": "Scheduled Event", "time": "t", "id": "1", "resources": [],
}  # fmt: skip

type Handler = Callable[[dict[str, Any], None], dict[str, Any]]


@dataclass
class Message:
    """A message of a queue, and how often it was handed over."""

    ident: str
    body: str
    received: int = 0
    visible_at: float = 0.0


type UnderWay = tuple[list[Message], list[Message], list[Message], list[Message]]


@dataclass
class Queue:
    """A queue with its consumer. What was not finished stays hidden until time passes."""

    name: str
    consumer: Handler
    hidden: list[Message] = field(default_factory=list)
    shown: list[Message] = field(default_factory=list)
    dead: list[Message] = field(default_factory=list)
    delayed: list[Message] = field(default_factory=list)

    def drain(self) -> int:
        """Hand over what is visible, ten at a time. How many were handed over."""
        messages = self._visible()
        for start in range(0, len(messages), 10):
            self._hand_over(messages[start : start + 10])
        return len(messages)

    def show_again(self) -> None:
        """The visibility time-out is over."""
        waiting, self.hidden = self.hidden, []
        for one in waiting:
            if one.received >= MOST_RECEIVES:
                self.dead.append(one)
            else:
                self.shown.append(one)

    def lose(self) -> int:
        """Whatever waits or is under way never comes again. How many messages that were."""
        self._arrive()
        lost = len(self.shown) + len(self.hidden) + len(self.delayed)
        self.take_up(([], [], [], []))
        return lost

    def under_way(self) -> UnderWay:
        """What left the queue and is not finished: hidden, shown again, dead, delayed."""
        return self.hidden, self.shown, self.dead, self.delayed

    def take_up(self, messages: UnderWay) -> None:
        self.hidden, self.shown, self.dead, self.delayed = messages

    def _visible(self) -> list[Message]:
        self._arrive()
        shown, self.shown = self.shown, []
        return shown

    def _arrive(self) -> None:
        """What was sent waits for its delay: moto counts that by a clock of its own."""
        stored = sqs_backends[ACCOUNT][REGION].queues[self.name]._messages
        for one in stored:
            delay = max(0.0, one.delayed_until - (one.sent_timestamp or 0)) / 1000
            due = clock.wall_now() + round(delay)
            self.delayed.append(Message(one.id, one.body, visible_at=due))
        stored.clear()
        self.shown += [one for one in self.delayed if one.visible_at <= clock.wall_now()]
        self.delayed = [one for one in self.delayed if one.visible_at > clock.wall_now()]

    def _hand_over(self, messages: list[Message]) -> None:
        for one in messages:
            one.received += 1
        self.hidden += messages
        answer = self.consumer({"Records": [self._record(one) for one in messages]}, None)
        failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
        self.hidden = [one for one in self.hidden if one not in messages or one.ident in failed]

    def _record(self, message: Message) -> dict[str, Any]:
        return {
            "messageId": message.ident,
            "receiptHandle": message.ident,
            "body": message.body,
            "attributes": {},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{self.name}",
            "awsRegion": REGION,
        }


@dataclass
class Streams:
    """The streams of all tables, and how far each has been read."""

    read: dict[str, int] = field(default_factory=dict)

    def ring(self) -> int:
        """Hand new events to the doorbell. How many there were."""
        rung = 0
        for name in database.names():
            records = database.records(name, self.read.get(name, 0))
            arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}/stream/1"
            wanted = [{**one, "eventSourceARN": arn} for one in records if is_event(one)]
            if wanted:
                answer = core_events.ring_bells({"Records": wanted}, None)
                if answer["batchItemFailures"]:
                    continue
            self.read[name] = self.read.get(name, 0) + len(records)
            rung += len(wanted)
        return rung

    def skip(self) -> None:
        """The streams lose what they hold."""
        for name in database.names():
            self.read[name] = database.recorded(name)


def is_event(record: dict[str, Any]) -> bool:
    """Whether the doorbell's filter lets a record through."""
    image: dict[str, dict[str, str]] = record["dynamodb"].get("NewImage", {})
    return record["eventName"] == "INSERT" and image["sk"]["S"].startswith("EVT#")


def payment_bells() -> Queue:
    return Queue("PaymentBells", payment_events.settle_payments)


def courier_bells() -> Queue:
    return Queue("CourierBells", courier_events.dispatch_couriers)


def sweep() -> None:
    """One minute's schedules."""
    for scheduled in (
        core_events.sweep_bells,
        order_events.sweep_orders,
        catalog_events.sweep_uploads,
        payment_events.sweep_payments,
        courier_events.sweep_couriers,
    ):
        scheduled(SCHEDULE, None)
