"""Deliveries in the table `couriers`. Private to this domain."""

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import HEAD, Item
from chalicelib.core.outbox import EventItem
from chalicelib.couriers.models import CouriersMeta, delivery_key


class DeliveryHead(Item):
    """Where a delivery stands. Every change raises `version` and puts an event under it.

    `drop` is personal. `previous` is the attempt before: the pointer of an order names the last
    one only, and all of them must be found when a person is to be forgotten.
    `stop` is which door it is of those that its courier accepted together. `directed` is what an
    operator has said of who is asked: `{pinned, forbidden}`. That of an `errand` goes `alone`, and
    by some `vehicles`, where its store says so.
    """

    PERSONAL = frozenset({"drop"})

    class Meta(CouriersMeta):
        pass

    id = UnicodeAttribute()
    order_id = UnicodeAttribute()
    store_id = UnicodeAttribute()
    customer_id = UnicodeAttribute()
    zone = UnicodeAttribute()
    attempt = NumberAttribute()
    previous = UnicodeAttribute(null=True)
    status = UnicodeAttribute()
    version = NumberAttribute()
    courier_id = UnicodeAttribute(null=True)
    currency = UnicodeAttribute()
    gross = NumberAttribute()
    fee = NumberAttribute()
    tip = NumberAttribute()
    pickup = JSONAttribute()
    drop = JSONAttribute()
    ready_at = UnicodeAttribute()
    promised_by = UnicodeAttribute()
    opened_at = UnicodeAttribute()
    ended_at = UnicodeAttribute(null=True)
    code = UnicodeAttribute(null=True)
    no_courier_at = UnicodeAttribute(null=True)
    pin_tries = NumberAttribute(default=0)
    minimum_age = NumberAttribute(null=True)
    leave_at_door = BooleanAttribute(null=True)
    stop = NumberAttribute(null=True)
    directed = JSONAttribute(null=True)
    errand = BooleanAttribute(null=True)
    alone = BooleanAttribute(null=True)
    vehicles = JSONAttribute(null=True)

    @classmethod
    def at(cls, delivery_id: str) -> "DeliveryHead":
        """An instance that holds the keys alone, to be updated or checked."""
        return cls(delivery_key(delivery_id), HEAD)


class DeliveryEvent(EventItem):
    """What happened to a delivery."""

    class Meta(CouriersMeta):
        pass


class CurrentDelivery(Item):
    """Which attempt to bring an order is the present one."""

    class Meta(CouriersMeta):
        pass

    delivery_id = UnicodeAttribute()
    attempt = NumberAttribute()
