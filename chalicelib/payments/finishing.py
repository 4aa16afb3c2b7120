"""What an order that has ended does to its money: capture what is owed, let go of the rest.

State decides, not the event that rang: whoever comes, however often, finds what is still to do.
"""

from dataclasses import dataclass

from chalicelib.core import parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.telemetry import alarm, log
from chalicelib.orders import reading as orders
from chalicelib.orders.order import Order
from chalicelib.payments import changing, gateway, ledger, opening, settling
from chalicelib.payments import payment as payments
from chalicelib.payments.gateway import (
    DeclinedError,
    GatewayError,
    Intent,
    RefusedError,
    UnknownOutcomeError,
)
from chalicelib.payments.models import PaymentHead, head_at
from chalicelib.payments.payment import Leg, Payment, Subject
from chalicelib.payments.status import HOLDING, LegStatus, Operation

STEPS = 24
SETTLED = frozenset({"succeeded", "canceled"})


@dataclass(frozen=True, slots=True)
class Step:
    """The next thing to ask of Stripe for a payment."""

    leg: Leg
    operation: Operation
    amount: int


def next_step(payment: Payment, owed: int) -> Step | None:
    """What is still to do so that exactly what is owed is captured, and nothing stays held.

    What was once intended is done as it was intended. Legs are captured in their order, each at
    most once and at most what it holds; what is not needed is let go.
    """
    for leg in payment.legs:
        if leg.status in HOLDING and leg.operation in {Operation.CAPTURE, Operation.VOID}:
            return Step(leg, leg.operation, leg.operation_amount)
    left = owed - payment.captured
    for leg in payment.legs:
        if leg.status is LegStatus.AUTHORIZED and left > 0:
            return Step(leg, Operation.CAPTURE, min(left, leg.amount))
        if leg.status in HOLDING:
            return Step(leg, Operation.VOID, 0)
    return None


def settle_up(subject: Subject) -> None:
    """Capture or let go until nothing is left to do, if the order has ended.

    Raises gateway.GatewayError where Stripe does not answer: the leg is due, and is taken up again.
    """
    for _ in range(STEPS):
        payment = payments.find(subject)
        order = orders.find(subject.id)
        if payment is None or order is None or order.owed is None:
            return
        step = next_step(payment, order.owed)
        try:
            if step is None:
                _close(payment, order)
                return
            _take(payment, order, step)
        except BusyError:
            continue
    raise BusyError


def _take(payment: Payment, order: Order, step: Step) -> None:
    if step.leg.intent_id is None:
        _look_for_intent(payment, step.leg)
        return
    if step.leg.operation is not step.operation:
        intention = changing.intend(payment, step.leg, step.operation, step.amount)
        parts.commit(*intention)
        return
    if step.operation is Operation.CAPTURE and payment.sale is None:
        _post_sale(payment, order)
        return
    intent = _ask(payment, step, step.leg.intent_id)
    parts.commit(*_outcome(payment, step, intent))
    log("A payment was finished", leg=step.leg.id, operation=step.operation, status=intent.status)


def _look_for_intent(payment: Payment, leg: Leg) -> None:
    """Note the intent that somebody may have made before dying; if none was, nothing is held."""
    try:
        opening.ensure(payment.subject, leg.id)
    except RefusedError:
        parts.commit(*settling.released(payment, leg, LegStatus.VOIDED))


def _close(payment: Payment, order: Order) -> None:
    """Nothing is left to ask of Stripe. More than is owed may have been taken before a return."""
    _post_sale(payment, order)
    if payment.captured > (order.owed or 0):
        alarm(
            "More was taken than is owed",
            order=order.id,
            difference=payment.captured - (order.owed or 0),
        )


def _post_sale(payment: Payment, order: Order) -> None:
    """Post what the order owes, once, before the first of it is taken."""
    if payment.sale is not None or not order.owed:
        return
    head = parts.update(
        head_at(payment.subject.kind, payment.subject.id),
        [PaymentHead.version.set(payment.version + 1), PaymentHead.sale.set("posted")],
        BusyError(),
        PaymentHead.version == payment.version,
    )
    entries = ledger.sale(order)
    parts.commit(head, *ledger.post(payment.subject, "sale", order.currency, entries))


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
