"""What the tables `payments` and `ledger` hold. Private to this domain.

A payment belongs to a subject `{kind, id}`, of which an order is the first kind. Its head and its
legs share a partition; every change of a leg goes through the head's version.
"""

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.core.dynamo import HEAD, Item, TableMeta
from chalicelib.core.outbox import EventItem
from chalicelib.core.settings import settings

LEG = "LEG#"
REFUND = "REFUND#"


def payment_key(kind: str, subject: str) -> str:
    return f"PAY#{kind}#{subject}"


class PaymentHead(Item):
    """What a subject owes, and the sums over its legs."""

    class Meta(TableMeta):
        table_name = settings().table("payments")

    kind = UnicodeAttribute()
    subject = UnicodeAttribute()
    payer = UnicodeAttribute()
    currency = UnicodeAttribute()
    due = NumberAttribute()
    authorized = NumberAttribute()
    captured = NumberAttribute()
    refunded = NumberAttribute(default=0)
    version = NumberAttribute()
    sale = UnicodeAttribute(null=True)
    sold = NumberAttribute(null=True)
    written_off = NumberAttribute(null=True)
    returned = NumberAttribute(null=True)
    opened_at = UnicodeAttribute()


class DueLegs(GlobalSecondaryIndex["LegItem"]):  # type: ignore[no-untyped-call]  # PynamoDB does not type it
    """Legs that somebody must look at again, in 16 shards."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class LegItem(Item):
    """One payment of a subject, with the operation that we are about to ask for, if any."""

    PERSONAL = frozenset({"customer", "instrument"})

    class Meta(TableMeta):
        table_name = settings().table("payments")

    id = UnicodeAttribute()
    method = UnicodeAttribute()
    purpose = UnicodeAttribute(null=True)
    balance_id = UnicodeAttribute(null=True)
    balance_kind = UnicodeAttribute(null=True)
    method_id = UnicodeAttribute(null=True)
    saves = BooleanAttribute(null=True)
    charge_at = UnicodeAttribute(null=True)
    stage = UnicodeAttribute(null=True)
    setup_id = UnicodeAttribute(null=True)
    customer = UnicodeAttribute(null=True)
    instrument = UnicodeAttribute(null=True)
    opened_at = UnicodeAttribute(null=True)
    amount = NumberAttribute()
    currency = UnicodeAttribute()
    status = UnicodeAttribute()
    attempt = NumberAttribute()
    intent_id = UnicodeAttribute(null=True)
    captured = NumberAttribute()
    refunded = NumberAttribute()
    decline_code = UnicodeAttribute(null=True)
    capture_before = UnicodeAttribute(null=True)
    operation = UnicodeAttribute(null=True)
    operation_amount = NumberAttribute(null=True)
    operation_at = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)

    due = DueLegs()


class PaymentEvent(EventItem):
    """What happened to a payment; or, of kind `stripe_event`, that Stripe told us something."""

    class Meta(TableMeta):
        table_name = settings().table("payments")

    expires_at = NumberAttribute(null=True)


class ByAccount(GlobalSecondaryIndex["LedgerEntry"]):  # type: ignore[no-untyped-call]  # PynamoDB does not type it
    """The entries of an account in the order of posting, in 16 shards."""

    class Meta:
        index_name = "by_account"
        projection = AllProjection()

    account_shard = UnicodeAttribute(hash_key=True)
    posted_at = UnicodeAttribute(range_key=True)


class LedgerEntry(Item):
    """One entry of a transaction: debit above zero, credit below. Never changed, never removed."""

    class Meta(TableMeta):
        table_name = settings().table("ledger")

    transaction = UnicodeAttribute()
    account = UnicodeAttribute()
    account_shard = UnicodeAttribute()
    amount = NumberAttribute()
    currency = UnicodeAttribute()
    why = UnicodeAttribute()
    posted_at = UnicodeAttribute()
    context = JSONAttribute()

    by_account = ByAccount()


def head_at(kind: str, subject: str) -> PaymentHead:
    return PaymentHead(payment_key(kind, subject), HEAD)


def leg_at(kind: str, subject: str, leg_id: str) -> LegItem:
    return LegItem(payment_key(kind, subject), f"{LEG}{leg_id}")
