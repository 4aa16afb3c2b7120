"""What the table `couriers` holds, and couriers and offers themselves. Private to this domain.

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
that a position could be written to. Deliveries are in `delivery_models`, zones in `zone_models`.
"""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import ids
from chalicelib.core.dynamo import Item, TableMeta
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
    """A courier. `given_name` is personal: what customers and stores call them.

    `suspension` is `{id, code, reason, at}`; an appeal that was granted ends it, too.
    """

    PERSONAL = frozenset({"given_name", "suspension"})

    class Meta(CouriersMeta):
        pass

    id = UnicodeAttribute()
    version = NumberAttribute()
    given_name = UnicodeAttribute()
    vehicle = UnicodeAttribute()
    zone = UnicodeAttribute(null=True)
    city = UnicodeAttribute(null=True)
    suspension = JSONAttribute(null=True)
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
