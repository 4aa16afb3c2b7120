"""What makes money follow: bells of orders and of Stripe's events, the browser, the sweep."""

from collections.abc import Iterator

from chalicelib.core import clock, dynamo
from chalicelib.core.dynamo import SHARDS
from chalicelib.core.errors import NotFoundError
from chalicelib.core.outbox import Bell
from chalicelib.core.rights import Caller, Right
from chalicelib.core.settings import settings
from chalicelib.core.telemetry import log
from chalicelib.orders import reading as orders
from chalicelib.payments import finishing, gateway, inbox, settling
from chalicelib.payments import payment as payments
from chalicelib.payments.models import LegItem
from chalicelib.payments.payment import Subject

SWEEP_LIMIT = 100


def hear(bell: Bell) -> None:
    """Do what a bell asks for. A bell is a hint: what is done depends on how things stand."""
    if bell.kind == "order":
        finishing.settle_up(Subject("order", bell.subject))
    elif bell.kind == "stripe_event":
        _hear_stripe(bell.subject)


def _hear_stripe(event_id: str) -> None:
    intent_id = inbox.intent_of(event_id)
    if intent_id is None:
        log("An event of Stripe needed nothing", stripe_event=event_id)
        return
    intent = gateway.retrieve(intent_id)
    if intent.env != settings().tables or not intent.leg:
        log("An event of Stripe was not ours", stripe_event=event_id, intent=intent_id)
        return
    look(Subject(intent.subject_kind, intent.subject_id), intent.leg)


def look(subject: Subject, leg_id: str) -> None:
    """See how a payment stands at Stripe, and do what then is to be done.

    Raises NotFoundError for an unknown leg, gateway.GatewayError where Stripe does not tell.
    """
    settling.settle(subject, leg_id)
    finishing.settle_up(subject)


def confirm(order_id: str, caller: Caller, right: Right) -> payments.Payment:
    """What the browser asks for after the customer has paid: the same as the webhook does."""
    orders.demand(order_id, caller, right)
    subject = Subject("order", order_id)
    payment = payments.find(subject)
    if payment is None:
        raise NotFoundError
    for leg in payment.legs:
        if leg.is_open:
            look(subject, leg.id)
    return payments.find(subject) or payment


def overdue() -> Iterator[tuple[Subject, str]]:
    """The legs that somebody must look at by now: cut off, unheard of, or not yet finished."""
    now = clock.stamp(clock.now())
    for shard in range(SHARDS):
        with dynamo.reading():
            for leg in LegItem.due.query(
                f"DUE#{shard:02d}", LegItem.due_at < now, limit=SWEEP_LIMIT
            ):
                _, kind, subject = leg.pk.split("#", 2)
                yield Subject(kind, subject), leg.sk.removeprefix("LEG#")


def resume(subject: Subject, leg_id: str) -> None:
    """Take up a leg that is due: finish what was cut off, else see what Stripe says of it."""
    finishing.settle_up(subject)
    payment = payments.find(subject)
    leg = payment.leg(leg_id) if payment else None
    if leg is not None and leg.is_open:
        look(subject, leg_id)
