"""A merchant's document made into what its store says of itself: hours, ways, areas, kitchen. Pure.

Its name, address and papers are not: an operator has looked at those.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from chalicelib.catalog.schemas import Cuisine, Phone, Store, StorePatch
from chalicelib.catalog.status import DeliveredBy
from chalicelib.catalog.zones import MOST_ZONES, Zone
from chalicelib.integrations.opendelivery import times
from chalicelib.integrations.opendelivery.merchant_schemas import (
    Area,
    BasicInfo,
    Circle,
    Coordinate,
    ItemPrice,
    Merchant,
    Service,
    ServiceArea,
)
from chalicelib.integrations.opendelivery.prices import minor

WAYS = {"DELIVERY": "delivery", "TAKEOUT": "takeaway", "INDOOR": "dine_in"}
METRES_OF_A_DEGREE = 111_320
CORNERS_OF_A_CIRCLE = 24
AT_THE_STORE = 0.001
"""Degrees: a circle around a point as near as that is one around the store."""
UNSAID_WAY = 30
"""Minutes on the way where the document does not say."""
MOST_CUISINES = 5
LONGEST_PREPARATION = 240


@dataclass
class Premises:
    """What came of a document: what is named of the store anew, and notes of what was left out."""

    patch: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def of(merchant: Merchant, store: Store, now: datetime) -> Premises:
    """What a document says of a store. What it does not say, or what does not fit, stays."""
    found = Premises()
    had = [one for one in merchant.services if one.status == "AVAILABLE"]
    ways = sorted({WAYS[one.serviceType] for one in had if one.serviceType})
    if ways:
        found.patch["fulfilment"] = ways
    weekly = [hours for one in had if one.serviceHours for hours in one.serviceHours.weekHours]
    if weekly:
        found.patch["hours"] = times.united(weekly, store.timezone, now)
        found.patch["special_hours"] = _special(had, store.timezone, now)
    if merchant.basicInfo:
        found.patch |= _said(merchant.basicInfo)
    zones = _zones(had, merchant.basicInfo, store, found.notes)
    if zones:
        found.patch["zones"] = zones
    return _fitting(found)


def _fitting(found: Premises) -> Premises:
    """Without what the store itself could not say either."""
    fits = {}
    for name, value in found.patch.items():
        try:
            StorePatch.model_validate({name: value})
            fits[name] = value
        except ValidationError as error:
            found.notes.append(f"{name}: left out, {error.errors()[0]['msg']}")
    return Premises(fits, found.notes)


def _special(services: list[Service], timezone: str, now: datetime) -> list[dict[str, Any]]:
    """Dates that are still to come; of several services the first that is open then."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    days: dict[str, list[dict[str, str]]] = {}
    for service in services:
        for holiday in service.serviceHours.holidayHours if service.serviceHours else ():
            day, span = times.of_date(holiday, timezone)
            if day >= today:
                spans = days.setdefault(day.isoformat(), [])
                spans += [span] if span and not spans else []
    return [{"date": day, "spans": spans} for day, spans in sorted(days.items())]


def _said(info: BasicInfo) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if info.averagePreparationTime is not None:
        whole = math.ceil(info.averagePreparationTime)
        found["preparation_minutes"] = min(whole, LONGEST_PREPARATION)
    words = [one.lower().replace("_", "-") for one in info.merchantCategories]
    cuisines = [one for one in dict.fromkeys(words) if _fits(Cuisine, one)]
    if cuisines:
        found["cuisines"] = cuisines[:MOST_CUISINES]
    number = info.contactPhones.commercialNumber if info.contactPhones else ""
    if _fits(Phone, number):
        found["phone"] = number
    return found


def _fits(kind: Any, value: object) -> bool:  # noqa: ANN401 - an annotated type
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


def _zones(
    services: list[Service], info: BasicInfo | None, store: Store, notes: list[str]
) -> list[dict[str, Any]]:
    """Where the store's own riders bring to. Couriers have areas and fees of their own."""
    brought = [one for one in services if one.serviceType == "DELIVERY"]
    areas = [one.serviceArea for one in brought if one.serviceArea]
    if store.delivered_by is DeliveredBy.PLATFORM or not areas:
        return []
    least = _price(info.minOrderValue if info else None, store.currency) or 0
    found = []
    for shape, place in (pair for area in areas for pair in _shapes(area, store)):
        fee = _price(place.price, store.currency)
        if fee is None:
            notes.append("an area: left out, no price in the store's currency")
            continue
        way = place.estimateDeliveryTime
        zone = {
            "area": shape,
            "fee": fee,
            "minimum": least,
            "eta_minutes": UNSAID_WAY if way is None else min(way, LONGEST_PREPARATION),
        }
        try:
            Zone.model_validate(zone)
            found.append(zone)
        except ValidationError as error:
            notes.append(f"an area: left out, {error.errors()[0]['msg']}")
    if len(found) > MOST_ZONES:
        notes.append(f"areas: the first {MOST_ZONES} are taken in")
    return found[:MOST_ZONES]


def _shapes(area: ServiceArea, store: Store) -> Iterator[tuple[dict[str, Any], Area | Circle]]:
    holes = [_ring(one.geoCoordinates) for one in area.exclusionAreaPolygon]
    for polygon in area.polygon:
        rings = [_ring(polygon.geoCoordinates), *holes]
        yield {"type": "Polygon", "coordinates": rings}, polygon
    if area.geoRadius is None:
        return
    up, aside = area.geoRadius.geoMidpointLatitude, area.geoRadius.geoMidpointLongitude
    longitude, latitude = store.location.coordinates
    near = max(abs(up - latitude), abs(aside - longitude)) < AT_THE_STORE
    for circle in area.geoRadius.radius:
        if near and not holes:
            yield {"type": "Radius", "metres": circle.size}, circle
        else:
            ring = _around(up, aside, circle.size)
            yield {"type": "Polygon", "coordinates": [ring, *holes]}, circle


def _ring(corners: tuple[Coordinate, ...]) -> list[list[float]]:
    """Longitude first, closed, no corner twice in a row."""
    found = [[one.longitude, one.latitude] for one in corners]
    return [*found, found[0]] if found[0] != found[-1] else found


def _around(latitude: float, longitude: float, metres: int) -> list[list[float]]:
    """A circle as a polygon, which has its corners on it."""
    up = metres / METRES_OF_A_DEGREE
    aside = up / math.cos(math.radians(latitude))
    turns = [2 * math.pi * one / CORNERS_OF_A_CIRCLE for one in range(CORNERS_OF_A_CIRCLE)]
    ring = [
        [
            round(longitude + aside * math.cos(turn), 6),
            round(latitude + up * math.sin(turn), 6),
        ]
        for turn in turns
    ]
    return [*ring, ring[0]]


def _price(price: ItemPrice | None, currency: str) -> int | None:
    return minor(price.value, price.currency, currency) if price else None
