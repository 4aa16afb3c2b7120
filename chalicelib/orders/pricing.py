"""What an order costs: pure rules, integers, the server's own prices.

Tax: an inclusive price already contains it (told beside the amount), an exclusive one gains a line.
Every component names its recipient; the shares of an order sum to its total.
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
from chalicelib.orders.schemas import (
    CancellationFee,
    Line,
    Priced,
    PriceLine,
    QuoteRequest,
    Recipient,
    Share,
    Wanted,
)
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
    """Price a request against one version of a menu. Never raises: problems are listed.

    `present` is what slows the way to the door; `standing` says what of the menu cannot be had
    when it is wanted.
    """
    lines: list[Line] = []
    taxes: list[tuple[int, int]] = []
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
        taxes.append((lines[-1].amount, rate))
    items = sum(line.amount for line in lines)
    fee, eta, more = _delivery(store, request, items)
    eta = way_minutes(eta, store.delivered_by, present)
    issues += more
    if items + fee > money.LARGEST:
        issues.append(_too_large("/items"))
    if issues:
        return Costing(None, tuple(issues), eta)
    price = _components(store, items, taxes, fee)
    total = sum(part.amount for part in price)
    if total > money.LARGEST:
        return Costing(None, (_too_large("/items"),), eta)
    priced = Priced(
        currency=store.currency,
        lines=lines,
        price=price,
        total=total,
        commission_basis_points=store.commission_basis_points,
        cancellation_fees=[
            CancellationFee(while_status=status, fee=min(total, money.portion(items, points)))
            for status, points in CANCELLATION_TABLE.items()
        ],
    )
    return Costing(priced, (), eta)


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


def _delivery(store: Store, request: QuoteRequest, items: int) -> tuple[int, int, list[Issue]]:
    """The fee, the minutes to the door, and what stands against bringing it."""
    if request.fulfilment not in store.fulfilment:
        return 0, 0, [Issue("fulfilment_not_offered", "/fulfilment", "The store does not do this.")]
    if request.fulfilment is not Fulfilment.DELIVERY:
        return 0, 0, []
    if request.drop_off is None:
        return 0, 0, [Issue("drop_off_missing", "/drop_off", "Where should it be brought?")]
    zone = zones.covering(store.zones, store.location, request.drop_off.location.coordinates)
    if zone is None:
        return 0, 0, [Issue("out_of_zone", "/drop_off/location", "The store does not go there.")]
    issues = []
    if items < zone.minimum:
        detail = f"The store brings orders from {zone.minimum} upwards."
        issues.append(Issue("below_minimum", "/items", detail))
    return zone.fee, zone.eta_minutes, issues


def _components(
    store: Store, items: int, taxes: Sequence[tuple[int, int]], fee: int
) -> list[PriceLine]:
    included = store.tax.included
    of_items = sum(money.included(amount, rate) for amount, rate in taxes) if included else 0
    price = [PriceLine(kind="items", amount=items, recipient="merchant", tax_included=of_items)]
    if fee:
        bringer: Recipient = "courier" if store.delivered_by is DeliveredBy.PLATFORM else "merchant"
        of_fee = money.included(fee, store.tax.basis_points) if included else 0
        price.append(
            PriceLine(kind="delivery_fee", amount=fee, recipient=bringer, tax_included=of_fee)
        )
    if not included:
        tax = sum(money.portion(amount, rate) for amount, rate in taxes)
        of_delivery = money.portion(fee, store.tax.basis_points)
        if tax:
            price.append(PriceLine(kind="tax", amount=tax, recipient="tax"))
        if of_delivery:
            price.append(PriceLine(kind="delivery_tax", amount=of_delivery, recipient="tax"))
    return price


def shares(priced: Priced) -> list[Share]:
    """Who gets what of the total. They sum to it: the commission leaves the merchant's part."""
    parts = [
        Share(to=line.recipient, why=line.kind, amount=line.amount)
        for line in priced.price
        if line.amount
    ]
    items = sum(line.amount for line in priced.price if line.kind == "items")
    commission = money.portion(items, priced.commission_basis_points)
    if commission:
        parts.append(Share(to="platform", why="commission", amount=commission))
        parts.append(Share(to="merchant", why="commission", amount=-commission))
    return parts
