"""The quarter's streets as a plan to draw and to ride on: invented blocks between real places.

A turned grid is laid over the neighbourhoods of `streets.HOODS`, each crossing moved a little,
some lanes left out: the same plan on every machine. The park is `streets.PARK`.
"""

import itertools
import math
import random
from collections import Counter
from functools import cache
from typing import Any

from sandbox.city.streets import HOODS, METRES_PER_DEGREE, PARK, PLACES

type Json = dict[str, Any]
type Crossing = tuple[int, int]
type Way = tuple[Crossing, Crossing]

WEST, SOUTH, EAST, NORTH = 126.8995, 37.5440, 126.9335, 37.5695
CENTRE = (126.9175, 37.5568)
TURNED = math.radians(-24)
BLOCK, LONG_BLOCK = 115, 150  # metres between two streets, across and along
MAIN = 4  # every fourth street is a wide one
CROOKED = 0.13  # of a block
MISSING = 0.17  # of the lanes
FEWEST_WAYS = 3  # a crossing with no more keeps its lanes
BANK = ((126.8995, 37.5512), (126.9060, 37.5474), (126.9135, 37.5446), (126.9160, 37.5440))
NAMES = {
    "yeonnam": ("연남동", "Yeonnam"),
    "donggyo": ("동교동", "Donggyo"),
    "hongdae": ("홍대", "Hongdae"),
    "sangsu": ("상수동", "Sangsu"),
    "hapjeong": ("합정동", "Hapjeong"),
    "seogyo": ("서교동", "Seogyo"),
    "mangwon": ("망원동", "Mangwon"),
    "seongsan": ("성산동", "Seongsan"),
}


@cache
def plan() -> Json:
    """All that a map shows: [longitude, latitude] throughout; `ways` are pairs of crossings.

    The first `wide` ways are wide streets, the others are lanes.
    """
    draw = random.Random("streets")  # noqa: S311 - a made-up street, no secret
    places = _crossings(draw)
    numbers = {crossing: number for number, crossing in enumerate(places)}
    wide, lanes = _ways(places, draw)
    return {
        "bounds": [WEST, SOUTH, EAST, NORTH],
        "water": [*BANK, (WEST, SOUTH)],
        "park": PARK,
        "hoods": [
            {"at": [hood.lon, hood.lat], "names": dict(zip(("ko", "en"), NAMES[name], strict=True))}
            for name, hood in HOODS.items()
        ],
        "crossings": list(places.values()),
        "ways": [(numbers[one], numbers[other]) for one, other in wide + lanes],
        "wide": len(wide),
    }


def _crossings(draw: random.Random) -> dict[Crossing, tuple[float, float]]:
    """Where streets cross, on dry land and on the sheet."""
    found = {}
    for column in range(-20, 21):
        for row in range(-16, 17):
            x = (column + draw.uniform(-CROOKED, CROOKED)) * BLOCK
            y = (row + draw.uniform(-CROOKED, CROOKED)) * LONG_BLOCK
            place = _place(x, y)
            if WEST <= place[0] <= EAST and SOUTH <= place[1] <= NORTH and not _is_wet(place):
                found[column, row] = place
    return found


def _place(x: float, y: float) -> tuple[float, float]:
    east = x * math.cos(TURNED) - y * math.sin(TURNED)
    north = x * math.sin(TURNED) + y * math.cos(TURNED)
    lat = CENTRE[1] + north / METRES_PER_DEGREE
    lon = CENTRE[0] + east / METRES_PER_DEGREE / math.cos(math.radians(CENTRE[1]))
    return round(lon, PLACES), round(lat, PLACES)


def _is_wet(place: tuple[float, float]) -> bool:
    """Whether a place is on the river's side of its bank."""
    for (west, above), (east, below) in itertools.pairwise(BANK):
        if west <= place[0] <= east:
            return place[1] < above + (below - above) * (place[0] - west) / (east - west)
    return False


def _ways(
    places: dict[Crossing, tuple[float, float]], draw: random.Random
) -> tuple[list[Way], list[Way]]:
    """Wide streets, and the lanes that are left when some are built over."""
    wide: list[Way] = []
    lanes: list[Way] = []
    for column, row in places:
        for ahead, across in (((column + 1, row), row), ((column, row + 1), column)):
            if ahead in places:
                (lanes if across % MAIN else wide).append(((column, row), ahead))
    meeting = Counter(end for way in wide + lanes for end in way)
    kept = []
    for one, other in lanes:
        if min(meeting[one], meeting[other]) > FEWEST_WAYS and draw.random() < MISSING:
            meeting.subtract((one, other))
        else:
            kept.append((one, other))
    return wide, kept
