"""A price, line by line: what is ordered, what it costs, and who gets it or bears it."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.catalog.menu_schemas import Names, Slug
from chalicelib.catalog.menus import PricedOption
from chalicelib.core.money import Amount, Currency, Price
from chalicelib.core.schemas import Wire
from chalicelib.orders.status import OrderStatus

Note = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
Recipient = Literal["merchant", "courier", "platform", "tax"]
LineKind = Literal[
    "items", "delivery_fee", "small_order_fee", "discount", "delivery_discount", "tax",
    "delivery_tax", "tip",
]  # fmt: skip
Sponsor = Literal["platform", "merchant"]


class Line(Wire):
    """A line with everything that its price came from."""

    item_id: Slug
    names: Names
    quantity: int
    unit_price: Price
    amount: Price
    options: tuple[PricedOption, ...]
    note: Note | None = None
    discount: Annotated[
        Price | None, Field(description="What promotions take off the line; null: nothing.")
    ] = None

    @property
    def net(self) -> int:
        """What its customer pays for it, before tax that is put on top."""
        return self.amount - (self.discount or 0)


class Sponsored(Wire):
    """How much of a discount one party bears."""

    by: Sponsor
    amount: Annotated[Price, Field(examples=[500])]


class PriceLine(Wire):
    """One component of the price and who receives it. `tax_included` is part of the amount.

    A discount is below zero, as is the tax in it. Nobody receives it: its sponsors bear it, and
    their parts sum to it.
    """

    kind: LineKind
    amount: Amount
    recipient: Recipient | None = None
    tax_included: Amount = 0
    promotion_id: str | None = None
    names: Names | None = None
    sponsors: list[Sponsored] | None = None


class Share(Wire):
    """What one party gets of what an order owes."""

    to: Recipient
    why: str
    amount: Amount


class CancellationFee(Wire):
    """What a cancellation by the customer costs while the order stands so."""

    while_status: OrderStatus
    fee: Price


class Priced(Wire):
    """The whole price of an order, immutable: minor units of `currency`."""

    currency: Currency
    lines: list[Line]
    price: list[PriceLine]
    total: Price
    commission_basis_points: int
    cancellation_fees: list[CancellationFee]
