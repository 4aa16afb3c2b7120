"""Requests and views of saved methods. No card data: who pays confirms with Stripe."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from chalicelib.core import ids
from chalicelib.core.schemas import Moment, Wire
from chalicelib.orders.schemas import SAMPLE
from chalicelib.payments.methods import MethodName

MethodId = Annotated[str, Field(pattern=ids.pattern("pmt"), examples=[f"pmt_{SAMPLE}"])]
SavableName = Literal["card", "kr_card", "naver_pay", "kakao_pay"]


def _said_yes(agreed: bool) -> bool:  # noqa: FBT001 - a validator
    """`Literal[True]` would take a 1 for it."""
    if not agreed:
        raise ValueError("to save it, its person must have agreed")
    return agreed


ONLY_TRUE = WithJsonSchema({"type": "boolean", "const": True, "examples": [True]})


class NewMethod(Wire):
    """Save a method for later.

    `agreed`: the person has agreed that it is kept, and charged for what they order while they are
    away. https://docs.stripe.com/payments/save-and-reuse#compliance
    """

    method: Annotated[SavableName, Field(examples=["card"])] = "card"
    agreed: Annotated[bool, AfterValidator(_said_yes), Field(examples=[True]), ONLY_TRUE]


class OpenedMethod(Wire):
    """A setup that the client now confirms with Stripe, by its client secret."""

    id: MethodId
    method: SavableName
    setup_id: Annotated[str, Field(examples=["seti_1Nabc"])]
    client_secret: Annotated[str, Field(examples=["seti_1Nabc_secret_xyz"])]


class Expiry(Wire):
    """The last month in which a card is good."""

    month: int
    year: int


class MandateView(Wire):
    """The permission to charge: when and how it was given, and Stripe's id of it where it has one.

    Source: https://docs.stripe.com/api/mandates/object
    """

    id: str | None
    accepted_at: Moment
    how: Annotated[str, Field(examples=["online"])]


class MethodView(Wire):
    """A saved method, or one that waits to be confirmed. A wallet has no digits and no expiry."""

    id: MethodId
    method: MethodName
    status: Annotated[Literal["pending", "saved"], Field(examples=["saved"])]
    default: bool
    brand: str | None
    last4: Annotated[str | None, Field(examples=["4242"])]
    expires: Expiry | None
    mandate: MandateView
    saved_at: Moment | None
    decline_code: str | None


class MethodList(Wire):
    """What a person can pay with, the default first."""

    items: list[MethodView]
