"""Checkout: an order and its payments from a quote, once, however often it is asked.

Phase 0 is one transaction: the key, the quote used, the order, its legs. Then each leg gets its
intent at Stripe, by a key that any repetition shares. The last transaction notes it and finishes
the key. Whoever dies in between is finished by a repetition, or by the sweeper; until money is
held the store does not see the order. One that costs nothing, or that stored value and cash cover,
is shown with the first transaction. What an order for later is charged by is saved instead, by a
setup that its customer confirms; or it was saved before, and nobody has to do anything.
"""

from chalicelib.catalog.errors import MenuMovedError
from chalicelib.core import idempotency, parts
from chalicelib.core.devices import Device
from chalicelib.core.errors import BusyError
from chalicelib.core.idempotency import Key, RepeatedError
from chalicelib.core.money import Money
from chalicelib.core.rights import Caller
from chalicelib.orders import moving, placing
from chalicelib.orders import reading as orders
from chalicelib.orders.errors import OrdersStoppedError, QuoteExpiredError, QuoteUsedError
from chalicelib.orders.order import Order
from chalicelib.orders.placing import Draft
from chalicelib.orders.status import OrderStatus
from chalicelib.payments import beginning, guarding, guest_terms, opening, rights
from chalicelib.payments import payment as payments
from chalicelib.payments.opening import Opened
from chalicelib.payments.payment import Leg, Payment, Subject
from chalicelib.payments.schemas import OrderRequest, PlacedOrder

RACES = 4


def place(
    caller: Caller, key: Key, request: OrderRequest, device: Device
) -> tuple[PlacedOrder, bool]:
    """Order what a quote priced. The answer, and whether it repeats an earlier one.

    Raises KeyReusedError (422) and KeyInFlightError (409) for the key; QuoteUnknownError (404),
    QuoteExpiredError (410), QuoteUsedError (409) for the quote; DishesGoneError (409) where the
    store has run out of something, before any payment begins; AgeNotToldError (422);
    OrdersStoppedError (503) while no new orders are taken; SoldOutError and KitchenFullError (409)
    where others were faster, after which nothing is there; PromotionGoneError (409) likewise, where
    what lowered the price is used up or stopped; LimitError (409); GuestOverError and
    GuestLimitError (409), of a guest's; PaymentsImpossibleError (422);
    PaymentsBusyError (503), after which nothing is there; ProviderUnavailableError (503), after
    which repeating the request goes on where it stopped.
    """
    try:
        draft = placing.draft(request.quote_id, caller, device)
        return _begin(caller, key, request, draft), False
    except RepeatedError as repeated:
        return _repeat(caller, key, repeated.record), True
    except (QuoteUsedError, QuoteExpiredError, OrdersStoppedError):
        record = idempotency.find(key)
        if record is None:
            raise
        return _repeat(caller, key, record), True


def _begin(caller: Caller, key: Key, request: OrderRequest, draft: Draft) -> PlacedOrder:
    """Phase 0, then the intents. Where the store has changed what it offers, look again first."""
    for _ in range(RACES):
        try:
            return _write(caller, key, request, draft)
        except MenuMovedError:
            draft = placing.looked_again(draft)
    raise BusyError


def _write(caller: Caller, key: Key, request: OrderRequest, draft: Draft) -> PlacedOrder:
    tender = beginning.tender(
        caller.id, draft.currency, draft.total, request.payments, draft.scheduled_for
    )
    guest_terms.demand(tender)
    placement = placing.place(
        draft,
        caller,
        request.channel,
        covered=tender.covered,
        promised=tender.settled,
        cash=tender.in_cash,
        collectable=tender.collectable,
        age_told=request.age_told,
    )
    payment, opened = beginning.begin(Subject("order", placement.order.id), tender)
    claim = idempotency.claim(key, placement.order.id, done=tender.settled)
    with guarding.admitted(len(_to_confirm(payment))):
        parts.commit(claim, *placement.parts, *opened)
        return _open(key, placement.order, payment, finished=tender.settled)


def _repeat(caller: Caller, key: Key, record: idempotency.Record) -> PlacedOrder:
    """The answer of the first request, worked out again from what cannot change."""
    idempotency.resume(key, record)
    order = orders.demand(record.subject, caller, rights.PAYMENT_READ)
    payment = payments.demand_all(Subject("order", order.id))
    return _open(key, order, payment, finished=bool(record.done))


def _open(key: Key, order: Order, payment: Payment, *, finished: bool = False) -> PlacedOrder:
    to_confirm = _to_confirm(payment)
    payment, intents = opening.open_all(key, payment, to_confirm, finished=finished)
    return _answer(order, payment, intents)


def _to_confirm(payment: Payment) -> list[Leg]:
    """The payments of an order that its customer confirms with Stripe."""
    return [leg for leg in _by_stripe(payment) if not (leg.charge_at and leg.method_id)]


def _by_stripe(payment: Payment) -> list[Leg]:
    return [leg for leg in payment.legs if leg.provider == "stripe" and not leg.is_tip]


def _answer(order: Order, payment: Payment, intents: list[Opened]) -> PlacedOrder:
    to_confirm = _to_confirm(payment)
    waits = bool(_by_stripe(payment))
    pay_by = moving.payment_deadline(order)
    return PlacedOrder(
        order_id=order.id,
        status=OrderStatus.PENDING_PAYMENT if waits else OrderStatus.CREATED,
        total=Money(amount=order.total, currency=order.currency),
        pay_by=pay_by if to_confirm else None,
        payments=[opening.shown(*pair) for pair in zip(to_confirm, intents, strict=True)],
    )
