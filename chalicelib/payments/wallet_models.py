"""What people have saved to pay with, in the table `payments`. Private to this domain.

WALLET#person#<person>  HEAD           who they are at Stripe, and which method comes first
WALLET#person#<person>  METHOD#<id>    one method: about to be saved, saved, or removed
WALLET#person#<person>  EVT#<version>  that a method was saved, or removed

Personal are a method's brand, last four digits and expiry. They stand in its item alone and are
removed with it; the permission that was given stays, which is a moment and ids.
"""

from datetime import datetime
from enum import StrEnum

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.core import clock, ids
from chalicelib.core.dynamo import HEAD, SHARDS, Item, TableMeta
from chalicelib.core.settings import settings

METHOD = "METHOD#"
ONLINE = "online"


class MethodStatus(StrEnum):
    """Where a method of a person's stands.

    opening -> open -> saved -> removing -> removed; what was never saved is removed, too.
    """

    OPENING = "opening"
    OPEN = "open"
    SAVED = "saved"
    REMOVING = "removing"
    REMOVED = "removed"


HELD = frozenset({MethodStatus.OPENING, MethodStatus.OPEN, MethodStatus.SAVED})


class WalletHead(Item):
    """A person's wallet: every change of a method raises its version."""

    PERSONAL = frozenset({"customer"})

    class Meta(TableMeta):
        table_name = settings().table("payments")

    person = UnicodeAttribute()
    customer = UnicodeAttribute(null=True)
    attempt = NumberAttribute()
    asked_at = UnicodeAttribute()
    default = UnicodeAttribute(null=True)
    version = NumberAttribute()


class MethodItem(Item):
    """One method. `instrument` is its id at Stripe; `needed` counts what is yet to be paid by it.

    `brand`, `last4`, `exp_month` and `exp_year` are personal.
    """

    PERSONAL = frozenset({"instrument", "brand", "last4", "exp_month", "exp_year", "mandate_id"})

    class Meta(TableMeta):
        table_name = settings().table("payments")

    id = UnicodeAttribute()
    method = UnicodeAttribute()
    status = UnicodeAttribute()
    attempt = NumberAttribute(default=1)
    setup_id = UnicodeAttribute(null=True)
    instrument = UnicodeAttribute(null=True)
    brand = UnicodeAttribute(null=True)
    last4 = UnicodeAttribute(null=True)
    exp_month = NumberAttribute(null=True)
    exp_year = NumberAttribute(null=True)
    mandate_id = UnicodeAttribute(null=True)
    accepted_at = UnicodeAttribute()
    accepted_how = UnicodeAttribute()
    needed = NumberAttribute(default=0)
    decline_code = UnicodeAttribute(null=True)
    opened_at = UnicodeAttribute()
    saved_at = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)


def wallet_key(person: str) -> str:
    return f"WALLET#person#{person}"


def head_of(person: str) -> WalletHead:
    """An instance that holds the keys alone, to be updated."""
    return WalletHead(wallet_key(person), HEAD)


def method_at(person: str, method_id: str) -> MethodItem:
    """An instance that holds the keys alone, to be updated."""
    return MethodItem(wallet_key(person), f"{METHOD}{method_id}")


def due_shard(person: str) -> str:
    return f"DUE#{ids.spread(person, SHARDS):02d}"


def new_method(person: str, method_id: str, method: str, accepted_at: datetime) -> MethodItem:
    """A method that is about to be saved. Nobody needs to look at it yet."""
    return MethodItem(
        wallet_key(person),
        f"{METHOD}{method_id}",
        id=method_id,
        method=method,
        status=MethodStatus.OPENING,
        accepted_at=clock.stamp(accepted_at),
        accepted_how=ONLINE,
        attempt=1,
        needed=0,
        opened_at=clock.stamp(clock.now()),
    )
