"""Requests and views of refunds."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core import ids
from chalicelib.core.money import LARGEST, Money
from chalicelib.core.schemas import Moment, Wire
from chalicelib.core.schemas import Reason as Why
from chalicelib.orders.schemas import SAMPLE, LiableParty, OrderId
from chalicelib.payments.methods import MethodName
from chalicelib.payments.refund_models import PortionStatus
from chalicelib.payments.schemas import LegId

RefundId = Annotated[str, Field(pattern=ids.pattern("ref"), examples=[f"ref_{SAMPLE}"])]
Reason = Literal[
    "item_missing",
    "item_wrong",
    "quality",
    "late",
    "not_delivered",
    "duplicate",
    "goodwill",
    "other",
]
Destination = Literal["source", "wallet"]


class RefundLine(Wire):
    """So many units of a line of the order, which is named by its place from 0."""

    line: Annotated[int, Field(ge=0, le=49, strict=True, examples=[0])]
    quantity: Annotated[int, Field(ge=1, le=99, strict=True)] = 1


class RefundRequest(Wire):
    """What to give back: an amount, or lines, or (neither) all that is left.

    A store bears its own refunds; an operator says who bears it. `wallet` pays into the customer's
    balance instead of the payment that it came from.
    """

    amount: Annotated[int, Field(ge=1, le=LARGEST, strict=True, examples=[1000])] | None = None
    lines: Annotated[list[RefundLine], Field(max_length=50)] | None = None
    reason: Annotated[Reason, Field(examples=["item_missing"])]
    liable_party: Literal["store", "platform"] | None = None
    destination: Annotated[Destination, Field(examples=["source"])] = "source"


class RetryRequest(Wire):
    """Where the portions of a refund that failed should go instead."""

    destination: Annotated[Destination, Field(examples=["wallet"])] = "wallet"
    reason: Why


class PortionView(Wire):
    """What of a refund goes back to one payment."""

    payment_id: LegId
    method: MethodName
    amount: Money
    destination: Destination
    status: PortionStatus
    failure: str | None = None


class RefundView(Wire):
    """One decision to give back, and what became of it."""

    id: RefundId
    order_id: OrderId
    amount: Money
    reason: str
    liable_party: LiableParty
    status: Literal["pending", "succeeded", "failed"]
    opened_at: Moment
    portions: list[PortionView]


class RefundList(Wire):
    """Every refund of an order, oldest first, and what could still be given back."""

    items: list[RefundView]
    refundable: Money
