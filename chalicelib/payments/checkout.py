"""Checkout: an order and its payments from a quote, once, however often it is asked.

Phase 0 is one transaction: the key, the quote used, the order, its legs. Then each leg gets its
intent at Stripe, by a key that any repetition shares. The last transaction notes it and finishes
the key. Whoever dies in between is finished by a repetition, or by the sweeper; until money is
held the store does not see the order. One that costs nothing is shown with the first transaction.
"""

from chalicelib.core import idempotency, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.idempotency import Key, RepeatedError
from chalicelib.core.money import Money
from chalicelib.core.rights import Caller
from chalicelib.core.telemetry import alarm, log
from chalicelib.orders import moving, placing
from chalicelib.orders import reading as orders
from chalicelib.orders.errors import OrdersStoppedError, QuoteExpiredError, QuoteUsedError
from chalicelib.orders.order import Order
from chalicelib.orders.status import OrderStatus
from chalicelib.payments import gateway, guarding, opening, rights
from chalicelib.payments import payment as payments
from chalicelib.payments.errors import ProviderUnavailableError
from chalicelib.payments.gateway import Intent
from chalicelib.payments.payment import Payment, Subject
from chalicelib.payments.schemas import OpenedPayment, OrderRequest, PlacedOrder


def place(caller: Caller, key: Key, request: OrderRequest) -> tuple[PlacedOrder, bool]:
    """Order what a quote priced. The answer, and whether it repeats an earlier one.

    Raises KeyReusedError (422) and KeyInFlightError (409) for the key; QuoteUnknownError (404),
    QuoteExpiredError (410), QuoteUsedError (409) for the quote; OrdersStoppedError (503) while no
    new orders are taken; PaymentsImpossibleError (422);
    PaymentsBusyError (503), after which nothing is there; ProviderUnavailableError (503), after
    which repeating the request goes on where it stopped.
    """
    try:
        placement = placing.place(request.quote_id, caller, request.channel)
        subject = Subject("order", placement.order.id)
        payment, opened = opening.begin(
            subject,
            caller.id,
            placement.order.currency,
            placement.order.total,
            request.payments,
        )
        claim = idempotency.claim(key, placement.order.id)
        with guarding.admitted(len(payment.legs)):
            parts.commit(claim, *placement.parts, *opened)
            return _open(key, placement.order, payment), False
    except RepeatedError as repeated:
        return _repeat(caller, key, repeated.record), True
    except (QuoteUsedError, QuoteExpiredError, OrdersStoppedError):
        record = idempotency.find(key)
        if record is None:
            raise
        return _repeat(caller, key, record), True


def _repeat(caller: Caller, key: Key, record: idempotency.Record) -> PlacedOrder:
    """The answer of the first request, worked out again from what cannot change."""
    idempotency.resume(key, record)
    order = orders.demand(record.subject, caller, rights.PAYMENT_READ)
    payment = payments.demand_all(Subject("order", order.id))
    return _open(key, order, payment, finished=bool(record.done))


def _open(key: Key, order: Order, payment: Payment, *, finished: bool = False) -> PlacedOrder:
    intents: list[Intent] = []
    try:
        for number, leg in enumerate(payment.legs, start=1):
            is_last = number == len(payment.legs)
            also = (idempotency.finish(key),) if is_last and not finished else ()
            payment, intent = opening.open_leg(payment, leg, also)
            intents.append(intent)
    except gateway.GatewayError as error:
        tell = log if isinstance(error, gateway.ThrottledError) else alarm
        tell("Stripe did not open a payment", order=order.id, code=error.code)
        _release(key, finished=finished)
        raise ProviderUnavailableError(retry_after=1) from error
    except BusyError:
        _release(key, finished=finished)
        raise
    if not payment.legs and not finished:
        parts.commit(idempotency.finish(key))
    return _answer(order, payment, intents)


def _release(key: Key, *, finished: bool) -> None:
    if not finished:
        idempotency.release(key)


def _answer(order: Order, payment: Payment, intents: list[Intent]) -> PlacedOrder:
    waits = bool(payment.legs)
    pay_by = moving.payment_deadline(order)
    return PlacedOrder(
        order_id=order.id,
        status=OrderStatus.PENDING_PAYMENT if waits else OrderStatus.CREATED,
        total=Money(amount=order.total, currency=order.currency),
        pay_by=pay_by if waits else None,
        payments=[
            OpenedPayment(
                id=leg.id,
                method=leg.method,
                amount=Money(amount=leg.amount, currency=leg.currency),
                intent_id=intent.id,
                client_secret=intent.client_secret,
            )
            for leg, intent in zip(payment.legs, intents, strict=True)
        ],
    )
