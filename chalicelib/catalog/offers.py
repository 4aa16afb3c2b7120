"""What lists say of promotions: one line for each that applies by itself, as a summary from above.

A store's are in its head, and so in its cards; a city's beside what slows the city. Each says from
when until when, so that nothing has to happen for it to begin or to end.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.core.money import Currency, Price
from chalicelib.core.schemas import Moment, Wire

MOST_SHOWN = 3


class Offer(Wire):
    """What customers may save at a store without a code. What counts in the end, the quote says."""

    type: Annotated[
        Literal["percentage", "amount", "free_delivery", "item"],
        Field(examples=["free_delivery"]),
    ]
    basis_points: Annotated[
        int | None, Field(description="Of the items, of a percentage.", examples=[1000])
    ] = None
    amount: Annotated[Price | None, Field(description="Minor units, of an amount.")] = None
    minimum: Annotated[Price, Field(description="What the items must cost.", examples=[10000])] = 0
    first_order: bool = False
    currency: Currency
    begins: Moment | None = None
    ends: Moment | None = None

    def runs(self, at: datetime) -> bool:
        return (self.begins is None or self.begins <= at) and not (self.ends and self.ends <= at)


def stored(offers: Sequence[Offer]) -> list[dict[str, Any]]:
    """Offers as heads and cards hold them."""
    return [one.model_dump(mode="json", exclude_defaults=True) for one in offers]


def read(held: Sequence[dict[str, Any]] | None) -> tuple[Offer, ...]:
    """Offers from what is stored. What a newer release has added is left out."""
    return tuple(_offer(one) for one in held or () if one.get("type") in KNOWN)


def shown(
    own: Sequence[Offer], of_city: Sequence[Offer], currency: str, at: datetime
) -> tuple[Offer, ...]:
    """What a list shows at a moment: the store's own first, three at most."""
    found = [one for one in (*own, *of_city) if one.currency == currency and one.runs(at)]
    return tuple(found[:MOST_SHOWN])


KNOWN = frozenset({"percentage", "amount", "free_delivery", "item"})


def _offer(held: dict[str, Any]) -> Offer:
    return Offer.model_validate(held, extra="ignore")
