"""The components of a price, who receives each, and who gets what of the total: pure rules.

Tax: an inclusive price already contains it (told beside the amount), an exclusive one gains a line.
Fees are taxed at the store's own rate, tips are not taxed. A discount lowers what is taxed, line by
line, so that the tax of all components together is that of what is paid.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chalicelib.catalog.menu_schemas import Names
from chalicelib.catalog.schemas import Store
from chalicelib.catalog.status import DeliveredBy
from chalicelib.core import money
from chalicelib.orders.price_schemas import Priced, PriceLine, Recipient, Share, Sponsored

ITEMS, DISCOUNT, DELIVERY_DISCOUNT = "items", "discount", "delivery_discount"
COMMISSION = "commission"


@dataclass(frozen=True, slots=True)
class Fees:
    """What is paid beside the items, in minor units."""

    delivery: int = 0
    small_order: int = 0
    tip: int = 0

    @property
    def total(self) -> int:
        return self.delivery + self.small_order + self.tip


@dataclass(frozen=True, slots=True)
class Reduction:
    """What one promotion takes off: of the items line by line, or of the delivery fee."""

    promotion_id: str
    names: Names
    by_line: tuple[int, ...]
    of_delivery: int
    sponsors: tuple[Sponsored, ...]

    @property
    def amount(self) -> int:
        return sum(self.by_line) + self.of_delivery


@dataclass(slots=True)
class _Taxed:
    """What is still paid for each line, and for the way, while discounts are taken off."""

    lines: list[int]
    rates: Sequence[int]
    delivery: int
    rate: int
    price: list[PriceLine] = field(default_factory=list)

    def included(self) -> int:
        """The tax in what is paid, where prices contain it."""
        pairs = [*zip(self.lines, self.rates, strict=True), (self.delivery, self.rate)]
        return sum(money.included(*pair) for pair in pairs)

    def take_off(self, reduction: Reduction) -> None:
        self.lines = [have - off for have, off in zip(self.lines, reduction.by_line, strict=True)]
        self.delivery -= reduction.of_delivery


def price(
    store: Store,
    taxed: Sequence[tuple[int, int]],
    fees: Fees,
    reductions: Sequence[Reduction] = (),
) -> list[PriceLine]:
    """Every component. `taxed` are the lines' amounts, each with its rate in basis points."""
    inclusive, rate = store.tax.included, store.tax.basis_points
    state = _Taxed([one for one, _ in taxed], [own for _, own in taxed], fees.delivery, rate)
    of_fee, of_small = (
        money.included(fee, rate) if inclusive else 0 for fee in (fees.delivery, fees.small_order)
    )
    of_items = state.included() - of_fee if inclusive else 0
    found = [
        PriceLine(
            kind="items", amount=sum(state.lines), recipient="merchant", tax_included=of_items
        )
    ]
    if fees.delivery:
        bringer: Recipient = "courier" if store.delivered_by is DeliveredBy.PLATFORM else "merchant"
        found.append(
            PriceLine(
                kind="delivery_fee",
                amount=fees.delivery,
                recipient=bringer,
                tax_included=of_fee,
            )
        )
    if fees.small_order:
        found.append(
            PriceLine(
                kind="small_order_fee",
                amount=fees.small_order,
                recipient="merchant",
                tax_included=of_small,
            )
        )
    found += [_discount(state, one, inclusive=inclusive) for one in reductions]
    if not inclusive:
        found += _on_top(state, fees.small_order, store.currency)
    if fees.tip:
        found.append(PriceLine(kind="tip", amount=fees.tip, recipient="courier"))
    return found


def _discount(state: _Taxed, one: Reduction, *, inclusive: bool) -> PriceLine:
    before = state.included() if inclusive else 0
    state.take_off(one)
    after = state.included() if inclusive else 0
    return PriceLine(
        kind="delivery_discount" if one.of_delivery else "discount",
        amount=-one.amount,
        tax_included=after - before,
        promotion_id=one.promotion_id,
        names=one.names,
        sponsors=list(one.sponsors),
    )


def _on_top(state: _Taxed, small_order: int, currency: str) -> list[PriceLine]:
    """What is put on top: upon the items, and upon what the bringing costs."""
    pairs = zip(state.lines, state.rates, strict=True)
    of_items = sum(money.portion(*pair) for pair in pairs)
    of_fees = sum(money.portion(fee, state.rate) for fee in (state.delivery, small_order))
    found = [
        PriceLine(kind="tax", amount=money.nearest(of_items, currency), recipient="tax"),
        PriceLine(kind="delivery_tax", amount=money.nearest(of_fees, currency), recipient="tax"),
    ]
    return [one for one in found if one.amount]


def shares(priced: Priced) -> list[Share]:
    """Who gets what of the total. They sum to it.

    A sponsor's part of a discount is below zero. The commission leaves the merchant's part; it is
    taken of the items' price less what the merchant itself sponsors of it.
    """
    parts = [
        Share(to=line.recipient, why=line.kind, amount=line.amount)
        for line in priced.price
        if line.amount and line.recipient
    ]
    parts += [
        Share(to=one.by, why=line.kind, amount=-one.amount)
        for line in priced.price
        for one in line.sponsors or ()
        if one.amount
    ]
    base = sum(one.amount for one in parts if one.to == "merchant" and one.why in {ITEMS, DISCOUNT})
    commission = money.portion(base, priced.commission_basis_points)
    if commission:
        parts.append(Share(to="platform", why=COMMISSION, amount=commission))
        parts.append(Share(to="merchant", why=COMMISSION, amount=-commission))
    return parts
