"""Opening a payment: legs first, then an intent at Stripe for each, found again if cut off."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.core import clock, dynamo, ids, outbox, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.core.telemetry import alarm
from chalicelib.payments import changing, gateway
from chalicelib.payments import payment as payments
from chalicelib.payments.errors import PaymentsImpossibleError
from chalicelib.payments.gateway import Intent
from chalicelib.payments.methods import MAXIMUM, METHODS, minimum, takes
from chalicelib.payments.models import (
    LEG,
    LegItem,
    PaymentEvent,
    PaymentHead,
    payment_key,
)
from chalicelib.payments.payment import Leg, Payment, Subject
from chalicelib.payments.schemas import PaymentRequest
from chalicelib.payments.status import LegStatus, Operation

KEYS_REMEMBERED_SECONDS = 23 * 3600
CLOCKS_APART_SECONDS = 600
RACES = 6


def split(requests: Sequence[PaymentRequest], due: int, currency: str) -> list[int]:
    """How much each requested payment takes of what is due. They sum to it exactly.

    Raises PaymentsImpossibleError (422) with every problem: a sum that does not fit, an amount
    that is less or more than may be charged, a method that does not take the currency. Nothing
    due needs no payment: the list is empty.
    """
    open_ones = [number for number, one in enumerate(requests) if one.amount is None]
    fixed = sum(one.amount or 0 for one in requests)
    if due == fixed == 0:
        return []
    problems: list[tuple[str, str]] = []
    amounts = [one.amount or 0 for one in requests]
    if len(open_ones) > 1:
        problems.append(("/payments", "Only one payment may leave its amount open."))
    elif open_ones:
        amounts[open_ones[0]] = due - fixed
    if not problems and sum(amounts) != due:
        problems.append(("/payments", f"The payments must sum to {due}."))
    for number, (one, amount) in enumerate(zip(requests, amounts, strict=True)):
        if not takes(one.method, currency):
            problems.append((f"/payments/{number}/method", f"Not for {currency}."))
        if amount < minimum(currency):
            detail = f"At least {minimum(currency)} can be charged."
            problems.append((f"/payments/{number}/amount", detail))
        if amount > MAXIMUM:
            detail = f"At most {MAXIMUM} can be charged at once."
            problems.append((f"/payments/{number}/amount", detail))
    if problems:
        errors = [{"pointer": pointer, "detail": detail} for pointer, detail in problems]
        raise PaymentsImpossibleError(errors=errors)
    return amounts


def begin(
    subject: Subject,
    payer: str,
    currency: str,
    due: int,
    requests: Sequence[PaymentRequest],
) -> tuple[Payment, tuple[Part, ...]]:
    """A payment with its legs, each about to get its intent; and the parts that put it."""
    amounts = split(requests, due, currency)
    pk, now = payment_key(subject.kind, subject.id), clock.stamp(clock.now())
    head = PaymentHead(
        pk,
        dynamo.HEAD,
        kind=subject.kind,
        subject=subject.id,
        payer=payer,
        currency=currency,
        due=due,
        authorized=0,
        captured=0,
        version=1,
        opened_at=now,
    )
    # Ids of one millisecond sort by chance, and the key of a leg is its place in the order.
    leg_ids = sorted(ids.new("leg") for _ in amounts)
    items = [
        _leg_item(subject, leg_id, request, amount, currency)
        for leg_id, request, amount in zip(leg_ids, requests, amounts, strict=False)
    ]
    event = outbox.announce(
        PaymentEvent,
        pk,
        kind="payment",
        subject=str(subject),
        version=1,
        type="payment.opened",
        actor=SYSTEM,
        data={"amount": due},
    )
    opened = payments.of(subject, head, items)
    return opened, (*(parts.put(item, BusyError()) for item in (head, *items)), event)


def _leg_item(
    subject: Subject, leg_id: str, request: PaymentRequest, amount: int, currency: str
) -> LegItem:
    return LegItem(
        payment_key(subject.kind, subject.id),
        f"{LEG}{leg_id}",
        id=leg_id,
        method=METHODS[request.method].name,
        amount=amount,
        currency=currency,
        status=LegStatus.REQUIRES_PAYMENT,
        attempt=1,
        captured=0,
        refunded=0,
        operation=Operation.CREATE,
        operation_at=clock.stamp(clock.now()),
        due_shard=changing.due_shard(subject),
        due_at=clock.stamp(clock.after(changing.FINISH_SECONDS)),
    )


def intent_of(payment: Payment, leg: Leg) -> Intent:
    """The intent of a leg at Stripe: retrieved, or made now, or found if its making was cut off.

    Raises gateway.GatewayError.
    """
    if leg.intent_id:
        return gateway.retrieve(leg.intent_id)
    if not leg.is_open:
        raise gateway.RefusedError("never_made")
    age = (clock.now() - payment.opened_at).total_seconds()
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
