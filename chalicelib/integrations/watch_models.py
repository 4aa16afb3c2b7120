"""What is watched of a store: its app, and the orders it let wait. In the table `integrations`.

STORE#<store>  WATCH               when the store's app was heard last, and when to look again
STORE#<store>  ESCALATION#<order>  an order that waits, or waited, longer than it should

A watch stands in the index `due` beside the lanes; a beat does not touch its keys there.
"""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import Item
from chalicelib.integrations.models import IntegrationsMeta, store_key

WATCH = "WATCH"
ESCALATION = "ESCALATION#"


class Watch(Item):
    """How a store is watched.

    `away`: its app's absence has paused it. Misses until `spent_at` have led to a pause already.
    `noticed_at` is when its staff was last told that the app is silent, `polled_at` when one of its
    systems last asked for news.
    """

    SK = WATCH

    class Meta(IntegrationsMeta):
        pass

    seen_at = UnicodeAttribute(null=True)
    away = BooleanAttribute(null=True)
    spent_at = UnicodeAttribute(null=True)
    noticed_at = UnicodeAttribute(null=True)
    polled_at = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)

    @classmethod
    def at(cls, store_id: str) -> "Watch":
        """An instance that holds the keys alone."""
        return cls(store_key(store_id), WATCH)


class Escalation(Item):
    """An order of which its store was reminded; `missed_at`: it was cancelled unanswered."""

    class Meta(IntegrationsMeta):
        pass

    order_id = UnicodeAttribute()
    reminder = NumberAttribute(null=True)
    reminded_at = UnicodeAttribute(null=True)
    missed_at = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()

    @classmethod
    def at(cls, store_id: str, order_id: str) -> "Escalation":
        """An instance that holds the keys alone."""
        return cls(store_key(store_id), f"{ESCALATION}{order_id}")
