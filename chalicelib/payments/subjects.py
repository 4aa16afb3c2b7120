"""What is paid for, as payments see it: how it stands, what it owes, how it is shown when paid.

An order is the first kind. Payments know no other thing of it than what is here.
"""

from dataclasses import dataclass

from chalicelib.core.parts import Part
from chalicelib.orders import holding, placing
from chalicelib.orders import reading as orders
from chalicelib.orders.order import Order
from chalicelib.orders.schemas import LiableParty
from chalicelib.orders.status import OrderStatus
from chalicelib.payments import ledger
from chalicelib.payments.ledger import Entry
from chalicelib.payments.payment import Subject

BROUGHT = frozenset({OrderStatus.DELIVERED, OrderStatus.PICKED_UP, OrderStatus.CONCLUDED})


@dataclass(frozen=True, slots=True)
class Standing:
    """How a subject stands, as it was read.

    `waits`: it is not shown before it is paid. `owed`: what it owes in the end, None while that is
    open. `cash`: the account of whoever took cash for it, None where nobody did.
    """

    order: Order
    waits: bool
    owed: int | None
    cash: str | None
    liable: LiableParty

    @property
    def sale(self) -> list[Entry]:
        """What is owed, and to whom it goes. Sums to zero."""
        return ledger.sale(self.order)

    def shown(self) -> tuple[Part, ...]:
        """The parts that show it to whom it is for, now that it is paid."""
        return placing.paid(self.order)

    def scheduled(self) -> tuple[Part, ...]:
        """The parts that let it wait for the day on which it is paid for."""
        return placing.scheduled(self.order)

    def payment_due(self, code: str) -> tuple[Part, ...]:
        """The parts by which its customer is told to mend its payment, and has time to."""
        return placing.payment_due(self.order, code)


def stands(subject: Subject) -> Standing | None:
    """How a subject stands now; None for one that is not there, or of an unknown kind."""
    order = orders.find(subject.id) if subject.kind == "order" else None
    if order is None:
        return None
    return Standing(
        order=order,
        waits=order.status is OrderStatus.PENDING_PAYMENT,
        owed=order.owed,
        cash=_cash(order) if order.status in BROUGHT else None,
        liable=order.cancellation.liable_party if order.cancellation else "platform",
    )


def _cash(order: Order) -> str:
    """Who has the cash of an order that was handed over: its courier, or else its store."""
    if order.by_couriers and order.courier_id:
        return f"cash:{order.courier_id}"
    return f"payable:merchant:{order.merchant_id}"


def end(subject: Subject) -> None:
    """What is held for a subject ends soon: owe what is on its way, give up what is not."""
    if subject.kind == "order":
        holding.end(subject.id)
