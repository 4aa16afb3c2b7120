"""Payments for later: saved at checkout, charged with nobody there when the time comes, let go of.

Intent first, deterministic keys, one transaction per outcome, as for every payment. Before its
charge is begun a leg has no PaymentIntent, and `learn` says what is new of it; from then on
`settling.settle` does, as of any other.
"""

from pynamodb.expressions.update import Action

from chalicelib.core import clock
from chalicelib.core.parts import Part
from chalicelib.core.telemetry import alarm, log
from chalicelib.payments import (
    changing,
    customers,
    deferral,
    gateway,
    keeping,
    setup_gateway,
    subjects,
    wallet_gateway,
)
from chalicelib.payments.changing import LegChange
from chalicelib.payments.gateway import (
    CLOCKS_APART_SECONDS,
    KEYS_REMEMBERED_SECONDS,
    GatewayError,
    Intent,
    RefusedError,
    UnknownOutcomeError,
)
from chalicelib.payments.models import LegItem
from chalicelib.payments.payment import Leg, Payment
from chalicelib.payments.setup_gateway import LegSetup
from chalicelib.payments.status import METHOD_SAVED, LegStatus, Operation
from chalicelib.payments.wallet_gateway import AbsentError, Saved


def setup_of(payment: Payment, leg: Leg) -> LegSetup:
    """The setup of a leg: retrieved, or made now. Raises gateway.GatewayError.

    One whose making was cut off long ago was shown to nobody: nothing was ever saved by it.
    """
    if leg.setup_id:
        return setup_gateway.retrieve(leg.setup_id)
    if not leg.is_open or leg.stage != deferral.OPENING or leg.asked_ago > KEYS_REMEMBERED_SECONDS:
        raise RefusedError("never_made")
    return setup_gateway.create(
        kind=payment.subject.kind,
        subject=payment.subject.id,
        leg=leg.id,
        customer=customers.customer_of(payment.payer),
        method=leg.method,
    )


def note(payment: Payment, leg: Leg, setup: LegSetup) -> tuple[Part, ...]:
    """The parts that note a leg's setup. None where it was noted before."""
    return () if leg.setup_id else changing.change(payment, leg, _noted(payment, leg, setup))


def _noted(payment: Payment, leg: Leg, setup: LegSetup) -> list[Action]:
    if leg.setup_id:
        return []
    return [
        LegItem.setup_id.set(setup.id),
        LegItem.customer.set(setup.customer),
        LegItem.stage.set(deferral.OPEN),
        *changing.no_operation(),
        *changing.look_again(payment, changing.LOOK_AGAIN_SECONDS),
    ]


def learn(payment: Payment, leg: Leg) -> tuple[Part, ...]:
    """The parts that say what is new of a leg that is not charged yet. None where nothing is.

    Raises gateway.GatewayError where Stripe does not tell.
    """
    if leg.stage == deferral.OVER:
        return ()
    if leg.stage == deferral.READY:
        return _begin(payment, leg)
    return _of_setup(payment, leg, setup_of(payment, leg))


def _of_setup(payment: Payment, leg: Leg, setup: LegSetup) -> tuple[Part, ...]:
    noting = _noted(payment, leg, setup)
    if setup.status == "succeeded" and setup.instrument:
        return _saved(payment, leg, noting, setup.instrument)
    if setup.status == "canceled":
        return changing.change(payment, leg, [*noting, *changing.done()], to=LegStatus.VOIDED)
    if setup.status == "requires_action" and leg.status is LegStatus.REQUIRES_PAYMENT:
        return changing.change(payment, leg, noting, to=LegStatus.REQUIRES_ACTION)
    if setup.decline_code and setup.decline_code != leg.decline_code:
        actions = [*noting, LegItem.decline_code.set(setup.decline_code)]
        data = {"decline_code": setup.decline_code}
        return changing.change(payment, leg, actions, to=LegStatus.REQUIRES_PAYMENT, data=data)
    return note(payment, leg, setup)


def _saved(payment: Payment, leg: Leg, noting: list[Action], instrument: str) -> tuple[Part, ...]:
    """What is to be charged is saved. With the last leg the order waits for its day."""
    standing = subjects.stands(payment.subject)
    waits = standing is not None and standing.waits
    again = deferral.pause(leg.charge_at) if waits else 0
    actions = [
        *noting,
        LegItem.stage.set(deferral.READY),
        LegItem.instrument.set(instrument),
        LegItem.decline_code.remove(),
        *changing.look_again(payment, again),
    ]
    change = LegChange(leg, actions, LegStatus.REQUIRES_PAYMENT, type=METHOD_SAVED)
    complete = standing is not None and waits and payment.complete_with(leg)
    also = standing.scheduled() if standing and complete else ()
    return (*changing.change_all(payment, [change]), *also)


