"""Stores near a point, held against going through all stores one by one."""

import base64
import json
import math
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.catalog import areas, cells, listings, nearby, reading
from chalicelib.catalog.listings import BRINGS, NEAR_METRES, REACH_METRES
from chalicelib.catalog.models import LISTING, CellRow, Listing, StoreHead, store_key
from chalicelib.catalog.nearby_schemas import NearbyQuery, NearbyStore
from chalicelib.catalog.reading import why_closed
from chalicelib.catalog.schemas import Store
from chalicelib.catalog.status import Fulfilment
from chalicelib.catalog.zones import Point, Zone, covering, distance
from chalicelib.core import clock, dynamo, ids, parts
from tests import database
from tests.catalog.shop import ALWAYS_OPEN, SEOUL, Json, Town, item, menu, store
from tests.clocks import StandingClock

LON, LAT = SEOUL
AT = f"lat={LAT}&lon={LON}"
NEVER_OPEN: list[Json] = []
DIETS = ("VEGAN", "HALAL")
TERMS = {"fee": 3000, "minimum": 12000, "eta_minutes": 20}


def radius(metres: int, **changes: int) -> Json:
    return {"area": {"type": "Radius", "metres": metres}, **TERMS, **changes}


def polygon(*corners: tuple[float, float], **changes: int) -> Json:
    ring = [list(corner) for corner in (*corners, corners[0])]
    return {"area": {"type": "Polygon", "coordinates": [ring]}, **TERMS, **changes}


def star(chance: random.Random, centre: tuple[float, float], degrees: float) -> Json:
    """A polygon of many corners around a place, with a hole sometimes."""
    turns = sorted(chance.sample(range(360), chance.randint(3, 24)))
    if max(b - a for a, b in zip(turns, [*turns[1:], turns[0] + 360], strict=True)) >= 150:
        turns = [0, 120, 240]
    ring = []
    for turn in turns:
        far = degrees * chance.uniform(0.3, 1)
        angle = math.radians(turn)
        ring.append([centre[0] + far * math.cos(angle), centre[1] + far * math.sin(angle)])
    rings = [[*ring, ring[0]]]
    if chance.random() < 0.3:
        d = degrees * 0.03
        x, y = centre
        rings.append([[x - d, y - d], [x + d, y - d], [x + d, y + d], [x - d, y - d]])
    return {"area": {"type": "Polygon", "coordinates": rings}, **TERMS}


def laid(made: Store) -> Store:
    """A store in the lists, as a change of it would have put it there."""
    rows = listings.rows(made)
    parts.commit(*listings.listed(store_key(made.id), None, rows))
    return made


def some_store(chance: random.Random) -> Store:
    place = (LON + chance.uniform(-0.15, 0.15), LAT + chance.uniform(-0.15, 0.15))
    zones = []
    for _ in range(chance.randint(0, 3)):
        if chance.random() < 0.5:
            zones.append(radius(chance.choice((300, 2000, 6000, 50_000))))
        else:
            zones.append(star(chance, place, chance.choice((0.01, 0.05, 0.5))))
        zones[-1]["fee"], zones[-1]["eta_minutes"] = chance.randint(0, 5000), chance.randint(0, 90)
    return store(
        id=f"sto_0{chance.getrandbits(80):025d}",
        location={"type": "Point", "coordinates": place},
        zones=zones,
        hours=chance.choice((ALWAYS_OPEN, ALWAYS_OPEN, NEVER_OPEN)),
        fulfilment=chance.sample(("delivery", "takeaway", "dine_in"), chance.randint(1, 3)),
        cuisines=chance.sample(("korean", "pizza", "noodles"), chance.randint(0, 2)),
        price_level=chance.choice((None, 1, 2, 3, 4)),
        rating=chance.choice((None, {"hundredths": chance.randint(100, 500), "count": 3})),
        diets=chance.sample(DIETS, chance.randint(0, 2)),
    )


def some_query(chance: random.Random) -> NearbyQuery:
    def maybe(*values: Any) -> Any:  # noqa: ANN401 - of any field
        return chance.choice((None, None, None, *values))

    return NearbyQuery(
        lat=LAT + chance.uniform(-0.1, 0.1),
        lon=LON + chance.uniform(-0.1, 0.1),
        limit=chance.choice((1, 7, 50)),
        fulfilment=chance.choice(tuple(Fulfilment)),
        cuisine=maybe("korean"),
        diet=maybe("VEGAN"),
        max_price_level=maybe(2),
        min_rating=maybe(300),
        open_now=chance.random() < 0.3,
    )


