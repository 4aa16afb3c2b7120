"""What an order costs: pure rules, integers, the server's own prices.

Lines are priced here; of what components the price is made, and who gets them, is `components`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.catalog import ages, menus, zones
from chalicelib.catalog.conditions import USUAL, Conditions, way_minutes
from chalicelib.catalog.menu_schemas import Menu
from chalicelib.catalog.menus import MenuIssue, MenuIssueError, PricedItem
from chalicelib.catalog.schemas import Store
from chalicelib.catalog.standing import Standing
from chalicelib.catalog.status import DeliveredBy, Fulfilment
from chalicelib.core import clock, money
from chalicelib.orders import components
from chalicelib.orders.components import Fees
from chalicelib.orders.price_schemas import CancellationFee, Line, Priced
from chalicelib.orders.promotions import NOTHING, Basket, Chosen
from chalicelib.orders.schemas import QuoteRequest, Wanted
from chalicelib.orders.status import OrderStatus

CANCELLATION_TABLE: Mapping[OrderStatus, int] = {
    OrderStatus.PENDING_PAYMENT: 0,
    OrderStatus.CREATED: 0,
    OrderStatus.CONFIRMED: 3_000,
    OrderStatus.PREPARING: 6_000,
}
"""The published fee for a customer's cancellation: basis points of the items, by status."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One reason why this cannot be ordered as it is, and from when on it can, where known."""

    code: str
    pointer: str
    detail: str
    opens_at: datetime | None = None
    free_from: datetime | None = None
    left: int | None = None
    returns_at: datetime | None = None

    def shown(self) -> dict[str, str | int]:
        """As it goes over the wire: without what is not known."""
        facts = {
            "opens_at": self.opens_at,
            "free_from": self.free_from,
            "returns_at": self.returns_at,
        }
        return {
            "code": self.code,
            "pointer": self.pointer,
            "detail": self.detail,
            **{name: clock.stamp(moment) for name, moment in facts.items() if moment},
            **({} if self.left is None else {"left": self.left}),
        }


@dataclass(frozen=True, slots=True)
class Bill:
    """What was asked for, priced before any discount, and every reason why it cannot be had."""

    store: Store
    lines: tuple[Line, ...]
    rates: tuple[int, ...]
    fees: Fees
    base_prices: Mapping[str, int]
    eta_minutes: int
    issues: tuple[Issue, ...]

    @property
    def basket(self) -> Basket:
        """What promotions are taken off."""
        return Basket(self.lines, self.fees.delivery, self.store.currency, self.base_prices)


@dataclass(frozen=True, slots=True)
class Costing:
    """The price of what was asked, or every reason why there is none."""

    priced: Priced | None
    issues: tuple[Issue, ...]
    eta_minutes: int


def cost(
    store: Store,
    menu: Menu,
    request: QuoteRequest,
    present: Conditions = USUAL,
    standing: Standing | None = None,
) -> Costing:
    """The price of a request without promotions. Never raises: problems are listed."""
    return charge(draw_up(store, menu, request, present, standing))


def draw_up(
    store: Store,
    menu: Menu,
    request: QuoteRequest,
    present: Conditions = USUAL,
    standing: Standing | None = None,
) -> Bill:
    """Price a request against one version of a menu. Never raises: problems are listed.

    `present` is what slows the way to the door; `standing` says what of the menu cannot be had
    when it is wanted.
    """
    lines: list[Line] = []
    rates: list[int] = []
    issues: list[Issue] = []
    for number, wanted in enumerate(request.items):
        try:
            item = menus.price(menu, wanted.item_id, wanted.options, standing)
        except MenuIssueError as error:
            issues += [of_menu(number, one) for one in error.issues]
            continue
        if item.unit_price * wanted.quantity > money.LARGEST:
            issues.append(_too_large(f"/items/{number}"))
            continue
        rate = _tax_rate(item, store)
        if rate is None:
            issues.append(_untaxable(number))
            continue
        lines.append(_line(item, wanted))
        rates.append(rate)
    items = sum(line.amount for line in lines)
    fees, eta, more = _delivery(store, request, items)
    eta = way_minutes(eta, store.delivered_by, present)
    issues += [*more, *_tip(store, request, max(items, fees.delivery))]
    if items + fees.total > money.LARGEST:
        issues.append(_too_large("/items"))
    base_prices = {item.id: item.price for item in menu.items}
    return Bill(store, tuple(lines), tuple(rates), fees, base_prices, eta, tuple(issues))


