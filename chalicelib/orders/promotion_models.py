"""What the table `promotions` holds. Private to this domain.

A promotion is written once; what orders have taken of it is counted beside it. What applies by
itself is in the item of each place that it is for, and a code points to its promotion.
"""

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
)

from chalicelib.core.dynamo import Item, TableMeta
from chalicelib.core.settings import settings

COUNT = "COUNT"
FIRST_ORDER = "FIRST_ORDER"
PROMOTION = "PROMO#"
PLATFORM = "platform"
ENDINGS = "ENDINGS"


def promotion_key(promotion_id: str) -> str:
    return f"{PROMOTION}{promotion_id}"


def owner_key(owner: str) -> str:
    """The list of what a store, or the platform, has made."""
    return f"OWNER#{owner}"


def place_key(place: str) -> str:
    """What applies by itself at a store, at a merchant's stores, or in a city."""
    return f"PLACE#{place}"


def code_key(owner: str, code: str) -> str:
    return f"CODE#{owner}#{code}"


def person_key(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"


def user_key(customer_id: str) -> str:
    return f"USER#{customer_id}"


class PromotionsTable(TableMeta):
    table_name = settings().table("promotions")


class PromotionHead(Item):
    """A promotion as it was made, and whether somebody has stopped it.

    `version` counts what its store was told of it; `used_up` and `over` are the last of that.
    """

    class Meta(PromotionsTable):
        pass

    id = UnicodeAttribute()
    owner = UnicodeAttribute()
    content = UnicodeAttribute()
    made_by = UnicodeAttribute()
    stopped_at = UnicodeAttribute(null=True)
    stopped_by = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    used_up = BooleanAttribute(null=True)
    over = BooleanAttribute(null=True)


class PromotionRow(Item):
    """A promotion in the list of who made it."""

    class Meta(PromotionsTable):
        pass

    content = UnicodeAttribute()
    stopped_at = UnicodeAttribute(null=True)


class PromotionPlace(Item):
    """What applies by itself at a place, by its id. A quote reads those of three places."""

    class Meta(PromotionsTable):
        pass

    live = JSONAttribute()
    version = NumberAttribute()


class WaitingBadge(Item):
    """That lists do not yet say what applies at a place."""

    class Meta(PromotionsTable):
        pass

    turn = UnicodeAttribute()


class EndingPromotion(Item):
    """When the time of a store's promotion is over, in the list of those that end."""

    class Meta(PromotionsTable):
        pass

    promotion_id = UnicodeAttribute()


class PromotionCode(Item):
    """Which promotion a code stands for."""

    class Meta(PromotionsTable):
        pass

    promotion_id = UnicodeAttribute()


class PromotionCount(Item):
    """What orders have taken of a promotion: how often, and how much of its budget."""

    SK = COUNT

    class Meta(PromotionsTable):
        pass

    uses = NumberAttribute(null=True)
    spent = NumberAttribute(null=True)
    stopped = BooleanAttribute(null=True)


class PromotionUser(Item):
    """How often one customer has taken a promotion; or any that is for a first order."""

    class Meta(PromotionsTable):
        pass

    uses = NumberAttribute(null=True)
