"""An order as the code sees it: the head without its keys. What upper domains may hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.catalog.holding import Hold
from chalicelib.catalog.status import DeliveredBy, Fulfilment
from chalicelib.core import clock
from chalicelib.orders import status
from chalicelib.orders.cancel_schemas import CancellationRequest, CustomerRequest
from chalicelib.orders.counter_schemas import CustomerWaits
from chalicelib.orders.delay_schemas import Delay
from chalicelib.orders.errand_schemas import Errand
from chalicelib.orders.models import OrderHead
from chalicelib.orders.price_schemas import Share
from chalicelib.orders.promotion_schemas import Taken
from chalicelib.orders.scheduling import ANSWER_BEFORE, BRING_BEFORE
from chalicelib.orders.schemas import Cancellation, LiableParty
from chalicelib.orders.status import ENDED, IN_THE_KITCHEN, OrderCommand, OrderStatus

TIP = "tip"
"""Why a courier has a share that no fee is taken of, and that no minimum counts."""
UNDELIVERABLE = "undeliverable"
"""The code of an order that was carried and could not be handed over: owed whole, or not at all."""
RECALLED = "recalled"
"""The code of an errand that its store has back from the way: owed whole."""
ERRAND = "errand"
"""Why a merchant owes what an errand costs, and what of it is the platform's."""


PATIENCE = timedelta(minutes=10)
"""So long after the first promise a customer who still waits for the kitchen may go for nothing."""


@dataclass(frozen=True, slots=True)
class Order:
    """Where an order stands, as it was read: any write is conditional on `version`."""

    id: str
    customer_id: str
    store_id: str
    merchant_id: str
    channel: str
    fulfilment: Fulfilment
    delivered_by: DeliveredBy | None
    courier_id: str | None
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
    confirm_by: datetime | None
    reminders: int
    due_at: datetime | None
    shown_to_store: bool
    scheduled_for: datetime | None = None
    prepare_by: datetime | None = None
    minimum_age: int | None = None
    holds: tuple[Hold, ...] = ()
    preparation_minutes: int | None = None
    request: CancellationRequest | None = None
    wish: CustomerRequest | None = None
    waiting: CustomerWaits | None = None
    first_promised: Mapping[str, Any] | None = None
    delay: Delay | None = None
    promotions: tuple[Taken, ...] = ()
    handed_over_at: datetime | None = None
    counted: tuple[str, ...] = ()
    device: str | None = None
    errand: Errand | None = None

    @property
    def by_couriers(self) -> bool:
        """Whether couriers bring it: then its store neither dispatches nor delivers."""
        return self.fulfilment is Fulfilment.DELIVERY and self.delivered_by is DeliveredBy.PLATFORM

    @property
    def asked(self) -> CancellationRequest | None:
        """The store's request to give it up, while nobody has answered it."""
        return self.request if self.request and self.request.status == "open" else None

    @property
    def wished(self) -> CustomerRequest | None:
        """The customer's request to let it go, while its store has not answered it."""
        return self.wish if self.wish and self.wish.status == "open" else None

    @property
    def answer_by(self) -> datetime | None:
        """Until when one side waits for the other's answer; never both do."""
        waits = self.asked or self.wished
        return waits.answer_by if waits else None

    @property
    def promised_from(self) -> datetime:
        """When it should be there, by the last promise."""
        return clock.parse(self.promised["begins"])

    @property
    def promised_until(self) -> datetime:
        """When it is late, by the last promise."""
        return clock.parse(self.promised["ends"])

    @property
    def first_from(self) -> datetime:
        """When it should have been there by the first promise."""
        return clock.parse((self.first_promised or self.promised)["begins"])

    @property
    def broken_by(self) -> LiableParty | None:
        """Who has broken the promise so far that its customer may go for nothing; None: nobody.

        Whoever has told them of more than `PATIENCE` later, or a store that makes it still.
        """
        first = clock.parse((self.first_promised or self.promised)["ends"])
        if self.delay and self.promised_until > first + PATIENCE:
            return "platform" if self.delay.told_by == "operator" else "store"
        makes = self.status in IN_THE_KITCHEN
        return "store" if makes and clock.now() > first + PATIENCE else None

    @property
    def bring_from(self) -> datetime | None:
        """When a courier is looked for, of an order for later; None: as soon as it is confirmed."""
        return self.prepare_by - BRING_BEFORE if self.prepare_by and self.by_couriers else None

    @property
    def pay_by(self) -> datetime | None:
        """The last moment at which an order for later can still be paid for."""
        return self.prepare_by - ANSWER_BEFORE if self.prepare_by else None

    @property
    def next_commands(self) -> list[OrderCommand]:
        """What may be done next, not counting what the courier's own steps bring about."""
        possible = status.allowed(self.status, self.fulfilment)
        return [one for one in possible if not (self.by_couriers and one in status.COURIERS_OWN)]

    @property
    def courier_share(self) -> int:
        """What of the price is for whoever brings it, in minor units. A tip is beside it."""
        return sum(one.amount for one in self.shares if one.to == "courier" and one.why != TIP)

    @property
    def price(self) -> int:
        """What an errand costs its merchant; of any other order nothing."""
        return -sum(one.amount for one in self.shares if one.to == "merchant" and one.why == ERRAND)

    @property
    def tip(self) -> int:
        """What its customer gives to whoever brings it: whole, whatever the bringing is paid."""
        return sum(one.amount for one in self.shares if one.to == "courier" and one.why == TIP)

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
        if self.cancellation.code == UNDELIVERABLE:
            return self.shares if self.cancellation.liable_party == "customer" else ()
        if self.errand:
            return self._errand_shares(self.cancellation)
        return (Share(to="merchant", why="cancellation_fee", amount=self.owed),)

    def _errand_shares(self, ended: Cancellation) -> tuple[Share, ...]:
        """What is owed of an errand that was given up: by its merchant, or by nobody."""
        if ended.code == RECALLED:
            return self.shares
        return (
            Share(to="platform", why=ERRAND, amount=ended.fee),
            Share(to="merchant", why=ERRAND, amount=-ended.fee),
        )


