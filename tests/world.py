"""A small world in one process: the API, the handlers, moto, the fake Stripe, a clock.

It plays what surrounds the code (API Gateway, streams, queues, schedules, Stripe's deliveries) and
keeps their promises: at least once, in no order to rely upon.
"""

import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from moto.dynamodb.models import dynamodb_backends

from app import app
from chalicelib.core import events as core_events
from chalicelib.orders import events as order_events
from chalicelib.payments import events as payment_events
from sandbox.stripe.ids import counted_ids
from sandbox.stripe.model import FakeStripe
from sandbox.stripe.webhooks import Endpoint
from tests import contract, faults, people
from tests.clocks import StandingClock
from tests.tables import ACCOUNT, REGION

HOOK = "http://hooks.test/v1/stripe/events"
TIMES_A_QUEUE_TRIES = 5
HOURS = [
    {"day": day, "opens": "00:00", "closes": "23:59"}
    for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
]
MENU = {
    "categories": [
        {
            "id": "rice",
            "names": {"en": "Rice", "ko": "밥"},
            "items": [
                {
                    "id": "bibimbap",
                    "names": {"en": "Bibimbap", "ko": "비빔밥"},
                    "price": 9000,
                    "allergens": [],
                    "diets": [],
                    "option_groups": [
                        {
                            "id": "size",
                            "names": {"en": "Size"},
                            "min": 0,
                            "max": 1,
                            "options": [{"id": "large", "names": {"en": "Large"}, "price": 2000}],
                        }
                    ],
                }
            ],
        }
    ]
}


