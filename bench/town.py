"""One customer, one store, one courier, and the product between them, all in this process.

The surroundings are the packaged template's: its bells, its indexes, its memory. Every message and
every record is handed over alone, which is what a quiet town pays for; a busy one is cheaper.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import boto3
from moto import mock_aws

from app import app
from bench import meter as meters
from bench.meter import Meter
from bench.units import Index
from chalicelib.catalog import events as catalog_events
from chalicelib.core import clock, dynamo, egress
from chalicelib.core import events as core_events
from chalicelib.couriers import events as courier_events
from chalicelib.integrations import events as integration_events
from chalicelib.integrations import posting
from chalicelib.notifications import events as notification_events
from chalicelib.orders import events as order_events
from chalicelib.payments import events as payment_events
from chalicelib.payments import gateway
from sandbox.stripe.client import SimHttpClient
from sandbox.stripe.model import FakeStripe
from sandbox.stripe.webhooks import Endpoint
from tests import database, people, surroundings, tables, urls, world
from tests.clocks import StandingClock
from tests.surroundings import SCHEDULE, Handler, Queue
from tests.tables import ACCOUNT, REGION
from tests.world import CountedIds, Reply, World

CONSUMERS: Mapping[str, tuple[str, Handler]] = {
    "PaymentBells": ("SettlePayments", payment_events.settle_payments),
    "WebhookBells": ("SendWebhooks", integration_events.send_webhooks),
    "PushBells": ("PushNotifications", notification_events.push_notifications),
    "CourierBells": ("DispatchCouriers", courier_events.dispatch_couriers),
}
SWEEPS: Mapping[str, Callable[[Any, Any], Any]] = {
    "SweepBells": core_events.sweep_bells,
    "SweepOrders": order_events.sweep_orders,
    "SweepUploads": catalog_events.sweep_uploads,
    "SweepPayments": payment_events.sweep_payments,
    "SweepCouriers": courier_events.sweep_couriers,
    "SweepWebhooks": integration_events.sweep_webhooks,
}
DAY = 86_400


@dataclass
class OneByOne(Queue):
    """A queue whose messages are each handed over alone."""

    def drain(self) -> int:
        messages = self._visible()
        for one in messages:
            self._hand_over([one])
        return len(messages)


HEADERS_OF_THE_GATEWAY = 200
"""Bytes: the status line, Date, Content-Length, Connection, and the request's id of AWS."""


def _on_the_wire(headers: Mapping[str, str], text: str) -> int:
    """The bytes of an answer as HTTP/1.1 has them, before TLS."""
    own = sum(len(f"{name}: {value}\r\n") for name, value in headers.items())
    return HEADERS_OF_THE_GATEWAY + own + len(text.encode())


class MeteredApi:
    """The API behind API Gateway."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self.specs = app.specs

    def __call__(self, event: dict[str, Any], context: None) -> dict[str, Any]:
        purpose = f"{event['httpMethod']} {event['resource']}"
        with self._meter.invocation("APIHandler", purpose) as run:
            answer = app(event, context)
        run.sent_bytes = _on_the_wire(answer["headers"], answer["body"])
        return answer


class MeteredUrl:
    """The function behind the URL of tracking."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    def ask(self, method: str, path: str, route: str, body: object, token: str) -> Reply:
        """One request, as the function URL hands it over."""
        with self._meter.invocation("Track", f"{method} {route}") as run:
            answer = urls.ask(method, path, body, token=token)
        run.sent_bytes = _on_the_wire(answer.headers, answer.text)
        return answer


