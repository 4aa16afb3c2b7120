"""What the courier's steps do to an order: parts that the couriers' domain commits with its own."""

from chalicelib.core import parts
from chalicelib.core.parts import Failure, Part
from chalicelib.orders import moving
from chalicelib.orders.models import OrderHead
from chalicelib.orders.order import UNDELIVERABLE, Order, refund
from chalicelib.orders.schemas import Cancellation, LiableParty
from chalicelib.orders.status import TO_BRING, OrderCommand, OrderStatus


def still_to_bring(order_id: str, failure: Failure) -> Part:
    """The part that demands an order which somebody still has to fetch, and which nobody has."""
    return parts.check(OrderHead.at(order_id), failure, OrderHead.status.is_in(*TO_BRING))


def dispatch(order: Order, courier_id: str, actor: str) -> tuple[Part, ...]:
    """The parts that let an order leave its store with a courier.

    Raises ImpossibleMoveError (409) unless it is READY_FOR_PICKUP.
    """
    return moving.move(
        order,
        OrderCommand.DISPATCH,
        actor=actor,
        also=(OrderHead.courier_id.set(courier_id),),
        data={"courier_id": courier_id},
    )


def deliver(order: Order, actor: str) -> tuple[Part, ...]:
    """The parts that say an order has reached its customer: it is then paid for.

    Raises ImpossibleMoveError (409) unless it is DISPATCHED.
    """
    return moving.move(
        order, OrderCommand.DELIVER, actor=actor, data={"courier_id": order.courier_id}
    )


def bring_back(order: Order, liable_party: LiableParty, actor: str) -> tuple[Part, ...]:
    """The parts that give up an order which could not be handed over.

    Where its customer is liable the whole price is owed, since it was made and carried; else
    nothing is. Raises ImpossibleMoveError (409) unless it is DISPATCHED.
    """
    if order.status is not OrderStatus.DISPATCHED:
        raise moving.impossible(order, but=OrderCommand.CANCEL)
    owed = order.total if liable_party == "customer" else 0
    record = Cancellation(
        code=UNDELIVERABLE,
        initiated_by="courier",
        liable_party=liable_party,
        fee=owed,
        refund=refund(order.total, owed, paid=order.shown_to_store),
    )
    return moving.move(
        order,
        OrderCommand.CANCEL,
        actor=actor,
        also=(OrderHead.cancellation.set(record.model_dump()), OrderHead.owed.set(owed)),
        data=record.model_dump(),
        spent=liable_party == "customer",
        refused=liable_party == "customer",
    )
