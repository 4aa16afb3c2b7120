"""What the table `integrations` holds of Open Delivery: private to this adapter.

OPENDELIVERY#<store>  HEAD, KEY, SIGNING, EVENT#<event>, ORDER#<order>, NEWS#<event>, ERRAND#<order>
"""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import HEAD, Item, TableMeta
from chalicelib.core.settings import settings

EVENT = "EVENT#"
ORDER = "ORDER#"
NEWS = "NEWS#"
ERRAND = "ERRAND#"
KEY = "KEY"
SIGNING = "SIGNING"


class OpenDeliveryMeta(TableMeta):
    table_name = settings().table("integrations")


class Connection(Item):
    """That a store is joined by Open Delivery, and how its system is reached."""

    class Meta(OpenDeliveryMeta):
        pass

    store_id = UnicodeAttribute()
    created_at = UnicodeAttribute()
    base = UnicodeAttribute()
    merchant_id = UnicodeAttribute(null=True)
    merchant_url = UnicodeAttribute(null=True)
    webhook_url = UnicodeAttribute(null=True)
    webhook_client = UnicodeAttribute(null=True)
    leased_until = NumberAttribute(null=True)
    retry_at = UnicodeAttribute(null=True)
    read_at = UnicodeAttribute(null=True)
    read_status = UnicodeAttribute(null=True)
    read_info = UnicodeAttribute(null=True)

    @classmethod
    def at(cls, store_id: str) -> "Connection":
        return cls(connection_key(store_id), HEAD)


class MerchantKey(Item):
    """Secret: what the merchant's own address asks for. Read where it is called alone."""

    class Meta(OpenDeliveryMeta):
        pass

    key = UnicodeAttribute()


class SigningKey(Item):
    """Secret: of the client that registered a webhook, since the protocol signs with that."""

    class Meta(OpenDeliveryMeta):
        pass

    client_id = UnicodeAttribute()
    secret = UnicodeAttribute()


class Happening(Item):
    """An event that the store's system has not acknowledged yet. Acknowledged, it is gone."""

    class Meta(OpenDeliveryMeta):
        pass

    id = UnicodeAttribute()
    type = UnicodeAttribute()
    order_id = UnicodeAttribute()
    version = NumberAttribute()
    place = NumberAttribute()
    at = UnicodeAttribute()
    metadata = JSONAttribute(null=True)
    expires_at = NumberAttribute()


class OrderLink(Item):
    """Up to which version of an order events were made, and what the store's system said of it."""

    class Meta(OpenDeliveryMeta):
        pass

    version = NumberAttribute(null=True)
    last_type = UnicodeAttribute(null=True)
    external_code = UnicodeAttribute(null=True)
    tracking = JSONAttribute(null=True)
    expires_at = NumberAttribute()

    @classmethod
    def at(cls, store_id: str, order_id: str) -> "OrderLink":
        return cls(connection_key(store_id), order_key(order_id))


class ErrandLink(Item):
    """What the store's system asked to be carried, under its own id of it.

    `order_id` is ours; none where it was `rejected`. `cursors` say up to which version of what
    events were made, `solved` which problems the store has answered, and how.
    """

    class Meta(OpenDeliveryMeta):
        pass

    order_id = UnicodeAttribute(null=True)
    delivery_id = UnicodeAttribute()
    display = UnicodeAttribute()
    body_hash = UnicodeAttribute()
    asked_at = UnicodeAttribute()
    vehicles = JSONAttribute()
    rejected = JSONAttribute(null=True)
    cursors = JSONAttribute()
    solved = JSONAttribute()
    version = NumberAttribute()
    expires_at = NumberAttribute()

    @classmethod
    def at(cls, store_id: str, reference: str) -> "ErrandLink":
        return cls(connection_key(store_id), errand_key(reference))


class LogisticNews(Item):
    """An event of an errand that the store's system has not taken yet. Taken, it is gone."""

    class Meta(OpenDeliveryMeta):
        pass

    id = UnicodeAttribute()
    reference = UnicodeAttribute()
    order_id = UnicodeAttribute(null=True)
    fact = JSONAttribute()
    at = UnicodeAttribute()
    expires_at = NumberAttribute()


def errand_key(reference: str) -> str:
    return f"{ERRAND}{reference}"


def news_key(event_id: str) -> str:
    return f"{NEWS}{event_id}"


def connection_key(store_id: str) -> str:
    return f"OPENDELIVERY#{store_id}"


def event_key(event_id: str) -> str:
    return f"{EVENT}{event_id}"


def order_key(order_id: str) -> str:
    return f"{ORDER}{order_id}"
