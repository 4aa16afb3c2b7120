"""Phones, a store with staff, and things that happen: what these tests stand on."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, cast

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.botocore_stubber import MockRawResponse

from chalicelib.catalog.models import StaffMember, staff_key, store_key
from chalicelib.catalog.status import Fulfilment
from chalicelib.core import aws, clock, dynamo, ids, outbox, parts, secrets
from chalicelib.core.outbox import Bell
from chalicelib.core.rights import SYSTEM
from chalicelib.core.settings import settings
from chalicelib.couriers.delivery_models import CurrentDelivery, DeliveryEvent, DeliveryHead
from chalicelib.couriers.models import (
    CURRENT,
    CourierEvent,
    OfferItem,
    courier_key,
    delivery_key,
    offer_key,
)
from chalicelib.couriers.models import order_key as order_in_couriers
from chalicelib.notifications import devices, events
from chalicelib.notifications.schemas import DeviceView, NewDevice
from chalicelib.orders.models import OrderEvent, OrderHead, order_key
from chalicelib.payments.models import PaymentEvent, payment_key
from sandbox.cloud import sns
from sandbox.cloud.phones import Message, Phones
from tests.integrations.street import MERCHANT, ORDER, STORE

DELIVERY = "dlv_01JD9Z6M7Q3W8K5N2R4T6V8X03"
OFFER = "ofr_01JD9Z6M7Q3W8K5N2R4T6V8X04"
CUSTOMER, COURIER, STAFF = "mina", "ravi", "sora"
WATCHED = "before-send.sns.*"


@dataclass
class Wire:
    """Between boto3 and the phones, in this process. What breaks here breaks for the code."""

    phones: Phones
    asked: list[str] = field(default_factory=list)
    broken: dict[str, list[Exception]] = field(default_factory=dict)
    lost: dict[str, list[Exception]] = field(default_factory=dict)

    def send(self, request: AWSPreparedRequest, event_name: str, **_: object) -> AWSResponse:
        operation = event_name.rpartition(".")[2]
        self.asked.append(operation)
        if self.broken.get(operation):
            raise self.broken[operation].pop(0)
        status, text = sns.answer(self.phones, cast("str", request.body))
        if self.lost.get(operation):
            raise self.lost[operation].pop(0)
        raw = MockRawResponse(text.encode())
        return AWSResponse(request.url, status, HTTPHeaders(), raw)


@contextmanager
def connected(phones: Phones) -> Iterator[Wire]:
    """Let the code's SNS client reach these phones and nothing else."""
    wire = Wire(phones)
    hooks = aws.client("sns").meta.events
    hooks.register_first(WATCHED, wire.send)
    yield wire
    hooks.unregister(WATCHED, wire.send)


