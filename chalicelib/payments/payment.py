"""A payment and its legs as the code sees them, read together and consistently."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from chalicelib.core import clock, dynamo, outbox
from chalicelib.core.dynamo import HEAD
from chalicelib.core.errors import NotFoundError
from chalicelib.core.outbox import EventItem
from chalicelib.payments import deferral, methods
from chalicelib.payments.deferral import OVER, READY, Stage
from chalicelib.payments.methods import MethodName, Provider
from chalicelib.payments.models import LEG, LegItem, PaymentEvent, PaymentHead, payment_key
from chalicelib.payments.status import OPEN, TAKEN, LegStatus, Operation

TIP = "tip"
TIP_SECONDS = 1800
"""How long a customer may take to pay a tip that was begun."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is paid for: a kind and an id."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}#{self.id}"

    @classmethod
    def of(cls, text: str) -> "Subject":
        """What was written as text before."""
        kind, _, ident = text.partition("#")
        return cls(kind, ident)


@dataclass(frozen=True, slots=True)
class Leg:
    """One payment, as it was read."""

    id: str
    method: MethodName
    purpose: str
    balance_id: str | None
    balance_kind: str | None
    method_id: str | None
    saves: bool
    opened_at: datetime
    amount: int
    currency: str
    status: LegStatus
    attempt: int
    intent_id: str | None
    captured: int
    refunded: int
    decline_code: str | None
    operation: Operation | None
    operation_amount: int
    due_at: datetime | None
    capture_before: datetime | None
    operation_at: datetime | None = None
    charge_at: datetime | None = None
    stage: Stage | None = None
    setup_id: str | None = None
    customer: str | None = None
    instrument: str | None = None

    @property
    def provider(self) -> Provider:
        """Who holds its money: Stripe, a balance of ours, or whoever takes cash."""
        return methods.provider(self.method)

    @property
    def is_tip(self) -> bool:
        """Whether it is not due: given later, for whoever brought the order."""
        return self.purpose == TIP

    @property
    def refundable(self) -> int:
        """What of it was taken and not given back."""
        return self.captured - self.refunded if self.status in TAKEN else 0

    @property
    def is_abandoned(self) -> bool:
        """Whether a tip was begun so long ago that its customer has thought better of it."""
        age = (clock.now() - self.opened_at).total_seconds()
        return self.is_tip and self.is_open and age >= TIP_SECONDS

    @property
    def hold_left(self) -> float:
        """For how many seconds Stripe still holds the money."""
        until = self.capture_before or clock.now()
        return (until - clock.now()).total_seconds()

    @property
    def is_open(self) -> bool:
        """Whether the customer still has to act."""
        return self.status in OPEN

    @property
    def is_charging(self) -> bool:
        """Whether the charge of what was saved for later is written down, and may be under way."""
        begun = self.operation is Operation.CREATE and self.stage in {READY, OVER}
        return begun and self.intent_id is None and self.is_open

    @property
    def is_deferred(self) -> bool:
        """Whether it is for later, and its charge is not begun: there is no intent to ask for."""
        waits = self.stage is not None and self.intent_id is None and self.is_open
        return waits and not self.is_charging

    @property
    def is_to_mend(self) -> bool:
        """Whether the charge of a payment for later has failed, and its payer has to come."""
        return self.stage is not None and self.intent_id is not None and self.is_open

    @property
    def asked_ago(self) -> float:
        """For how many seconds it has been written down that Stripe is asked for its intent."""
        return (clock.now() - (self.operation_at or self.opened_at)).total_seconds()

    @property
    def is_settled_for_now(self) -> bool:
        """Whether nobody has to do anything: it is held, or saved for the day of its charge."""
        return self.status is LegStatus.AUTHORIZED or (self.is_deferred and self.stage == READY)

    @property
    def is_due(self) -> bool:
        """Whether somebody should have looked at it by now."""
        return self.due_at is not None and self.due_at <= clock.now()


