"""What reconciling keeps in the table `payments`: how far it is, and what it has found."""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import Item, TableMeta
from chalicelib.core.settings import settings

PROGRESS = "RECONCILIATION"
DIFFERENCE = "DIFFERENCE#"


def day_key(day: str) -> str:
    return f"RECONCILIATION#{day}"


def seen_key(key: str) -> str:
    return f"RECONCILED#{key}"


class ProgressItem(Item):
    """Which day is compared next. Days are compared in their order, and none is left out."""

    class Meta(TableMeta):
        table_name = settings().table("payments")

    day = UnicodeAttribute()


class DayItem(Item):
    """One day: which list it is at, from where that goes on, and what was counted."""

    class Meta(TableMeta):
        table_name = settings().table("payments")

    day = UnicodeAttribute()
    phase = UnicodeAttribute()
    place = JSONAttribute(null=True)
    version = NumberAttribute()
    charges = NumberAttribute()
    refunds = NumberAttribute()
    entries = NumberAttribute()
    began_at = UnicodeAttribute()
    done_at = UnicodeAttribute(null=True)


class SeenItem(Item):
    """A movement of Stripe's that was compared with a subject's books. Kept for some days."""

    class Meta(TableMeta):
        table_name = settings().table("payments")

    subject = UnicodeAttribute()
    expires_at = NumberAttribute()


class DifferenceItem(Item):
    """Something that Stripe and our books do not say alike. Written once."""

    class Meta(TableMeta):
        table_name = settings().table("payments")

    what = UnicodeAttribute()
    kind = UnicodeAttribute()
    key = UnicodeAttribute()
    subject = UnicodeAttribute()
    intent_id = UnicodeAttribute()
    at_stripe = NumberAttribute()
    posted = NumberAttribute()
    currency = UnicodeAttribute()
    found_at = UnicodeAttribute()