def _begin(payment: Payment, leg: Leg) -> tuple[Part, ...]:
    """The parts that write down that a leg is about to be charged, once its time has come."""
    if leg.charge_at is None or leg.charge_at > clock.now() or not is_wanted(payment):
        return ()
    return changing.intend(payment, leg, Operation.CREATE, leg.amount)


def is_wanted(payment: Payment) -> bool:
    """Whether what is paid for still waits for its payment."""
    standing = subjects.stands(payment.subject)
    return standing is not None and standing.waits


def charge(payment: Payment, leg: Leg) -> Intent:
    """Hold the money by what was saved, with nobody there, or find the intent that was to.

    The intent of a charge that failed waits for its payer. Raises gateway.GatewayError:
    DeclinedError and RefusedError where there is no intent and will be none.
    """
    try:
        return wallet_gateway.charge_off_session(
            kind=payment.subject.kind,
            subject=payment.subject.id,
            leg=leg.id,
            saved=Saved(leg.customer or "", leg.instrument or "", leg.method),
            amount=leg.amount,
            currency=leg.currency,
            attempt=leg.attempt,
        )
    except (AbsentError, RefusedError) as no:
        made = no.intent_id if isinstance(no, AbsentError) else setup_gateway.intent_in(no)
        if not made:
            raise
        return gateway.retrieve(made)
    except UnknownOutcomeError:
        found = gateway.find(payment.subject.id, leg.id, _since(leg))
        if found is None:
            raise
        return found


def _since(leg: Leg) -> int:
    return int(clock.wall_now() - leg.asked_ago) - CLOCKS_APART_SECONDS


def refused(payment: Payment, leg: Leg, error: GatewayError) -> tuple[Part, ...]:
    """The parts that give up a charge for good: its payer is asked for another means, there.

    Stripe has said no for certain, so another key is due. Raises the error itself where it was not
    what was saved that was refused.
    """
    if leg.instrument is None:
        raise error
    log("A saved method could not be charged", leg=leg.id, code=error.code)
    actions = [
        LegItem.attempt.set(leg.attempt + 1),
        LegItem.operation_at.set(clock.stamp(clock.now())),
        LegItem.instrument.remove(),
        *changing.look_again(payment, changing.FINISH_SECONDS),
    ]
    return changing.change(payment, leg, actions)


def let_go(payment: Payment, leg: Leg) -> tuple[Part, ...]:
    """Take back at Stripe what a leg was saved by, and the part that notes it. Safe to repeat.

    Raises gateway.GatewayError where Stripe does not tell.
    """
    held = keeping.released(payment.payer, leg) if leg.method_id else ()
    setup_id = leg.setup_id or _cut_off(payment, leg)
    if setup_id and not keeping.is_kept(payment.payer, leg):
        _unsave(payment, leg, setup_id)
    return (*changing.change(payment, leg, [LegItem.stage.set(deferral.OVER)]), *held)


def _cut_off(payment: Payment, leg: Leg) -> str | None:
    """The setup that somebody may have made before dying."""
    try:
        return setup_of(payment, leg).id
    except RefusedError:
        return None


def _unsave(payment: Payment, leg: Leg, setup_id: str) -> None:
    instrument = leg.instrument or _cancelled(setup_id)
    if instrument is None:
        return
    try:
        wallet_gateway.detach(instrument)
    except RefusedError:
        if wallet_gateway.retrieve_instrument(instrument).customer is not None:
            order = payment.subject.id
            alarm("A saved method could not be let go", order=order, leg=leg.id)


def _cancelled(setup_id: str) -> str | None:
    """Let nobody save anything by it any more. What was saved by it before."""
    try:
        wallet_gateway.cancel_setup(setup_id)
    except RefusedError as error:
        setup = setup_gateway.retrieve(setup_id)
        if setup.status not in {"succeeded", "canceled"}:
            raise UnknownOutcomeError(setup.status) from error
        return setup.instrument if setup.status == "succeeded" else None
    return None
