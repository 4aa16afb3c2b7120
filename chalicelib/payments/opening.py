"""The intent of a leg at Stripe: made once, noted, and found again if its making was cut off."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.core import clock, idempotency, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.idempotency import Key
from chalicelib.core.money import Money
from chalicelib.core.parts import Part
from chalicelib.core.telemetry import alarm
from chalicelib.payments import changing, gateway, keeping
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

RACES = 6


def intent_of(payment: Payment, leg: Leg) -> Intent:
    """The intent of a leg at Stripe: retrieved, or made now, or found if its making was cut off.

    Raises gateway.GatewayError.
    """
    if leg.intent_id:
        return gateway.retrieve(leg.intent_id)
    if not leg.is_open:
        raise gateway.RefusedError("never_made")
    age = (clock.now() - leg.opened_at).total_seconds()
    if age > KEYS_REMEMBERED_SECONDS:
        since = int(clock.wall_now() - age) - CLOCKS_APART_SECONDS
        found = gateway.find(payment.subject.id, leg.id, since)
        if found is None:
            raise gateway.RefusedError("never_made")
        return found
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


def open_leg(payment: Payment, leg: Leg, also: tuple[Part, ...] = ()) -> tuple[Payment, Intent]:
    """Make and note the intent of a leg as it was read or begun, in one commit with other parts.

    The payment as it then is, and the intent. Raises gateway.GatewayError, BusyError.
    """
    intent = intent_of(payment, leg)
    noting = note(payment, leg, intent)
    try:
        if noting or also:
            parts.commit(*noting, *also)
    except BusyError:
        payment, _, intent = ensure(payment.subject, leg.id)
        if also:
            parts.commit(*also)
        return payment, intent
    legs = tuple(replace(one, intent_id=intent.id) if one is leg else one for one in payment.legs)
    return replace(payment, version=payment.version + bool(noting), legs=legs), intent


def open_all(
    key: Key, payment: Payment, legs: Sequence[Leg], *, finished: bool
) -> tuple[Payment, list[Intent]]:
    """The intents of these legs, made and noted; with the last of them the key is finished.

    Raises ProviderUnavailableError (503) and BusyError (409), after which repeating the request
    goes on where it stopped.
    """
    intents: list[Intent] = []
    try:
        for number, leg in enumerate(legs, start=1):
            is_last = number == len(legs)
            also = (idempotency.finish(key),) if is_last and not finished else ()
            payment, intent = open_leg(payment, leg, also)
            intents.append(intent)
    except gateway.GatewayError as error:
        alarm("Stripe did not open a payment", order=payment.subject.id, code=error.code)
        _release(key, finished=finished)
        raise ProviderUnavailableError(retry_after=1) from error
    except BusyError:
        _release(key, finished=finished)
        raise
    return payment, intents


def _release(key: Key, *, finished: bool) -> None:
    if not finished:
        idempotency.release(key)


def shown(leg: Leg, intent: Intent) -> OpenedPayment:
    """A payment as its client confirms it."""
    return OpenedPayment(
        id=leg.id,
        method=leg.method,
        amount=Money(amount=leg.amount, currency=leg.currency),
        intent_id=intent.id,
        client_secret=intent.client_secret,
    )


def ensure(subject: Subject, leg_id: str) -> tuple[Payment, Leg, Intent]:
    """The payment, the leg and its intent, which is made and noted if it was not yet.

    Raises NotFoundError for an unknown leg, and gateway.GatewayError.
    """
    made: Intent | None = None
    for _ in range(RACES):
        payment, leg = payments.demand(subject, leg_id)
        intent = made or intent_of(payment, leg)
        noting = note(payment, leg, intent)
        if not noting:
            return payment, leg, intent
        try:
            parts.commit(*noting)
            made = intent  # noted by us, just now: nobody else can have paid it
        except BusyError:
            made = None
    raise BusyError
