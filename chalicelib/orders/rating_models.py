"""What the table `orders` holds of ratings. Private to this domain.

RATINGS#<store>   <rating>     what a customer thought of an order, without saying whose it was
ORDER#<order>     RATING       which rating is the order's: so there is one
RATING#<order>    EVT#<n>      what happened to it

A store reads the first alone: nothing in it leads to a customer.
"""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import Item, TableMeta
from chalicelib.core.outbox import EventItem
from chalicelib.core.settings import settings

RATED = "RATING"


class RatingsMeta(TableMeta):
    table_name = settings().table("orders")


def ratings_key(store_id: str) -> str:
    """The list of a store's ratings."""
    return f"RATINGS#{store_id}"


def rating_events_key(order_id: str) -> str:
    return f"RATING#{order_id}"


class RatingItem(Item):
    """Stars and words. `comment` is personal: who writes may tell of themselves.

    `counted` is what the sums of store and courier hold of it, at which version; `hidden_at` is
    when an operator has hidden its words.
    """

    PERSONAL = frozenset({"comment"})

    class Meta(RatingsMeta):
        pass

    id = UnicodeAttribute()
    store_id = UnicodeAttribute()
    courier_id = UnicodeAttribute(null=True)
    store_stars = NumberAttribute()
    courier_stars = NumberAttribute(null=True)
    comment = UnicodeAttribute(null=True)
    answer = UnicodeAttribute(null=True)
    answered_at = UnicodeAttribute(null=True)
    hidden_at = UnicodeAttribute(null=True)
    given_at = UnicodeAttribute()
    version = NumberAttribute()
    counted = JSONAttribute(null=True)

    @classmethod
    def at(cls, store_id: str, rating_id: str) -> "RatingItem":
        """An instance that holds the keys alone, to be updated or checked."""
        return cls(ratings_key(store_id), rating_id)


class RatedOrder(Item):
    """Which rating is an order's."""

    SK = RATED

    class Meta(RatingsMeta):
        pass

    store_id = UnicodeAttribute()
    rating_id = UnicodeAttribute()


class RatingEvent(EventItem):
    """What happened to a rating. It tells no stars and no words."""

    class Meta(RatingsMeta):
        pass
