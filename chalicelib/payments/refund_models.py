"""Refunds in the table `payments`, beside the legs that they give back from."""

from enum import StrEnum

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import Item, TableMeta
from chalicelib.core.settings import settings
from chalicelib.payments.models import REFUND, payment_key


class PortionStatus(StrEnum):
    """Where the part of a refund stands that goes back to one payment."""

    PENDING = "pending"
    SENT = "sent"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REPLACED = "replaced"


class RefundItem(Item):
    """That something is given back: how much, why, at whose expense. Written once."""

    class Meta(TableMeta):
        table_name = settings().table("payments")

    id = UnicodeAttribute()
    amount = NumberAttribute()
    currency = UnicodeAttribute()
    reason = UnicodeAttribute()
    liable_party = UnicodeAttribute()
    lines = JSONAttribute()
    opened_by = UnicodeAttribute()
    opened_at = UnicodeAttribute()


class PortionItem(Item):
    """What of a refund goes back to one payment, with what became of it."""

    class Meta(TableMeta):
        table_name = settings().table("payments")

    refund_id = UnicodeAttribute()
    number = NumberAttribute()
    leg_id = UnicodeAttribute()
    amount = NumberAttribute()
    destination = UnicodeAttribute()
    status = UnicodeAttribute()
    attempt = NumberAttribute()
    provider_id = UnicodeAttribute(null=True)
    failure = UnicodeAttribute(null=True)
    opened_at = UnicodeAttribute()
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)


def refund_at(refund_id: str) -> str:
    return f"{REFUND}{refund_id}"


def portion_at(refund_id: str, number: int) -> str:
    return f"{REFUND}{refund_id}#{number:02d}"


def portion_keys(kind: str, subject: str, refund_id: str, number: int) -> PortionItem:
    """An instance that holds the keys alone, to be updated."""
    return PortionItem(payment_key(kind, subject), portion_at(refund_id, number))
