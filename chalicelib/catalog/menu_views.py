"""What is told of a menu and of what it has not at a moment, and how a store says so."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.catalog.menu_schemas import Category, Slug
from chalicelib.catalog.status import Returns, SoldOutReason
from chalicelib.core.money import Currency
from chalicelib.core.schemas import Moment, Wire

MOST_AT_ONCE = 100


class Why(StrEnum):
    """Why something of a menu cannot be had: it ran out, or it is not the time of day for it."""

    SOLD_OUT = "sold_out"
    NOT_NOW = "not_now"


class Dish(Wire):
    """An item of a menu, or one option of it."""

    item_id: Slug
    group_id: Annotated[Slug | None, Field(examples=["toppings"])] = None
    option_id: Annotated[Slug | None, Field(examples=["extra-basil"])] = None

    @model_validator(mode="after")
    def _names_an_option_whole(self) -> Self:
        if (self.group_id is None) != (self.option_id is None):
            raise PydanticCustomError("dish_half_named", "an option needs its group's id too")
        return self

    @property
    def key(self) -> str:
        return f"{self.item_id}/{self.group_id}/{self.option_id}" if self.group_id else self.item_id


class Unavailable(Wire):
    """What cannot be had at this moment: a whole category, an item, or an option of an item."""

    category_id: Annotated[Slug | None, Field(examples=[None])] = None
    item_id: Slug | None = None
    group_id: Annotated[Slug | None, Field(examples=[None])] = None
    option_id: Annotated[Slug | None, Field(examples=[None])] = None
    why: Why
    reason: Annotated[SoldOutReason | None, Field(description="Of what is sold out.")] = None
    until: Annotated[
        Moment | None, Field(description="When it is back by itself; null: nobody knows.")
    ] = None


class AvailabilityView(Wire):
    """What of a store's menu cannot be had at this moment, though the menu has it."""

    store_id: Annotated[str, Field(examples=["sto_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R"])]
    menu_version: Annotated[int, Field(examples=[3])]
    unavailable: tuple[Unavailable, ...]


class SoldOutRequest(Wire):
    """What cannot be had for a while, and when it comes back by itself."""

    things: Annotated[tuple[Dish, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]
    returns: Annotated[
        Returns,
        Field(
            description=(
                "`next_service_day`: at 04:00 in the store's time zone. "
                "`next_opening`: when its hours begin next. `at`: at `until`."
            ),
            examples=["next_service_day"],
        ),
    ] = Returns.NEXT_SERVICE_DAY
    until: Annotated[Moment | None, Field(examples=[None])] = None
    reason: SoldOutReason = SoldOutReason.SOLD_OUT

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if (self.until is not None) != (self.returns is Returns.AT):
            raise PydanticCustomError("until_misplaced", "until goes with returns: at, and only so")
        return self


class BackRequest(Wire):
    """What can be had again."""

    things: Annotated[tuple[Dish, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]


class MenuView(Wire):
    """The menu of a store as of one version, and what of it cannot be had at this moment.

    The version never changes. What is `unavailable` does: the ETag says when either has.
    """

    store_id: Annotated[str, Field(examples=["sto_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R"])]
    version: Annotated[int, Field(examples=[3])]
    published_at: Moment
    currency: Currency
    categories: tuple[Category, ...]
    unavailable: tuple[Unavailable, ...] = ()