def pages(query: NearbyQuery) -> Iterator[tuple[NearbyStore, ...]]:
    while True:
        page = nearby.page(query)
        yield page.data
        if page.next_cursor is None:
            return
        query = query.model_copy(update={"cursor": page.next_cursor})


def expected(stores: list[Store], query: NearbyQuery) -> dict[str, tuple[Any, ...]]:
    """What going through all stores finds, with the terms of each."""
    point = (query.lon, query.lat)
    found: dict[str, tuple[Any, ...]] = {}
    for one in stores:
        metres = distance(one.location.coordinates, point)
        zone = covering(one.zones, one.location, point)
        delivery = query.fulfilment is Fulfilment.DELIVERY
        closed = why_closed(one, clock.now())
        if (
            query.fulfilment not in one.fulfilment
            or metres > (REACH_METRES if delivery else NEAR_METRES)
            or (delivery and zone is None)
            or (query.cuisine and query.cuisine not in one.cuisines)
            or (query.diet and query.diet not in one.diets)
            or (query.max_price_level and (one.price_level or 9) > query.max_price_level)
            or (
                query.min_rating
                and (one.rating is None or one.rating.hundredths < query.min_rating)
            )
            or (query.open_now and closed)
        ):
            continue
        terms = (zone.fee, zone.minimum, zone.eta_minutes + 15) if delivery and zone else None
        found[one.id] = (round(metres), terms or (None, None, 15), closed)
    return found


