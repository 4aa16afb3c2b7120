"""What surrounds the product's functions: streams, queues, schedules, Stripe's deliveries.

They keep their promises and no others: at least once, in no order to rely upon. What a function
does not finish comes again, five times, and then lies among the dead.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import sqs_backends

from chalicelib.core import events as core_events
from chalicelib.orders import events as order_events
from chalicelib.payments import events as payment_events
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


@dataclass
class Queue:
    """A queue with its consumer. What was not finished stays hidden until time passes."""

    name: str
    consumer: Handler
    hidden: list[Message] = field(default_factory=list)
    shown: list[Message] = field(default_factory=list)
    dead: list[Message] = field(default_factory=list)

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
        lost = len(self._visible()) + len(self.hidden)
        self.take_up(([], [], []))
        return lost

    def under_way(self) -> tuple[list[Message], list[Message], list[Message]]:
        """What left the queue and is not finished: hidden, shown again, dead."""
        return self.hidden, self.shown, self.dead

    def take_up(self, messages: tuple[list[Message], list[Message], list[Message]]) -> None:
        self.hidden, self.shown, self.dead = messages

    def _visible(self) -> list[Message]:
        stored = sqs_backends[ACCOUNT][REGION].queues[self.name]._messages
        arrived = [Message(one.id, one.body) for one in stored]
        stored.clear()
        shown, self.shown = self.shown, []
        return [*shown, *arrived]

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
        for name, table in dynamodb_backends[ACCOUNT][REGION].tables.items():
            if table.stream_shard is None:
                continue
            items = table.stream_shard.items
            records = [record.to_json() for record in items[self.read.get(name, 0) :]]
            arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}/stream/1"
            wanted = [{**one, "eventSourceARN": arn} for one in records if _is_event(one)]
            if wanted:
                answer = core_events.ring_bells({"Records": wanted}, None)
                if answer["batchItemFailures"]:
                    continue
            self.read[name] = len(items)
            rung += len(wanted)
        return rung

    def skip(self) -> None:
        """The streams lose what they hold."""
        for name, table in dynamodb_backends[ACCOUNT][REGION].tables.items():
            if table.stream_shard is not None:
                self.read[name] = len(table.stream_shard.items)


def _is_event(record: dict[str, Any]) -> bool:
    image: dict[str, dict[str, str]] = record["dynamodb"].get("NewImage", {})
    return record["eventName"] == "INSERT" and image["sk"]["S"].startswith("EVT#")


def payment_bells() -> Queue:
    return Queue("PaymentBells", payment_events.settle_payments)


def sweep() -> None:
    """One minute's schedules."""
    for scheduled in (
        core_events.sweep_bells,
        order_events.sweep_orders,
        payment_events.sweep_payments,
    ):
        scheduled(SCHEDULE, None)
