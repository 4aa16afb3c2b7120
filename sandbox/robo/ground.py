"""The ground that actors move on: straight lines, metres, longitude and latitude."""

import math
from dataclasses import dataclass

from sandbox.city.streets import METRES_PER_DEGREE, PLACES

type Corner = tuple[float, float]
"""Longitude, latitude."""


@dataclass(frozen=True)
class Ground:
    """A plane laid onto the globe at a centre: x metres to the east, y metres to the north.

    Over some ten kilometres its distances are the great circle's to within a thousandth.
    """

    lon: float
    lat: float

    def place(self, x: float, y: float) -> Corner:
        east = METRES_PER_DEGREE * math.cos(math.radians(self.lat))
        lon, lat = self.lon + x / east, self.lat + y / METRES_PER_DEGREE
        return (round(lon, PLACES), round(lat, PLACES))


def metres(one: Corner, other: Corner) -> float:
    """As the crow flies, on the plane that touches the globe between the two."""
    middle = math.radians((one[1] + other[1]) / 2)
    east = (other[0] - one[0]) * math.cos(middle)
    return METRES_PER_DEGREE * math.hypot(east, other[1] - one[1])


def between(one: Corner, other: Corner, part: float) -> Corner:
    """The place on the straight way where this part of it is done, from 0 to 1."""
    done = min(1.0, max(0.0, part))
    lon = one[0] + (other[0] - one[0]) * done
    lat = one[1] + (other[1] - one[1]) * done
    return (round(lon, PLACES), round(lat, PLACES))


def point(corner: Corner) -> dict[str, object]:
    """GeoJSON."""
    return {"type": "Point", "coordinates": list(corner)}
