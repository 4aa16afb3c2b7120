"""Cities, as they cross the border."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.catalog.hours import TimeZone
from chalicelib.catalog.menu_schemas import Names, Slug
from chalicelib.catalog.schemas import City, StoreCurrency
from chalicelib.catalog.zones import Latitude, Longitude, Polygon
from chalicelib.core.money import Price
from chalicelib.core.schemas import Reason, Wire

MOST_ZONES = 50


class Bounds(Wire):
    """A box on the map, in degrees (WGS 84). It does not cross the 180th meridian."""

    west: Annotated[Longitude, Field(examples=[126.76])]
    south: Annotated[Latitude, Field(examples=[37.42])]
    east: Annotated[Longitude, Field(examples=[127.19])]
    north: Annotated[Latitude, Field(examples=[37.71])]

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        if self.west >= self.east or self.south >= self.north:
            raise PydanticCustomError("bounds_empty", "west of east, and south of north")
        return self

    def hold(self, longitude: float, latitude: float) -> bool:
        """Whether a point lies within, or on the edge."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


class FeeRule(Wire):
    """What may be asked for bringing an order, where couriers of the platform bring it."""

    least: Annotated[
        Price, Field(description="A delivery fee is at least this, minor units.", examples=[2000])
    ]
    most: Annotated[Price, Field(description="And at most this.", examples=[5000])]
    most_minimum: Annotated[
        Price | None,
        Field(description="No store's smallest order is dearer; null: any is.", examples=[15000]),
    ] = None

    @model_validator(mode="after")
    def _leaves_room(self) -> Self:
        if self.least > self.most:
            raise PydanticCustomError("fees_empty", "least is at most most")
        return self


class CityZone(Wire):
    """A part of a city, and what its stores may ask for bringing an order."""

    id: Slug
    names: Annotated[Names, Field(examples=[{"ko": "마포", "en": "Mapo"}])]
    area: Polygon
    fees: FeeRule


class CityDetails(Wire):
    """What a city is: its stores have its time zone and currency, and lie within its bounds."""

    names: Annotated[Names, Field(examples=[{"ko": "서울", "en": "Seoul"}])]
    timezone: TimeZone
    currency: StoreCurrency
    languages: Annotated[
        tuple[Literal["ko", "en"], ...],
        Field(min_length=1, max_length=5, description="The usual one first.", examples=[["ko"]]),
    ]
    bounds: Bounds
    zones: Annotated[
        tuple[CityZone, ...],
        Field(
            max_length=MOST_ZONES,
            description="Where a store lies in several the first counts; in none, no rule does.",
            examples=[[]],
        ),
    ] = ()


class NewCity(CityDetails):
    """A city, and why it is opened or changed."""

    reason: Reason


class CityView(CityDetails):
    """A city in which there may be stores."""

    city: City
    version: Annotated[int, Field(examples=[1])]


class CityList(Wire):
    """Every city, by its name in addresses."""

    items: list[CityView]
