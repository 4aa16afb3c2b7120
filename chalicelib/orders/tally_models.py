"""What is counted of people and cards so that nobody abuses an order, in the table `promotions`.

TALLY#person#<person>     HEAD   what a person has under way, and what went wrong lately
TALLY#card#<sha-256>      HEAD   when payments by a card failed; forgotten a day later

Moments and numbers under an id, nothing else. Private to this domain.
"""

import hashlib

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import HEAD, Item
from chalicelib.orders.promotion_models import PromotionsTable


class Tally(Item):
    """Counts of one person or card.

    `..._until`: so long no order is taken; `..._lifted`: so long a limit does not count for
    somebody who has appealed.
    """

    class Meta(PromotionsTable):
        pass

    waiting = NumberAttribute(null=True)
    cash_open = NumberAttribute(null=True)
    cash_brought = NumberAttribute(null=True)
    refused = JSONAttribute(null=True)
    refused_until = UnicodeAttribute(null=True)
    failed = JSONAttribute(null=True)
    failed_until = UnicodeAttribute(null=True)
    waiting_lifted = UnicodeAttribute(null=True)
    cash_lifted = UnicodeAttribute(null=True)
    refused_lifted = UnicodeAttribute(null=True)
    failed_lifted = UnicodeAttribute(null=True)
    expires_at = NumberAttribute(null=True)


def of_person(person_id: str) -> Tally:
    """An instance that holds the keys alone, to be updated."""
    return Tally(f"TALLY#person#{person_id}", HEAD)


def of_card(fingerprint: str) -> Tally:
    """An instance that holds the keys alone. Of its fingerprint at Stripe a hash is kept."""
    return Tally(f"TALLY#card#{hashlib.sha256(fingerprint.encode()).hexdigest()}", HEAD)
