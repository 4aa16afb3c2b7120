"""The same again: what is asked, what is gone or dearer, and the new quote."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chalicelib.core.money import Price
from chalicelib.core.schemas import Moment, Wire
from chalicelib.orders.address_schemas import AddressId
from chalicelib.orders.delay_schemas import whole_minutes
from chalicelib.orders.schemas import QuoteView


class ReorderRequest(Wire):
    """When and where to this time. Left out: as soon as it can, and to where it went before."""

    scheduled_for: Annotated[
        Annotated[Moment, AfterValidator(whole_minutes)] | None,
        Field(description="On a whole minute."),
    ] = None
    address_id: Annotated[
        AddressId | None, Field(description="An address of one's own.", examples=[None])
    ] = None


class ReorderIssue(Wire):
    """What is not as it was: of a line of the old order, or of its delivery fee.

    `price_changed` and `delivery_fee_changed` say what it was and is; any other code means that the
    line, the code (`/codes/0`, of those that lowered its price) or the tip (`/tip`) is left out of
    the new quote, and why.
    """

    code: Annotated[str, Field(examples=["price_changed"])]
    pointer: Annotated[str, Field(description="In the old order.", examples=["/lines/0"])]
    detail: str
    was: Price | None = None
    now: Price | None = None
    returns_at: Moment | None = None


class ReorderView(Wire):
    """A new quote of what can be had of an old order, at today's prices, and what has changed."""

    quote: QuoteView
    issues: list[ReorderIssue]
