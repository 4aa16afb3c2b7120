"""A payment begins: its head and its legs, in the transaction of what they pay for.

A leg of Stripe's waits for its intent. Stored value is taken from its account and cash is promised
in the very transaction: such a leg is held at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.core import clock, dynamo, ids, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.payments import balances, changing, deferral, keeping
from chalicelib.payments import payment as payments
from chalicelib.payments.balances import Balance
from chalicelib.payments.errors import PaymentsImpossibleError
from chalicelib.payments.methods import METHODS, provider
from chalicelib.payments.models import LEG, LegItem, PaymentHead, payment_key
from chalicelib.payments.payment import Payment, Subject
from chalicelib.payments.schemas import PaymentRequest
from chalicelib.payments.splitting import split
from chalicelib.payments.status import EVENT_TYPES, LegStatus, Operation


@dataclass(frozen=True, slots=True)
class Tender:
    """What is due and how a payer means to pay it: so much by each request, in their order.

    `moment` is when it should be there, of an order for later.
    """

    payer: str
    currency: str
    due: int
    requests: Sequence[PaymentRequest]
    amounts: Sequence[int]
    moment: datetime | None = None

    @property
    def settled(self) -> bool:
        """Whether nobody has to confirm anything now: all is held, or was saved before."""
        return all(
            provider(one.method) != "stripe" or (one.method_id and self.charge_at(one))
            for one in self._used
        )

    def charge_at(self, request: PaymentRequest) -> datetime | None:
        """When a payment is charged that cannot be held until its moment."""
        return deferral.charge_at(request.method, self.moment)

    @property
    def covered(self) -> bool:
        """Whether all of it is held at once: nobody has to confirm anything."""
        return not any(provider(one.method) == "stripe" for one in self._used)

    @property
    def in_cash(self) -> bool:
        """Whether some of it is paid at the door or at the till."""
        return any(provider(one.method) == "cash" for one in self._used)

    @property
    def collectable(self) -> int:
        """What can be had though nothing is handed over: all but the cash."""
        pairs = zip(self._used, self.amounts, strict=True)
        return sum(amount for one, amount in pairs if provider(one.method) != "cash")

    @property
    def _used(self) -> Sequence[PaymentRequest]:
        return self.requests[: len(self.amounts)]


def tender(
    payer: str,
    currency: str,
    due: int,
    requests: Sequence[PaymentRequest],
    moment: datetime | None = None,
) -> Tender:
    """How what is due is shared out. Raises PaymentsImpossibleError (422) with every problem."""
    return Tender(payer, currency, due, requests, split(requests, due, currency), moment)


def begin(subject: Subject, chosen: Tender) -> tuple[Payment, tuple[Part, ...]]:
    """A payment with its legs, and the parts that put it and take what balances give.

    Raises BalanceUnusableError (422), which is also the failure of the parts.
    """
    pk, now = payment_key(subject.kind, subject.id), clock.stamp(clock.now())
    # Ids of one millisecond sort by chance, and the key of a leg is its place in the order.
    leg_ids = sorted(ids.new("leg") for _ in chosen.amounts)
    items: list[LegItem] = []
    more: list[Part] = []
    for number, (leg_id, amount) in enumerate(zip(leg_ids, chosen.amounts, strict=True)):
        request = chosen.requests[number]
        balance = _balance(request, chosen, f"/payments/{number}/balance_id")
        item = leg_item(subject, leg_id, request, amount, chosen.currency, balance)
        items.append(item)
        saved = keeping.chosen(chosen.payer, request, f"/payments/{number}/method_id")
        charge_at = chosen.charge_at(request)
        if charge_at:
            _defer(item, charge_at)
        if charge_at and request.method_id:
            pointer = f"/payments/{number}/method_id"
            saved = _ready(item, request.method_id, charge_at, chosen.payer, pointer)
        more += saved
        if balance:
            more += balances.held(balance, amount, leg_id, f"/payments/{number}/amount")
    at_once = [item for item in items if item.status == LegStatus.AUTHORIZED]
    head = PaymentHead(
        pk,
        dynamo.HEAD,
        kind=subject.kind,
        subject=subject.id,
        payer=chosen.payer,
        currency=chosen.currency,
        due=chosen.due,
        authorized=sum(int(item.amount) for item in at_once),
        captured=0,
        refunded=0,
        version=1 + len(at_once),
        opened_at=now,
    )
    events = [changing.announced(subject, 1, "payment.opened", {"amount": chosen.due})]
    events += [
        changing.announced(
            subject,
            number,
            EVENT_TYPES[LegStatus.AUTHORIZED],
            {"leg_id": item.id, "amount": int(item.amount)},
        )
        for number, item in enumerate(at_once, start=2)
    ]
    opened = payments.of(subject, head, items)
    return opened, (*(parts.put(item, BusyError()) for item in (head, *items)), *more, *events)


def _defer(item: LegItem, charge_at: datetime) -> None:
    """Make a leg one for later: what it is charged by is yet to be saved."""
    item.charge_at, item.stage = clock.stamp(charge_at), deferral.OPENING


def _ready(
    item: LegItem, method_id: str, charge_at: datetime, payer: str, pointer: str
) -> tuple[Part, ...]:
    """Have a leg for later charged by what was saved before. The parts that hold on to that."""
    saved, held = keeping.needed(payer, method_id, pointer)
    item.stage, item.customer, item.instrument = deferral.READY, saved.customer, saved.instrument
    item.operation, item.operation_at = None, None
    item.due_at = clock.stamp(clock.after(deferral.pause(charge_at)))
    return held


def _balance(request: PaymentRequest, chosen: Tender, pointer: str) -> Balance | None:
    """The account that a request names. Somebody else's is as good as none."""
    if request.balance_id is None:
        return None
    balance = balances.find(request.balance_id)
    fits = balance and (balance.owner, balance.currency) == (chosen.payer, chosen.currency)
    if not fits:
        detail = f"You have no such balance in {chosen.currency}."
        raise PaymentsImpossibleError(errors=[{"pointer": pointer, "detail": detail}])
    return balance


def leg_item(
    subject: Subject,
    leg_id: str,
    request: PaymentRequest,
    amount: int,
    currency: str,
    balance: Balance | None = None,
    purpose: str | None = None,
) -> LegItem:
    """A leg that is about to be: held at once, or waiting for its intent."""
    asked = provider(request.method) == "stripe"
    seconds = changing.FINISH_SECONDS if asked else changing.ORPHAN_SECONDS
    return LegItem(
        payment_key(subject.kind, subject.id),
        f"{LEG}{leg_id}",
        id=leg_id,
        method=METHODS[request.method].name,
        purpose=purpose,
        balance_id=balance.id if balance else None,
        balance_kind=balance.kind if balance else None,
        method_id=request.method_id,
        saves=request.save or None,
        opened_at=clock.stamp(clock.now()),
        amount=amount,
        currency=currency,
        status=LegStatus.REQUIRES_PAYMENT if asked else LegStatus.AUTHORIZED,
        attempt=1,
        captured=0,
        refunded=0,
        operation=Operation.CREATE if asked else None,
        operation_at=clock.stamp(clock.now()) if asked else None,
        due_shard=changing.due_shard(subject),
        due_at=clock.stamp(clock.after(seconds)),
    )