@settings(max_examples=25)
@given(st.integers(0, 2**32))
def test_what_is_near_is_what_going_through_all_stores_finds(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    with database.open_with("test"):
        stores = [laid(some_store(chance)) for _ in range(25)]
        for _ in range(6):
            query = some_query(chance)

            seen = list(pages(query))
            shown = [one for page in seen for one in page]

            told = {
                one.id: (
                    one.distance_metres,
                    (one.delivery_fee, one.minimum, one.eta_minutes),
                    one.closed,
                )
                for one in shown
            }
            assert told == expected(stores, query)
            assert len(told) == len(shown)
            for page in seen:
                order = [(one.closed is not None, one.eta_minutes) for one in page]
                assert order == sorted(order)


@settings(max_examples=100)
@given(st.integers(0, 2**32))
def test_a_clipped_zone_says_of_every_point_of_its_box_what_the_whole_zone_says(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    centre = Point(type="Point", coordinates=(LON, LAT))
    zone = Zone.model_validate_json(json.dumps(star(chance, (LON, LAT), 0.1)))
    cell = cells.at((LON + chance.uniform(-0.1, 0.1), LAT + chance.uniform(-0.1, 0.1)))[-1]
    box = cell.box
    clipped = areas.clip(zone, centre, box)
    for _ in range(50):
        point = chance.uniform(box.west, box.east), chance.uniform(box.south, box.north)

        terms = areas.terms_at([clipped] if clipped else [], centre.coordinates, box, point)

        assert (terms is not None) == (covering([zone], centre, point) is not None)


@settings(max_examples=200)
@given(st.floats(-180, 180), st.floats(-78, 78), st.integers(50, 30_000), st.integers(0, 2**32))
def test_a_cover_holds_every_point_within_reach(
    lon: float, lat: float, metres: int, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    found = cells.cover((lon, lat), metres, 30, lambda _: True)
    names = {cell.name for cell in found}
    for _ in range(20):
        away, angle = metres * chance.random(), chance.uniform(0, 2 * math.pi)
        north = lat + away * math.sin(angle) / 111_195
        east = lon + away * math.cos(angle) / 111_195 / math.cos(math.radians(lat))
        point = ((east + 180) % 360 - 180, north)
        if distance((lon, lat), point) > metres:
            continue

        assert names & {cell.name for cell in cells.at(point)}
    assert len(found) <= 30
    assert len({cell.level for cell in found}) == 1


def ids_of(answer: Any) -> list[str]:  # noqa: ANN401 - a page
    return [one["id"] for one in answer.json_body["data"]]


def test_a_store_that_brings_here_is_found_with_its_terms(town: Town) -> None:
    store_id = town.live(cuisines=["pizza"], price_level=2)

    answer = town.stranger.get(f"/v1/stores/nearby?{AT}")

    [found] = answer.json_body["data"]
    assert answer.status_code == 200
    assert found["id"] == store_id
    assert found["distance_metres"] == 0
    assert found["eta_minutes"] == 35
    assert (found["delivery_fee"], found["minimum"]) == (3000, 12000)
    assert found["cuisines"] == ["pizza"]
    assert found["rating"] is None
    assert found["closed"] is None


def test_a_store_is_in_the_list_from_its_approval_until_it_is_suspended(town: Town) -> None:
    store_id = town.draft()
    path = f"/v1/stores/nearby?{AT}"

    assert town.owner.put(f"/v1/stores/{store_id}/menu", menu()).status_code == 200
    assert ids_of(town.stranger.get(path)) == []
    town.review(store_id, "approve")
    assert ids_of(town.stranger.get(path)) == [store_id]
    town.review(store_id, "suspend")
    assert ids_of(town.stranger.get(path)) == []
    assert not [row for row in database.rows("test-catalog") if row["pk"].startswith("CELL#")]


def test_a_store_that_moves_is_found_in_its_new_place_only(town: Town) -> None:
    store_id = town.live()
    there = {"type": "Point", "coordinates": [LON + 0.5, LAT]}

    town.owner.patch(f"/v1/stores/{store_id}", {"location": there})

    assert ids_of(town.stranger.get(f"/v1/stores/nearby?{AT}")) == []
    moved = town.stranger.get(f"/v1/stores/nearby?lat={LAT}&lon={LON + 0.5}")
    assert ids_of(moved) == [store_id]


def test_a_paused_store_comes_after_the_open_ones_and_says_when_it_opens(
    town: Town, clock_at: StandingClock
) -> None:
    assert clock_at
    quick, slow = town.live(preparation_minutes=5), town.live(preparation_minutes=30)
    until = clock.stamp(clock.after(3600))

    town.owner.post(f"/v1/stores/{quick}/pause", {"reason": "busy", "until": until})

    found = town.stranger.get(f"/v1/stores/nearby?{AT}").json_body["data"]
    assert [one["id"] for one in found] == [slow, quick]
    assert found[1]["closed"]["opens_at"] == until
    open_now = town.stranger.get(f"/v1/stores/nearby?{AT}&open_now=true")
    assert ids_of(open_now) == [slow]


def test_a_holiday_a_rush_and_a_busy_hour_are_in_the_list(
    town: Town, clock_at: StandingClock
) -> None:
    today = clock.stamp(clock.now())[:10]
    holiday = [{"date": today, "spans": [], "reason": "Founding day"}]
    shut = town.live(special_hours=holiday)
    busy = town.live(preparation_rules=[{"minutes": 10}])
    rush = {"minutes": 20, "until": clock.stamp(clock.after(3600))}
    assert town.owner.post(f"/v1/stores/{busy}/rush", rush).status_code == 200

    found = town.stranger.get(f"/v1/stores/nearby?{AT}").json_body["data"]

    assert [(one["id"], one["eta_minutes"]) for one in found] == [(busy, 65), (shut, 35)]
    assert found[1]["closed"]["reason"] == "Founding day"
    clock_at.move(3600)
    [later, _] = town.stranger.get(f"/v1/stores/nearby?{AT}").json_body["data"]
    assert later["eta_minutes"] == 45


def in_turn(count: int, hours: list[Json]) -> list[str]:
    """Stores of the same place, each slower than the one before. Their ids."""
    return [
        laid(store(id=f"sto_0{number:025d}", hours=hours, preparation_minutes=number)).id
        for number in range(count)
    ]


def test_at_night_the_first_page_is_full_of_what_is_closed() -> None:
    stores = in_turn(70, NEVER_OPEN)
    query = NearbyQuery(lat=LAT, lon=LON, limit=20)

    seen = [[one.id for one in page] for page in pages(query)]

    assert seen[0] == stores[:20]
    assert [one for page in seen for one in page] == stores


def test_the_open_ones_come_first_though_they_are_slow() -> None:
    closed = in_turn(40, NEVER_OPEN)
    opened = laid(store(id=ids.new("sto"), preparation_minutes=45)).id

    [first, *_] = pages(NearbyQuery(lat=LAT, lon=LON, limit=20))

    assert [one.id for one in first] == [opened, *closed[:19]]


def test_one_that_is_open_behind_many_that_are_closed_is_shown_in_its_turn() -> None:
    closed = in_turn(70, NEVER_OPEN)
    opened = laid(store(id=ids.new("sto"), preparation_minutes=100)).id
    query = NearbyQuery(lat=LAT, lon=LON, limit=20)

    everything = [one.id for page in pages(query) for one in page]
    only_open = [
        one.id for page in pages(query.model_copy(update={"open_now": True})) for one in page
    ]

    assert everything[:20] == closed[:20]
    assert sorted(everything) == sorted([*closed, opened])
    assert only_open == [opened]


def test_a_diet_is_found_once_the_menu_has_something_for_it(town: Town) -> None:
    store_id = town.older()
    path = f"/v1/stores/nearby?{AT}&diet=VEGETARIAN"
    assert ids_of(town.stranger.get(path)) == []

    assert town.owner.put(f"/v1/stores/{store_id}/menu", menu()).status_code == 200

    assert ids_of(town.stranger.get(path)) == [store_id]


def test_a_store_of_an_older_release_is_listed_with_its_next_change(town: Town) -> None:
    """Before this release there were no rows, and no note of them."""
    store_id = town.live()
    for row in database.raw("test-catalog"):
        if row["pk"]["S"].startswith("CELL#") or row["sk"]["S"] == LISTING:
            database.remove("test-catalog", {"pk": row["pk"], "sk": row["sk"]})
    assert ids_of(town.stranger.get(f"/v1/stores/nearby?{AT}")) == []

    terms = {"commission_basis_points": 900, "confirm_seconds": 300, "reason": "Agreed."}
    town.operator.put(f"/v1/stores/{store_id}/terms", terms)

    assert ids_of(town.stranger.get(f"/v1/stores/nearby?{AT}")) == [store_id]


def test_an_operator_lists_the_stores_of_an_older_release_anew(town: Town) -> None:
    """They have no rows, and no note of what their menu suits."""
    store_id = town.live()
    town.owner.put(f"/v1/stores/{store_id}/menu", menu(item(diets=["VEGAN"])))
    for row in database.raw("test-catalog"):
        if row["pk"]["S"].startswith("CELL#") or row["sk"]["S"] == LISTING:
            database.remove("test-catalog", {"pk": row["pk"], "sk": row["sk"]})
    StoreHead(store_key(store_id), dynamo.HEAD).update([StoreHead.menu_diets.remove()])

    answers = [town.operator.post("/v1/stores/relist?city=seoul") for _ in range(2)]

    assert [answer.json_body["count"] for answer in answers] == [1, 1]
    assert ids_of(town.stranger.get(f"/v1/stores/nearby?{AT}&diet=VEGAN")) == [store_id]


def test_a_change_that_no_list_shows_writes_no_rows(town: Town) -> None:
    store_id = town.live()
    before = {row["pk"]: row["tx"] for row in database.rows("test-catalog")
              if row["pk"].startswith("CELL#")}  # fmt: skip

    town.owner.patch(f"/v1/stores/{store_id}", {"phone": "+8225550199"})

    after = {row["pk"]: row["tx"] for row in database.rows("test-catalog")
             if row["pk"].startswith("CELL#")}  # fmt: skip
    assert before == after


def test_a_store_stands_in_a_bounded_number_of_lists() -> None:
    far = [radius(50_000), polygon((100, 0), (179, 0), (179, 80), (100, 80))]
    for lat in (0, 37.5, 60, 70, 78):
        here = {"type": "Point", "coordinates": [126.0, lat]}

        rows = listings.rows(store(location=here, zones=far))

        assert len(rows) <= listings.MOST_BRINGS + listings.MOST_NEAR
        assert sum(key.startswith(f"CELL#{BRINGS}") for key, _ in rows) > 1


def test_a_row_of_a_newer_release_is_read(town: Town) -> None:
    store_id = town.live()
    for row in database.rows("test-catalog"):
        if row["pk"].startswith("CELL#"):
            card = json.dumps({**json.loads(row["card"]), "surprise": 1})
            CellRow(row["pk"], row["sk"], card=card).save()

    assert ids_of(town.stranger.get(f"/v1/stores/nearby?{AT}")) == [store_id]


def test_listing_anew_takes_away_what_a_store_no_longer_reaches() -> None:
    made = laid(store(id=ids.new("sto")))
    listing = dynamo.get(Listing, store_key(made.id), LISTING)

    parts.commit(*listings.listed(store_key(made.id), listing, {}))

    assert not [row for row in database.rows("test-catalog") if row["pk"].startswith("CELL#")]


def encoded(told: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


HERE = cells.at((LON, LAT))[-1].name
GOOD = {"cell": HERE, "at": "2026-11-22T12:00:00.000Z", "after": "", "ended": ""}


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!!!!",
        encoded([]),
        encoded({}),
        encoded({**GOOD, "cell": "13/1/1"}),
        encoded({**GOOD, "at": 1}),
        encoded({**GOOD, "at": "2026-99-22T12:00:00.000Z"}),
        encoded({**GOOD, "after": "x"}),
        encoded({**GOOD, "ended": 1}),
        encoded({**GOOD, "ended": "x"}),
    ],
)
def test_a_cursor_that_was_not_given_for_this_place_is_refused(town: Town, cursor: str) -> None:
    answer = town.stranger.get(f"/v1/stores/nearby?{AT}&cursor={cursor}")

    assert (answer.status_code, answer.json_body["code"]) == (400, "cursor_unknown")


@pytest.mark.parametrize(
    "query",
    ["", "lat=1", "lat=91&lon=0", "lat=0&lon=181", "lat=nan&lon=0", f"{AT}&limit=51",
     f"{AT}&diet=AIR", f"{AT}&min_rating=4.5", f"{AT}&city=seoul", f"{AT}&max_price_level=0"],
)  # fmt: skip
def test_a_list_is_asked_for_within_limits(town: Town, query: str) -> None:
    assert town.stranger.get(f"/v1/stores/nearby?{query}").status_code == 400


def test_a_list_knows_holidays_slow_hours_and_a_rush(town: Town, clock_at: StandingClock) -> None:
    holiday = {"date": "2026-11-23", "spans": [{"opens": "18:00", "closes": "22:00"}]}
    slow = {"minutes": 7, "begins": "20:00", "ends": "22:00"}
    many = {"minutes": 30, "items": 5}
    store_id = town.live(
        zones=[radius(3000)], preparation_minutes=10,
        special_hours=[holiday], preparation_rules=[slow, many],
    )  # fmt: skip
    rush = {"minutes": 20, "until": clock.stamp(clock.after(3600))}
    assert town.owner.post(f"/v1/stores/{store_id}/rush", rush).status_code == 200

    def listed() -> Any:  # noqa: ANN401 - any JSON
        return town.stranger.get(f"/v1/stores/nearby?{AT}").json_body["data"][0]

    assert listed()["eta_minutes"] == 10 + 7 + 20 + 20
    clock_at.move(3600)
    assert listed()["eta_minutes"] == 10 + 20
    clock_at.move(4 * 3600)
    assert listed()["closed"]["opens_at"] == "2026-11-23T09:00:00.000Z"


def rows_held() -> dict[tuple[str, str], str]:
    return {
        (row["pk"], row["sk"]): row["card"]
        for row in database.rows("test-catalog")
        if row["pk"].startswith("CELL#")
    }


@pytest.mark.parametrize("seed", range(6))
def test_after_any_changes_the_rows_are_those_of_the_store_as_it_stands(
    town: Town, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    store_id = town.live()
    path = f"/v1/stores/{store_id}"
    for _ in range(12):
        [chance.choice((
            lambda: town.owner.patch(path, {"zones": [radius(chance.randint(50, 50_000))]}),
            lambda: town.owner.patch(path, {"zones": [star(chance, (LON, LAT), 0.05)]}),
            lambda: town.owner.patch(path, {"preparation_minutes": chance.randint(0, 60)}),
            lambda: town.owner.patch(path, {"fulfilment": [chance.choice(tuple(Fulfilment))]}),
            lambda: town.owner.patch(path, {"location": {"type": "Point", "coordinates": [
                LON + chance.uniform(-1, 1), LAT]}}),
            lambda: town.owner.post(f"{path}/pause", {"reason": "busy"}),
            lambda: town.owner.post(f"{path}/resume"),
            lambda: town.review(store_id, "suspend"),
            lambda: town.review(store_id, "approve"),
        ))()]  # fmt: skip

        now = reading.store(store_id)
        assert now is not None
        assert rows_held() == listings.rows(now)


def test_of_two_changes_at_once_both_are_in_the_rows(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second comes between the reading and the writing of the first."""
    store_id = town.live()
    real, path = parts.commit, f"/v1/stores/{store_id}"

    def overtaken(*made: parts.Part) -> None:
        monkeypatch.setattr(parts, "commit", real)
        assert town.owner.patch(path, {"zones": [radius(5000)]}).status_code == 200
        real(*made)

    monkeypatch.setattr(parts, "commit", overtaken)
    assert town.owner.patch(path, {"preparation_minutes": 40}).status_code == 200

    now = reading.store(store_id)
    assert now is not None
    assert (now.preparation_minutes, len(now.zones)) == (40, 1)
    assert rows_held() == listings.rows(now)
