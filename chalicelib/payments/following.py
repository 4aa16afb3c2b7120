"""What makes money follow: bells of orders and of Stripe's events, the browser, the sweep."""

from collections.abc import Iterator

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.dynamo import SHARDS
from chalicelib.core.outbox import Bell
from chalicelib.core.settings import settings
from chalicelib.core.telemetry import alarm, log
from chalicelib.orders.status import CLAIMED
from chalicelib.payments import (
    changing,
    deferral,
    finishing,
    gateway,
    handing_over,
    inbox,
    removing,
    repaying,
    saving,
    settling,
    setup_gateway,
    subjects,
)
from chalicelib.payments import payment as payments
from chalicelib.payments.gateway import UnknownOutcomeError
from chalicelib.payments.models import LEG, REFUND, LegItem
from chalicelib.payments.payment import Leg, Payment, Subject
from chalicelib.payments.status import LegStatus
from chalicelib.payments.wallet_models import METHOD

SWEEP_LIMIT = 100
REMIND_SECONDS = 6 * 3600
LAST_DAY_SECONDS = 86_400
DEADLINE_SECONDS = 3600


def hear(bell: Bell) -> None:
    """Do what a bell asks for. A bell is a hint: what is done depends on how things stand."""
    if bell.kind == "order":
        if bell.type == CLAIMED:
            handing_over.follow(bell.subject, bell.version)
        finishing.settle_up(Subject("order", bell.subject))
    elif bell.kind == "stripe_event":
        _hear_stripe(bell.subject)


def _hear_stripe(event_id: str) -> None:
    """An event is a hint: the object that it is about is asked for, and what is new is learnt."""
    kind, object_id = inbox.about(event_id)
    learners = {
        "payment_intent": _learn_intent,
        "refund": _learn_refund,
        "setup_intent": _learn_setup,
    }
    learn = learners.get(kind)
    if learn is None:
        log("An event of Stripe needed nothing", stripe_event=event_id)
    elif not learn(object_id):
        log("An event of Stripe was not ours", stripe_event=event_id, object_id=object_id)


def _learn_intent(intent_id: str) -> bool:
    intent = gateway.retrieve(intent_id)
    if intent.env != settings().tables or not intent.leg:
        return False
    look(Subject(intent.subject_kind, intent.subject_id), intent.leg)
    return True


def _learn_setup(setup_id: str) -> bool:
    """A setup is of a method that somebody saves, or of a payment for later."""
    if saving.hear(setup_id):
        return True
    setup = setup_gateway.retrieve(setup_id)
    if setup.env != settings().tables or not setup.leg:
        return False
    subject = Subject(setup.subject_kind, setup.subject_id)
    _, leg = payments.demand(subject, setup.leg)
    if leg.is_open or leg.intent_id:
        look(subject, leg.id)
    else:
        finishing.settle_up(subject)  # it was given up before it was ever charged
    return True


def _learn_refund(refund_id: str) -> bool:
    return repaying.hear(refund_id) is not None


def look(subject: Subject, leg_id: str) -> None:
    """See how a payment stands at Stripe, and do what then is to be done.

    Raises NotFoundError for an unknown leg, gateway.GatewayError where Stripe does not tell.
    """
    settling.settle(subject, leg_id)
    finishing.settle_up(subject)


def confirm(subject: Subject) -> Payment:
    """What the browser asks for after the customer has paid: the same as the webhook does."""
    for leg in payments.demand_all(subject).legs:
        if leg.is_open:
            look(subject, leg.id)
    return payments.demand_all(subject)


def overdue() -> Iterator[tuple[Subject, str]]:
    """What somebody must look at by now: cut off, unheard of, or not yet finished; by its key.

    Whatever else of a payment has a deadline shares the index, and is not for us.
    """
    now = clock.stamp(clock.now())
    for shard in range(SHARDS):
        with dynamo.reading():
            for item in LegItem.due.query(
                f"DUE#{shard:02d}", LegItem.due_at < now, limit=SWEEP_LIMIT
            ):
                if item.sk.startswith((LEG, METHOD, REFUND)):
                    _, kind, subject = item.pk.split("#", 2)
                    yield Subject(kind, subject), item.sk


def resume(subject: Subject, sk: str) -> None:
    """Take up what is due: finish what was cut off, else see what Stripe says of it."""
    if sk.startswith(REFUND):
        repaying.resume(subject, sk.removeprefix(REFUND))
        return
    if sk.startswith(METHOD):
        removing.resume(subject.id, sk.removeprefix(METHOD))
        return
    leg_id = sk.removeprefix(LEG)
    try:
        _take_up(subject, leg_id)
    except UnknownOutcomeError:
        _ask_more_seldom(subject, leg_id)
        raise


def _take_up(subject: Subject, leg_id: str) -> None:
    finishing.settle_up(subject)
    payment, leg = payments.demand(subject, leg_id)
    if leg.is_open:
        look(subject, leg_id)
        _leave_alone(subject, leg_id)
    elif leg.status is LegStatus.AUTHORIZED and leg.is_due:
        _watch(payment, leg)


def _ask_more_seldom(subject: Subject, leg_id: str) -> None:
    """A charge that Stripe tells nothing of is not asked for every minute.

    Stripe repeats its failure for a day to the same key, and no other key may be used.
    https://docs.stripe.com/api/idempotent_requests
    """
    payment, leg = payments.demand(subject, leg_id)
    if leg.is_charging and leg.is_due:
        pause = _growing(leg.asked_ago, changing.FINISH_SECONDS, changing.ORPHAN_SECONDS)
        parts.commit(*changing.change(payment, leg, changing.look_again(payment, pause)))


def _growing(age: float, least: float, most: float) -> float:
    """A pause that grows with what is waited for."""
    return min(max(age / 4, least), most)


def _leave_alone(subject: Subject, leg_id: str) -> None:
    """What waits for its payer, or for the day of its charge, is not looked at every minute."""
    payment, leg = payments.demand(subject, leg_id)
    pause: float = changing.ORPHAN_SECONDS if leg.is_to_mend else _until_charged(leg)
    if pause and leg.is_due:
        parts.commit(*changing.change(payment, leg, changing.look_again(payment, pause)))


def _until_charged(leg: Leg) -> float:
    return deferral.pause(leg.charge_at) if leg.is_deferred and leg.stage == deferral.READY else 0


def _watch(payment: Payment, leg: Leg) -> None:
    """The order is still open. Look again whether it has ended, though no bell should tell.

    Where its hold ends within a day a person is told, since Stripe lets go by itself; within the
    last hour what is on its way is captured, and what is not is given up.
    """
    age = (clock.now() - leg.opened_at).total_seconds()
    pause: float = changing.ORPHAN_SECONDS
    if leg.provider != "stripe":
        pause = _growing(age, changing.ORPHAN_SECONDS, REMIND_SECONDS)
    elif leg.hold_left < LAST_DAY_SECONDS:
        settling.settle(payment.subject, leg.id)
        payment, leg = payments.demand(payment.subject, leg.id)
        if leg.status is not LegStatus.AUTHORIZED:
            return
        alarm("A hold ends soon, and its order is open", order=payment.subject.id, leg=leg.id)
        if leg.hold_left < DEADLINE_SECONDS:
            subjects.end(payment.subject)
            finishing.settle_up(payment.subject)
            return
        pause = min(REMIND_SECONDS, leg.hold_left - DEADLINE_SECONDS + 1)
    parts.commit(*changing.change(payment, leg, changing.look_again(payment, pause)))
