"""Stored value in the table `payments`: an account, its movements, and who owns it."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import HEAD, Item, TableMeta
from chalicelib.core.settings import settings

MOVE = "MOVE#"
OWNED = "BALANCE#"


def balance_key(balance_id: str) -> str:
    return f"BALANCE#{balance_id}"


class BalanceItem(Item):
    """How much is there for its owner to pay with. Never below zero."""

    class Meta(TableMeta):
        table_name = settings().table("payments")

    id = UnicodeAttribute()
    kind = UnicodeAttribute()
    owner = UnicodeAttribute()
    currency = UnicodeAttribute()
    amount = NumberAttribute()
    most = NumberAttribute()
    usable_from = UnicodeAttribute()
    usable_until = UnicodeAttribute(null=True)
    opened_at = UnicodeAttribute()

    @classmethod
    def at(cls, balance_id: str) -> "BalanceItem":
        """An instance that holds the keys alone, to be updated or checked."""
        return cls(balance_key(balance_id), HEAD)


class MoveItem(Item):
    """One movement of an account, named by what caused it: it happens once."""

    class Meta(TableMeta):
        table_name = settings().table("payments")

    ref = UnicodeAttribute()
    amount = NumberAttribute()
    why = UnicodeAttribute()
    at = UnicodeAttribute()


class OwnedItem(Item):
    """That a person owns an account: found without an index."""

    class Meta(TableMeta):
        table_name = settings().table("payments")

    balance_id = UnicodeAttribute()


def owner_key(owner: str) -> str:
    return f"OWNER#{owner}"
