"""Settle: the one way in which a payment learns what Stripe says.

The browser's confirmation, the webhook and the sweeper all run it. It asks Stripe for the intent
as it is now, and moves the leg by rank; an event's own content is never believed. The order becomes
CREATED in the very transaction in which the authorised legs reach what is due.
"""

from pynamodb.expressions.update import Action

from chalicelib.core import parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.telemetry import alarm
from chalicelib.orders import tallies
from chalicelib.payments import changing, deferral, deferring, keeping, ledger, opening, subjects
from chalicelib.payments import payment as payments
from chalicelib.payments.changing import LegChange
from chalicelib.payments.deferral import AUTHENTICATION_REQUIRED, CHARGE_REFUSED
from chalicelib.payments.gateway import DeclinedError, Intent, RefusedError
from chalicelib.payments.models import LegItem, PaymentHead
from chalicelib.payments.payment import Leg, Payment, Subject
from chalicelib.payments.status import (
    ACTION_REQUIRED,
    TIP_CAPTURED,
    LegCommand,
    LegStatus,
    Operation,
    after,
)

COMMANDS = {
    "requires_action": LegCommand.DEMAND_ACTION,
    "requires_capture": LegCommand.AUTHORIZE,
    "succeeded": LegCommand.CAPTURE,
}
UNPAID = frozenset({"requires_payment_method", "requires_confirmation"})
RACES = 6


def settle(subject: Subject, leg_id: str) -> Leg:
    """Bring a leg to what Stripe says of its intent. Safe to repeat, to race, and to die in.

    Raises NotFoundError for an unknown leg, gateway.GatewayError where Stripe does not tell.
    """
    for _ in range(RACES):
        leg, learnt = _news(subject, leg_id)
        if not learnt:
            return leg
        try:
            parts.commit(*learnt)
        except BusyError:
            continue
    raise BusyError


def _news(subject: Subject, leg_id: str) -> tuple[Leg, tuple[Part, ...]]:
    """A leg, and the parts that say what is new of it. None where nothing is."""
    payment, leg = payments.demand(subject, leg_id)
    if leg.is_deferred:
        return leg, deferring.learn(payment, leg)
    if leg.is_charging and not deferring.is_wanted(payment):
        return leg, ()  # who finishes it looks for its intent, and charges nothing
    try:
        payment, leg, intent = opening.ensure(subject, leg_id, (payment, leg))
    except (DeclinedError, RefusedError) as error:
        if not leg.is_charging:
            raise
        return leg, deferring.refused(payment, leg, error)
    keeping.adopt(payment.payer, leg, intent)
    return leg, _learn(payment, leg, intent)


def _learn(payment: Payment, leg: Leg, intent: Intent) -> tuple[Part, ...]:
    """The parts that say what is new. None where nothing is."""
    command = COMMANDS.get(intent.status) or _gone(leg, intent)
    if command is None:
        return _not_yet(payment, leg, intent)
    if leg.is_open and command is LegCommand.CAPTURE:
        command = LegCommand.AUTHORIZE  # first the order is shown or the leg let go, as ever
    target = after(leg.status, command)
    if target is None:
        return ()
    if target is LegStatus.AUTHORIZED:
        return _authorized(payment, leg, intent)
    if target is LegStatus.CAPTURED:
        return captured(payment, leg, intent)
    if target is LegStatus.REQUIRES_ACTION:
        actions = changing.look_again(payment, changing.LOOK_AGAIN_SECONDS)
        return changing.change(payment, leg, actions, to=target)
    return released(payment, leg, target)


def _gone(leg: Leg, intent: Intent) -> LegCommand | None:
    """What it means that Stripe has let go: as we asked, or before we could take it."""
    if intent.status != "canceled":
        return None
    if leg.status is LegStatus.AUTHORIZED and leg.operation is not Operation.VOID:
        alarm("A hold was lost", leg=leg.id, intent=intent.id)
        return LegCommand.FAIL_CAPTURE if leg.operation else LegCommand.EXPIRE
    return LegCommand.VOID


