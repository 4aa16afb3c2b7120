"""What the table `couriers` holds. Private to this domain.

    COURIER#<courier>        HEAD             who the courier is, and the zone of the present duty
    COURIER#<courier>        STARS            what customers thought of the courier, summed
    COURIER#<courier>        OFFER#<offer>    a delivery proposed to the courier
    ASSIGNMENT#<offer>       HEAD             why it was proposed to whom
    DELIVERY#<delivery>      HEAD, EVT#<n>    one attempt to bring an order
    ORDER#<order>            DELIVERY         which attempt is the present one
    ZONE#<zone>#<shard>      COURIER#<c>      a courier on duty, with the last position
    ZONE#<zone>#<shard>      DELIVERY#<d>     a delivery that looks for a courier
    ZONE#<zone>#<shard>      DIRTY            how often supply or demand have changed here
    ZONE#<zone>              HEAD             what the last run saw, when the next is due, who runs

What a run of dispatch reads stands in the zone's shards, written in the transaction that moves it.
A courier who goes off duty is deleted from there, and the position with it: there is nothing left
that a position could be written to.
"""

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.core import ids
from chalicelib.core.dynamo import HEAD, Item, TableMeta
from chalicelib.core.outbox import EventItem
from chalicelib.core.settings import settings

ZONE_SHARDS = 4
CURRENT = "DELIVERY"
DIRTY = "DIRTY"
COURIER, DELIVERY, OFFER, ASSIGNMENT = "COURIER#", "DELIVERY#", "OFFER#", "ASSIGNMENT#"


class CouriersMeta(TableMeta):
    """The one table of this domain."""

    table_name = settings().table("couriers")


def courier_key(courier_id: str) -> str:
    return f"{COURIER}{courier_id}"


def offer_key(offer_id: str) -> str:
    return f"{OFFER}{offer_id}"


def assignment_key(offer_id: str) -> str:
    return f"{ASSIGNMENT}{offer_id}"


def delivery_key(delivery_id: str) -> str:
    return f"{DELIVERY}{delivery_id}"


def order_key(order_id: str) -> str:
    return f"ORDER#{order_id}"


def zone_key(zone: str) -> str:
    return f"ZONE#{zone}"


def shard_key(zone: str, subject: str) -> str:
    """The shard of a zone that a courier or a delivery belongs to."""
    return f"ZONE#{zone}#{ids.spread(subject, ZONE_SHARDS)}"


def shard_keys(zone: str) -> list[str]:
    return [f"ZONE#{zone}#{shard}" for shard in range(ZONE_SHARDS)]


class CourierHead(Item):
    """A courier. `given_name` is personal: what customers and stores call them."""

    PERSONAL = frozenset({"given_name"})

    class Meta(CouriersMeta):
        pass

    id = UnicodeAttribute()
    version = NumberAttribute()
    given_name = UnicodeAttribute()
    vehicle = UnicodeAttribute()
    zone = UnicodeAttribute(null=True)
    created_at = UnicodeAttribute()


class CourierStars(Item):
    """How many stars customers have given a courier in all, and how many customers have."""

    SK = "STARS"

    class Meta(CouriersMeta):
        pass

    stars = NumberAttribute()
    ratings = NumberAttribute()


class CourierEvent(EventItem):
    """What happened to a courier: on duty, off duty, silent. Under the courier's partition."""

    class Meta(CouriersMeta):
        pass


class OfferItem(Item):
    """A delivery proposed to a courier, or several of one store that go together.

    `deliveries` are all of them, in the order of their doors, where there is more than one. Why is
    its assignment's; of an older release's it is `decision`.
    """

    PERSONAL = frozenset({"content", "decision"})

    class Meta(CouriersMeta):
        pass

    id = UnicodeAttribute()
    courier_id = UnicodeAttribute()
    delivery_id = UnicodeAttribute()
    order_id = UnicodeAttribute()
    status = UnicodeAttribute()
    until = UnicodeAttribute()
    content = JSONAttribute()
    decision = JSONAttribute(null=True)
    deliveries = JSONAttribute(null=True)
    expires_at = NumberAttribute()


class Assignment(Item):
    """Why a courier was asked: rule and its version, weights, candidates, features, reason.

    Written once, apart from the offer, which is small and changes.
    """

    PERSONAL = frozenset({"decision"})

    class Meta(CouriersMeta):
        pass

    id = UnicodeAttribute()
    courier_id = UnicodeAttribute()
    deliveries = JSONAttribute()
    decision = JSONAttribute()
    at = UnicodeAttribute()
    expires_at = NumberAttribute()


class DeliveryHead(Item):
    """Where a delivery stands. Every change raises `version` and puts an event under it.

    `drop` is personal. `previous` is the attempt before: the pointer of an order names the last
    one only, and all of them must be found when a person is to be forgotten.
    `stop` is which door it is of those that its courier accepted together. `directed` is what an
    operator has said of who is asked: `{pinned, forbidden}`.
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


class OnDuty(Item):
    """A courier on duty. `version` rises with duty and jobs, never with a position.

    `jobs` are ids of deliveries in hand, in the order of their doors; they should be over at
    `ends_at`, near `ends_near`. `offer_id` is the one live offer and `offer_until` its end.
    `location` is [longitude, latitude]; positions come under a rising `sequence`. `nudged_at` is
    when something was last done about a silence.
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
