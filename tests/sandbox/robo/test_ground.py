"""Straight lines on the ground."""

import pytest

from chalicelib.catalog import zones
from sandbox.robo.ground import Ground, between, metres, point

SEOUL = Ground(126.98, 37.55)


@pytest.mark.parametrize(("x", "y"), [(0, 0), (3_000, 4_000), (-9_000, 200), (6_000, -8_000)])
def test_the_plane_keeps_distances_to_within_a_thousandth(x: float, y: float) -> None:
    straight = (x**2 + y**2) ** 0.5

    found = zones.distance(SEOUL.place(0, 0), SEOUL.place(x, y))

    assert found == pytest.approx(straight, rel=1e-3, abs=0.2)


def test_metres_agree_with_the_products_own_distance() -> None:
    one, other = SEOUL.place(-2_000, 500), SEOUL.place(1_500, 2_500)

    assert metres(one, other) == pytest.approx(zones.distance(one, other), rel=1e-3)


def test_half_way_is_in_the_middle_and_nobody_rides_past_the_end() -> None:
    start, end = (126.0, 37.0), (127.0, 38.0)

    assert between(start, end, 0.5) == (126.5, 37.5)
    assert between(start, end, 1.7) == end
    assert between(start, end, -1) == start


def test_a_point_is_geojson_with_longitude_first() -> None:
    assert point((126.9, 37.5)) == {"type": "Point", "coordinates": [126.9, 37.5]}
