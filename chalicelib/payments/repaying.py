"""What becomes of a refund's portion at Stripe. The same way for the request, webhook and sweep."""

from collections.abc import Sequence

from pynamodb.expressions.update import Action

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.errors import BusyError, NotFoundError, Value
from chalicelib.core.parts import Part
from chalicelib.core.settings import settings
from chalicelib.core.telemetry import alarm
from chalicelib.payments import changing, gateway, ledger, refund_gateway
from chalicelib.payments import payment as payments
from chalicelib.payments.changing import LegChange
from chalicelib.payments.gateway import DeclinedError, RefusedError
from chalicelib.payments.ledger import Entry
from chalicelib.payments.models import LegItem, PaymentHead, payment_key
from chalicelib.payments.payment import Leg, Payment, Subject
from chalicelib.payments.refund import POSTED, Portion, portion_of
from chalicelib.payments.refund_gateway import StripeRefund
from chalicelib.payments.refund_models import (
    PortionItem,
    PortionStatus,
    portion_at,
    portion_keys,
)
from chalicelib.payments.status import LegCommand, after

S = PortionStatus
RACES = 6
LOOK_AGAIN_SECONDS = 6 * 3600
"""How often a refund that the bank has not settled is asked for."""
DAY_SECONDS = 86_400
RETURNED_WITHIN_SECONDS = 31 * DAY_SECONDS
"""So long a bank may return what has arrived. https://docs.stripe.com/refunds#failed-refunds"""


def settle(subject: Subject, refund_id: str, number: int) -> Portion:
    """Bring a portion to what Stripe says of it; ask Stripe for it, if that was never done.

    Safe to repeat, to race, and to die in. Raises NotFoundError, gateway.GatewayError: it is due,
    and is taken up again.
    """
    for _ in range(RACES):
        payment = payments.demand_all(subject)
        portion = find(subject, refund_id, number)
        if portion.destination != "source" or portion.status in {S.FAILED, S.REPLACED}:
            return portion
        leg = next(one for one in payment.legs if one.id == portion.leg_id)
        if leg.provider != "stripe":
            return portion
        told = _ask(payment, leg, portion)
        learnt = _learn(payment, leg, portion, told)
        if not learnt:
            return portion
        try:
            parts.commit(*learnt)
        except BusyError:
            continue
    raise BusyError


def find(subject: Subject, refund_id: str, number: int) -> Portion:
    """A portion as it is now. Raises NotFoundError (404)."""
    pk = payment_key(subject.kind, subject.id)
    item = dynamo.get(PortionItem, pk, portion_at(refund_id, number))
    if item is None:
        raise NotFoundError
    return portion_of(item)


def _ask(payment: Payment, leg: Leg, portion: Portion) -> StripeRefund | None:
    """The refund at Stripe: as it is, or made now, or found if its making was cut off long ago.

    None where Stripe will not make it. Raises gateway.GatewayError where it does not tell.
    """
    intent_id = str(leg.intent_id)
    if portion.provider_id:
        return refund_gateway.retrieve(portion.provider_id)
    age = (clock.now() - portion.opened_at).total_seconds()
    if age > gateway.KEYS_REMEMBERED_SECONDS:
        return refund_gateway.find(intent_id, portion.ref)
    try:
        return refund_gateway.create(
            intent_id,
            kind=payment.subject.kind,
            subject=payment.subject.id,
            leg=leg.id,
            ref=portion.ref,
            amount=portion.amount,
            attempt=portion.attempt,
        )
    except (DeclinedError, RefusedError) as error:
        alarm("Stripe refused a refund", refund=portion.ref, code=error.code)
        return refund_gateway.find(intent_id, portion.ref)


def _learn(
    payment: Payment, leg: Leg, portion: Portion, told: StripeRefund | None
) -> tuple[Part, ...]:
    """The parts that say what is new. None where nothing is."""
    if told is None or told.has_failed:
        return _failed(payment, leg, portion, told)
    target = S.SUCCEEDED if told.status == "succeeded" else S.SENT
    if portion.status is target:
        return ()
    actions = [
        PortionItem.status.set(target),
        PortionItem.provider_id.set(told.id),
        *_ask_again(payment, portion, target),
    ]
    change = LegChange(leg, [], data=_about(portion), type=f"payment.refund_{target}")
    changed = changing.change_all(payment, [change]), _changed(payment, portion, actions)
    posted = () if portion.status in POSTED else _post(payment, leg, portion, told, -1)
    return (*changed[0], changed[1], *posted)


