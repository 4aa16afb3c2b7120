"""What a diner's five questions cost in cities of 100, 1,000 and 10,000 stores.

A city grows in area and in density, as cities do: 100 stores on 38 square kilometres, 10,000 on
610, which is Seoul. Its stores lie as chance has it, and are written as the product writes them;
whoever asks stands in the middle, where it is densest.
"""

import json
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bench import town
from bench.meter import Invocation
from bench.town import Town
from chalicelib.catalog import indexing, listings
from chalicelib.catalog.menu_schemas import Menu
from chalicelib.catalog.schemas import Store, StoreDetails, StoreOrigin
from chalicelib.core import clock, ids
from chalicelib.core.dynamo import HEAD, SHARDS
from chalicelib.core.settings import settings
from chalicelib.orders import stopping
from tests import database, shopfront

SIZES = (100, 1_000, 10_000)
TOLERANCE = 0.1
PLACING_IN_A_ROW, PLACING_STRIPE = 3, 1
SMALLEST_RADIUS_METRES = 3_500
GROWTH = 0.3
"""The radius grows with this power of the number of stores; 0.5 would keep the density."""
METRES_OF_DEGREE = 111_195
HERE = (126.9236, 37.5621)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MERCHANT = "mer_00000000000000000000000000"
CUISINES = ("korean", "chicken", "pizza", "noodles", "chinese", "sushi", "cafe", "burger")


@dataclass(frozen=True, slots=True)
class Asked:
    """What one question asked of DynamoDB and Stripe, and what it sent to the diner.

    `in_a_row` are its requests that wait for the one before, those that count for a limit aside.
    """

    requests: int
    units: float
    bytes: int
    in_a_row: int
    stripe: int = 0


type Raw = dict[str, dict[str, Any]]
type Figures = dict[str, dict[int, Asked]]


def figures() -> Figures:
    """Each question in each city."""
    found: Figures = {}
    for size in SIZES:
        for name, asked in _played(size).items():
            found.setdefault(name, {})[size] = asked
    return found


def faults(found: Figures) -> Iterator[str]:
    """Where a larger city asks for more, and where an order is not placed by the fewest requests.

    More are other requests, or units or bytes beyond a tenth.
    """
    for size, asked in found.get("place", {}).items():
        if asked.in_a_row > PLACING_IN_A_ROW:
            yield f"place of {size} stores: {asked.in_a_row} requests in a row"
        if asked.stripe > PLACING_STRIPE:
            yield f"place of {size} stores: {asked.stripe} calls of Stripe"
    for name, by_size in found.items():
        first, *others = by_size.values()
        for size, asked in zip(SIZES[1:], others, strict=True):
            if asked.requests != first.requests:
                yield f"{name} of {size} stores: {asked.requests} requests, not {first.requests}"
            for what in ("units", "bytes"):
                before, after = getattr(first, what), getattr(asked, what)
                if abs(after - before) > TOLERANCE * before:
                    yield f"{name} of {size} stores: {after} {what}, not about {before}"


def shown(found: Figures) -> Iterator[str]:
    """The figures as a table. Every request waits for the one before it: none goes beside.

    In a row: without those that count for a limit.
    """
    yield (
        f"{'DynamoDB':<10}{'stores':>8}{'requests':>10}{'in a row':>10}{'units':>8}{'bytes':>9}"
        f"{'Stripe':>8}"
    )
    for name, by_size in found.items():
        for size, one in by_size.items():
            yield (
                f"{name:<10}{size:>8,}{one.requests:>10}{one.in_a_row:>10}{one.units:>8.1f}"
                f"{one.bytes:>9,}{one.stripe:>8}"
            )


def as_json(found: Figures) -> dict[str, Any]:
    """The figures for a machine."""
    return {
        name: {str(size): asdict(asked) for size, asked in by_size.items()}
        for name, by_size in found.items()
    }


def _played(size: int) -> dict[str, Asked]:
    stopping.forget()
    with town.opened(settings().tables) as there:
        store_id = there.world.store(delivered_by="platform")
        _lay(size - 1, store_id)
        return {name: _asked(run) for name, run in _questions(there, store_id)}


def _questions(there: Town, store_id: str) -> Iterator[tuple[str, Invocation]]:
    world, mina = there.world, there.world.customer()
    lon, lat = HERE
    page = world.get(f"/v1/stores/nearby?lat={lat}&lon={lon}")
    assert len(page["data"]) == 20, "the page is not full: its size would say nothing"
    yield "browse", there.meter.invocations[-1]
    world.get(f"/v1/search?q=bibimbap&city=seoul&lat={lat}&lon={lon}")
    yield "search", there.meter.invocations[-1]
    world.get(f"/v1/stores/{store_id}/menu")
    yield "menu", there.meter.invocations[-1]
    quote = world.quote(store_id, mina, fulfilment="delivery", drop_off=shopfront.DOOR)
    yield "quote", there.meter.invocations[-1]
    stopping.forget()
    world.place(mina, quote)
    yield "place", there.meter.invocations[-1]


