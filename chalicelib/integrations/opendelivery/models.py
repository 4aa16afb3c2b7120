"""What the table `integrations` holds of Open Delivery: private to this adapter.

OPENDELIVERY#<store>  HEAD, KEY, SIGNING, EVENT#<event>, ORDER#<order>
"""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import HEAD, Item, TableMeta
from chalicelib.core.settings import settings

EVENT = "EVENT#"
ORDER = "ORDER#"
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


def connection_key(store_id: str) -> str:
    return f"OPENDELIVERY#{store_id}"


def event_key(event_id: str) -> str:
    return f"{EVENT}{event_id}"


def order_key(order_id: str) -> str:
    return f"{ORDER}{order_id}"