def charge(bill: Bill, chosen: Chosen = NOTHING) -> Costing:
    """The whole price of a bill, less what these promotions take off."""
    if bill.issues:
        return Costing(None, bill.issues, bill.eta_minutes)
    store = bill.store
    taxed = [(line.amount, rate) for line, rate in zip(bill.lines, bill.rates, strict=True)]
    price = components.price(store, taxed, bill.fees, chosen.reductions)
    total = sum(part.amount for part in price)
    if total > money.LARGEST:
        return Costing(None, (_too_large("/items"),), bill.eta_minutes)
    lines = [
        line.model_copy(update={"discount": off}) if (off := chosen.by_line(number)) else line
        for number, line in enumerate(bill.lines)
    ]
    priced = Priced(
        currency=store.currency,
        lines=lines,
        price=price,
        total=total,
        commission_basis_points=store.commission_basis_points,
        cancellation_fees=_cancellation_fees(lines, total - bill.fees.tip),
    )
    return Costing(priced, (), bill.eta_minutes)


def _cancellation_fees(lines: Sequence[Line], most: int) -> list[CancellationFee]:
    """By status, of what is paid for the items. No tip is owed for what was never brought."""
    paid = sum(line.net for line in lines)
    return [
        CancellationFee(while_status=status, fee=min(most, money.portion(paid, points)))
        for status, points in CANCELLATION_TABLE.items()
    ]


def _tax_rate(item: PricedItem, store: Store) -> int | None:
    """The item's own rate, or its category's, or the store's; None: nobody knows that category."""
    if item.tax_basis_points is not None:
        return item.tax_basis_points
    if item.tax_category is not None:
        return store.tax.categories.get(item.tax_category)
    return store.tax.basis_points


def _untaxable(number: int) -> Issue:
    detail = "The store does not say how this is taxed."
    return Issue("tax_category_unknown", f"/items/{number}", detail)


def minimum_age(store: Store, menu: Menu, priced: Priced) -> int | None:
    """From what age on somebody may have all of an order; None: everybody may."""
    ordered = {line.item_id for line in priced.lines}
    items = [item for item in menu.items if item.id in ordered]
    restricted = [ages.minimum_age(item, store.timezone) for item in items]
    return max((age for age in restricted if age is not None), default=None)


def _too_large(pointer: str) -> Issue:
    return Issue("total_too_large", pointer, "The total is beyond what can be charged.")


def _line(item: PricedItem, wanted: Wanted) -> Line:
    return Line(
        item_id=item.item_id,
        names=item.names,
        quantity=wanted.quantity,
        unit_price=item.unit_price,
        amount=item.unit_price * wanted.quantity,
        options=item.options,
        note=wanted.note,
    )


def of_menu(number: int, issue: MenuIssue) -> Issue:
    """What the menu says of one line of what was asked."""
    pointer = f"/items/{number}"
    if issue.group_id:
        pointer += f"/options/{issue.group_id}"
    named = f" ({issue.option_id})" if issue.option_id else ""
    return Issue(issue.code, pointer, f"{issue.sentence}{named}", returns_at=issue.returns_at)


def _delivery(store: Store, request: QuoteRequest, items: int) -> tuple[Fees, int, list[Issue]]:
    """What is paid beside the items, the minutes to the door, what stands against bringing it."""
    free = Fees(tip=request.tip)
    if request.fulfilment not in store.fulfilment:
        detail = "The store does not do this."
        return free, 0, [Issue("fulfilment_not_offered", "/fulfilment", detail)]
    if request.fulfilment is not Fulfilment.DELIVERY:
        return free, 0, []
    if request.drop_off is None:
        return free, 0, [Issue("drop_off_missing", "/drop_off", "Where should it be brought?")]
    zone = zones.covering(store.zones, store.location, request.drop_off.location.coordinates)
    if zone is None:
        return free, 0, [Issue("out_of_zone", "/drop_off/location", "The store does not go there.")]
    issues = []
    if items < zone.minimum:
        detail = f"The store brings orders from {zone.minimum} upwards."
        issues.append(Issue("below_minimum", "/items", detail))
    small = zone.small_order
    of_small = small.fee if small and items < small.below else 0
    return Fees(zone.fee, of_small, request.tip), zone.eta_minutes, issues


def _tip(store: Store, request: QuoteRequest, most: int) -> list[Issue]:
    """Why a tip cannot be given with the order: no courier brings it, or it is a slip."""
    if not request.tip:
        return []
    brought = request.fulfilment is Fulfilment.DELIVERY
    if not brought or store.delivered_by is not DeliveredBy.PLATFORM:
        detail = "A tip is for a courier of the platform, and none brings this."
        return [Issue("tip_not_possible", "/tip", detail)]
    if request.tip > most:
        return [Issue("tip_too_large", "/tip", f"A tip with the order is at most {most}.")]
    if request.tip % money.step(store.currency):
        detail = f"A tip in {store.currency} is a multiple of {money.step(store.currency)}."
        return [Issue("tip_not_rounded", "/tip", detail)]
    return []
