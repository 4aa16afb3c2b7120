"""A customer has come for their order, and tells its store at which bay they wait outside."""

from chalicelib.catalog.status import Fulfilment
from chalicelib.core import clock
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Right
from chalicelib.orders import moving, reading
from chalicelib.orders.counter_schemas import CustomerWaits
from chalicelib.orders.models import OrderHead
from chalicelib.orders.order import Order
from chalicelib.orders.status import CUSTOMER_WAITS, TO_BRING, OrderCommand

MOST_SPOTS = 5
"""So often somebody may park anew."""


def tell(order_id: str, caller: Caller, spot: str, right: Right) -> Order:
    """Say where one waits for a takeaway that the store has taken on. The same again is nothing.

    Raises NotFoundError (404), ForbiddenError (403), ImpossibleMoveError (409) for what is brought,
    served, collected already or not taken on yet, and after `MOST_SPOTS`.
    """

    def decide(order: Order) -> tuple[Part, ...]:
        role = right.demand(caller, own=reading.owned_as(order, caller), state=order.status)
        known = order.waiting
        number = known.number + 1 if known else 1
        collected = order.fulfilment is Fulfilment.TAKEAWAY and order.status in TO_BRING
        if collected and known and known.spot == spot:
            return ()
        if not collected or number > MOST_SPOTS:
            raise moving.impossible(order, but=OrderCommand.CANCEL)
        waits = CustomerWaits(spot=spot, since=clock.now(), number=number)
        return moving.change(
            order,
            CUSTOMER_WAITS,
            [OrderHead.waits_at.set(waits.model_dump(mode="json"))],
            actor=caller.acting_as(role),
            data={"spot": spot},
        )

    return moving.apply(order_id, decide)
