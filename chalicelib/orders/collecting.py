"""A customer collects what nobody can bring: a delivery becomes a takeaway, without fee and tip."""

from chalicelib.catalog.status import Fulfilment
from chalicelib.core.parts import Part
from chalicelib.orders import moving, promotion_counts
from chalicelib.orders.models import OrderHead
from chalicelib.orders.order import Order
from chalicelib.orders.status import FULFILMENT_CHANGED, TO_BRING, OrderCommand

OF_DELIVERY = frozenset({"delivery_fee", "small_order_fee", "delivery_discount", "delivery_tax"})


def collect(order: Order, actor: str) -> tuple[Part, ...]:
    """The parts that make a takeaway of a delivery. What was authorised beyond it is let go.

    Raises ImpossibleMoveError (409) once it has left the store, and for what is no delivery.
    """
    if order.fulfilment is not Fulfilment.DELIVERY or order.status not in TO_BRING:
        raise moving.impossible(order, but=OrderCommand.CANCEL)
    kept = [one for one in order.shares if one.why not in OF_DELIVERY and one.to != "courier"]
    still = [one.model_dump() for one in order.promotions if not one.of_delivery]
    changed = moving.change(
        order,
        FULFILMENT_CHANGED,
        [
            OrderHead.fulfilment.set(Fulfilment.TAKEAWAY),
            OrderHead.delivered_by.remove(),
            *moving.due(order.id, order.answer_by),
            OrderHead.shares.set([share.model_dump() for share in kept]),
            OrderHead.total.set(sum(share.amount for share in kept)),
            OrderHead.promotions.set(still) if still else OrderHead.promotions.remove(),
        ],
        actor=actor,
        data={"fulfilment": Fulfilment.TAKEAWAY},
    )
    return *changed, *promotion_counts.give_back(order, of_delivery=True)
