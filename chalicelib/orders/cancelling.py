"""Giving an order up. Who did it, why, who bears it, and what it costs are recorded for good.

A cancellation is immediate and final: whatever arrives later (a confirmation, a payment) finds the
order cancelled and never brings it back. What each costs is published (`cancel_terms.py`).
"""

from chalicelib.core import audit
from chalicelib.core.errors import ConflictError
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM, Caller, Right, Role
from chalicelib.orders import moving, reading
from chalicelib.orders.cancel_schemas import CancellationRequest, CustomerRequest, RequestStatus
from chalicelib.orders.errors import ImpossibleMoveError
from chalicelib.orders.models import OrderHead
from chalicelib.orders.order import Order, refund
from chalicelib.orders.schemas import CancelCode, Cancellation, Initiator, LiableParty
from chalicelib.orders.status import (
    IN_THE_KITCHEN,
    PAST_GIVING_UP,
    TO_BRING,
    OrderCommand,
    OrderStatus,
)

MADE = frozenset({OrderStatus.PREPARING, OrderStatus.READY_FOR_PICKUP})
"""What was made for its customer by then."""
DISPUTED = (
    "It is ready, so giving it up is a dispute: ask the store, or an operator, who may still "
    "cancel it. "
    "What is wrong with an order that was handed over can be refunded."
)
TO_REQUEST = "The store has confirmed it: it may request a cancellation, and the customer decides."


def by_customer(order_id: str, caller: Caller, code: CancelCode, right: Right) -> Order:
    """Cancel for the customer: free until CONFIRMED, by the published table until READY.

    It is free, too, while the kitchen still makes what should have been there ten minutes ago.

    An operator cancels at the platform's expense. Whoever cancels what its store asks to give up
    agrees with the store. Repeating it changes nothing.
    """

    def decide(order: Order) -> tuple[Part, ...]:
        if _is_done(order, caller, right):
            return ()
        is_customers = Role.CUSTOMER in reading.owned_as(order, caller)
        actor = caller.acting_as(Role.CUSTOMER if is_customers else Role.OPERATOR)
        if is_customers:
            return customers_own(order, code, actor)
        kept = audit.entry(actor, "order.cancelled", order.id, code)
        if order.asked:
            return (*agreed(order, order.asked, actor), kept)
        return (*parts_of(order, code, "operator", "platform", actor=actor), kept)

    return moving.apply(order_id, decide)


def customers_own(order: Order, code: str, actor: str) -> tuple[Part, ...]:
    """The parts by which a customer gives an order up, at what that costs them now."""
    if order.asked:
        return agreed(order, order.asked, actor)
    if order.broken_by and order.status in IN_THE_KITCHEN:
        return parts_of(order, code, "customer", order.broken_by, actor=actor)
    fee = int(order.fees.get(order.status, 0))
    return parts_of(order, code, "customer", "customer", fee=fee, actor=actor)


def by_store(order_id: str, caller: Caller, code: CancelCode, right: Right) -> Order:
    """Reject for the store, which it may until it has confirmed. The customer pays nothing."""

    def decide(order: Order) -> tuple[Part, ...]:
        if _is_done(order, caller, right):
            return ()
        return parts_of(order, code, "store", "store", actor=caller.actor)

    return moving.apply(order_id, decide)


def _is_done(order: Order, caller: Caller, right: Right) -> bool:
    """Rights come first, also for a repetition; but a state that is the goal is no conflict."""
    own = reading.owned_as(order, caller)
    if order.status is OrderStatus.CANCELLED:
        right.demand(caller, own=own, state=OrderStatus.CREATED)
        return True
    # What its store asks to give up may be given up in any state: by whoever may cancel at all.
    agrees = order.asked is not None and not reading.STORES_OWN & own
    try:
        right.demand(caller, own=own, state=OrderStatus.CREATED if agrees else order.status)
    except ConflictError:
        # Others may still give it up, so the states alone would tell this caller to try again.
        raise _not_so(order, own) from None
    return False


def _not_so(order: Order, own: frozenset[Role]) -> ImpossibleMoveError:
    """That it cannot be given up like this any more, and what its customer or store can do."""
    said: dict[str, str] = {}
    if Role.CUSTOMER in own and order.status in PAST_GIVING_UP:
        said = {"sentence": DISPUTED, "instead": "dispute"}
    elif own & reading.STORES_OWN and order.status in TO_BRING:
        said = {"sentence": TO_REQUEST, "instead": "request_cancellation"}
    return moving.impossible(order, but=OrderCommand.CANCEL, **said)


def agreed(order: Order, asked: CancellationRequest, actor: str) -> tuple[Part, ...]:
    """The parts that give an order up as its store has asked, at the store's expense."""
    return parts_of(order, asked.code, "store", "store", actor=actor, answer="accepted")


def let_go(order: Order, wished: CustomerRequest, actor: str) -> tuple[Part, ...]:
    """The parts that give an order up as its customer has asked, and its store agrees to bear."""
    return parts_of(order, wished.code, "customer", "store", actor=actor, answer="accepted")


def unanswered(order: Order, asked: CancellationRequest) -> tuple[Part, ...]:
    """The same, where nobody has answered the store in time."""
    return parts_of(order, asked.code, "store", "store", answer="expired")


def parts_of(
    order: Order,
    code: str,
    initiated_by: Initiator,
    liable_party: LiableParty,
    *,
    fee: int = 0,
    actor: str = SYSTEM,
    answer: RequestStatus | None = None,
) -> tuple[Part, ...]:
    """The parts that cancel an order as it was read, which also ends what either side has asked."""
    record = Cancellation(
        code=code,
        initiated_by=initiated_by,
        liable_party=liable_party,
        fee=fee,
        refund=refund(order.total, fee, paid=order.shown_to_store),
    )
    return moving.move(
        order,
        OrderCommand.CANCEL,
        actor=actor,
        also=(
            OrderHead.cancellation.set(record.model_dump()),
            OrderHead.owed.set(fee),
        ),
        data=record.model_dump(),
        answer=answer,
        refused=initiated_by == liable_party == "customer" and order.status in MADE,
    )
