"""Invitations to a store's staff, in the table `catalog`: private to this domain.

STORE#<store>       INVITE#<invitation>   who was invited, as what
INVITED#<sha-256>   INVITE#<invitation>   the same, found from the address

Of an address there is a hash and a hint, for a week: the user pool says whose it is.
"""

import hashlib

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.catalog.models import CatalogMeta
from chalicelib.core.dynamo import Item

INVITE = "INVITE#"


class Invitation(Item):
    """That somebody was asked to work for a store. `expires_at` is in wall seconds, and decides."""

    PERSONAL = frozenset({"hint", "address_hash"})

    class Meta(CatalogMeta):
        pass

    id = UnicodeAttribute()
    role = UnicodeAttribute()
    hint = UnicodeAttribute()
    address_hash = UnicodeAttribute()
    invited_by = UnicodeAttribute()
    invited_at = UnicodeAttribute()
    expires_at = NumberAttribute()


class Invited(Item):
    """The same, found from the address."""

    class Meta(CatalogMeta):
        pass

    store_id = UnicodeAttribute()
    role = UnicodeAttribute()
    expires_at = NumberAttribute()


def invite_key(invitation_id: str) -> str:
    return f"{INVITE}{invitation_id}"


def invited_key(address_hash: str) -> str:
    return f"INVITED#{address_hash}"


def address_hash(address: str) -> str:
    """By what an address is found again: e-mail addresses in any case."""
    return hashlib.sha256(address.strip().casefold().encode()).hexdigest()
