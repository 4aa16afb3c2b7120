from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from chalicelib.catalog.zones import TRUSTED, Point, Polygon, Zone, covering, distance

HERE = Point(type="Point", coordinates=(126.978, 37.5665))
SQUARE = [[126.9, 37.5], [127.1, 37.5], [127.1, 37.6], [126.9, 37.6], [126.9, 37.5]]
HOLE = [[126.97, 37.56], [126.99, 37.56], [126.99, 37.57], [126.97, 37.57], [126.97, 37.56]]

positions = st.tuples(st.floats(-180, 180, allow_nan=False), st.floats(-90, 90, allow_nan=False))


def zone(area: dict[str, Any], fee: int = 3000, eta: int = 20) -> Zone:
    return TypeAdapter(Zone).validate_python(
        {"area": area, "fee": fee, "minimum": 0, "eta_minutes": eta}
    )


def radius(metres: int) -> dict[str, Any]:
    return {"type": "Radius", "metres": metres}


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        ((0.0, 0.0), (1.0, 0.0), 111_195),
        ((0.0, 0.0), (0.0, 90.0), 10_007_557),
        ((126.978, 37.5665), (129.0756, 35.1796), 325_125),
        ((179.9, 0.0), (-179.9, 0.0), 22_239),
        ((10.0, 50.0), (10.0, 50.0), 0),
    ],
)
def test_distance_agrees_with_known_figures(
    one: tuple[float, float], other: tuple[float, float], metres: int
) -> None:
    assert distance(one, other) == pytest.approx(metres, rel=2e-3, abs=1)


@given(positions, positions)
def test_distance_is_the_same_both_ways_and_never_beyond_half_the_earth(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    metres = distance(one, other)

    assert metres == pytest.approx(distance(other, one))
    assert 0 <= metres <= 20_015_115


def test_a_radius_covers_what_is_near_and_nothing_else() -> None:
    zones = [zone(radius(1000))]

    assert covering(zones, HERE, (126.986, 37.5665)) is zones[0]
    assert covering(zones, HERE, (126.999, 37.5665)) is None


def test_a_polygon_covers_its_inside_but_not_its_hole() -> None:
    zones = [zone(polygon(SQUARE, HOLE))]

    assert covering(zones, HERE, (126.95, 37.55)) is zones[0]
    assert covering(zones, HERE, (126.98, 37.565)) is None
    assert covering(zones, HERE, (127.2, 37.55)) is None


def test_of_several_zones_the_cheapest_counts_then_the_quickest() -> None:
    dear, slow, quick = (
        zone(radius(5000), fee=4000),
        zone(radius(3000), fee=2000, eta=30),
        zone(radius(2000), fee=2000, eta=10),
    )

    assert covering([dear, slow, quick], HERE, HERE.coordinates) is quick
    assert covering([], HERE, HERE.coordinates) is None


@pytest.mark.parametrize(
    ("ring", "code"),
    [
        (SQUARE[:-1], "ring_open"),
        (SQUARE[:2] + SQUARE[:1], "ring_open"),
        ([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]], "ring_crossed"),
        ([SQUARE[0], SQUARE[1], SQUARE[0], SQUARE[2], SQUARE[0]], "ring_crossed"),
        ([SQUARE[0], SQUARE[1], SQUARE[1], SQUARE[2], SQUARE[0]], "ring_crossed"),
        ([[0, 0], [1, 0], [2, 0], [0, 0]], "ring_crossed"),
        ([[0, 0], [4, 0], [4, 4], [2, 0], [0, 4], [0, 0]], "ring_crossed"),
        ([[0, 0], [4, 0], [5, 0], [2, 0], [2, 3], [0, 0]], "ring_crossed"),
        ([*([[126 + n / 1000, 37] for n in range(100)]), [126, 38], [126, 37]], "ring_too_long"),
    ],
)
def test_a_ring_that_is_no_ring_is_refused(ring: list[list[float]], code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Polygon.model_validate(polygon(ring))

    assert [error["type"] for error in refusal.value.errors()] == [code]


def test_a_hole_lies_within_its_ring() -> None:
    outside = [[x + 1, y] for x, y in HOLE]

    with pytest.raises(ValidationError, match="a hole must lie within"):
        Polygon.model_validate(polygon(SQUARE, outside))


def test_what_was_checked_when_it_was_stored_is_not_checked_again() -> None:
    crossed = polygon([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]])

    assert Polygon.model_validate(crossed, context=TRUSTED).type == "Polygon"


@pytest.mark.parametrize(
    "coordinates",
    [
        [181, 0],
        [0, 91],
        [-180.01, 0],
        [float("nan"), 0],
        [float("inf"), 0],
        [1],
        [1, 2, 3],
        ["a", 2],
        None,
    ],
)
def test_a_point_is_a_longitude_and_a_latitude(coordinates: object) -> None:
    with pytest.raises(ValidationError):
        Point.model_validate({"type": "Point", "coordinates": coordinates})


@pytest.mark.parametrize(
    "changes",
    [
        {"fee": -1},
        {"fee": 10**13},
        {"fee": 1.5},
        {"minimum": -1},
        {"eta_minutes": 241},
        {"area": {"type": "Radius", "metres": 0}},
        {"area": {"type": "Circle", "metres": 100}},
        {"area": {"type": "Radius", "metres": 100, "miles": 1}},
        {"surge": 2},
    ],
)
def test_a_zone_with_wrong_figures_is_refused(changes: dict[str, Any]) -> None:
    fields = {"area": radius(1000), "fee": 0, "minimum": 0, "eta_minutes": 5, **changes}

    with pytest.raises(ValidationError):
        Zone.model_validate(fields)
