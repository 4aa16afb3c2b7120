"""The intent of a leg at Stripe: made once, noted, and found again if its making was cut off."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from chalicelib.core import clock, idempotency, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.idempotency import Key
from chalicelib.core.money import Money
from chalicelib.core.parts import Part
from chalicelib.core.telemetry import alarm, log
from chalicelib.payments import changing, deferring, gateway, keeping
from chalicelib.payments import payment as payments
from chalicelib.payments.errors import ProviderUnavailableError
from chalicelib.payments.gateway import (
    CLOCKS_APART_SECONDS,
    KEYS_REMEMBERED_SECONDS,
    Intent,
)
from chalicelib.payments.models import LegItem
from chalicelib.payments.payment import Leg, Payment, Subject
from chalicelib.payments.schemas import OpenedPayment
from chalicelib.payments.setup_gateway import LegSetup

RACES = 6


def intent_of(payment: Payment, leg: Leg) -> Intent:
    """The intent of a leg at Stripe: retrieved, or made now, or found if its making was cut off.

    Raises gateway.GatewayError.
    """
    if leg.intent_id:
        return gateway.retrieve(leg.intent_id)
    if not leg.is_open:
        raise gateway.RefusedError("never_made")
    if leg.is_deferred:
        raise gateway.RefusedError("never_made")
    age = leg.asked_ago
    if age > KEYS_REMEMBERED_SECONDS:
        since = int(clock.wall_now() - age) - CLOCKS_APART_SECONDS
        found = gateway.find(payment.subject.id, leg.id, since)
        if found is None:
            raise gateway.RefusedError("never_made")
        return found
    if leg.instrument:
        return deferring.charge(payment, leg)
    return gateway.create(
        kind=payment.subject.kind,
        subject=payment.subject.id,
        leg=leg.id,
        method=leg.method,
        amount=leg.amount,
        currency=leg.currency,
        attempt=leg.attempt,
        more=keeping.terms(payment.payer, leg),
    )


def note(payment: Payment, leg: Leg, intent: Intent) -> tuple[Part, ...]:
    """The parts that note a leg's intent. None where it was noted before.

    Raises gateway.MisfitError where Stripe's intent is not of this leg and this amount.
    """
    if (intent.leg, intent.amount, intent.currency) != (leg.id, leg.amount, leg.currency):
        alarm("An intent does not fit its leg", leg=leg.id, intent=intent.id)
        raise gateway.MisfitError("intent_misfit")
    if leg.intent_id == intent.id:
        return ()
    actions = [
        LegItem.intent_id.set(intent.id),
        *changing.no_operation(),
        *changing.look_again(payment, changing.LOOK_AGAIN_SECONDS),
    ]
    return changing.change(payment, leg, actions)


type Opened = Intent | LegSetup
"""What the client confirms with Stripe: a payment now, or what one for later is charged by."""


def open_leg(payment: Payment, leg: Leg, also: tuple[Part, ...] = ()) -> tuple[Payment, Opened]:
    """Make and note the intent of a leg as it was read or begun, in one commit with other parts.

    Of a leg for later it is its setup, whatever has become of it since. The payment as it then is,
    and the intent. Raises gateway.GatewayError, BusyError.
    """
    for _ in range(RACES):
        try:
            made, noting = _opened(payment, leg)
        except gateway.RefusedError as error:
            payment, leg = _without_method(payment, leg, error)
            continue
        try:
            if noting or also:
                parts.commit(*noting, *also)
        except BusyError:
            payment, leg = payments.demand(payment.subject, leg.id)
            continue
        return _with(payment, leg, made, noted=bool(noting)), made
    raise BusyError


def _opened(payment: Payment, leg: Leg) -> tuple[Opened, tuple[Part, ...]]:
    if leg.charge_at:
        setup = deferring.setup_of(payment, leg)
        return setup, deferring.note(payment, leg, setup)
    intent = intent_of(payment, leg)
    return intent, note(payment, leg, intent)


def _without_method(payment: Payment, leg: Leg, error: gateway.RefusedError) -> tuple[Payment, Leg]:
    """A payment that Stripe would not begin with what was saved, begun anew without: as it then is.

    Its payer chooses another means while confirming. Stripe has said no for certain, so another key
    is due. Raises the error itself where no saved method was asked for.
    """
    asked = leg.is_open and leg.intent_id is None and leg.asked_ago <= KEYS_REMEMBERED_SECONDS
    if not asked or leg.stage or leg.method_id is None:
        raise error
    log("A saved method is not taken any more", leg=leg.id, code=error.code)
    actions = [
        LegItem.attempt.set(leg.attempt + 1),
        LegItem.operation_at.set(clock.stamp(clock.now())),
        LegItem.method_id.remove(),
    ]
    with suppress(BusyError):
        parts.commit(*changing.change(payment, leg, actions))
    return payments.demand(payment.subject, leg.id)


def _with(payment: Payment, leg: Leg, made: Opened, *, noted: bool) -> Payment:
    """The payment after its leg's intent was noted."""
    intent_id = made.id if isinstance(made, Intent) else leg.intent_id
    setup_id = leg.setup_id if isinstance(made, Intent) else made.id
    after = replace(leg, intent_id=intent_id, setup_id=setup_id)
    legs = tuple(after if one is leg else one for one in payment.legs)
    return replace(payment, version=payment.version + noted, legs=legs)


