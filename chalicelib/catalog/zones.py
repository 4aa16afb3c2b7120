"""Where a store delivers, and for how much. Positions are GeoJSON: longitude first (RFC 7946)."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from chalicelib.core.money import Price
from chalicelib.core.schemas import Wire

EARTH_METRES = 6_371_008.8
MOST_POINTS = 100
FEWEST_POINTS = 4
MOST_ZONES = 10
# The context of what was checked when it was stored: checking rings again would cost every read.
TRUSTED = {"trusted": True}

Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, examples=[126.978])]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, examples=[37.5665])]
type Position = tuple[Longitude, Latitude]
type Corner = tuple[float, float]


class Point(Wire):
    """A GeoJSON Point: longitude, then latitude, in degrees (WGS 84)."""

    type: Literal["Point"]
    coordinates: Annotated[tuple[Longitude, Latitude], Field(examples=[[126.978, 37.5665]])]


class Radius(Wire):
    """Everything within a distance of the store, as the crow flies."""

    type: Literal["Radius"]
    metres: Annotated[
        int, Field(strict=True, ge=50, le=50_000, description="Metres.", examples=[3000])
    ]


def _valid_rings(
    rings: tuple[tuple[Position, ...], ...], info: ValidationInfo
) -> tuple[tuple[Position, ...], ...]:
    if info.context is TRUSTED:
        return rings
    if sum(map(len, rings)) > MOST_POINTS:
        raise PydanticCustomError("ring_too_long", "a polygon has at most 100 points")
    for ring in rings:
        if len(ring) < FEWEST_POINTS or ring[0] != ring[-1]:
            raise PydanticCustomError(
                "ring_open", "a ring has four points or more, and the last is the first"
            )
        if _crosses_itself(ring):
            raise PydanticCustomError("ring_crossed", "a ring must not touch or cross itself")
    outer, *holes = rings
    if any(not _inside(outer, corner) for hole in holes for corner in hole):
        raise PydanticCustomError("hole_outside", "a hole must lie within the outer ring")
    return rings


class Polygon(Wire):
    """A GeoJSON Polygon: an outer ring, then holes. Edges are straight in degrees."""

    type: Literal["Polygon"]
    coordinates: Annotated[
        tuple[tuple[Position, ...], ...],
        Field(
            min_length=1,
            max_length=5,
            description="Rings of positions, closed, at most 100 points in all.",
            examples=[[[[126.9, 37.5], [127.1, 37.5], [127.1, 37.6], [126.9, 37.5]]]],
        ),
        AfterValidator(_valid_rings),
    ]


class SmallOrder(Wire):
    """A fee for small orders: what its items cost less than `below` pays it, to the store."""

    below: Annotated[
        Price, Field(description="What costs less is small, minor units.", examples=[15000])
    ]
    fee: Annotated[Price, Field(description="Minor units, taxed as the store is.", examples=[1000])]


class Zone(Wire):
    """An area that a store delivers to, with what that costs and how long the way takes.

    What costs less than `minimum` is not brought at all; between that and `small_order.below` it
    is brought for a fee more.
    """

    area: Annotated[
        Radius | Polygon,
        Field(discriminator="type", examples=[{"type": "Radius", "metres": 3000}]),
    ]
    fee: Annotated[
        Price, Field(description="Delivery fee in minor units of the currency.", examples=[3000])
    ]
    minimum: Annotated[Price, Field(description="Smallest order in minor units.", examples=[12000])]
    eta_minutes: Annotated[
        int,
        Field(strict=True, ge=0, le=240, description="Minutes on the way.", examples=[20]),
    ]
    small_order: Annotated[
        SmallOrder | None, Field(description="Null: no order pays for being small.")
    ] = None


Zones = Annotated[
    tuple[Zone, ...],
    Field(max_length=MOST_ZONES, description="Where it delivers. Of several, the cheapest counts."),
]


def covering(zones: Sequence[Zone], centre: Point, position: Corner) -> Zone | None:
    """The zone of a store at `centre` that a position (longitude, latitude) lies in.

    Of several: the cheapest, then the lowest minimum, then the quickest.
    """
    found = [zone for zone in zones if covers(zone, centre, position)]
    return min(found, key=lambda zone: (zone.fee, zone.minimum, zone.eta_minutes), default=None)


def covers(zone: Zone, centre: Point, position: Corner) -> bool:
    if isinstance(zone.area, Radius):
        return distance(centre.coordinates, position) <= zone.area.metres
    return within(zone.area, position)


def within(area: Polygon, position: Corner) -> bool:
    """Whether a position (longitude, latitude) lies in a polygon, and in none of its holes."""
    # Even-odd over all rings: what lies in a hole is counted twice, and so is outside.
    return sum(_inside(ring, position) for ring in area.coordinates) % 2 == 1


def distance(one: Corner, other: Corner) -> float:
    """Metres as the crow flies, by the haversine formula on a sphere of the Earth's mean radius.

    Source: R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (2), 1984, p. 159;
    the radius is R1 of GRS 80 (Moritz, 2000). Up to 0.5 % off, since the Earth is no sphere.
    """
    lat_one, lat_other = math.radians(one[1]), math.radians(other[1])
    half_lat = (lat_other - lat_one) / 2
    half_lon = math.radians(other[0] - one[0]) / 2
    haversine = (
        math.sin(half_lat) ** 2 + math.cos(lat_one) * math.cos(lat_other) * math.sin(half_lon) ** 2
    )
    return 2 * EARTH_METRES * math.asin(math.sqrt(min(1.0, haversine)))


def _inside(ring: Sequence[Corner], corner: Corner) -> bool:
    """Ray casting, after W. R. Franklin.

    https://wrfranklin.org/Research/Short_Notes/pnpoly.html
    """
    x, y = corner
    crossings = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1


def _crosses_itself(ring: Sequence[Corner]) -> bool:
    edges = list(pairwise(ring))
    if any(start == end for start, end in edges):
        return True
    for number, edge in enumerate(edges):
        for other_number in range(number + 1, len(edges)):
            next_to = other_number - number in {1, len(edges) - 1}
            if _touch(edge, edges[other_number], next_to=next_to):
                return True
    return False


def _touch(one: tuple[Corner, Corner], other: tuple[Corner, Corner], *, next_to: bool) -> bool:
    """Whether two edges share a point; neighbours: more than the corner they must share."""
    (a, b), (c, d) = one, other
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if next_to:
        shared, far_one, far_other = (b, a, d) if b == c else (a, b, c)
        folded = _turn(shared, far_one, far_other) == 0
        return folded and _ahead(shared, far_one, far_other)
    if turns[0] != turns[1] and turns[2] != turns[3]:
        return True
    ends = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(turn == 0 and _between(*end) for turn, end in zip(turns, ends, strict=True))


def _turn(a: Corner, b: Corner, c: Corner) -> int:
    """1 where a-b-c turns left, -1 where it turns right, 0 where it goes straight."""
    cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (cross > 0) - (cross < 0)


def _ahead(origin: Corner, one: Corner, other: Corner) -> bool:
    """Whether two points lie in the same direction from a third on their line."""
    along = (one[0] - origin[0]) * (other[0] - origin[0])
    return along + (one[1] - origin[1]) * (other[1] - origin[1]) > 0


def _between(a: Corner, b: Corner, c: Corner) -> bool:
    """Whether c, on the line through a and b, lies between them."""
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