class Till:
    """The store's own server, which takes every webhook."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    def request(self, *_: object, body: bytes, **__: object) -> egress.Reply:
        self._meter.on_posting()
        token = json.loads(body)["data"].get("challenge")
        return egress.Reply(200 if token else 204, {}, str(token or "").encode(), 0.1)


@dataclass
class Town:
    """The world of the tests, metered."""

    world: World
    meter: Meter
    url: MeteredUrl
    queues: tuple[Queue, ...]
    read: dict[str, int] = field(default_factory=dict)

    @staticmethod
    def modules() -> list[str]:
        """What Lambda imports: the application, and the module of every other function."""
        others: list[Any] = [*app.event_sources, *app.pure_lambda_functions]
        return ["app", *sorted({one.handler_string.rpartition(".")[0] for one in others})]

    def settle(self) -> None:
        """Let bells, queues and Stripe's events come to rest at this moment."""
        for _ in range(100):
            drained = sum(queue.drain() for queue in self.queues)
            if not self._ring() + self.world.deliver() + drained:
                return
        raise AssertionError("the town does not come to rest")

    def sweep(self) -> None:
        """One minute's schedules."""
        for name, sweep in SWEEPS.items():
            with self.meter.invocation(name, "sweep"):
                sweep(SCHEDULE, None)
        self.settle()

    def pass_time(self, seconds: int, tick: Callable[[], None] | None = None) -> None:
        """Time passes in steps of 15 seconds, with a sweep each minute. Each step may do more."""
        for step in range(seconds // 15):
            self.world.clock.move(15)
            self.world.stripe.advance()
            self.settle()
            if step % 4 == 3:
                self.sweep()
            if tick:
                tick()

    def _ring(self) -> int:
        rung = 0
        for name in database.names():
            records = database.records(name, self.read.get(name, 0))
            self.read[name] = database.recorded(name)
            arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}/stream/1"
            for record in filter(surroundings.is_event, records):
                bell = record["dynamodb"]["NewImage"]["type"]["S"]
                with self.meter.invocation("RingBells", f"bell of {bell}"):
                    event = {"Records": [{**record, "eventSourceARN": arn}]}
                    assert not core_events.ring_bells(event, None)["batchItemFailures"]
                rung += 1
        return rung


def _metered(meter: Meter, name: str) -> Queue:
    function, handler = CONSUMERS[name]

    def consume(event: dict[str, Any], context: None) -> dict[str, Any]:
        message = json.loads(event["Records"][0]["body"])
        with meter.invocation(function, str(message.get("type", message["kind"]))):
            answer = handler(event, context)
        assert not answer["batchItemFailures"], message
        return answer

    return OneByOne(name, consume)


def indexes(template: Mapping[str, Any], stack: str) -> dict[str, tuple[Index, ...]]:
    """The indexes of every table of the template, by the table's name."""
    found = [one["Properties"] for one in template["Resources"].values()
             if one.get("Type") == "AWS::DynamoDB::Table"]  # fmt: skip
    return {
        one["TableName"].replace("${AWS::StackName}", stack): tuple(
            _index(index) for index in one.get("GlobalSecondaryIndexes", ())
        )
        for one in found
    }


def _index(index: Mapping[str, Any]) -> Index:
    projection = index["Projection"]
    projects = (
        None
        if projection["ProjectionType"] == "ALL"
        else frozenset(projection.get("NonKeyAttributes", ()))
    )
    return Index(
        index["IndexName"], frozenset(key["AttributeName"] for key in index["KeySchema"]), projects
    )


def _connect_phones(stack: str) -> None:
    made = boto3.client("sns", region_name=REGION).create_platform_application(
        Name="phones", Platform="GCM", Attributes={"PlatformCredential": "testing"}
    )
    boto3.client("ssm", region_name=REGION).put_parameter(
        Name=f"/ieum/{stack}/push", Type="SecureString",
        Value=json.dumps({"fcm": made["PlatformApplicationArn"]}), Overwrite=True,
    )  # fmt: skip


@contextmanager
def opened(stack: str) -> Iterator[Town]:
    """A town of which nothing is known yet. The environment must name the stack."""
    database.install()
    standing = StandingClock()
    with ExitStack() as inside:
        meter = inside.enter_context(meters.counting(indexes(tables.template(), stack)))
        dynamo.forget_connections()
        inside.enter_context(mock_aws())
        inside.enter_context(clock.running_on(standing))
        inside.enter_context(clock.pausing_with(standing.move))
        inside.enter_context(database.open_with(stack))
        sqs = boto3.client("sqs", region_name=REGION)
        for name in CONSUMERS:
            sqs.create_queue(QueueName=name)
        people.settle_in()
        _connect_phones(stack)
        numbers = CountedIds()
        stripe = FakeStripe(
            standing, numbers,
            endpoints=(Endpoint(world.HOOK, (people.STRIPE_SECRET,)),), fault=meter.on_stripe,
        )  # fmt: skip
        inside.enter_context(gateway.speaking_through(SimHttpClient(stripe)))
        inside.enter_context(patch.object(world, "app", MeteredApi(meter)))
        inside.enter_context(patch.object(posting, "_egress", lambda: Till(meter)))
        made = World(clock=standing, stripe=stripe, stripe_ids=numbers)
        yield Town(
            made, meter, MeteredUrl(meter), tuple(_metered(meter, name) for name in CONSUMERS)
        )
