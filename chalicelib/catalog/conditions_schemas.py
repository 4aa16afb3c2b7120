"""What slows a city's deliveries, as operators say and see it."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from chalicelib.catalog.schemas import City
from chalicelib.core.schemas import Moment, Wire

Percent = Annotated[
    int,
    Field(
        strict=True,
        ge=100,
        le=300,
        description="Minutes on the way, in per cent of the usual.",
        examples=[130],
    ),
]


class WeatherReason(StrEnum):
    """Why deliveries take longer."""

    RAIN = "rain"
    SNOW = "snow"
    HEAT = "heat"
    EVENT = "event"
    OTHER = "other"


class Weather(Wire):
    """Slower ways in a city until a moment; 100 ends it."""

    city: City
    percent: Percent
    until: Moment
    reason: Annotated[WeatherReason, Field(examples=["rain"])]


class ConditionsQuery(Wire):
    city: City


class ConditionsView(Wire):
    """What slows a city's deliveries now. Both multiply; supply counts where couriers bring."""

    city: City
    supply_percent: Percent
    weather_percent: Percent
    weather_until: Moment | None
    weather_reason: WeatherReason | None
