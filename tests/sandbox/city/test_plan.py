"""The plan of the quarter's streets: one net, on dry land, the same everywhere."""

from collections import defaultdict

from sandbox.city.plan import BANK, NAMES, plan
from sandbox.city.quarter import SEED, quarter
from sandbox.city.streets import HOODS

PLAN = plan()


def test_every_crossing_can_be_reached_from_every_other() -> None:
    ways = defaultdict(set)
    for one, other in PLAN["ways"]:
        ways[one].add(other)
        ways[other].add(one)
    seen, ahead = {0}, [0]
    while ahead:
        new = ways[ahead.pop()] - seen
        seen |= new
        ahead.extend(new)

    assert len(seen) == len(PLAN["crossings"])


def test_everybody_lives_and_cooks_on_the_sheet() -> None:
    west, south, east, north = PLAN["bounds"]
    city = quarter(SEED)
    places = [one.body["location"] for one in city.stores]
    places += [one.drop_off["location"] for one in city.customers]

    for lon, lat in (place["coordinates"] for place in places):
        assert west < lon < east
        assert south < lat < north


def test_nobody_rides_through_the_river() -> None:
    assert min(lat for lon, lat in PLAN["crossings"] if lon < BANK[1][0]) > BANK[1][1]


def test_every_neighbourhood_has_its_name_in_both_languages() -> None:
    assert NAMES.keys() == HOODS.keys()
    assert all(hood["names"]["ko"] and hood["names"]["en"] for hood in PLAN["hoods"])
