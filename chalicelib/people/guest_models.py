"""Guests, in the table `control`: private to this domain.

GUEST#<guest>   HEAD   somebody who orders without an account
"""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from chalicelib.core.rotating import Rotating
from chalicelib.people.models import PeopleMeta


class Guest(Rotating):
    """Somebody without an account: their token, their orders, and whose they became.

    `orders` are those that are theirs; a claim takes one after the other out of it. `version` is
    raised when an operator shuts them out or lets them in. `expires_at` is in wall seconds. Nothing
    personal: what a guest says of themselves lies with what they said.
    """

    class Meta(PeopleMeta):
        pass

    id = UnicodeAttribute()
    made_at = UnicodeAttribute()
    orders = UnicodeSetAttribute(null=True)
    ended_at = UnicodeAttribute(null=True)
    suspended_at = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    claimed_by = UnicodeAttribute(null=True)
    claimed_at = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()


def guest_key(guest_id: str) -> str:
    return f"GUEST#{guest_id}"