@dataclass(frozen=True, slots=True)
class Payment:
    """What a subject owes, as it was read: any write is conditional on `version`.

    `sold` is what was posted as its sale, `written_off` what of it can be had no more, `returned`
    what was taken beyond what is owed and goes back. `captured` and `refunded` count tips, too.
    """

    subject: Subject
    payer: str
    currency: str
    due: int
    authorized: int
    captured: int
    refunded: int
    version: int
    sale: str | None
    sold: int
    written_off: int
    returned: int
    opened_at: datetime
    legs: tuple[Leg, ...]

    @property
    def taken(self) -> int:
        """What was taken of what is due, whatever was given back since. Tips are beside it."""
        return sum(leg.captured for leg in self.legs if not leg.is_tip)

    def complete_with(self, leg: Leg) -> bool:
        """Whether with this leg all is done that its payer has to do before the day comes."""
        others = [one for one in self.legs if one.id != leg.id and not one.is_tip]
        return all(one.is_settled_for_now for one in others)


def find(subject: Subject) -> Payment | None:
    """The payment of a subject with all its legs, in one consistent read; or None."""
    with dynamo.reading():
        table = LegItem._get_connection()  # noqa: SLF001 - one query for items of several classes
        answer = table.query(
            payment_key(subject.kind, subject.id),
            consistent_read=True,
            range_key_condition=LegItem.sk.between(HEAD, LEG + "~"),
        )
    raws: list[dict[str, Any]] = answer["Items"]
    heads = [PaymentHead.from_raw_data(raw) for raw in raws if raw["sk"]["S"] == HEAD]
    legs = [LegItem.from_raw_data(raw) for raw in raws if raw["sk"]["S"].startswith(LEG)]
    return of(subject, heads[0], legs) if heads else None


def demand_all(subject: Subject) -> Payment:
    """The payment of a subject. Raises NotFoundError (404)."""
    payment = find(subject)
    if payment is None:
        raise NotFoundError
    return payment


def demand(subject: Subject, leg_id: str) -> tuple[Payment, Leg]:
    """A payment and one of its legs. Raises NotFoundError (404)."""
    payment = demand_all(subject)
    for leg in payment.legs:
        if leg.id == leg_id:
            return payment, leg
    raise NotFoundError


def events_after(subject: Subject, version: int, limit: int | None = None) -> list[EventItem]:
    """What happened to a payment after a version, in order, read consistently."""
    key = payment_key(subject.kind, subject.id)
    return list(outbox.read_after(PaymentEvent, key, version, limit))


def of(subject: Subject, head: PaymentHead, legs: Sequence[LegItem]) -> Payment:
    return Payment(
        subject=subject,
        payer=head.payer,
        currency=head.currency,
        due=int(head.due),
        authorized=int(head.authorized),
        captured=int(head.captured),
        refunded=int(head.refunded or 0),
        version=int(head.version),
        sale=head.sale,
        sold=int(head.sold or 0),
        written_off=int(head.written_off or 0),
        returned=int(head.returned or 0),
        opened_at=clock.parse(head.opened_at),
        legs=tuple(_leg(leg, head.opened_at) for leg in legs),
    )


def _leg(item: LegItem, opened_at: str) -> Leg:
    return Leg(
        id=item.id,
        method=cast("MethodName", item.method),
        purpose=item.purpose or "due",
        balance_id=item.balance_id,
        balance_kind=item.balance_kind,
        method_id=item.method_id,
        saves=bool(item.saves),
        opened_at=clock.parse(item.opened_at or opened_at),
        amount=int(item.amount),
        currency=item.currency,
        status=LegStatus(item.status),
        attempt=int(item.attempt),
        intent_id=item.intent_id,
        captured=int(item.captured),
        refunded=int(item.refunded),
        decline_code=item.decline_code,
        operation=Operation(item.operation) if item.operation else None,
        operation_amount=int(item.operation_amount or 0),
        due_at=clock.parse(item.due_at) if item.due_at else None,
        capture_before=clock.parse(item.capture_before) if item.capture_before else None,
        operation_at=clock.parse(item.operation_at) if item.operation_at else None,
        charge_at=clock.parse(item.charge_at) if item.charge_at else None,
        stage=deferral.stage(item.stage),
        setup_id=item.setup_id,
        customer=item.customer,
        instrument=item.instrument,
    )
