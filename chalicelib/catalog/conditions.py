"""What slows the way to the door in a city: few couriers, bad weather. And the ETA that follows.

One item per city. Dispatch writes the supply when it changes by a step, an operator the weather;
each has an end, so that nothing slows a city for ever. Nearby lists and quotes read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.catalog import offers, rights
from chalicelib.catalog.conditions_schemas import ConditionsQuery, ConditionsView, Weather
from chalicelib.catalog.errors import WeatherOverError
from chalicelib.catalog.models import CityConditions, conditions_key
from chalicelib.catalog.offers import Offer
from chalicelib.catalog.status import DeliveredBy
from chalicelib.core import audit, clock, dynamo, parts
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller

WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Conditions:
    """How long a way takes, in per cent of what it takes usually; and what all stores offer."""

    supply_percent: int = WHOLE
    weather_percent: int = WHOLE
    offers: tuple[Offer, ...] = ()


USUAL: Final = Conditions()


def way_minutes(usual: int, delivered_by: DeliveredBy, conditions: Conditions) -> int:
    """Minutes on the way under conditions, rounded up. Pure.

    Weather slows everybody; want of couriers only those stores whose orders couriers bring.
    """
    supply = conditions.supply_percent if delivered_by is DeliveredBy.PLATFORM else WHOLE
    return -(-usual * supply * conditions.weather_percent // WHOLE**2)


def of_city(city: str) -> Conditions:
    """The conditions of a city at this moment (1 read)."""
    item = dynamo.get(CityConditions, conditions_key(city))
    return _of(item, clock.now()) if item else USUAL


def of_cities(cities: set[str]) -> Mapping[str, Conditions]:
    """The same for each of a few cities (1 read each)."""
    return {city: of_city(city) for city in sorted(cities)}


def supply(city: str, percent: int, until: datetime) -> Part:
    """The part by which dispatch says how its couriers stand, until a moment."""
    return parts.upsert(
        CityConditions(conditions_key(city), dynamo.HEAD),
        [
            CityConditions.supply_percent.set(percent),
            CityConditions.supply_until.set(clock.stamp(until)),
        ],
    )


def set_weather(caller: Caller, wanted: Weather) -> ConditionsView:
    """Slow a city's deliveries until a moment, or no longer (100). Safe to repeat.

    Raises WeatherOverError (400) for a moment that has passed.
    """
    role = rights.CONDITIONS_SET.demand(caller, own=False)
    if wanted.until <= clock.now():
        raise WeatherOverError
    item = CityConditions(conditions_key(wanted.city), dynamo.HEAD)
    parts.commit(
        parts.upsert(
            item,
            [
                CityConditions.weather_percent.set(wanted.percent),
                CityConditions.weather_until.set(clock.stamp(wanted.until)),
                CityConditions.weather_reason.set(wanted.reason),
                CityConditions.weather_set_by.set(caller.acting_as(role)),
            ],
        ),
        audit.entry(
            caller.acting_as(role),
            "conditions.set",
            wanted.city,
            wanted.reason,
            {"percent": wanted.percent},
        ),
    )
    return _view(wanted.city)


def read(caller: Caller, query: ConditionsQuery) -> ConditionsView:
    """The conditions of a city, as an operator sees them."""
    rights.CONDITIONS_READ.demand(caller, own=False)
    return _view(query.city)


def _view(city: str) -> ConditionsView:
    item = dynamo.get(CityConditions, conditions_key(city))
    now = clock.now()
    conditions = _of(item, now) if item else USUAL
    holds = item is not None and _holds(item.weather_until, now)
    return ConditionsView(
        city=city,
        supply_percent=conditions.supply_percent,
        weather_percent=conditions.weather_percent,
        weather_until=clock.parse(item.weather_until) if item and holds else None,
        weather_reason=item.weather_reason if item and holds else None,
    )


def _of(item: CityConditions, now: datetime) -> Conditions:
    supplied, weathered = _holds(item.supply_until, now), _holds(item.weather_until, now)
    return Conditions(
        supply_percent=int(item.supply_percent) if supplied else WHOLE,
        weather_percent=int(item.weather_percent) if weathered else WHOLE,
        offers=offers.read(item.offers),
    )


def _holds(until: str | None, now: datetime) -> bool:
    return until is not None and now < clock.parse(until)
