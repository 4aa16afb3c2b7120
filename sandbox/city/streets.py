"""The ground: neighbourhoods of Mapo-gu around Hongdae and Yeonnam, points in them, addresses.

Positions are GeoJSON: longitude first. Roads and neighbourhoods are real, house numbers are not.
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CITY = "seoul"
METRES_PER_DEGREE = 111_195  # of latitude, on a sphere of the Earth's mean radius
SPREAD_METRES = 230
PLACES = 6  # decimals, about ten centimetres

type Json = dict[str, Any]


@dataclass(frozen=True)
class Hood:
    lon: float
    lat: float
    roads: Sequence[str]


HOODS: Mapping[str, Hood] = {
    "yeonnam": Hood(126.9236, 37.5622, ("동교로", "연남로", "성미산로")),
    "donggyo": Hood(126.9246, 37.5586, ("양화로", "동교로", "월드컵북로2길")),
    "hongdae": Hood(126.9229, 37.5549, ("와우산로", "어울마당로", "홍익로")),
    "sangsu": Hood(126.9224, 37.5492, ("독막로", "와우산로3길", "토정로")),
    "hapjeong": Hood(126.9146, 37.5499, ("양화로6길", "성지길", "독막로3길")),
    "seogyo": Hood(126.9186, 37.5546, ("잔다리로", "동교로12길", "월드컵로3길")),
    "mangwon": Hood(126.9063, 37.5560, ("포은로", "망원로", "월드컵로13길")),
    "seongsan": Hood(126.9139, 37.5621, ("성미산로5길", "월드컵북로", "모래내로")),
}

PARK: Sequence[tuple[float, float]] = (
    (126.9192, 37.5662),
    (126.9168, 37.5606),
    (126.9213, 37.5548),
    (126.9281, 37.5553),
    (126.9299, 37.5612),
    (126.9247, 37.5671),
    (126.9192, 37.5662),
)
"""Along the Gyeongui Line Forest Park, a ring around Yeonnam and Donggyo."""


@dataclass(frozen=True)
class Reach:
    """A zone before its fee is settled: metres around the store, or the ring of the park."""

    metres: int | None
    fee: int
    minimum: int
    eta_minutes: int


REACHES: Mapping[str, Sequence[Reach]] = {
    "near": (Reach(1200, 2000, 12_000, 10), Reach(2200, 3000, 16_000, 18)),
    "wide": (Reach(1500, 2500, 14_000, 12), Reach(3200, 4000, 20_000, 25)),
    "park": (Reach(None, 1500, 10_000, 9), Reach(2000, 3000, 15_000, 18)),
    "shop": (Reach(1000, 1500, 15_000, 10), Reach(2600, 3000, 25_000, 22)),
}


def point(draw: random.Random, hood: str) -> Json:
    """Somewhere in a neighbourhood, evenly over its disc."""
    centre = HOODS[hood]
    angle, distance = draw.uniform(0, math.tau), SPREAD_METRES * math.sqrt(draw.random())
    north = distance * math.sin(angle) / METRES_PER_DEGREE
    east = distance * math.cos(angle) / METRES_PER_DEGREE / math.cos(math.radians(centre.lat))
    coordinates = [round(centre.lon + east, PLACES), round(centre.lat + north, PLACES)]
    return {"type": "Point", "coordinates": coordinates}


def address(draw: random.Random, hood: str) -> str:
    return f"서울 마포구 {draw.choice(HOODS[hood].roads)} {draw.randrange(8, 240)}"


def zones(draw: random.Random, reach: str) -> list[Json]:
    """What a store asks for bringing it, near and far."""
    more = draw.choice((0, 0, 500))
    return [
        {
            "area": _area(one),
            "fee": one.fee + more,
            "minimum": one.minimum,
            "eta_minutes": one.eta_minutes,
        }
        for one in REACHES[reach]
    ]


def _area(reach: Reach) -> Json:
    if reach.metres is None:
        return {"type": "Polygon", "coordinates": [[list(corner) for corner in PARK]]}
    return {"type": "Radius", "metres": reach.metres}
