"""What the tables `quotes` and `orders` hold, and the switch in `control`. Private to this domain.

An order's head is small and changes often; its body is large and written once, since a write costs
its whole item. The body alone holds personal data (the drop-off and the notes).
"""

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import (
    AllProjection,
    GlobalSecondaryIndex,
    IncludeProjection,
    KeysOnlyProjection,
)

from chalicelib.core.dynamo import HEAD, Item, TableMeta
from chalicelib.core.outbox import EventItem
from chalicelib.core.settings import settings

BODY = "BODY"
CODE = "CODE"
TURN = "TURN#"


def order_key(order_id: str) -> str:
    return f"ORDER#{order_id}"


def quote_key(quote_id: str) -> str:
    return f"QUOTE#{quote_id}"


class QuoteItem(Item):
    """A quote: what was asked, what it costs, until when; and the order that it became."""

    PERSONAL = frozenset({"content"})

    class Meta(TableMeta):
        table_name = settings().table("quotes")

    id = UnicodeAttribute()
    customer_id = UnicodeAttribute()
    store_id = UnicodeAttribute()
    merchant_id = UnicodeAttribute()
    valid_until = UnicodeAttribute()
    content = JSONAttribute()
    order_id = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()


class ByCustomer(GlobalSecondaryIndex["OrderHead"]):  # type: ignore[no-untyped-call]  # PynamoDB does not type it
    """A customer's orders in the order of placing."""

    class Meta:
        index_name = "by_customer"
        projection = AllProjection()

    customer_id = UnicodeAttribute(hash_key=True)
    listed_at = UnicodeAttribute(range_key=True)


class ByStore(GlobalSecondaryIndex["OrderHead"]):  # type: ignore[no-untyped-call]  # PynamoDB does not type it
    """A store's orders. Sparse: an order that nobody has paid has no `board`."""

    class Meta:
        index_name = "by_store"
        projection = AllProjection()

    board = UnicodeAttribute(hash_key=True)
    listed_at = UnicodeAttribute(range_key=True)


class Due(GlobalSecondaryIndex["OrderHead"]):  # type: ignore[no-untyped-call]  # PynamoDB does not type it
    """Orders with a deadline, in 16 shards."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class Late(GlobalSecondaryIndex["OrderHead"]):  # type: ignore[no-untyped-call]  # PynamoDB does not type it
    """Orders that are on their way to their customers, by when they are late, in 16 shards.

    All of a store's lie in one shard. Sparse: what was brought or given up leaves it.
    """

    class Meta:
        index_name = "late"
        projection = IncludeProjection(["store_id"])

    late_shard = UnicodeAttribute(hash_key=True)
    late_from = UnicodeAttribute(range_key=True)


class OrderHead(Item):
    """Where an order stands. Every change raises `version` and puts an event under it.

    `device` is a keyed hash, which goes when the order is over.
    """

    PERSONAL = frozenset({"device"})

    class Meta(TableMeta):
        table_name = settings().table("orders")

    id = UnicodeAttribute()
    customer_id = UnicodeAttribute()
    store_id = UnicodeAttribute()
    merchant_id = UnicodeAttribute()
    channel = UnicodeAttribute()
    fulfilment = UnicodeAttribute()
    status = UnicodeAttribute()
    version = NumberAttribute()
    currency = UnicodeAttribute()
    total = NumberAttribute()
    shares = JSONAttribute()
    fees = JSONAttribute()
    owed = NumberAttribute(null=True)
    cancellation = JSONAttribute(null=True)
    cancel_request = JSONAttribute(null=True)
    customer_request = JSONAttribute(null=True)
    waits_at = JSONAttribute(null=True)
    placed_at = UnicodeAttribute()
    promised = JSONAttribute()
    first_promised = JSONAttribute(null=True)
    delay = JSONAttribute(null=True)
    scheduled_for = UnicodeAttribute(null=True)
    prepare_by = UnicodeAttribute(null=True)
    confirm_seconds = NumberAttribute()
    confirm_by = UnicodeAttribute(null=True)
    reminders = NumberAttribute(default=0)
    delivered_by = UnicodeAttribute(null=True)
    courier_id = UnicodeAttribute(null=True)
    minimum_age = NumberAttribute(null=True)
    holds = JSONAttribute(null=True)
    promotions = JSONAttribute(null=True)
    counted = JSONAttribute(null=True)
    device = UnicodeAttribute(null=True)
    preparation_minutes = NumberAttribute(null=True)
    handed_over_at = UnicodeAttribute(null=True)
    errand = JSONAttribute(null=True)
    listed_at = UnicodeAttribute()
    board = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    late_shard = UnicodeAttribute(null=True)
    late_from = UnicodeAttribute(null=True)

    by_customer = ByCustomer()
    by_store = ByStore()
    due = Due()
    late = Late()

    @classmethod
    def at(cls, order_id: str) -> "OrderHead":
        """An instance that holds the keys alone, to be updated or checked."""
        return cls(order_key(order_id), HEAD)


class OrderBody(Item):
    """What was ordered, at what price, and where to: written once."""

    PERSONAL = frozenset({"content"})

    class Meta(TableMeta):
        table_name = settings().table("orders")

    content = JSONAttribute()


class CodeTries(Item):
    """How often a code was tried on an order, and when the right one was said."""

    class Meta(TableMeta):
        table_name = settings().table("orders")

    tries = NumberAttribute(default=0)
    right_at = UnicodeAttribute(null=True)

    @classmethod
    def at(cls, order_id: str) -> "CodeTries":
        return cls(order_key(order_id), CODE)


class OrderEvent(EventItem):
    """What happened to an order."""

    class Meta(TableMeta):
        table_name = settings().table("orders")


class OrdersSwitch(Item):
    """Whether new orders are stopped, and what people are told of it."""

    class Meta(TableMeta):
        table_name = settings().table("control")

    stopped = BooleanAttribute()
    reason = UnicodeAttribute(null=True)
    version = NumberAttribute()


class SwitchTurn(Item):
    """That somebody turned the switch. Written once."""

    class Meta(TableMeta):
        table_name = settings().table("control")

    stopped = BooleanAttribute()
    reason = UnicodeAttribute()
    actor = UnicodeAttribute()
    at = UnicodeAttribute()