@dataclass
class Desk:
    """The domain with everything around it."""

    phones: Phones
    wire: Wire
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    # --- phones ------------------------------------------------------------------------------

    def known_to_sns(self) -> None:
        """The platform applications are made, and the stack knows where."""
        made = {
            "fcm": self.phones.create_application("test", "GCM"),
            "apns": self.phones.create_application("test", "APNS"),
        }
        put_push(made)

    def register(
        self, person: str, token: str = "", device: str = "", **changed: str
    ) -> DeviceView:
        """A phone of somebody's; its token begins with the person's name unless given."""
        said = {"platform": "fcm", "language": "en", "token": token or f"{person}-token", **changed}
        new = NewDevice.model_validate_json(json.dumps(said))
        return devices.register(person, device or ids.new("dev"), new)

    def inbox(self, token: str) -> list[Message]:
        return self.phones.inbox(token)

    def told(self, person: str) -> list[str]:
        """The types of what a person's own phone was told."""
        return [message.data["type"] for message in self.inbox(f"{person}-token")]

    # --- the store and the order ---------------------------------------------------------------

    def employ(self, person: str, store_id: str = STORE) -> None:
        member = StaffMember(store_key(store_id), staff_key(person), role="manager")
        parts.commit(parts.overwrite(member))

    def order(self, status: str = "CREATED", fulfilment: str = "delivery", **changed: Any) -> None:  # noqa: ANN401 - any attribute
        """The order of these tests in a state, as its head says."""
        now = clock.stamp(clock.now())
        said = {
            "id": ORDER, "customer_id": CUSTOMER, "store_id": STORE, "merchant_id": MERCHANT,
            "channel": "app", "fulfilment": Fulfilment(fulfilment), "status": status,
            "version": 1, "currency": "KRW", "total": 9000, "shares": [], "fees": {},
            "placed_at": now, "promised": {}, "confirm_seconds": 480, "listed_at": now,
            "board": STORE, **changed,
        }  # fmt: skip
        parts.commit(parts.overwrite(OrderHead(order_key(ORDER), dynamo.HEAD, **said)))

    def carried_by(self, courier: str, status: str = "ACCEPTED") -> None:
        """The order has a courier."""
        now = clock.stamp(clock.now())
        delivery = DeliveryHead(
            delivery_key(DELIVERY), dynamo.HEAD,
            id=DELIVERY, order_id=ORDER, store_id=STORE, customer_id=CUSTOMER, zone="seoul",
            attempt=1, status=status, version=2, courier_id=courier, currency="KRW", gross=3000,
            fee=150, tip=0, pickup={}, drop={}, ready_at=now, promised_by=now, opened_at=now,
        )  # fmt: skip
        current = CurrentDelivery(
            order_in_couriers(ORDER), CURRENT, delivery_id=DELIVERY, attempt=1
        )
        parts.commit(parts.overwrite(delivery), parts.overwrite(current))
        OrderHead.at(ORDER).update([OrderHead.courier_id.set(courier)])

    def offered_to(self, courier: str, *, seconds: float = 45, status: str = "pending") -> None:
        offer = OfferItem(
            courier_key(courier), offer_key(OFFER), id=OFFER, courier_id=courier,
            delivery_id=DELIVERY, order_id=ORDER, status=status,
            until=clock.stamp(clock.after(seconds)), content={}, decision={}, expires_at=0,
        )  # fmt: skip
        parts.commit(parts.overwrite(offer))

    # --- what happens --------------------------------------------------------------------------

    def happens(self, event_type: str, actor: str = SYSTEM, **data: Any) -> Bell:  # noqa: ANN401 - any JSON
        """An event of the kind that its type says. The bell that it rings."""
        kind = event_type.partition(".")[0]
        model, subject, pk = {
            "order": (OrderEvent, ORDER, order_key(ORDER)),
            "delivery": (DeliveryEvent, DELIVERY, delivery_key(DELIVERY)),
            "courier": (CourierEvent, COURIER, courier_key(COURIER)),
            "payment": (PaymentEvent, f"order#{ORDER}", payment_key("order", ORDER)),
        }[kind]
        version = next(self._numbers)
        about = {"order_id": ORDER, "store_id": STORE} if kind == "delivery" else {}
        event = outbox.announce(
            model, pk, kind=kind, subject=subject, version=version, type=event_type,
            actor=actor, data={**about, **data},
        )  # fmt: skip
        parts.commit(event)
        return Bell(kind, subject, version, event_type)

    def ring(self, *bells: Bell) -> list[str]:
        """Hand bells to the consumer. Which of them failed, by number."""
        records = [
            {
                "messageId": str(number), "receiptHandle": "r", "attributes": {},
                "body": json.dumps(
                    {"kind": one.kind, "subject": one.subject, "version": one.version,
                     "type": one.type}
                ),
                "messageAttributes": {}, "eventSource": "aws:sqs", "awsRegion": "us-east-1",
                "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:PushBells",
            }
            for number, one in enumerate(bells)
        ]  # fmt: skip
        answer = events.push_notifications({"Records": records}, None)
        return [failed["itemIdentifier"] for failed in answer["batchItemFailures"]]

    def tell(self, event_type: str, actor: str = SYSTEM, **data: Any) -> list[str]:  # noqa: ANN401 - any JSON
        """Something happens, and its bell rings."""
        return self.ring(self.happens(event_type, actor, **data))


def put_push(applications: dict[str, str]) -> None:
    """The parameter that says where the platform applications are."""
    secrets.forget()
    boto3.client("ssm", region_name="us-east-1").put_parameter(
        Name=f"{settings().parameters}/push",
        Value=json.dumps(applications),
        Type="SecureString",
        Overwrite=True,
    )
