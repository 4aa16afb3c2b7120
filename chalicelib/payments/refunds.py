"""Refunds as stores and operators decide them: by line, by amount, or all that is left."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from chalicelib.catalog import reading as stores
from chalicelib.core import audit, idempotency, parts
from chalicelib.core.errors import BusyError, ForbiddenError, Value
from chalicelib.core.idempotency import Key, RepeatedError
from chalicelib.core.money import Money
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Role
from chalicelib.core.telemetry import alarm
from chalicelib.orders import reading as orders
from chalicelib.orders.order import Order
from chalicelib.orders.schemas import LiableParty
from chalicelib.payments import payment as payments
from chalicelib.payments import refund as found_refunds
from chalicelib.payments import (
    refund_rules,
    repaying,
    returning,
    rights,
)
from chalicelib.payments.errors import RefundImpossibleError
from chalicelib.payments.gateway import GatewayError
from chalicelib.payments.payment import Payment, Subject
from chalicelib.payments.refund import Portion, Refund
from chalicelib.payments.refund_models import PortionStatus
from chalicelib.payments.refund_schemas import (
    PortionView,
    RefundLine,
    RefundList,
    RefundRequest,
    RefundView,
    RetryRequest,
)
from chalicelib.payments.returning import Giving

RACES = 6
S = PortionStatus


def refund(
    order_id: str, caller: Caller, key: Key, request: RefundRequest
) -> tuple[RefundView, bool]:
    """Give money of an order back. The refund, and whether this repeats an earlier request.

    Raises NotFoundError (404), ForbiddenError (403), KeyReusedError (422), RefundImpossibleError
    (422) for more than is left or for a line that went back before. A card's portion that Stripe
    does not answer for stays pending, and is finished later.
    """
    order, role = _demand(order_id, caller)
    subject = Subject("order", order_id)
    try:
        refund_id = _open(order, caller.acting_as(role), role, key, request)
    except (RepeatedError, RefundImpossibleError) as error:
        record = error.record if isinstance(error, RepeatedError) else idempotency.find(key)
        if record is None:
            raise
        idempotency.resume(key, record)
        return _view(subject, record.subject), True
    _ask_for(subject, found_refunds.demand(subject, refund_id).portions)
    return _view(subject, refund_id), False


def _demand(order_id: str, caller: Caller) -> tuple[Order, Role]:
    """The order, and the role in which the caller may give back what was paid for it."""
    order, role = orders.demand_as(order_id, caller, rights.REFUND_CREATE)
    if role is Role.MERCHANT:
        member = stores.staff_role(order.store_id, caller.id)
        if member not in rights.STAFF[rights.REFUND_CREATE.name]:
            raise ForbiddenError
    return order, role


def _open(order: Order, actor: str, role: Role, key: Key, request: RefundRequest) -> str:
    for _ in range(RACES):
        payment = payments.demand_all(Subject("order", order.id))
        giving = _decide(payment, order, actor, role, request)
        claim = idempotency.claim(key, giving.id, done=True)
        try:
            parts.commit(claim, *returning.opened(payment, giving), *_kept(order, role, giving))
        except BusyError:
            continue
        return giving.id
    raise BusyError


def _kept(order: Order, role: Role, giving: Giving) -> tuple[Part, ...]:
    """What an operator gives back by hand is kept with their record; a store's is its own."""
    if role is not Role.OPERATOR:
        return ()
    said: dict[str, Value] = {
        "refund_id": giving.id,
        "amount": giving.amount,
        "liable_party": giving.liable,
    }
    return (audit.entry(giving.actor, "refund.created", order.id, giving.reason, said),)


def _decide(
    payment: Payment, order: Order, actor: str, role: Role, request: RefundRequest
) -> Giving:
    lines, tax = _lines(request.lines), 0
    if lines and request.amount is not None:
        raise _impossible("/amount", "Say lines or an amount, not both.")
    untouched = refund_rules.kept(order)
    amount = request.amount or refund_rules.refundable(payment, untouched)
    if lines:
        priced = orders.priced(order.id)
        before = _given_back(payment.subject)
        amount, tax = refund_rules.of_lines(priced.lines, priced.price, lines, before)
    liable = _liable(role, request)
    return Giving(
        amount=amount,
        reason=request.reason,
        liable=liable,
        entries=refund_rules.entries(order, amount, tax, liable),
        destination=request.destination,
        lines=lines,
        actor=actor,
        untouched=untouched,
    )


