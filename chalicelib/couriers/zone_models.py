"""What a run of dispatch reads and writes in the table `couriers`. Private to this domain."""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.core.dynamo import Item
from chalicelib.couriers.models import CouriersMeta, courier_key, delivery_key, shard_key


class OnDuty(Item):
    """A courier on duty. `version` rises with duty and jobs, never with a position.

    `jobs` are ids of deliveries in hand, in the order of their doors; they should be over at
    `ends_at`, near `ends_near`. `offer_id` is the one live offer and `offer_until` its end.
    `location` is [longitude, latitude]; positions come under a rising `sequence`. `nudged_at` is
    when something was last done about a silence, `ends_by` when the duty has to end.
    `warned_for` is the end of which its courier was told. Breaks: the present one began at
    `paused_at`, those before took `paused_seconds`.
    """

    PERSONAL = frozenset({"location", "located_at", "ends_near"})

    class Meta(CouriersMeta):
        pass

    courier_id = UnicodeAttribute()
    zone = UnicodeAttribute()
    status = UnicodeAttribute()
    vehicle = UnicodeAttribute()
    version = NumberAttribute()
    since = UnicodeAttribute()
    jobs = JSONAttribute()
    ends_at = UnicodeAttribute(null=True)
    ends_near = JSONAttribute(null=True)
    offer_id = UnicodeAttribute(null=True)
    offer_until = UnicodeAttribute(null=True)
    location = JSONAttribute()
    located_at = UnicodeAttribute()
    sequence = NumberAttribute()
    nudged_at = UnicodeAttribute(null=True)
    ends_by = UnicodeAttribute(null=True)
    warned_for = UnicodeAttribute(null=True)
    paused_at = UnicodeAttribute(null=True)
    paused_seconds = NumberAttribute(null=True)
    expires_at = NumberAttribute()

    @classmethod
    def at(cls, zone: str, courier_id: str) -> "OnDuty":
        """An instance that holds the keys alone."""
        return cls(shard_key(zone, courier_id), courier_key(courier_id))


class OpenDelivery(Item):
    """A delivery that looks for a courier, as a run reads it. `drop` is personal.

    `offers` are the live ones, `{offer_id, courier_id, until}`, and `along`, all deliveries of the
    offer, where there are several; `refused` are couriers who have said no or let an offer pass.
    What is of one store may go together. `version` is the delivery's own: both change together.
    `tell_at` is when the customer is told that nobody was found: it is gone once they were, and
    comes back when they would rather wait.
    """

    PERSONAL = frozenset({"drop"})

    class Meta(CouriersMeta):
        pass

    delivery_id = UnicodeAttribute()
    order_id = UnicodeAttribute()
    store_id = UnicodeAttribute(null=True)
    zone = UnicodeAttribute()
    version = NumberAttribute()
    pickup = JSONAttribute()
    drop = JSONAttribute()
    ready_at = UnicodeAttribute()
    promised_by = UnicodeAttribute()
    opened_at = UnicodeAttribute()
    tell_at = UnicodeAttribute(null=True)
    told_at = UnicodeAttribute(null=True)
    offers = JSONAttribute()
    refused = JSONAttribute()
    directed = JSONAttribute(null=True)
    vehicles = JSONAttribute(null=True)

    @classmethod
    def at(cls, zone: str, delivery_id: str) -> "OpenDelivery":
        """An instance that holds the keys alone."""
        return cls(shard_key(zone, delivery_id), delivery_key(delivery_id))


class ZoneDirty(Item):
    """How often supply or demand have changed in one shard of a zone."""

    class Meta(CouriersMeta):
        pass

    changes = NumberAttribute(default=0)


class DueZone(GlobalSecondaryIndex["ZoneHead"]):  # type: ignore[no-untyped-call]  # PynamoDB does not type it
    """Zones that a run should look at by then, in 16 shards."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class ZoneHead(Item):
    """What the last run of a zone saw, who runs now, and when the next run is due."""

    class Meta(CouriersMeta):
        pass

    zone = UnicodeAttribute()
    supply_percent = NumberAttribute(null=True)
    supply_until = UnicodeAttribute(null=True)
    seen = JSONAttribute(null=True)
    lease = UnicodeAttribute(null=True)
    leased_until = NumberAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    due = DueZone()
