"""What every test stands on: an environment, empty tables, moto, a clock under one's hand."""

import json
import os

SQS = "https://sqs.us-east-1.amazonaws.com/123456789012/"
BELLS: dict[str, dict[str, list[str]]] = {
    "order": {
        SQS + "PaymentBells": [],
        SQS + "WebhookBells": [],
        SQS + "CourierBells": [
            "order.created",
            "order.confirmation_overdue",
            "order.confirmed",
            "order.due_soon",
            "order.claimed",
            "order.delayed",
            "order.ready_for_pickup",
            "order.fulfilment_changed",
            "order.cancelled",
            "order.concluded",
            "order.forgotten",
        ],
    },
    "delivery": {
        SQS + "CourierBells": [
            "delivery.opened",
            "delivery.offer_declined",
            "delivery.offer_expired",
            "delivery.offer_revoked",
            "delivery.directed",
            "delivery.waited_for",
            "delivery.cancelled",
            "delivery.order_delivered",
            "delivery.returned",
        ]
    },
    "errand": {
        SQS + "CourierBells": [
            "delivery.opened",
            "delivery.offer_declined",
            "delivery.offer_expired",
            "delivery.offer_revoked",
            "delivery.directed",
            "delivery.cancelled",
            "delivery.order_delivered",
            "delivery.returned",
            "delivery.no_courier",
        ],
        SQS + "WebhookBells": [],
    },
    "courier": {SQS + "CourierBells": ["courier.on_duty", "courier.suspended"]},
    "notice": {SQS + "PushBells": []},
    "availability": {SQS + "WebhookBells": []},
    "promotion": {SQS + "WebhookBells": []},
    "stripe_event": {SQS + "PaymentBells": []},
    "rating": {SQS + "CourierBells": ["rating.given", "rating.changed"]},
    "payment": {SQS + "WebhookBells": [], SQS + "CourierBells": ["payment.tip_captured"]},
}
os.environ.update(
    {
        "STAGE": "sandbox",
        "TABLES": "test",
        "EVENT_TABLES": "test-orders,test-payments,test-couriers,test-news",
        "BELLS": json.dumps(BELLS),
        "WEBHOOK_QUEUE": SQS + "WebhookBells",
        "COURIER_QUEUE": SQS + "CourierBells",
        "PARAMETERS": "/ieum/test",
        "AWS_ENDPOINT_URL_SNS": "http://push.test",
        "BUCKET": "test-images",
        "IMAGES_URL": "https://images.test",
        "MAIL_FROM": "codes@ieum.test",
        "SMS_PREFIXES": "+82,+1",
        "USER_POOL_ID": "us-east-1_test",
        "USER_POOL_CLIENT_ID": "test-client",
        "USER_POOL_ISSUER": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_test",
        "USER_POOL_KEYS_URL": "https://keys.test/jwks.json",
        "ISSUER": "urn:ieum:test",
        "CORS_ORIGINS": "https://app.test,https://console.test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
)
for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "CLOCK_RATE", "CLOCK_ORIGIN", "EGRESS_ALLOW"):
    os.environ.pop(name, None)

import random  # noqa: E402 - the environment comes first: modules read it when imported
from collections.abc import Callable, Iterator  # noqa: E402
from contextlib import ExitStack  # noqa: E402
from functools import cache  # noqa: E402
from types import SimpleNamespace  # noqa: E402
from typing import Any  # noqa: E402

import boto3  # noqa: E402
import pytest  # noqa: E402
from hypothesis import HealthCheck  # noqa: E402
from hypothesis import settings as hypothesis_settings  # noqa: E402
from moto import mock_aws  # noqa: E402
from moto.core.config import DefaultConfig, default_user_config  # noqa: E402

from chalicelib.core import auth, clock, dynamo, ids, secrets  # noqa: E402
from chalicelib.integrations import reach  # noqa: E402
from chalicelib.orders import stopping  # noqa: E402
from chalicelib.payments import gateway  # noqa: E402
from sandbox.stripe.client import SimHttpClient  # noqa: E402
from tests import database, people, world  # noqa: E402
from tests import faults as world_faults  # noqa: E402
from tests.clocks import StandingClock  # noqa: E402
from tests.dynamo_faults import Faults  # noqa: E402
from tests.sim.state import fewer_shards  # noqa: E402

hypothesis_settings.register_profile(
    "ieum", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("ieum")
database.install()
database.quicken()
world_faults.install()
pytest_plugins = ("tests.counting",)

QUEUES = ("PaymentBells", "WebhookBells", "CourierBells", "PushBells")

# A new session for each test would read the descriptions of all services again.
ONE_SESSION: DefaultConfig = {"core": {**default_user_config["core"], "reset_boto3_session": False}}

type Said = Callable[[], list[dict[str, object]]]


@pytest.fixture(autouse=True)
def _fresh_world() -> Iterator[None]:
    """Empty tables, no queues, no secrets, no cached keys: nothing of the test before."""
    auth.forget()
    secrets.forget()
    stopping.forget()
    reach.forget()
    with mock_aws(config=ONE_SESSION), database.open_with("test"):
        yield


@cache
def _sqs() -> Any:  # noqa: ANN401 - botocore builds its clients at run time
    return boto3.client("sqs", region_name="us-east-1")


@pytest.fixture
def queues() -> dict[str, str]:
    """The queues that the environment names, by name, with their URLs."""
    client = _sqs()
    return {name: client.create_queue(QueueName=name)["QueueUrl"] for name in QUEUES}


@pytest.fixture
def clock_at() -> Iterator[StandingClock]:
    """The clock, standing at noon until the test moves it."""
    standing = StandingClock()
    with clock.running_on(standing), clock.pausing_with(standing.move):
        yield standing


@pytest.fixture
def faults(clock_at: StandingClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    """What goes wrong with the next calls to DynamoDB. Waiting only moves the clock."""
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=clock_at.move))
    plan = Faults()
    events = dynamo.client().meta.events
    events.register_first("before-send.dynamodb.*", plan.before_send)
    yield plan
    events.unregister("before-send.dynamodb.*", plan.before_send)


@pytest.fixture
def world_at(clock_at: StandingClock, queues: dict[str, str]) -> Iterator[world.World]:
    """The product with everything around it, in this process."""
    assert queues
    people.settle_in()
    made = world.make(clock_at)
    with ExitStack() as stack:
        for fewer in fewer_shards():
            stack.enter_context(fewer)
        stack.enter_context(gateway.speaking_through(SimHttpClient(made.stripe)))
        yield made


@pytest.fixture
def known_ids() -> Iterator[random.Random]:
    """Random bits from a fixed seed, so that ids can be written into a test."""
    source = random.Random(1)  # noqa: S311 - no secret depends on it
    with ids.drawn_from(source.getrandbits):
        yield source


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """The log lines since the last time this was asked."""

    def read() -> list[dict[str, object]]:
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return read
