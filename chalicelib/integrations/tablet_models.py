"""Tablets and the codes that pair them, in the table `integrations`: private to this domain.

PAIRING#<half>     HEAD   a code that a manager has made; forgotten once it is over
TABLET#<tablet>    HEAD   a tablet of a store
"""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import Item
from chalicelib.core.rotating import Rotating
from chalicelib.integrations.models import IntegrationsMeta


class PairingCode(Item):
    """A code that pairs one tablet. Its first half is the key, `code_hash` is of the second.

    `expires_at` is in wall seconds and decides; DynamoDB may remove the item days later.
    """

    class Meta(IntegrationsMeta):
        pass

    store_id = UnicodeAttribute()
    label = UnicodeAttribute()
    made_by = UnicodeAttribute()
    code_hash = UnicodeAttribute()
    tries = NumberAttribute()
    expires_at = NumberAttribute()


class TabletItem(Rotating):
    """A tablet, with its refresh token."""

    class Meta(IntegrationsMeta):
        pass

    id = UnicodeAttribute()
    store_id = UnicodeAttribute()
    label = UnicodeAttribute()
    paired_by = UnicodeAttribute()
    paired_at = UnicodeAttribute()
    last_seen_at = UnicodeAttribute(null=True)
    unpaired_at = UnicodeAttribute(null=True)


def pairing_key(half: str) -> str:
    return f"PAIRING#{half}"


def tablet_key(tablet_id: str) -> str:
    return f"TABLET#{tablet_id}"
