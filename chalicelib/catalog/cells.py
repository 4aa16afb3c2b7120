"""The Earth in squares of degrees, each divided into four: a geohash in base 4.

A square lies in exactly one of each coarser level, so that a point is looked up in one square per
level. See docs/decisions/discovery.md, also for why it is not H3.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.catalog.zones import Corner, distance

LEVELS: Final = (9, 11, 13)
"""Squares of 39, 9.8 and 2.4 km from south to north; from west to east as the latitude has it."""
FINEST = 16
LOOKED_AT = 8
METRES_OF_DEGREE = 111_195.1


@dataclass(frozen=True, slots=True)
class Box:
    """What lies between two meridians and two parallels, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def centre(self) -> Corner:
        return (self.west + self.east) / 2, (self.south + self.north) / 2

    def nearest(self, point: Corner) -> Corner:
        """The place in the box that is nearest to a point, within what latitudes are wide."""
        lon = min(max(point[0], self.west), self.east)
        return lon, min(max(point[1], self.south), self.north)


@dataclass(frozen=True, slots=True)
class Cell:
    """A square. Its column may lie beyond the date line: its name does not."""

    level: int
    column: int
    row: int

    @property
    def name(self) -> str:
        return f"{self.level}/{self.column % 2 ** (self.level + 1)}/{self.row}"

    @property
    def box(self) -> Box:
        size = _size(self.level)
        west, south = self.column * size - 180, self.row * size - 90
        return Box(west, south, west + size, south + size)


def along(point: Corner) -> str:
    """Where a point lies on a curve through all squares of 300 m: what is near there is near here.

    Mostly: the curve jumps where squares of a coarser level meet (G. M. Morton, 1966).
    """
    cell = _cell(FINEST, point)
    return "".join(
        str((cell.row >> bit & 1) * 2 + (cell.column >> bit & 1)) for bit in range(FINEST, -1, -1)
    )


def at(point: Corner) -> list[Cell]:
    """The squares that a point (longitude, latitude) lies in, one of each level."""
    return [_cell(level, point) for level in LEVELS]


def cover(centre: Corner, metres: float, most: int, touches: Callable[[Box], bool]) -> list[Cell]:
    """Squares of one level that hold everything within a distance that an area touches.

    The finest level that needs no more than so many; of too many coarse ones, the nearest.
    """
    for level in reversed(LEVELS):
        if _count(level, centre, metres) <= LOOKED_AT * most or level == LEVELS[0]:
            found = [cell for cell in _around(level, centre, metres) if touches(cell.box)]
            if len(found) <= most:
                return found
    return sorted(found, key=lambda cell: distance(centre, cell.box.centre))[:most]


def _size(level: int) -> float:
    return 180 / (1 << level)


def _cell(level: int, point: Corner) -> Cell:
    size = _size(level)
    row = min(math.floor((point[1] + 90) / size), 2**level - 1)
    return Cell(level, math.floor((point[0] + 180) / size), row)


def _count(level: int, centre: Corner, metres: float) -> int:
    columns, rows = _ranges(level, centre, metres)
    return len(columns) * len(rows)


def _around(level: int, centre: Corner, metres: float) -> Iterator[Cell]:
    columns, rows = _ranges(level, centre, metres)
    for row in rows:
        for column in columns:
            cell = Cell(level, column, row)
            if distance(centre, cell.box.nearest(centre)) <= 1.01 * metres + 1:
                yield cell


def _ranges(level: int, centre: Corner, metres: float) -> Sequence[range]:
    """Columns and rows of all squares within a distance, and a few more. Poles are all columns."""
    high = 1.01 * metres / METRES_OF_DEGREE
    farthest = min(abs(centre[1]) + high, 89.9)
    wide = min(high / math.cos(math.radians(farthest)), 179.0)
    south, north = max(centre[1] - high, -90.0), min(centre[1] + high, 90.0)
    low, top = _cell(level, (centre[0] - wide, south)), _cell(level, (centre[0] + wide, north))
    return range(low.column, top.column + 1), range(low.row, top.row + 1)
