"""Placing an order: the parts that payments composes into checkout, and the step to CREATED."""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.catalog import availability, menus
from chalicelib.catalog import reading as stores
from chalicelib.catalog.errors import MenuMovedError
from chalicelib.core import clock, dynamo, ids, outbox, parts
from chalicelib.core.devices import Device
from chalicelib.core.dynamo import Raw
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM, Caller
from chalicelib.orders import (
    components,
    lateness,
    moving,
    pricing,
    promotion_counts,
    reserving,
    stopping,
    tallies,
)
from chalicelib.orders.errors import (
    AgeNotToldError,
    DishesGoneError,
    QuoteExpiredError,
    QuoteUnknownError,
    QuoteUsedError,
)
from chalicelib.orders.models import (
    BODY,
    OrderBody,
    OrderEvent,
    OrderHead,
    QuoteItem,
    order_key,
    quote_key,
)
from chalicelib.orders.order import Order, of
from chalicelib.orders.price_schemas import Line, Priced
from chalicelib.orders.status import EVENT_TYPES, PAYMENT_DUE, SCHEDULED, OrderCommand, OrderStatus
from chalicelib.people import guests

WAITING, CASH = tallies.WAITING, tallies.CASH
MEND_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True)
class Placement:
    """An order that is about to be, and the parts that make it be."""

    order: Order
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A quote that may become an order, and what it costs."""

    quote: QuoteItem
    priced: Priced
    offered: int | None
    """The version of the store's menu and availability in which all of it can be had."""
    device: Device

    @property
    def currency(self) -> str:
        return self.priced.currency

    @property
    def total(self) -> int:
        return self.priced.total

    @property
    def scheduled_for(self) -> datetime | None:
        """The moment that its customer asked for."""
        moment = self.quote.content.get("scheduled_for")
        return clock.parse(moment) if moment else None


def draft(quote_id: str, caller: Caller, device: Device) -> Draft:
    """What a quote would become, ordered on this device.

    Raises QuoteUnknownError (404), QuoteExpiredError (410), QuoteUsedError (409); and
    OrdersStoppedError (503) while new orders are stopped.
    """
    quote = stopping.demand_open_for(QuoteItem, quote_key(quote_id))
    if quote is None or quote.customer_id != caller.id:
        raise QuoteUnknownError
    _demand_usable(quote)
    priced = Priced.model_validate(quote.content["priced"], extra="ignore")
    return Draft(quote, priced, quote.content.get("offered"), device)


def looked_again(made: Draft) -> Draft:
    """The same draft, of what the store offers now: for one whose placing met MenuMovedError.

    The price stays, whatever the menu says now. Raises DishesGoneError (409) where something of it
    cannot be had any more.
    """
    found = stores.demand_offering(made.quote.store_id)
    standing = found.standing(made.scheduled_for or clock.now())
    issues = [
        pricing.of_menu(number, issue)
        for number, line in enumerate(made.priced.lines)
        for issue in menus.gone(found.menu, line.item_id, chosen(line), standing)
    ]
    if issues:
        raise DishesGoneError(errors=[issue.shown() for issue in issues])
    return replace(made, offered=found.version)


def chosen(line: Line) -> dict[str, list[str]]:
    """The options of a line, by their groups, as they were asked for."""
    found: dict[str, list[str]] = {}
    for option in line.options:
        found.setdefault(option.group_id, []).extend([option.option_id] * option.quantity)
    return found


def place(
    made: Draft,
    caller: Caller,
    channel: str,
    *,
    covered: bool,
    collectable: int,
    promised: bool = False,
    cash: bool = False,
    age_told: int | None = None,
) -> Placement:
    """An order from a quote, waiting for its payment; the store does not see it yet.

    One that is `covered` (it costs nothing, or all of it is held at once) waits for nobody: it is
    CREATED, and its store sees it, at once. One that is `promised` waits for nobody either, but for
    the day on which it is paid for. No cancellation costs more than is `collectable`.

    Raises AgeNotToldError (422) unless its customer was told from what age on all of it is sold.
    The failures of the parts are those of `draft`, since the quote is consumed with them;
    SoldOutError and KitchenFullError (409), since what the order holds is taken with them;
    PromotionGoneError (409), since what lowered its price is; GuestOverError and GuestLimitError
    (409), of a guest's; LimitError (409), since the order is counted with them (`limits.py`); and
    MenuMovedError where the store has changed what it offers: see `looked_again`. Raises that at
    once for a quote that does not know what was offered.
    """
    quote = made.quote
    if made.offered is None:
        raise MenuMovedError
    minimum_age = quote.content.get("minimum_age")
    if minimum_age and (age_told or 0) < minimum_age:
        raise AgeNotToldError(minimum_age=minimum_age)
    head, body = _items(made, caller, channel, covered=covered, collectable=collectable)
    waits = not covered and not promised
    head.device = made.device.hashed
    head.counted = [*([WAITING] if waits else []), *([CASH] if cash else [])] or None
    order = of(head)
    if promised and not covered and order.pay_by:
        head.due_at = clock.stamp(order.pay_by)
    event = outbox.announce(
        OrderEvent,
        order_key(order.id),
        kind="order",
        subject=order.id,
        version=1,
        type=EVENT_TYPES[order.status],
        actor=caller.actor,
        data={"store_id": order.store_id, "status": order.status},
    )
    used = parts.update(
        QuoteItem(quote_key(quote.id), dynamo.HEAD),
        [QuoteItem.order_id.set(order.id)],
        _why_unusable,
        QuoteItem.order_id.does_not_exist() & (QuoteItem.valid_until > clock.stamp(clock.now())),
    )
    offered = availability.still(quote.store_id, made.offered)
    written = parts.put(head, BusyError()), parts.put(body, BusyError()), event
    held = reserving.take(quote.store_id, quote.content)
    lowered = promotion_counts.take(caller.id, quote.content)
    theirs = guests.ordered(caller.id, order.id)
    counted = tallies.take(caller.id, order.device, order.counted, by_stripe=not covered)
    return Placement(order, (used, offered, *written, *held, *lowered, *theirs, *counted))