def _asked(run: Invocation) -> Asked:
    calls = [call for call in run.calls if call.kind.startswith("DynamoDB")]
    assert not any("Scan" in call.kind for call in calls)
    units = sum(sum(call.written.values()) + sum(call.read.values()) for call in calls)
    in_a_row = sum(not call.limits for call in calls)
    stripe = sum(call.kind == "Stripe" for call in run.calls)
    return Asked(len(calls), units, run.sent_bytes, in_a_row, stripe)


# --- the city --------------------------------------------------------------------------------


def _lay(count: int, store_id: str) -> None:
    """Live stores, each with the rows that the product makes for it. The first is the pattern."""
    table = settings().table("catalog")
    pattern = database.item(table, {"pk": {"S": f"STORE#{store_id}"}, "sk": {"S": HEAD}})
    assert pattern is not None
    chance = random.Random(count)  # noqa: S311 - no secret
    radius = SMALLEST_RADIUS_METRES * ((count + 1) / SIZES[0]) ** GROWTH
    menu = Menu.model_validate(shopfront.MENU)
    for _ in range(count):
        head = _head(pattern, _store(chance, radius))
        database.lay(table, head)
        for part in listings.listed(head["pk"]["S"], None, listings.rows(_of(head))):
            database.lay(table, part.item.serialize())
        store = _of(head)
        for key, hits in indexing.rows(store, menu).items():
            row = {"pk": f"TEXT#seoul#{key}", "sk": indexing.place(store), "hits": hits}
            database.lay(table, {name: {"S": value} for name, value in row.items()})


def _head(pattern: Raw, told: Mapping[str, Any]) -> Raw:
    """The head of another store than the pattern's."""
    store_id = ids.new("sto")
    changed = {
        "pk": f"STORE#{store_id}",
        "id": store_id,
        "origin": json.dumps({name: told[name] for name in StoreOrigin.model_fields}),
        "details": json.dumps({n: told[n] for n in StoreDetails.model_fields if n in told}),
        "city_shard": f"CITY#seoul#{ids.spread(store_id, SHARDS)}",
        "listed_at": f"{clock.stamp(clock.now())}#{store_id}",
    }
    return {**pattern, **{name: {"S": value} for name, value in changed.items()}}


def _of(head: Raw) -> Store:
    fields = {
        **json.loads(head["origin"]["S"]),
        **json.loads(head["details"]["S"]),
        "id": head["id"]["S"],
        "version": 2,
        "status": "live",
        "menu_version": 1,
        "created_at": head["created_at"]["S"],
    }
    return Store.model_validate_json(json.dumps(fields))


def _store(chance: random.Random, radius: float) -> dict[str, Any]:
    place = _somewhere(chance, HERE, radius)
    number = chance.randrange(10_000)
    return {
        **shopfront.store(MERCHANT),
        "names": {"ko": f"가게 {number:04d}", "en": f"Store {number:04d}"},
        "location": {"type": "Point", "coordinates": place},
        "hours": [
            {"day": day, "opens": f"{chance.choice((0, 0, 0, 1)):02d}:00", "closes": "23:59"}
            for day in DAYS
        ],
        "zones": [_zone(chance, place)],
        "cuisines": [chance.choice(CUISINES)],
        "price_level": chance.randint(1, 4),
        "preparation_minutes": chance.randint(10, 30),
        "delivered_by": "platform",
    }


def _zone(chance: random.Random, place: tuple[float, float]) -> dict[str, Any]:
    """Three of four bring within a circle, one within a polygon of eight corners."""
    terms = {"fee": 3000, "minimum": 12_000, "eta_minutes": chance.randint(10, 30)}
    metres = chance.choice((2_500, 3_000, 3_500, 4_000))
    if chance.random() < 0.75:
        return {"area": {"type": "Radius", "metres": metres}, **terms}
    ring = [_away(place, metres, 45 * corner) for corner in range(8)]
    return {"area": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}, **terms}


def _somewhere(
    chance: random.Random, centre: tuple[float, float], radius: float
) -> tuple[float, float]:
    return _away(centre, radius * math.sqrt(chance.random()), chance.uniform(0, 360))


def _away(place: tuple[float, float], metres: float, angle: float) -> tuple[float, float]:
    turn, degrees = math.radians(angle), metres / METRES_OF_DEGREE
    east = degrees * math.cos(turn) / math.cos(math.radians(place[1]))
    return round(place[0] + east, 6), round(place[1] + degrees * math.sin(turn), 6)
