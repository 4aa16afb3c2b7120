"""Views of the daily comparison with Stripe."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core.money import Amount, Currency
from chalicelib.core.schemas import Moment, Wire


class DifferenceView(Wire):
    """Something that Stripe and the books do not say alike, in minor units."""

    what: Annotated[
        str,
        Field(
            description=(
                "not_posted, not_at_stripe, amount, currency, twice, elsewhere (posted for "
                "another subject), nobodys (Stripe or the books do not say what it is for)"
            ),
            examples=["amount"],
        ),
    ]
    kind: Literal["charge", "refund"]
    key: Annotated[str, Field(examples=["pi_3Nabc"])]
    subject: Annotated[str, Field(examples=["order#ord_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"])]
    intent_id: str
    at_stripe: Amount
    posted: Amount
    currency: Currency
    found_at: Moment


class ReconciliationView(Wire):
    """How a day compared. It is whole when it is done; with no differences all is well."""

    day: Annotated[str, Field(examples=["2026-11-21"])]
    status: Literal["running", "done"]
    charges: int
    refunds: int
    entries: int
    began_at: Moment
    done_at: Moment | None
    total: Annotated[int, Field(description="How many differences there are.")]
    differences: Annotated[list[DifferenceView], Field(description="The first hundred.")]