def open_all(
    key: Key, payment: Payment, legs: Sequence[Leg], *, finished: bool
) -> tuple[Payment, list[Opened]]:
    """The intents of these legs, made and noted; with the last of them the key is finished.

    Raises ProviderUnavailableError (503) and BusyError (409), after which repeating the request
    goes on where it stopped.
    """
    intents: list[Opened] = []
    try:
        for number, leg in enumerate(legs, start=1):
            is_last = number == len(legs)
            also = (idempotency.finish(key),) if is_last and not finished else ()
            now = next(one for one in payment.legs if one.id == leg.id)
            payment, intent = open_leg(payment, now, also)
            intents.append(intent)
    except gateway.GatewayError as error:
        tell = log if isinstance(error, gateway.ThrottledError) else alarm
        tell("Stripe did not open a payment", order=payment.subject.id, code=error.code)
        _release(key, finished=finished)
        raise ProviderUnavailableError(retry_after=1) from error
    except BusyError:
        _release(key, finished=finished)
        raise
    return payment, intents


def _release(key: Key, *, finished: bool) -> None:
    if not finished:
        idempotency.release(key)


def shown(leg: Leg, intent: Opened) -> OpenedPayment:
    """A payment as its client confirms it."""
    return OpenedPayment(
        id=leg.id,
        method=leg.method,
        method_id=leg.method_id,
        amount=Money(amount=leg.amount, currency=leg.currency),
        intent_id=intent.id,
        client_secret=intent.client_secret,
        intent="payment" if isinstance(intent, Intent) else "setup",
    )


def ensure(
    subject: Subject, leg_id: str, read: tuple[Payment, Leg] | None = None
) -> tuple[Payment, Leg, Intent]:
    """The payment, the leg and its intent, which is made and noted if it was not yet.

    Who has just read payment and leg hands them over. Raises NotFoundError for an unknown leg,
    and gateway.GatewayError.
    """
    made: Intent | None = None
    for _ in range(RACES):
        payment, leg = read or payments.demand(subject, leg_id)
        try:
            intent, read = made or intent_of(payment, leg), None
        except gateway.RefusedError as error:
            read = _without_method(payment, leg, error)
            continue
        noting = note(payment, leg, intent)
        if not noting:
            return payment, leg, intent
        try:
            parts.commit(*noting)
            made = intent  # noted by us, just now: nobody else can have paid it
        except BusyError:
            made = None
    raise BusyError