def _lines(wanted: Sequence[RefundLine] | None) -> Counter[int]:
    counted: Counter[int] = Counter()
    for one in wanted or ():
        counted[one.line] += one.quantity
    return counted


def _given_back(subject: Subject) -> Counter[int]:
    """How many units of each line went back before. The head's version guards what is read here."""
    counted: Counter[int] = Counter()
    for earlier in found_refunds.of_subject(subject):
        counted.update({int(number): units for number, units in earlier.lines.items()})
    return counted


def _liable(role: Role, request: RefundRequest) -> LiableParty:
    """A store gives what is its own; only an operator decides who else bears it."""
    if role is Role.OPERATOR:
        return request.liable_party or "platform"
    if request.liable_party == "platform":
        raise _impossible("/liable_party", "A store bears its own refunds.")
    return "store"


def _impossible(pointer: str, detail: str) -> RefundImpossibleError:
    return RefundImpossibleError(errors=[{"pointer": pointer, "detail": detail}])


def retry(order_id: str, refund_id: str, caller: Caller, request: RetryRequest) -> RefundView:
    """Send what failed of a refund again, or into a balance. Repeating changes nothing.

    Raises NotFoundError (404), ForbiddenError (403), RefundImpossibleError (422).
    """
    orders.demand(order_id, caller, rights.REFUND_RETRY)
    subject = Subject("order", order_id)
    for _ in range(RACES):
        payment, refund_ = payments.demand_all(subject), found_refunds.demand(subject, refund_id)
        failed = [one for one in refund_.portions if one.status is S.FAILED]
        if not failed:
            break
        try:
            parts.commit(
                *_replaced(payment, refund_, failed[0], request),
                audit.entry(
                    caller.acting_as(Role.OPERATOR),
                    "refund.retried",
                    order_id,
                    request.reason,
                    {"refund_id": refund_id, "destination": request.destination},
                ),
            )
        except BusyError:
            continue
    else:
        raise BusyError
    _ask_for(subject, found_refunds.demand(subject, refund_id).portions)
    return _view(subject, refund_id)


def _replaced(
    payment: Payment, refund_: Refund, failed: Portion, request: RetryRequest
) -> tuple[Part, ...]:
    number = len(refund_.portions)
    return returning.replaced(payment, failed, number, request.destination)


def _ask_for(subject: Subject, portions: Sequence[Portion]) -> None:
    """Have Stripe do now what it is to do. What it does not answer for is due, and comes again."""
    for portion in portions:
        if portion.status is not S.PENDING:
            continue
        try:
            repaying.settle(subject, portion.refund_id, portion.number)
        except (GatewayError, BusyError) as error:
            alarm("A refund waits", refund=portion.ref, order=subject.id, code=error.code)


def listing(order_id: str, caller: Caller) -> RefundList:
    """Every refund of an order. Raises NotFoundError (404), ForbiddenError (403)."""
    order = orders.demand(order_id, caller, rights.REFUND_READ)
    subject = Subject("order", order_id)
    payment = payments.demand_all(subject)
    amount = refund_rules.refundable(payment, refund_rules.kept(order))
    left = Money(amount=amount, currency=payment.currency)
    return RefundList(items=list(_views(subject, payment)), refundable=left)


def _views(subject: Subject, payment: Payment) -> Iterator[RefundView]:
    for one in found_refunds.of_subject(subject):
        yield _rendered(payment, one)


def _view(subject: Subject, refund_id: str) -> RefundView:
    return _rendered(payments.demand_all(subject), found_refunds.demand(subject, refund_id))


def _rendered(payment: Payment, one: Refund) -> RefundView:
    methods = {leg.id: leg.method for leg in payment.legs}
    return RefundView(
        id=one.id,
        order_id=payment.subject.id,
        amount=Money(amount=one.amount, currency=one.currency),
        reason=one.reason,
        liable_party=one.liable_party,
        status=_status(one),
        opened_at=one.opened_at,
        portions=[
            PortionView(
                payment_id=portion.leg_id,
                method=methods[portion.leg_id],
                amount=Money(amount=portion.amount, currency=one.currency),
                destination=portion.destination,
                status=portion.status,
                failure=portion.failure,
            )
            for portion in one.portions
        ],
    )


def _status(one: Refund) -> Literal["pending", "succeeded", "failed"]:
    stand = {portion.status for portion in one.portions}
    if S.FAILED in stand:
        return "failed"
    return "succeeded" if stand <= {S.SUCCEEDED, S.REPLACED} else "pending"
