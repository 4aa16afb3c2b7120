"""What makes a courier fit to work, in the table `couriers`: private to this domain.

CITY#<city>         COURIERS           what a city asks of its couriers
COURIER#<courier>   DOC#<document>     a document of a courier's
DOCUMENTS           <moment>#<doc>     what waits for a look, the oldest first
"""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import Item
from chalicelib.couriers.models import CouriersMeta, courier_key

DOCUMENT = "DOC#"
WAITING = "DOCUMENTS"


class CityRules(Item):
    """What a city asks of its couriers. `rules` is JSON."""

    SK = "COURIERS"

    class Meta(CouriersMeta):
        pass

    version = NumberAttribute()
    rules = UnicodeAttribute()


class Document(Item):
    """A document, without the file: that is in the bucket for a month.

    `valid_until` is what the courier says until it was looked at, then what was seen. `warning` is
    the notice that tells of its end.
    """

    PERSONAL = frozenset({"valid_until"})

    class Meta(CouriersMeta):
        pass

    id = UnicodeAttribute()
    courier_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    status = UnicodeAttribute()
    media_type = UnicodeAttribute()
    size = NumberAttribute()
    valid_until = UnicodeAttribute(null=True)
    put_until = UnicodeAttribute()
    created_at = UnicodeAttribute()
    sent_at = UnicodeAttribute(null=True)
    reviewed_at = UnicodeAttribute(null=True)
    problem = UnicodeAttribute(null=True)
    warning = UnicodeAttribute(null=True)
    expires_at = NumberAttribute(null=True)


class WaitingDocument(Item):
    """That a document waits for a look."""

    class Meta(CouriersMeta):
        pass

    id = UnicodeAttribute()
    courier_id = UnicodeAttribute()


def city_key(city: str) -> str:
    return f"CITY#{city}"


def document_at(courier_id: str, document_id: str) -> Document:
    """An instance that holds the keys alone."""
    return Document(courier_key(courier_id), f"{DOCUMENT}{document_id}")
