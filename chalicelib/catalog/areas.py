"""What is left of a store's zones inside of a box: enough to decide about every point of it.

A circle stays a circle. Of a polygon the edges that meet the box are kept, and whether one place
in the box lies inside: a point lies there too unless an odd number of edges parts the two. So the
S2 library clips its shapes: https://s2geometry.io/devguide/s2shapeindex.html
"""

from collections.abc import Iterator, Sequence
from itertools import batched, pairwise
from typing import Any

from chalicelib.catalog.cells import Box
from chalicelib.catalog.zones import Corner, Point, Radius, Zone, covers, distance

# Nobody draws a corner on these: a line from a point to the place seldom meets one.
PLACE_EAST, PLACE_NORTH = 0.438_213_907, 0.561_790_411
MARGIN = 1.001

type Clipped = dict[str, Any]


def clip(zone: Zone, centre: Point, box: Box) -> Clipped | None:
    """A zone within a box, as JSON; None where it does not reach the box."""
    terms: Clipped = {"fee": zone.fee, "minimum": zone.minimum, "eta": zone.eta_minutes}
    if zone.small_order:
        terms["small"] = [zone.small_order.below, zone.small_order.fee]
    if isinstance(zone.area, Radius):
        away = distance(centre.coordinates, box.nearest(centre.coordinates))
        reached = away <= MARGIN * zone.area.metres + 1
        return {**terms, "metres": zone.area.metres} if reached else None
    edges = [edge for edge in _edges(zone.area.coordinates) if _meets(*edge, box)]
    inside = covers(zone, centre, _place(box))
    if not edges:
        return terms if inside else None
    flat = [number for start, end in edges for number in (*start, *end)]
    return {**terms, "inside": inside, "edges": flat}


def reach(zone: Zone, centre: Point) -> float:
    """Metres from the store to the farthest point of a zone."""
    if isinstance(zone.area, Radius):
        return zone.area.metres
    return max(distance(centre.coordinates, corner) for corner in zone.area.coordinates[0])


def terms_at(clipped: Sequence[Clipped], centre: Corner, box: Box, point: Corner) -> Clipped | None:
    """The terms for a point of the box: of several zones as `zones.covering` chooses."""
    found = [zone for zone in clipped if _holds(zone, centre, box, point)]
    return min(found, key=lambda zone: (zone["fee"], zone["minimum"], zone["eta"]), default=None)


def _holds(zone: Clipped, centre: Corner, box: Box, point: Corner) -> bool:
    if "metres" in zone:
        return distance(centre, point) <= int(zone["metres"])
    if "edges" not in zone:
        return True
    parted = sum(
        _parts(point, _place(box), (edge[0], edge[1]), (edge[2], edge[3]))
        for edge in batched(zone["edges"], 4, strict=True)
    )
    return bool(zone["inside"]) != (parted % 2 == 1)


def _place(box: Box) -> Corner:
    east = box.west + PLACE_EAST * (box.east - box.west)
    return east, box.south + PLACE_NORTH * (box.north - box.south)


def _edges(rings: Sequence[Sequence[Corner]]) -> Iterator[tuple[Corner, Corner]]:
    for ring in rings:
        yield from pairwise(ring)


def _meets(start: Corner, end: Corner, box: Box) -> bool:
    """Whether an edge may meet a box: neither lies wholly beside the other."""
    (x1, y1), (x2, y2) = start, end
    if max(x1, x2) < box.west or min(x1, x2) > box.east:
        return False
    if max(y1, y2) < box.south or min(y1, y2) > box.north:
        return False
    corners = [(x, y) for x in (box.west, box.east) for y in (box.south, box.north)]
    sides = [_side(start, end, corner) for corner in corners]
    return min(sides) <= 0 <= max(sides)


def _parts(one: Corner, other: Corner, start: Corner, end: Corner) -> bool:
    """Whether an edge lies between two points. A corner on their line belongs to one edge only."""
    if (_side(one, other, start) > 0) == (_side(one, other, end) > 0):
        return False
    return (_side(start, end, one) > 0) != (_side(start, end, other) > 0)


def _side(start: Corner, end: Corner, point: Corner) -> float:
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])
