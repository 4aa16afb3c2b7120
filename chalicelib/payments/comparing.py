"""Whether one movement at Stripe is what our books say of it: pure rules."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chalicelib.payments.charge_gateway import Kind, Movement
from chalicelib.payments.ledger import CLEARING
from chalicelib.payments.models import LedgerEntry

What = Literal["not_posted", "not_at_stripe", "amount", "currency", "twice", "elsewhere", "nobodys"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not alike. Amounts in minor units of `currency`, which is Stripe's if it has one."""

    what: What
    kind: Kind
    key: str
    subject: str
    intent_id: str
    at_stripe: int
    posted: int
    currency: str


def name_of(entry: LedgerEntry) -> tuple[Kind, str] | None:
    """What an entry of Stripe's account is about; None where it does not say."""
    if "refund" in entry.context:
        return "refund", str(entry.context["refund"])
    intent = entry.context.get("intent")
    return ("charge", str(intent)) if intent else None


def compare(movement: Movement, entries: Sequence[LedgerEntry]) -> Difference | None:
    """What of a movement its subject's entries do not say alike; None: nothing."""
    mine = [
        entry
        for entry in entries
        if entry.account == CLEARING and name_of(entry) == (movement.kind, movement.key)
    ]
    amounts = [int(entry.amount) for entry in mine]
    what = _what(movement, mine, amounts)
    if what is None:
        return None
    return Difference(
        what=what,
        kind=movement.kind,
        key=movement.key,
        subject=movement.subject,
        intent_id=movement.intent_id,
        at_stripe=movement.amount,
        posted=sum(amounts),
        currency=movement.currency,
    )


def _what(movement: Movement, mine: Sequence[LedgerEntry], amounts: Sequence[int]) -> What | None:
    if not mine:
        return "not_posted" if movement.amount else None
    if any(entry.currency != movement.currency for entry in mine):
        return "currency"
    if sum(amounts) == movement.amount:
        return None
    return "twice" if set(amounts) == {movement.amount} else "amount"


def of_nobody(difference: Difference) -> Difference:
    """Money at Stripe that says of nothing that it is for it."""
    return replace(difference, what="nobodys", subject="")


def unexplained(entry: LedgerEntry, what: What) -> Difference:
    """An entry that nothing at Stripe explains."""
    kind, key = name_of(entry) or ("charge", f"{entry.pk}/{entry.sk}")
    return Difference(
        what=what,
        kind=kind,
        key=key,
        subject=entry.pk,
        intent_id=str(entry.context.get("intent", "")),
        at_stripe=0,
        posted=int(entry.amount),
        currency=entry.currency,
    )
