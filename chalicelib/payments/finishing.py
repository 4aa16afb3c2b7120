"""What an order that has ended does to its money: capture what is owed, let go of the rest.

State decides, not the event that rang: whoever comes, however often, finds what is still to do.
"""

from dataclasses import dataclass

from chalicelib.core import parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.telemetry import alarm, log
from chalicelib.payments import (
    changing,
    deferral,
    deferring,
    gateway,
    keeping,
    ledger,
    locally,
    opening,
    returning,
    settling,
    subjects,
)
from chalicelib.payments import payment as payments
from chalicelib.payments.gateway import (
    DeclinedError,
    GatewayError,
    Intent,
    RefusedError,
    UnknownOutcomeError,
)
from chalicelib.payments.models import PaymentHead
from chalicelib.payments.payment import Leg, Payment, Subject
from chalicelib.payments.status import HOLDING, LegStatus, Operation
from chalicelib.payments.subjects import Standing

STEPS = 24
SETTLED = frozenset({"succeeded", "canceled"})
TAKEN_FIRST = ("balance", "stripe", "cash")
"""In which order payments are taken; what goes back goes to cards first."""


@dataclass(frozen=True, slots=True)
class Step:
    """The next thing to ask of Stripe for a payment."""

    leg: Leg
    operation: Operation
    amount: int


def next_step(payment: Payment, owed: int) -> Step | None:
    """What is still to do so that exactly what is owed is captured, and nothing stays held.

    What was once intended is done as it was intended. Stored value is taken first, cash last, each
    leg at most once and at most what it holds; what is not needed is let go. A tip is not owed: it
    is taken whole once it is held, and let go where its customer has walked away.
    """
    for leg in payment.legs:
        if leg.status in HOLDING and leg.operation in {Operation.CAPTURE, Operation.VOID}:
            return Step(leg, leg.operation, leg.operation_amount)
    for tip in (leg for leg in payment.legs if leg.is_tip):
        if tip.status is LegStatus.AUTHORIZED:
            return Step(tip, Operation.CAPTURE, tip.amount)
        if tip.is_abandoned:
            return Step(tip, Operation.VOID, 0)
    left = owed - payment.taken
    for leg in sorted(payment.legs, key=lambda one: TAKEN_FIRST.index(one.provider)):
        if leg.is_tip or leg.status not in HOLDING:
            continue
        if leg.status is LegStatus.AUTHORIZED and left > 0:
            return Step(leg, Operation.CAPTURE, min(left, leg.amount))
        return Step(leg, Operation.VOID, 0)
    return None


def settle_up(subject: Subject) -> None:
    """Capture or let go until nothing is left to do, if the order has ended.

    Raises gateway.GatewayError where Stripe does not answer: the leg is due, and is taken up again.
    """
    for _ in range(STEPS):
        payment = payments.find(subject)
        standing = subjects.stands(subject)
        if payment is None or standing is None or standing.owed is None:
            return
        saved = next((leg for leg in payment.legs if leg.stage in deferral.HELD), None)
        step = next_step(payment, standing.owed)
        try:
            if saved:
                parts.commit(*deferring.let_go(payment, saved))
            elif step:
                _take(payment, standing, step)
            elif not _close(payment, standing, standing.owed):
                return
        except BusyError:
            continue
    raise BusyError


def _take(payment: Payment, standing: Standing, step: Step) -> None:
    if step.operation is Operation.CAPTURE and not step.leg.is_tip and payment.sale is None:
        _post_sale(payment, standing)
        return
    if step.leg.provider != "stripe":
        _take_locally(payment, standing, step)
        return
    if step.leg.intent_id is None:
        _look_for_intent(payment, step.leg)
        return
    if step.leg.operation is not step.operation:
        intention = changing.intend(payment, step.leg, step.operation, step.amount)
        parts.commit(*intention)
        return
    intent = _ask(payment, step, step.leg.intent_id)
    keeping.adopt(payment.payer, step.leg, intent)
    parts.commit(*_outcome(payment, step, intent))
    log("A payment was finished", leg=step.leg.id, operation=step.operation, status=intent.status)


