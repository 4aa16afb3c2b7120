"""Codes that were sent to an address, in the table `control`: private to this domain.

CODE#<code>   HEAD   forgotten once it was used or is over
"""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import Item
from chalicelib.people.models import PeopleMeta


class CodeItem(Item):
    """That a code was sent. Neither the code nor the address is kept.

    `address_hash` is an HMAC under a key of ours; `expires_at` is in wall seconds and decides.
    """

    PERSONAL = frozenset({"address_hash"})

    class Meta(PeopleMeta):
        pass

    address_hash = UnicodeAttribute()
    tries = NumberAttribute()
    expires_at = NumberAttribute()


def code_key(code_id: str) -> str:
    return f"CODE#{code_id}"
