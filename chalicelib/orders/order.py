"""An order as the code sees it: the head without its keys. What upper domains may hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.catalog.status import Fulfilment
from chalicelib.core import clock
from chalicelib.orders.models import OrderHead
from chalicelib.orders.schemas import Cancellation, Share
from chalicelib.orders.status import ENDED, OrderStatus


@dataclass(frozen=True, slots=True)
class Order:
    """Where an order stands, as it was read: any write is conditional on `version`."""

    id: str
    customer_id: str
    store_id: str
    merchant_id: str
    channel: str
    fulfilment: Fulfilment
    status: OrderStatus
    version: int
    currency: str
    total: int
    shares: tuple[Share, ...]
    fees: Mapping[str, int]
    owed: int | None
    cancellation: Cancellation | None
    placed_at: datetime
    promised: Mapping[str, Any]
    confirm_seconds: int
    due_at: datetime | None
    shown_to_store: bool

    @property
    def ended(self) -> bool:
        """Whether what is owed is settled: collected, brought, served or cancelled."""
        return self.status in ENDED

    @property
    def owed_shares(self) -> tuple[Share, ...]:
        """Who gets what of what is owed in the end: the price, or the fee of a cancellation."""
        if self.owed is None:
            return ()
        if self.cancellation is None:
            return self.shares
        return (Share(to="merchant", why="cancellation_fee", amount=self.owed),)


def of(head: OrderHead) -> Order:
    return Order(
        id=head.id,
        customer_id=head.customer_id,
        store_id=head.store_id,
        merchant_id=head.merchant_id,
        channel=head.channel,
        fulfilment=Fulfilment(head.fulfilment),
        status=OrderStatus(head.status),
        version=int(head.version),
        currency=head.currency,
        total=int(head.total),
        shares=tuple(Share.model_validate(share) for share in head.shares),
        fees=head.fees,
        owed=None if head.owed is None else int(head.owed),
        cancellation=Cancellation.model_validate(head.cancellation) if head.cancellation else None,
        placed_at=clock.parse(head.placed_at),
        promised=head.promised,
        confirm_seconds=int(head.confirm_seconds),
        due_at=clock.parse(head.due_at) if head.due_at else None,
        shown_to_store=head.board is not None,
    )