def _demand_usable(quote: QuoteItem) -> None:
    if quote.order_id:
        raise QuoteUsedError(order_id=quote.order_id)
    if clock.parse(quote.valid_until) <= clock.now():
        raise QuoteExpiredError


def _why_unusable(raw: Raw | None) -> Exception:
    used_by = dynamo.raw_text(raw, "order_id")
    return QuoteUsedError(order_id=used_by) if used_by else QuoteExpiredError()


def _items(
    made: Draft, caller: Caller, channel: str, *, covered: bool, collectable: int
) -> tuple[OrderHead, OrderBody]:
    order_id, now = ids.new("ord"), clock.now()
    quote, priced, content = made.quote, made.priced, made.quote.content
    status = OrderStatus.CREATED if covered else OrderStatus.PENDING_PAYMENT
    confirm_seconds = int(content["confirm_seconds"])
    begins = clock.parse(content["prepare_by"]) if content.get("prepare_by") else None
    confirm_by, first = moving.asked(confirm_seconds, begins)
    until = first if covered else moving.deadline(status)
    head = OrderHead(
        order_key(order_id),
        dynamo.HEAD,
        id=order_id,
        customer_id=caller.id,
        store_id=quote.store_id,
        merchant_id=quote.merchant_id,
        channel=channel,
        fulfilment=content["fulfilment"],
        status=status,
        version=1,
        currency=priced.currency,
        total=priced.total,
        shares=[share.model_dump() for share in components.shares(priced)],
        fees=_fees(priced, collectable),
        placed_at=clock.stamp(now),
        promised=content["promised"],
        confirm_seconds=confirm_seconds,
        confirm_by=clock.stamp(confirm_by) if covered else None,
        scheduled_for=content.get("scheduled_for"),
        prepare_by=content.get("prepare_by"),
        delivered_by=content.get("delivered_by"),
        minimum_age=content.get("minimum_age"),
        holds=content.get("holds") or None,
        promotions=content.get("promotions") or None,
        preparation_minutes=content.get("preparation_minutes"),
        listed_at=f"{clock.stamp(now)}#{order_id}",
        board=quote.store_id if covered else None,
        due_shard=moving.due_shard(order_id),
        due_at=clock.stamp(until) if until else None,
        late_shard=lateness.shard_of(quote.store_id) if covered else None,
        late_from=content["promised"]["ends"] if covered else None,
    )
    return head, OrderBody(order_key(order_id), BODY, content={**content, "quote_id": quote.id})


def _fees(priced: Priced, collectable: int) -> dict[str, int]:
    """What a cancellation costs by status: never more than could be collected of it."""
    fees = {one.while_status: min(one.fee, collectable) for one in priced.cancellation_fees}
    return {while_status: fee for while_status, fee in fees.items() if fee}


def paid(order: Order) -> tuple[Part, ...]:
    """The parts that show a paid order to its store. Payments commits them with the money's.

    One for later is listed where its store now looks, though it was placed long ago.
    """
    shown = [OrderHead.board.set(order.store_id)]
    if order.scheduled_for:
        shown.append(OrderHead.listed_at.set(f"{clock.stamp(clock.now())}#{order.id}"))
    return moving.move(order, OrderCommand.PAY, actor=SYSTEM, also=tuple(shown))


def scheduled(order: Order) -> tuple[Part, ...]:
    """The parts that let an order wait for the day on which it is paid for."""
    until = moving.due(order.id, order.pay_by)
    left = [one for one in order.counted if one != WAITING]
    until.append(OrderHead.counted.set(left))
    changed = moving.change(order, SCHEDULED, until, actor=SYSTEM, data={})
    whose = order.customer_id, order.device, order.counted
    waits = tallies.moved(*whose, waited=True, brought=None, refused=False)
    return (*changed, *waits)


def payment_due(order: Order, code: str) -> tuple[Part, ...]:
    """The parts by which its customer has half a day to mend what an order is to be paid with."""
    ends = [clock.after(MEND_SECONDS), *([order.due_at] if order.due_at else [])]
    until = min(ends)
    data = {"code": code, "until": clock.stamp(until)}
    return moving.change(order, PAYMENT_DUE, moving.due(order.id, until), actor=SYSTEM, data=data)