def _take_locally(payment: Payment, standing: Standing, step: Step) -> None:
    if step.operation is Operation.CAPTURE:
        parts.commit(*locally.captured(payment, step.leg, step.amount, standing))
    else:
        parts.commit(*locally.released(payment, step.leg))


def _look_for_intent(payment: Payment, leg: Leg) -> None:
    """Note the intent that somebody may have made before dying; if none was, nothing is held."""
    try:
        opening.ensure(payment.subject, leg.id)
    except (DeclinedError, RefusedError):
        parts.commit(*settling.released(payment, leg, LegStatus.VOIDED))


def _close(payment: Payment, standing: Standing, owed: int) -> bool:
    """Nothing is left to ask of Stripe: make the books say how it ended. Whether they had to.

    What is owed and can be had no more is ours to bear. What was taken beyond what is owed (before
    a return, or though it was to be let go) goes back.
    """
    if payment.sale is None and any(entry.amount for entry in standing.sale):
        _post_sale(payment, standing)
        return True
    lost = payment.sold - payment.taken - payment.written_off
    if lost > 0:
        _write_off(payment, lost)
        return True
    excess = payment.taken - owed - payment.returned
    if excess > 0:
        returning.give_back(payment, standing, excess)
        return True
    return False


def _post_sale(payment: Payment, standing: Standing) -> None:
    """Post what the order owes, once, before the first of it is taken."""
    sold = PaymentHead.sold.set(standing.owed or 0)
    head = changing.bump(payment, [PaymentHead.sale.set("posted"), sold])
    entries = standing.sale
    parts.commit(head, *ledger.post(payment.subject, "sale", payment.currency, entries))


def _write_off(payment: Payment, amount: int) -> None:
    alarm("What is owed could not be collected", order=payment.subject.id, amount=amount)
    head = changing.bump(payment, [PaymentHead.written_off.set(amount)])
    entries = ledger.written_off(amount)
    parts.commit(head, *ledger.post(payment.subject, "written_off", payment.currency, entries))


def _ask(payment: Payment, step: Step, intent_id: str) -> Intent:
    """Ask Stripe, with the key of this operation. Without a yes, look at what became of it.

    Raises gateway.GatewayError while the intent is in between: the leg is due, and is taken up
    again; after a definitive no with another key, since Stripe repeats its answer to this one.
    """
    leg, subject = step.leg, payment.subject.id
    failed: GatewayError | None = None
    try:
        if step.operation is Operation.CAPTURE:
            intent = gateway.capture(
                intent_id, amount=step.amount, subject=subject, leg=leg.id, attempt=leg.attempt
            )
        else:
            intent = gateway.cancel(intent_id, subject=subject, leg=leg.id, attempt=leg.attempt)
    except (DeclinedError, RefusedError, UnknownOutcomeError) as error:
        failed, intent = error, gateway.retrieve(intent_id)
    if intent.status in SETTLED:
        return intent
    if isinstance(failed, DeclinedError | RefusedError):
        alarm("Stripe refused an operation", leg=leg.id, operation=step.operation, code=failed.code)
        parts.commit(*changing.try_anew(payment, leg))
    raise failed or UnknownOutcomeError(intent.status)


def _outcome(payment: Payment, step: Step, intent: Intent) -> tuple[Part, ...]:
    if intent.status == "succeeded":
        return settling.captured(payment, step.leg, intent)
    if step.operation is Operation.VOID:
        return settling.released(payment, step.leg, LegStatus.VOIDED)
    alarm("A capture failed: the hold is gone", leg=step.leg.id, intent=intent.id)
    return settling.released(payment, step.leg, LegStatus.CAPTURE_FAILED)
