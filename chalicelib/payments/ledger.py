"""The ledger: double entry, append only, one item per entry. Each transaction sums to zero.

Debits are above zero, credits below. Accounts:

    stripe:clearing            money that Stripe holds for us
    receivable:customer        what customers owe for orders that have ended
    payable:merchant:<id>      what we owe a merchant
    payable:couriers           what orders have paid for their bringing, until a job takes it
    payable:courier:<id>       what we owe a courier
    payable:tax                tax that we collected
    revenue:<why>              what is ours: commission, service_fee, errand
    stored_value:<kind>        vouchers, gifts, balances: what we owe in kind
    expense:<why>              discounts that we sponsor, compensation, processing
    cash:<courier>             cash that a courier holds
    payable:customer           what we owe customers: a refund on its way, or one that came back
    conversion:<currency>      the two sides of a change of currency
    dispute:reserve            what disputes hold back
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.core import clock, dynamo, ids, paging, parts
from chalicelib.core.dynamo import SHARDS
from chalicelib.core.errors import BusyError
from chalicelib.core.paging import Listed
from chalicelib.core.parts import Part
from chalicelib.orders.order import Order
from chalicelib.orders.price_schemas import Share
from chalicelib.payments.models import LedgerEntry
from chalicelib.payments.payment import Subject

CLEARING = "stripe:clearing"
RECEIVABLE = "receivable:customer"
PAYABLE = "payable:customer"
COURIERS = "payable:couriers"
MOST_AT_ONCE = 8
"""Entries of one account in one transaction, at the most: they share their moment of posting."""


@dataclass(frozen=True, slots=True)
class Entry:
    """So much on one account, and why."""

    account: str
    amount: int
    why: str


def post(
    subject: Subject,
    transaction: str,
    currency: str,
    entries: Sequence[Entry],
    about: Mapping[str, str] | None = None,
) -> tuple[Part, ...]:
    """The parts that put a transaction, once and for all: putting it again fails (BusyError).

    `about` are ids by which others know it, such as Stripe's: an entry is never changed, so what
    books are to be compared by must be in it from the beginning.

    Raises ValueError for entries that do not sum to zero: such a transaction must never exist.
    """
    if sum(entry.amount for entry in entries) != 0:
        raise ValueError(f"the entries of {transaction} do not sum to zero")
    posted_at = clock.stamp(clock.now())
    return tuple(
        parts.put(
            LedgerEntry(
                str(subject),
                f"{transaction}#{number:02d}",
                transaction=transaction,
                account=entry.account,
                account_shard=f"{entry.account}#{ids.spread(subject.id, SHARDS):02d}",
                amount=entry.amount,
                currency=currency,
                why=entry.why,
                posted_at=posted_at,
                context={**(about or {}), "kind": subject.kind, "subject": subject.id},
            ),
            BusyError(),
        )
        for number, entry in enumerate(entries)
        if entry.amount
    )


def sale(order: Order) -> list[Entry]:
    """What an order that has ended owes, and to whom: its price, or the fee of a cancellation."""
    owed = Entry(RECEIVABLE, order.owed or 0, "order")
    return [owed, *(_credit(order, share) for share in order.owed_shares)]


def _credit(order: Order, share: Share) -> Entry:
    account = {
        "merchant": f"payable:merchant:{order.merchant_id}",
        "courier": COURIERS,
        "platform": f"{'revenue' if share.amount > 0 else 'expense'}:{share.why}",
        "tax": "payable:tax",
    }[share.to]
    return Entry(account, -share.amount, share.why)


def captured(amount: int, leg_id: str, into: str = CLEARING) -> list[Entry]:
    """Money that was taken for us, and where it lies: with Stripe unless said otherwise."""
    return [Entry(into, amount, leg_id), Entry(RECEIVABLE, -amount, leg_id)]


def tipped(amount: int, leg_id: str) -> list[Entry]:
    """A tip that a customer gave later: whole for whoever brought the order."""
    return [Entry(RECEIVABLE, amount, leg_id), Entry(COURIERS, -amount, "tip")]


def written_off(amount: int) -> list[Entry]:
    """What a customer owed and can be had no more: ours to bear, not the store's."""
    return [Entry("expense:uncollected", amount, "order"), Entry(RECEIVABLE, -amount, "order")]


def entries(subject: Subject) -> list[LedgerEntry]:
    """Everything that was posted for a subject, read consistently."""
    return dynamo.items(LedgerEntry, str(subject))


def of_account(account: str, *, limit: int, cursor: str | None) -> Listed[LedgerEntry]:
    """A page of an account's entries, newest first. Read from an index: it may lag by a moment.

    The account lies in 16 shards: each gives its newest, and the newest of all are the page.
    Raises InvalidError (400) for a cursor that is none of this list.
    """
    names = ("account_shard", "posted_at")
    since = paging.place(cursor, names[1]) if cursor else None
    found: list[LedgerEntry] = []
    for shard in range(SHARDS):
        with dynamo.reading():
            found += LedgerEntry.by_account.query(
                f"{account}#{shard:02d}",
                LedgerEntry.posted_at <= since[0] if since else None,
                scan_index_forward=False,
                limit=limit + MOST_AT_ONCE,
            )
    older = sorted((one for one in found if not since or _place(one) < since), key=_place)
    page, more = older[::-1][:limit], len(older) > limit
    return Listed(page, paging.encode_place(_place(page[-1]), names[1]) if more else None)


def of_account_between(account: str, since: datetime, until: datetime) -> list[LedgerEntry]:
    """All entries of an account from one moment on and before another, the oldest first.

    Read from an index: it may lag by a moment.
    """
    found: list[LedgerEntry] = []
    first, end = clock.stamp(since), clock.stamp(until)
    for shard in range(SHARDS):
        with dynamo.reading():
            found += LedgerEntry.by_account.query(
                f"{account}#{shard:02d}", LedgerEntry.posted_at.between(first, end)
            )
    return sorted((one for one in found if one.posted_at < end), key=_place)


def _place(entry: LedgerEntry) -> tuple[str, str, str]:
    return entry.posted_at, entry.pk, entry.sk
