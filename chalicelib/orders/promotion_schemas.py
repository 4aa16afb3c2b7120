"""Promotions, as they cross the border and as they are stored: immutable once they are made."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.catalog.menu_schemas import MenuPrice, Names, Slug
from chalicelib.catalog.schemas import City, MerchantId, StoreCurrency, StoreId
from chalicelib.core import ids
from chalicelib.core.money import BASIS_POINTS, LARGEST, Money, Price
from chalicelib.core.schemas import Moment, Page, Wire
from chalicelib.orders.schemas import SAMPLE, PromotionCode

PromotionId = Annotated[str, Field(pattern=ids.pattern("pro"), examples=[f"pro_{SAMPLE}"])]
Points = Annotated[int, Field(strict=True, ge=0, le=BASIS_POINTS, examples=[2500])]
Some = Annotated[int, Field(strict=True, ge=1, le=LARGEST, examples=[3000])]
Uses = Annotated[int, Field(strict=True, ge=1, le=10**9, examples=[1000])]
Group = Literal["offer", "delivery", "code", "loyalty"]
Maker = Literal["merchant", "platform"]
MOST_PLACES = 20


class Percentage(Wire):
    """So much of the items' price, before any other discount; at most `most`."""

    type: Literal["percentage"]
    basis_points: Annotated[int, Field(strict=True, ge=1, le=BASIS_POINTS, examples=[1000])]
    most: Annotated[Some | None, Field(description="Minor units; null: whatever it is.")] = None


class AmountOff(Wire):
    """An amount off the items' price, which never falls below zero."""

    type: Literal["amount"]
    amount: Some


class FreeDelivery(Wire):
    """The delivery fee, or `most` of it. Whoever brings it is paid as ever."""

    type: Literal["free_delivery"]
    most: Annotated[Some | None, Field(description="Minor units; null: all of it.")] = None


class ItemAt(Wire):
    """An item that is ordered, at a price or for nothing. Its options cost what they cost."""

    type: Literal["item"]
    item_id: Slug
    price: MenuPrice = 0
    units: Annotated[int, Field(strict=True, ge=1, le=99, examples=[1])] = 1


Benefit = Annotated[
    Percentage | AmountOff | FreeDelivery | ItemAt,
    Field(
        discriminator="type", examples=[{"type": "percentage", "basis_points": 1000, "most": 3000}]
    ),
]


class AtStores(Wire):
    """These stores."""

    type: Literal["stores"]
    store_ids: Annotated[tuple[StoreId, ...], Field(min_length=1, max_length=MOST_PLACES)]


class AtMerchant(Wire):
    """Every store of a merchant."""

    type: Literal["merchant"]
    merchant_id: MerchantId


class InCities(Wire):
    """Every store of these cities."""

    type: Literal["cities"]
    cities: Annotated[
        tuple[City, ...], Field(min_length=1, max_length=MOST_PLACES, examples=[["seoul"]])
    ]


Scope = Annotated[
    AtStores | AtMerchant | InCities,
    Field(discriminator="type", examples=[{"type": "cities", "cities": ["seoul"]}]),
]


class Sponsors(Wire):
    """Who bears what of each discount: basis points that sum to 10 000."""

    platform: Points = BASIS_POINTS
    merchant: Points = 0

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.platform + self.merchant != BASIS_POINTS:
            raise PydanticCustomError("sponsors_not_whole", "the sponsors must sum to 10000")
        return self


class Terms(Wire):
    """What a promotion gives, to whom, when and how often."""

    names: Annotated[Names, Field(examples=[{"ko": "첫 주문 할인", "en": "Welcome"}])]
    benefit: Benefit
    code: Annotated[
        PromotionCode | None, Field(description="Null: it applies by itself wherever it fits.")
    ] = None
    begins: Annotated[Moment | None, Field(description="Null: at once.")] = None
    ends: Annotated[
        Moment | None,
        Field(description="Null: until it is stopped.", examples=["2026-12-31T15:00:00.000Z"]),
    ] = None
    minimum: Annotated[
        Price, Field(description="What the items must cost, before any discount.", examples=[10000])
    ] = 0
    first_order: Annotated[
        bool, Field(description="Only for a customer's first order; given once per customer.")
    ] = False
    per_customer: Annotated[
        Uses | None, Field(description="How often one customer may have it; null: ever again.")
    ] = None
    uses: Annotated[Uses | None, Field(description="How often it is given in all.")] = None
    budget: Annotated[
        Some | None, Field(description="What all its discounts may come to, minor units.")
    ] = None
    group: Annotated[
        Group | None,
        Field(
            description="Of a group one counts, and groups add up; null: it counts alone, or not.",
            examples=["offer"],
        ),
    ] = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.begins and self.ends and self.ends <= self.begins:
            raise PydanticCustomError("ends_before_it_begins", "ends must be after begins")
        return self


class NewStorePromotion(Terms):
    """A promotion of one store, at its own expense."""


class NewPlatformPromotion(Terms):
    """A promotion of the platform's. What a merchant sponsors was agreed with it before."""

    currency: StoreCurrency
    scope: Scope
    sponsors: Sponsors = Sponsors()


class Promotion(Terms):
    """A promotion, whole."""

    id: PromotionId
    made_by: Maker
    currency: StoreCurrency
    scope: Scope
    sponsors: Sponsors
    created_at: Moment

    def runs(self, at: datetime) -> bool:
        """Whether a moment lies within its time."""
        return (self.begins is None or self.begins <= at) and not self.is_over(at)

    def is_over(self, at: datetime) -> bool:
        return self.ends is not None and self.ends <= at


class PromotionView(Promotion):
    """A promotion, and since when it is stopped; null: it is not."""

    stopped_at: Moment | None = None


class PromotionDetail(PromotionView):
    """The same, with what orders have taken of it. What was given up is given back."""

    used: Annotated[int, Field(examples=[17])]
    spent: Money


class OfferedPromotion(Wire):
    """A promotion as customers see it: what it gives, from what on, and until when."""

    id: PromotionId
    names: Annotated[Names, Field(examples=[{"ko": "첫 주문 할인", "en": "Welcome"}])]
    benefit: Benefit
    made_by: Maker
    minimum: Annotated[Price, Field(description="What the items must cost.", examples=[10000])]
    first_order: bool
    per_customer: Uses | None
    group: Annotated[
        Group | None, Field(description="Of a group one counts; null: it counts alone, or not.")
    ]
    ends: Moment | None


class OfferedList(Wire):
    """What counts by itself at a store now, the newest first. The best set is the quote's."""

    items: list[OfferedPromotion]


class PromotionPage(Wire):
    """A page of promotions, newest first."""

    items: list[PromotionView]
    next_cursor: str | None = None


class PromotionQuery(Page):
    """Which promotions to list."""


class Taken(Wire):
    """What an order takes of a promotion, with the limits that it was promised under."""

    promotion_id: str
    amount: Price
    of_delivery: bool = False
    uses: int | None = None
    budget: int | None = None
    per_customer: int | None = None
    first_order: bool = False