def _ask_again(payment: Payment, portion: Portion, status: PortionStatus) -> list[Action]:
    """When Stripe is asked next, though it should tell nothing.

    What has arrived may come back: it is asked after in a day, and whenever it is twice as old.
    """
    if status is S.SENT:
        return changing.look_again(payment, LOOK_AGAIN_SECONDS)
    age = (clock.now() - portion.opened_at).total_seconds()
    if age >= RETURNED_WITHIN_SECONDS:
        return changing.leave_alone()
    return changing.look_again(payment, max(age, DAY_SECONDS))


def _failed(
    payment: Payment, leg: Leg, portion: Portion, told: StripeRefund | None
) -> tuple[Part, ...]:
    """It never went, or it came back: it counts as not given back, and a person decides."""
    why = (told.failure if told else None) or "refused"
    alarm("A refund failed", refund=portion.ref, order=payment.subject.id, failure=why)
    left = leg.refunded - portion.amount
    command = LegCommand.RETURN_REFUND_PART if left else LegCommand.RETURN_REFUND
    change = LegChange(
        leg,
        [LegItem.refunded.set(left)],
        to=after(leg.status, command),
        data={**_about(portion), "failure": why},
        type="payment.refund_failed",
    )
    head = [PaymentHead.refunded.set(payment.refunded - portion.amount)]
    actions = [
        PortionItem.status.set(S.FAILED),
        PortionItem.failure.set(why),
        *([PortionItem.provider_id.set(told.id)] if told else []),
        *changing.leave_alone(),
    ]
    back = _post(payment, leg, portion, told, 1) if told and portion.status in POSTED else ()
    changed = changing.change_all(payment, [change], head)
    return (*changed, _changed(payment, portion, actions), *back)


def _about(portion: Portion) -> dict[str, Value]:
    return {"refund_id": portion.refund_id, "refunded": portion.amount}


def _changed(payment: Payment, portion: Portion, actions: Sequence[Action]) -> Part:
    subject = payment.subject
    keys = portion_keys(subject.kind, subject.id, portion.refund_id, portion.number)
    return parts.update(keys, actions, BusyError(), PortionItem.status == portion.status)


def _post(
    payment: Payment, leg: Leg, portion: Portion, told: StripeRefund, sign: int
) -> tuple[Part, ...]:
    """The double entry of money that left Stripe for a customer, or (sign 1) came back to it."""
    name = f"refund:{portion.ref}" if sign < 0 else f"refund_failed:{portion.ref}"
    entries = [
        Entry(ledger.CLEARING, sign * portion.amount, "refund"),
        Entry(ledger.PAYABLE, -sign * portion.amount, "refund"),
    ]
    about = {"leg": leg.id, "intent": str(leg.intent_id), "refund": told.id}
    return ledger.post(payment.subject, name, payment.currency, entries, about=about)


def resume(subject: Subject, ref: str) -> None:
    """Take up a portion that is due: asked for, or asked after once more."""
    refund_id, _, number = ref.partition("#")
    portion = settle(subject, refund_id, int(number))
    if portion.provider_id is None or portion.status not in POSTED:
        return
    payment = payments.demand_all(subject)
    parts.commit(_changed(payment, portion, _ask_again(payment, portion, portion.status)))


def hear(stripe_refund_id: str) -> tuple[Subject, str] | None:
    """Learn what became of a refund that Stripe has told us something of.

    Whose it is, or None where it is not ours. Raises gateway.GatewayError.
    """
    told = refund_gateway.retrieve(stripe_refund_id)
    if told.env != settings().tables or not told.ref:
        return None
    refund_id, _, number = told.ref.partition(":")
    subject = Subject(told.subject_kind, told.subject_id)
    settle(subject, refund_id, int(number))
    return subject, refund_id
