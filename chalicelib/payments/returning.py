"""Giving money back: a refund is written down first, and only then asked of the provider.

The sums of the payment and of each of its legs grow with the writing, under the head's version: so
whatever races, no more is given back than was taken. Stored value and cash go back in the very
transaction; a card's portion is asked of Stripe by a key that any repetition shares, and may fail
days later: then it counts as not given back, and a person is told.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pynamodb.expressions.update import Action

from chalicelib.core import clock, ids, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.core.telemetry import alarm
from chalicelib.orders.schemas import LiableParty
from chalicelib.payments import balances, changing, ledger, refund_rules
from chalicelib.payments.changing import LegChange
from chalicelib.payments.errors import RefundImpossibleError
from chalicelib.payments.ledger import Entry
from chalicelib.payments.models import LegItem, PaymentHead, payment_key
from chalicelib.payments.payment import Leg, Payment
from chalicelib.payments.refund import Destination, Portion
from chalicelib.payments.refund_models import (
    PortionItem,
    PortionStatus,
    RefundItem,
    portion_at,
    portion_keys,
    refund_at,
)
from chalicelib.payments.status import LegCommand, after
from chalicelib.payments.subjects import Standing

RETURNED = "returned"
"""The reason of what goes back by itself: more was taken than is owed in the end."""


@dataclass(frozen=True, slots=True)
class Giving:
    """What is to be given back, why, at whose expense, and how it is posted."""

    amount: int
    reason: str
    liable: LiableParty
    entries: Sequence[Entry]
    destination: Destination = "source"
    lines: Mapping[int, int] = field(default_factory=dict)
    actor: str = SYSTEM
    untouched: int = 0
    id: str = field(default_factory=lambda: ids.new("ref"))


def opened(payment: Payment, giving: Giving) -> tuple[Part, ...]:
    """The parts that write a refund down. Failure: BusyError, the payment has changed meanwhile.

    Raises RefundImpossibleError (422) for more than is left to give back.
    """
    chosen = refund_rules.plan(payment, giving.amount, giving.untouched)
    changes = [
        LegChange(
            leg,
            [LegItem.refunded.set(leg.refunded + amount)],
            to=after(leg.status, _command(leg, amount)),
            data={"refund_id": giving.id, "refunded": amount},
        )
        for leg, amount in chosen
    ]
    head = [PaymentHead.refunded.set(payment.refunded + giving.amount), *_noted(payment, giving)]
    item = RefundItem(
        payment_key(payment.subject.kind, payment.subject.id),
        refund_at(giving.id),
        id=giving.id,
        amount=giving.amount,
        currency=payment.currency,
        reason=giving.reason,
        liable_party=giving.liable,
        lines={str(number): units for number, units in giving.lines.items()},
        opened_by=giving.actor,
        opened_at=clock.stamp(clock.now()),
    )
    posted = ledger.post(
        payment.subject,
        f"refund:{giving.id}",
        payment.currency,
        giving.entries,
        about={"refund": giving.id},
    )
    put = parts.put(item, BusyError())
    portions = [
        Going(giving.id, number, leg, amount, giving.destination)
        for number, (leg, amount) in enumerate(chosen)
    ]
    return (
        *changing.change_all(payment, changes, head),
        *posted,
        put,
        *going(payment, portions, f"refund:{giving.id}"),
    )


@dataclass(frozen=True, slots=True)
class Going:
    """What of a refund is to go back to one payment, and where to."""

    refund_id: str
    number: int
    leg: Leg
    amount: int
    asked_to: Destination

    @property
    def destination(self) -> Destination:
        """Nobody can hand cash back: it goes into the wallet."""
        return "wallet" if self.leg.provider == "cash" else self.asked_to

    @property
    def by_stripe(self) -> bool:
        return self.leg.provider == "stripe" and self.destination == "source"

    @property
    def ref(self) -> str:
        return f"{self.refund_id}:{self.number:02d}"


def _noted(payment: Payment, giving: Giving) -> list[Action]:
    returned = giving.reason == RETURNED
    return [PaymentHead.returned.set(payment.returned + giving.amount)] if returned else []


def _command(leg: Leg, amount: int) -> LegCommand:
    whole = leg.refunded + amount == leg.captured
    return LegCommand.REFUND if whole else LegCommand.REFUND_PART


def going(payment: Payment, portions: Sequence[Going], ref: str) -> tuple[Part, ...]:
    """The parts that put portions: done with them, or for Stripe to be asked.

    What goes to one account goes in one movement: a transaction touches an item once.
    """
    made: list[Part] = []
    accounts: Counter[str] = Counter()
    for one in portions:
        made.append(_put(payment, one))
        if not one.by_stripe:
            made += _posted(payment, one)
            accounts[_account(payment, one)] += one.amount
    for balance_id, amount in accounts.items():
        made += balances.paid_in(payment.payer, payment.currency, balance_id, amount, ref)
    return tuple(made)


def _account(payment: Payment, one: Going) -> str:
    if one.destination == "wallet":
        return balances.wallet_id(payment.payer, payment.currency)
    return str(one.leg.balance_id)


def _put(payment: Payment, one: Going) -> Part:
    asked = one.by_stripe
    item = PortionItem(
        payment_key(payment.subject.kind, payment.subject.id),
        portion_at(one.refund_id, one.number),
        refund_id=one.refund_id,
        number=one.number,
        leg_id=one.leg.id,
        amount=one.amount,
        destination=one.destination,
        status=PortionStatus.PENDING if asked else PortionStatus.SUCCEEDED,
        attempt=1,
        opened_at=clock.stamp(clock.now()),
        due_shard=changing.due_shard(payment.subject) if asked else None,
        due_at=clock.stamp(clock.after(changing.FINISH_SECONDS)) if asked else None,
    )
    return parts.put(item, BusyError())


def _posted(payment: Payment, one: Going) -> tuple[Part, ...]:
    """The double entry of a portion that is paid in kind."""
    kind = "wallet" if one.destination == "wallet" else str(one.leg.balance_kind)
    entries = [
        Entry(ledger.PAYABLE, one.amount, "refund"),
        Entry(balances.account(kind), -one.amount, "refund"),
    ]
    about = {"refund": one.ref, "leg": one.leg.id}
    return ledger.post(payment.subject, f"refund:{one.ref}", payment.currency, entries, about=about)


def replaced(payment: Payment, failed: Portion, number: int, to: Destination) -> tuple[Part, ...]:
    """The parts that send a portion that failed anew, under another number. Failure: BusyError.

    Raises RefundImpossibleError (422) where its payment has no longer as much to give back.
    """
    leg = next(one for one in payment.legs if one.id == failed.leg_id)
    if leg.refundable < failed.amount:
        raise RefundImpossibleError(errors=[{"pointer": "", "detail": "It was given back since."}])
    change = LegChange(
        leg,
        [LegItem.refunded.set(leg.refunded + failed.amount)],
        to=after(leg.status, _command(leg, failed.amount)),
        data={"refund_id": failed.refund_id, "refunded": failed.amount},
    )
    head = [PaymentHead.refunded.set(payment.refunded + failed.amount)]
    subject = payment.subject
    done = parts.update(
        portion_keys(subject.kind, subject.id, failed.refund_id, failed.number),
        [PortionItem.status.set(PortionStatus.REPLACED)],
        BusyError(),
        PortionItem.status == PortionStatus.FAILED,
    )
    again = Going(failed.refund_id, number, leg, failed.amount, to)
    put = going(payment, [again], f"refund:{again.ref}")
    return (*changing.change_all(payment, [change], head), done, *put)


def give_back(payment: Payment, standing: Standing, excess: int) -> None:
    """Give back what was taken beyond what is owed, as far as nobody has yet. Failure: BusyError.

    Its portions are due at once: whoever takes up the payment next asks for them.
    """
    amount = min(excess, refund_rules.refundable(payment))
    alarm("More was taken than is owed", order=payment.subject.id, difference=excess)
    if amount == 0:
        parts.commit(changing.bump(payment, [PaymentHead.returned.set(payment.returned + excess)]))
        return
    unsold = min(amount, max(0, payment.taken - payment.sold))
    entries = refund_rules.excess_entries(standing.order, amount, unsold, standing.liable)
    parts.commit(*opened(payment, Giving(amount, RETURNED, standing.liable, entries)))