@dataclass(frozen=True)
class Reply:
    """What the gateway answered."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON
        return json.loads(self.text)


@dataclass
class World:
    """Everything around one running product."""

    clock: StandingClock
    stripe: FakeStripe
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    _read: dict[str, int] = field(default_factory=dict)

    # --- HTTP ------------------------------------------------------------------------------------

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Reply:
        """One request, as API Gateway would hand it over."""
        path, _, query = path.partition("?")
        resource, parts = _resource(path)
        given = dict(headers or {})
        if token:
            given["Authorization"] = f"Bearer {token}"
        text = raw.decode("latin-1") if raw is not None else None
        if body is not None:
            text = json.dumps(body)
        pairs = [pair.split("=", 1) for pair in query.split("&") if pair]
        event = {
            "resource": resource,
            "path": path,
            "httpMethod": method,
            "headers": {"content-type": "application/json", **given},
            "multiValueHeaders": {},
            "queryStringParameters": dict(pairs) or None,
            "multiValueQueryStringParameters": {name: [value] for name, value in pairs} or None,
            "pathParameters": parts,
            "stageVariables": None,
            "requestContext": {
                "resourcePath": resource,
                "httpMethod": method,
                "requestId": f"req-{next(self._numbers)}",
                "identity": {"sourceIp": "192.0.2.1"},
                "path": path,
            },
            "body": text,
            "isBase64Encoded": False,
        }
        answer = app(event, None)
        contract.hold(method, resource, answer["statusCode"], answer["headers"], answer["body"])
        return Reply(answer["statusCode"], answer["headers"], answer["body"])

    # --- what people do --------------------------------------------------------------------------

    def customer(self, user: str = "mina") -> str:
        return people.person("customer", user)

    def store(self, *, owner: str = "owner", live: bool = True, tax_included: bool = True) -> str:
        """A store with a menu, open around the clock. Its id."""
        merchant, operator = people.person("merchant", owner), people.person("operator", "op")
        about = {"name": "Han", "legal_name": "Han Ltd.", "country": "KR"}
        made = self.post("/v1/merchants", about, token=merchant, key=self.new_key())
        new = {
            "merchant_id": made.json["id"],
            "kind": "restaurant",
            "city": "seoul",
            "timezone": "Asia/Seoul",
            "currency": "KRW",
            "names": {"en": "Yeonnam Bibim", "ko": "연남비빔"},
            "location": {"type": "Point", "coordinates": [126.9236, 37.5621]},
            "address": "Yeonnam-dong 1",
            "hours": HOURS,
            "zones": [
                {
                    "area": {"type": "Radius", "metres": 2000},
                    "fee": 3000,
                    "minimum": 8000,
                    "eta_minutes": 20,
                }
            ],
            "fulfilment": ["takeaway", "delivery", "dine_in"],
            "preparation_minutes": 15,
            "tax": {"included": tax_included, "basis_points": 1000},
        }
        store = self.post("/v1/stores", new, token=merchant, key=self.new_key())
        store_id: str = store.json["id"]
        assert self.call("PUT", f"/v1/stores/{store_id}/menu", MENU, token=merchant).status == 200
        if live:
            approved = self.post(f"/v1/stores/{store_id}/approve", None, token=operator)
            assert approved.status == 200
        return store_id

    def post(
        self, path: str, body: object, *, token: str | None = None, key: str | None = None
    ) -> Reply:
        headers = {"Idempotency-Key": key} if key else {}
        return self.call("POST", path, body, token=token, headers=headers)

    def get(self, path: str, token: str | None = None) -> Any:  # noqa: ANN401 - any JSON
        answer = self.call("GET", path, token=token)
        assert answer.status == 200, answer.text
        return answer.json

    def new_key(self) -> str:
        return f"key-{next(self._numbers)}"

    def quote(self, store_id: str, token: str, **changed: object) -> Any:  # noqa: ANN401 - any JSON
        wanted = {
            "store_id": store_id,
            "fulfilment": "takeaway",
            "items": [{"item_id": "bibimbap"}],
            **changed,
        }
        answer = self.post("/v1/quotes", wanted, token=token)
        assert answer.status == 201, answer.text
        return answer.json

    def place(self, token: str, quote: Mapping[str, Any], *payments: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
        body: dict[str, object] = {"quote_id": quote["id"]}
        if payments:
            body["payments"] = list(payments)
        answer = self.post("/v1/orders", body, token=token, key=self.new_key())
        assert answer.status == 201, answer.text
        return answer.json

    def pay(self, payment: Mapping[str, Any], card: str = "pm_card_visa") -> None:
        """The customer confirms with Stripe, as `stripe.js` does in the browser."""
        form = f"client_secret={payment['client_secret']}&payment_method={card}"
        path = f"/v1/payment_intents/{payment['intent_id']}/confirm"
        self.stripe.request("POST", path, {"Authorization": "Bearer pk_test_x"}, form)

    def paid_order(self, store_id: str, user: str = "mina", **changed: object) -> str:
        """An order that its store sees. Its id."""
        token = self.customer(user)
        placed = self.place(token, self.quote(store_id, token, **changed))
        for payment in placed["payments"]:
            self.pay(payment)
        confirmed = self.post(
            f"/v1/orders/{placed['order_id']}/payments/confirm", None, token=token
        )
        assert confirmed.status == 200, confirmed.text
        order_id: str = placed["order_id"]
        return order_id

    def command(self, order_id: str, *commands: str, store_id: str) -> Reply:
        """What the store's machine does with an order. The last answer."""
        token = people.machine(store_id)
        answers = [self.post(f"/v1/orders/{order_id}/{one}", None, token=token) for one in commands]
        return answers[-1]

    # --- what surrounds the code ------------------------------------------------------------------

    def pump(self) -> None:
        """Let streams and queues, and Stripe's deliveries, come to rest."""
        for _ in range(50):
            if not (self.ring() + self.deliver() + self.drain("PaymentBells")):
                return
        raise AssertionError("the world does not come to rest")

    def ring(self) -> int:
        """Hand new events of every stream to the doorbell."""
        rung = 0
        for name, table in dynamodb_backends[ACCOUNT][REGION].tables.items():
            if table.stream_shard is None:
                continue
            records = [record.to_json() for record in table.stream_shard.items]
            new = records[self._read.get(name, 0) :]
            arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}/stream/1"
            wanted = [{**one, "eventSourceARN": arn} for one in new if _is_event(one)]
            if wanted:
                answer = core_events.ring_bells({"Records": wanted}, None)
                assert answer == {"batchItemFailures": []}
            self._read[name] = len(records)
            rung += len(wanted)
        return rung

    def drain(self, queue: str) -> int:
        """Hand the messages of a queue to its consumer; what fails comes again, a few times."""
        sqs = boto3.client("sqs", region_name=REGION)
        url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        if not found:
            return 0
        records = [
            {
                "messageId": one["MessageId"],
                "receiptHandle": one["ReceiptHandle"],
                "body": one["Body"],
                "attributes": {},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}",
                "awsRegion": REGION,
            }
            for one in found
        ]
        answer = payment_events.settle_payments({"Records": records}, None)
        failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
        for one in found:
            if one["MessageId"] not in failed:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
        return len(found) - len(failed)

    def deliver(self) -> int:
        """Let Stripe send what is due."""
        sent = 0
        for delivery in self.stripe.due_deliveries():
            answer = self.call(
                "POST", "/v1/stripe/events", headers=delivery.headers, raw=delivery.body
            )
            self.stripe.settle_delivery(delivery.id, answer.status)
            sent += 1
        return sent

    def sweep(self) -> None:
        """One minute's schedules."""
        schedule = {
            "version": "0", "account": ACCOUNT, "region": REGION, "detail": {}, "source": "s",
            "detail-type": "Scheduled Event", "time": "t", "id": "1", "resources": [],
        }  # fmt: skip
        core_events.sweep_bells(schedule, None)
        order_events.sweep_orders(schedule, None)
        payment_events.sweep_payments(schedule, None)

    def pass_time(self, seconds: float, step: float = 60) -> None:
        """Time passes, minute by minute, and everything runs that runs by the clock."""
        for _ in range(int(seconds // step)):
            self.clock.move(step)
            self.stripe.advance()
            self.sweep()
            self.pump()

    def intents(self) -> list[dict[str, Any]]:
        """Every PaymentIntent that Stripe has."""
        _, _, found = self.stripe.request(
            "GET", "/v1/payment_intents?limit=100", {"Authorization": "Bearer sk_test_x"}, ""
        )
        intents: list[dict[str, Any]] = found["data"]
        return intents


def _is_event(record: dict[str, Any]) -> bool:
    image: dict[str, dict[str, str]] = record["dynamodb"].get("NewImage", {})
    return record["eventName"] == "INSERT" and image["sk"]["S"].startswith("EVT#")


def _resource(path: str) -> tuple[str, dict[str, str]]:
    for spec in app.specs:
        pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", spec.path)
        found = re.fullmatch(pattern, path)
        if found:
            return spec.path, found.groupdict()
    raise LookupError(path)


def make(clock: StandingClock) -> World:
    """A fresh world on a clock."""
    endpoint = Endpoint(HOOK, (people.STRIPE_SECRET,))
    fake = FakeStripe(clock, counted_ids(), endpoints=(endpoint,), fault=faults.on_stripe)
    return World(clock=clock, stripe=fake)