def _not_yet(payment: Payment, leg: Leg, intent: Intent) -> tuple[Part, ...]:
    """Still to be paid: note a decline that is news, and look again.

    That of a payment for later is told to its payer at once, who is not there to see it.
    """
    code = _declined(leg, intent)
    if code is None:
        return ()
    back = after(leg.status, LegCommand.ASK_AGAIN)
    if back is None and (leg.status is not LegStatus.REQUIRES_PAYMENT or leg.decline_code):
        return ()
    actions = [
        LegItem.decline_code.set(code),
        *changing.look_again(payment, changing.LOOK_AGAIN_SECONDS),
    ]
    told = ACTION_REQUIRED if leg.is_to_mend and code == AUTHENTICATION_REQUIRED else None
    data = {"decline_code": code}
    change = LegChange(leg, actions, LegStatus.REQUIRES_PAYMENT, data, told)
    counted = _counted(payment, leg, intent)
    return (*changing.change_all(payment, [change]), *_call_payer(payment, leg, code), *counted)


def _counted(payment: Payment, leg: Leg, intent: Intent) -> tuple[Part, ...]:
    """A payment that fails while its payer is there counts: once, however often it is tried."""
    if leg.stage or leg.decline_code:
        return ()
    standing = subjects.stands(payment.subject)
    device = standing.order.device if standing else None
    return tallies.payment_failed(payment.payer, intent.failed_card, device)


def _declined(leg: Leg, intent: Intent) -> str | None:
    """Why an intent is not paid: of one that was to be charged there always is a reason."""
    if leg.is_to_mend and intent.status in UNPAID:
        return intent.decline_code or CHARGE_REFUSED
    return intent.decline_code if intent.status == "requires_payment_method" else None


def _call_payer(payment: Payment, leg: Leg, code: str) -> tuple[Part, ...]:
    """Once, when the charge has failed: who then tries and fails is there to see it."""
    if not leg.is_to_mend or leg.decline_code:
        return ()
    standing = subjects.stands(payment.subject)
    waits = standing is not None and standing.waits
    return standing.payment_due(deferral.word(code)) if standing and waits else ()


def _authorized(payment: Payment, leg: Leg, intent: Intent) -> tuple[Part, ...]:
    """The money is held. With the last leg the order is shown to its store, in one transaction.

    A tip is not due: it is held for nobody but whoever brought the order, and taken next.
    """
    if leg.is_tip:
        actions = changing.held(payment, intent.capture_before)
        return changing.change(payment, leg, actions, to=LegStatus.AUTHORIZED)
    held = payment.authorized + leg.amount
    actions = changing.held(payment, intent.capture_before)
    head = [PaymentHead.authorized.set(held)]
    standing = subjects.stands(payment.subject)
    waits = standing is not None and standing.waits
    show: tuple[Part, ...] = ()
    if standing and waits and held >= payment.due:
        show = standing.shown()
    elif standing and waits and leg.stage is None and payment.complete_with(leg):
        show = standing.scheduled()
    if not waits:
        actions = _let_go(payment)
    change = changing.change(payment, leg, actions, to=LegStatus.AUTHORIZED, head=head)
    return (*change, *show)


def _let_go(payment: Payment) -> list[Action]:
    """Money for an order that is dead: written down as to be voided before anything else."""
    return [
        LegItem.operation.set(Operation.VOID),
        *changing.look_again(payment, changing.FINISH_SECONDS),
    ]


def captured(payment: Payment, leg: Leg, intent: Intent) -> tuple[Part, ...]:
    """The money is taken: the leg, the sums and the ledger say so together."""
    amount = intent.received
    if leg.operation is not Operation.CAPTURE or leg.operation_amount != amount:
        alarm("Money was taken otherwise than we asked", leg=leg.id, intent=intent.id)
    about = {"leg": leg.id, "intent": intent.id}
    posted = ledger.captured(amount, leg.id)
    if leg.is_tip:
        posted += ledger.tipped(amount, leg.id)
    change = LegChange(
        leg,
        [LegItem.captured.set(amount), *changing.done()],
        to=LegStatus.CAPTURED,
        data={"captured": amount},
        type=TIP_CAPTURED if leg.is_tip else None,
    )
    return (
        *changing.change_all(
            payment, [change], [PaymentHead.captured.set(payment.captured + amount)]
        ),
        *ledger.post(
            payment.subject, f"capture:{leg.id}:{leg.attempt}", leg.currency, posted, about=about
        ),
    )


def released(payment: Payment, leg: Leg, target: LegStatus) -> tuple[Part, ...]:
    """Nothing is held any more."""
    held = leg.amount if leg.status is LegStatus.AUTHORIZED and not leg.is_tip else 0
    head = [PaymentHead.authorized.set(payment.authorized - held)]
    return changing.change(payment, leg, changing.done(), to=target, head=head)
