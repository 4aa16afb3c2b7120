"""What the table `quotes` holds of what customers eat. Private to this domain, and sensitive."""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import Item, TableMeta
from chalicelib.core.settings import settings


def diet_key(customer_id: str) -> str:
    return f"DIET#{customer_id}"


class DietItem(Item):
    """What a customer keeps to and avoids: read for their own quotes, and by them alone."""

    PERSONAL = frozenset({"content"})

    class Meta(TableMeta):
        table_name = settings().table("quotes")

    content = JSONAttribute()
    agreed_at = UnicodeAttribute()
    expires_at = NumberAttribute(null=True)
