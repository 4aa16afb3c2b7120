"""How long a way takes. The one place to be replaced where roads are known."""

import math
from collections.abc import Mapping

from chalicelib.catalog.zones import Corner, distance
from chalicelib.couriers.status import Vehicle

DETOUR = 1.3
"""How much longer streets are than the straight line."""

SPEEDS: Mapping[Vehicle, float] = {
    Vehicle.BICYCLE: 4.2,
    Vehicle.SCOOTER: 6.9,
    Vehicle.CAR: 6.9,
    Vehicle.FOOT: 1.4,
}
"""Metres per second in a city, stops at lights included."""


def metres(start: Corner, end: Corner) -> int:
    """Whole metres as the crow flies, as offers show them."""
    return round(distance(start, end))


def seconds(vehicle: Vehicle, start: Corner, end: Corner) -> int:
    """Whole seconds of city time from one place to another: the straight line, made longer."""
    return math.ceil(distance(start, end) * DETOUR / SPEEDS[vehicle])
