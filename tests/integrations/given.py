"""Orders and endpoints that are simply there, for what measures how they are told of each other."""

from chalicelib.core import clock, dynamo, outbox, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.rights import SYSTEM
from chalicelib.integrations import signing
from chalicelib.integrations.models import (
    FEED,
    EndpointItem,
    EndpointSecret,
    Feed,
    endpoint_key,
    secret_key,
    store_key,
)
from chalicelib.integrations.schemas import ORDER_TYPES
from chalicelib.orders.models import OrderEvent, OrderHead, order_key

MERCHANT = "mer_00000000000000000000000000"


def placed_order(order_id: str, store_id: str, event_type: str = "order.created") -> None:
    """An order that its store may see, with the event that tells of it."""
    now = clock.stamp(clock.now())
    head = OrderHead(
        order_key(order_id), dynamo.HEAD, id=order_id, customer_id="mina", store_id=store_id,
        merchant_id=MERCHANT, channel="app", fulfilment="takeaway", status="CREATED",
        version=1, currency="KRW", total=9000, shares=[], fees={}, placed_at=now,
        promised={"begins": now, "ends": now}, confirm_seconds=480, listed_at=now,
        board=store_id,
    )  # fmt: skip
    event = outbox.announce(
        OrderEvent, order_key(order_id), kind="order", subject=order_id, version=1,
        type=event_type, actor=SYSTEM, data={"store_id": store_id, "status": "CREATED"},
    )  # fmt: skip
    parts.commit(parts.put(head, BusyError()), event)


def listening(name: str, at: str = "https://till.example.com") -> None:
    """An endpoint of a store of its own, which has answered its challenge."""
    store_id, hook = f"sto_{name}", f"whk_{name}"
    now = clock.stamp(clock.now())
    item = EndpointItem(
        store_key(store_id), endpoint_key(hook), id=hook, store_id=store_id,
        url=f"{at}/{name}", event_types=list(ORDER_TYPES), status="active",
        created_at=now, succeeded_at=now,
    )  # fmt: skip
    secret = EndpointSecret(item.pk, secret_key(hook), secret=signing.new_secret())
    feed = Feed(endpoint_key(hook), FEED, position=0)
    parts.commit(*(parts.put(one, BusyError()) for one in (item, secret, feed)))
