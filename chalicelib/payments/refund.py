"""Refunds as the code sees them: what was given back, in which portions, how each stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from chalicelib.core import clock, dynamo
from chalicelib.core.errors import NotFoundError
from chalicelib.orders.schemas import LiableParty
from chalicelib.payments.models import REFUND, payment_key
from chalicelib.payments.payment import Subject
from chalicelib.payments.refund_models import PortionItem, PortionStatus, RefundItem

Destination = Literal["source", "wallet"]
POSTED = frozenset({PortionStatus.SENT, PortionStatus.SUCCEEDED})
"""The provider has taken it out of our money: the books say so."""


@dataclass(frozen=True, slots=True)
class Portion:
    """What of a refund goes back to one payment. `ref` names it to the provider."""

    refund_id: str
    number: int
    leg_id: str
    amount: int
    destination: Destination
    status: PortionStatus
    attempt: int
    provider_id: str | None
    failure: str | None
    opened_at: datetime

    @property
    def ref(self) -> str:
        return f"{self.refund_id}:{self.number:02d}"


@dataclass(frozen=True, slots=True)
class Refund:
    """One decision to give back, and its portions. `lines` counts units by the line's number."""

    id: str
    amount: int
    currency: str
    reason: str
    liable_party: LiableParty
    lines: Mapping[str, int]
    opened_at: datetime
    portions: tuple[Portion, ...]


def of_subject(subject: Subject) -> list[Refund]:
    """Every refund of a subject, oldest first, read consistently."""
    pk = payment_key(subject.kind, subject.id)
    with dynamo.reading():
        table = RefundItem._get_connection()  # noqa: SLF001 - one query for items of two classes
        answer = table.query(
            pk, consistent_read=True, range_key_condition=RefundItem.sk.startswith(REFUND)
        )
    raws = answer["Items"]
    portions = [PortionItem.from_raw_data(raw) for raw in raws if "number" in raw]
    heads = [RefundItem.from_raw_data(raw) for raw in raws if "number" not in raw]
    found = [_refund(head, [one for one in portions if one.refund_id == head.id]) for head in heads]
    return sorted(found, key=lambda refund: (refund.opened_at, refund.id))


def demand(subject: Subject, refund_id: str) -> Refund:
    """One refund of a subject. Raises NotFoundError (404)."""
    for refund in of_subject(subject):
        if refund.id == refund_id:
            return refund
    raise NotFoundError


def _refund(head: RefundItem, portions: list[PortionItem]) -> Refund:
    return Refund(
        id=head.id,
        amount=int(head.amount),
        currency=head.currency,
        reason=head.reason,
        liable_party=cast("LiableParty", head.liable_party),
        lines=head.lines,
        opened_at=clock.parse(head.opened_at),
        portions=tuple(portion_of(one) for one in portions),
    )


def portion_of(item: PortionItem) -> Portion:
    return Portion(
        refund_id=item.refund_id,
        number=int(item.number),
        leg_id=item.leg_id,
        amount=int(item.amount),
        destination=cast("Destination", item.destination),
        status=PortionStatus(item.status),
        attempt=int(item.attempt),
        provider_id=item.provider_id,
        failure=item.failure,
        opened_at=clock.parse(item.opened_at),
    )