def of(head: OrderHead) -> Order:
    """The order of a head. What a newer release has added to its JSON is left out."""
    return Order(
        id=head.id,
        customer_id=head.customer_id,
        store_id=head.store_id,
        merchant_id=head.merchant_id,
        channel=head.channel,
        fulfilment=Fulfilment(head.fulfilment),
        delivered_by=DeliveredBy(head.delivered_by) if head.delivered_by else None,
        courier_id=head.courier_id,
        status=OrderStatus(head.status),
        version=int(head.version),
        currency=head.currency,
        total=int(head.total),
        shares=tuple(Share.model_validate(one, extra="ignore") for one in head.shares),
        fees=head.fees,
        owed=None if head.owed is None else int(head.owed),
        cancellation=_cancellation(head),
        placed_at=clock.parse(head.placed_at),
        promised=head.promised,
        confirm_seconds=int(head.confirm_seconds),
        confirm_by=clock.parse(head.confirm_by) if head.confirm_by else None,
        reminders=int(head.reminders or 0),
        due_at=clock.parse(head.due_at) if head.due_at else None,
        shown_to_store=head.board is not None,
        scheduled_for=clock.parse(head.scheduled_for) if head.scheduled_for else None,
        prepare_by=clock.parse(head.prepare_by) if head.prepare_by else None,
        minimum_age=int(head.minimum_age) if head.minimum_age else None,
        preparation_minutes=(
            None if head.preparation_minutes is None else int(head.preparation_minutes)
        ),
        request=(
            CancellationRequest.model_validate(head.cancel_request, extra="ignore")
            if head.cancel_request
            else None
        ),
        wish=(
            CustomerRequest.model_validate(head.customer_request, extra="ignore")
            if head.customer_request
            else None
        ),
        waiting=(
            CustomerWaits.model_validate(head.waits_at, extra="ignore") if head.waits_at else None
        ),
        first_promised=head.first_promised or None,
        counted=tuple(head.counted or ()),
        device=head.device,
        delay=Delay.model_validate(head.delay, extra="ignore") if head.delay else None,
        holds=tuple(Hold.model_validate(one, extra="ignore") for one in head.holds or ()),
        promotions=tuple(
            Taken.model_validate(one, extra="ignore") for one in head.promotions or ()
        ),
        handed_over_at=clock.parse(head.handed_over_at) if head.handed_over_at else None,
        errand=Errand.model_validate(head.errand, extra="ignore") if head.errand else None,
    )


def refund(total: int, fee: int, *, paid: bool) -> int:
    """What of an order's price is let go, given back or never collected, as it is cancelled."""
    return total - fee if paid else 0


def _cancellation(head: OrderHead) -> Cancellation | None:
    """The record of a cancellation. Those of older releases do not say what was refunded."""
    if not head.cancellation:
        return None
    fee = int(head.cancellation["fee"])
    known = {"refund": refund(int(head.total), fee, paid=head.board is not None)}
    return Cancellation.model_validate({**known, **head.cancellation}, extra="ignore")
