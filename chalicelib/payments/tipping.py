"""Tips: given after the order was brought, whole for its courier, as a payment of its own."""

from chalicelib.core import idempotency, ids, parts
from chalicelib.core.errors import BusyError, ConflictError
from chalicelib.core.idempotency import Key, RepeatedError
from chalicelib.core.rights import Caller
from chalicelib.orders import reading as orders
from chalicelib.orders.order import Order
from chalicelib.payments import beginning, changing, opening, rights
from chalicelib.payments import payment as payments
from chalicelib.payments.errors import PaymentsImpossibleError, TipImpossibleError
from chalicelib.payments.methods import minimum
from chalicelib.payments.payment import TIP, Payment, Subject
from chalicelib.payments.schemas import OpenedPayment, PaymentRequest, TipRequest
from chalicelib.payments.splitting import split
from chalicelib.payments.status import TAKEN, LegStatus

MOST_TIPS = 5
LEAST_LIMIT = 10
"""A small order's tips may come to so many times the smallest charge, or else to its total."""
RACES = 6
GIVEN = TAKEN | {LegStatus.AUTHORIZED, LegStatus.REQUIRES_ACTION, LegStatus.REQUIRES_PAYMENT}


def tip(order_id: str, caller: Caller, key: Key, request: TipRequest) -> tuple[OpenedPayment, bool]:
    """Begin a tip, which its customer then confirms with Stripe. Whether this is a repetition.

    Raises NotFoundError (404), ConflictError (409) but within a day of the delivery,
    TipImpossibleError (409) where no courier brought it or it is more than a tip may be,
    PaymentsImpossibleError (422), ProviderUnavailableError (503): repeat the request.
    """
    subject = Subject("order", order_id)
    try:
        order = orders.demand(order_id, caller, rights.TIP_CREATE)
        leg_id = _begin(order, key, request)
        finished = False
    except (RepeatedError, ConflictError) as error:  # the first request may have made it so
        record = error.record if isinstance(error, RepeatedError) else idempotency.find(key)
        if record is None:
            raise
        idempotency.resume(key, record)
        leg_id, finished = record.subject, bool(record.done)
        return _open(subject, leg_id, key, finished=finished), True
    return _open(subject, leg_id, key, finished=finished), False


def _begin(order: Order, key: Key, request: TipRequest) -> str:
    if not order.by_couriers or order.courier_id is None:
        raise TipImpossibleError
    subject = Subject("order", order.id)
    asked = PaymentRequest(method=request.method, amount=request.amount)
    _demand_chargeable(asked, request.amount, order.currency)
    for _ in range(RACES):
        payment = payments.demand_all(subject)
        _demand_room(payment, order, request.amount)
        leg_id = ids.new("leg")
        item = beginning.leg_item(
            subject, leg_id, asked, request.amount, order.currency, purpose=TIP
        )
        event = changing.announced(
            subject,
            payment.version + 1,
            "payment.tip_opened",
            {"leg_id": leg_id, "amount": request.amount},
        )
        head = changing.bump(payment, [])
        try:
            parts.commit(idempotency.claim(key, leg_id), head, parts.put(item, BusyError()), event)
        except BusyError:
            continue
        return leg_id
    raise BusyError


def _demand_chargeable(asked: PaymentRequest, amount: int, currency: str) -> None:
    """Raises PaymentsImpossibleError (422), with every problem at its place in a tip's request."""
    try:
        split([asked], amount, currency)
    except PaymentsImpossibleError as error:
        places = [str(one["pointer"]).removeprefix("/payments/0") for one in error.errors]
        pairs = zip(error.errors, places, strict=True)
        raise PaymentsImpossibleError(
            errors=[{**one, "pointer": place} for one, place in pairs]
        ) from None


def _demand_room(payment: Payment, order: Order, amount: int) -> None:
    tips = [leg for leg in payment.legs if leg.is_tip and leg.status in GIVEN]
    most = max(order.total - order.tip, LEAST_LIMIT * minimum(order.currency))
    given = order.tip + sum(leg.amount for leg in tips)
    if len(tips) >= MOST_TIPS or given + amount > most:
        raise TipImpossibleError(most=most)


def _open(subject: Subject, leg_id: str, key: Key, *, finished: bool) -> OpenedPayment:
    payment, leg = payments.demand(subject, leg_id)
    _, intents = opening.open_all(key, payment, [leg], finished=finished)
    return opening.shown(leg, intents[0])
