"""What orders keep of guests, in the table `orders`: private to this domain.

CLAIM#<guest>   HEAD   due in the index of deadlines until all of the guest's is the account's
GUEST#<guest>   EVT#<version>   that an operator has shut a guest out, or let them in
"""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core.dynamo import Item, TableMeta
from chalicelib.core.outbox import EventItem
from chalicelib.core.settings import settings

CLAIM = "CLAIM"


class ClaimItem(Item):
    """That somebody has to finish a claim. The guest's own item says whose they are."""

    class Meta(TableMeta):
        table_name = settings().table("orders")

    due_shard = UnicodeAttribute()
    due_at = UnicodeAttribute()


class GuestEvent(EventItem):
    """That a guest was shut out, or let in again."""

    class Meta(TableMeta):
        table_name = settings().table("orders")


def standing_key(guest_id: str) -> str:
    return f"GUEST#{guest_id}"


def claim_key(guest_id: str) -> str:
    return f"{CLAIM}#{guest_id}"
