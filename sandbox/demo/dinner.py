"""The default play: a Friday's dinner in the seed city, made from a seed."""

import math
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sandbox.city.quarter import Quarter, SeedStore, quarter
from sandbox.city.streets import CITY, HOODS
from sandbox.demo.plan import Plan, next_friday
from sandbox.robo import scripts
from sandbox.robo.courier import Rider
from sandbox.robo.ground import Corner, Ground, metres, point
from sandbox.robo.line import Json
from sandbox.robo.scripts import NOBODY, Script
from sandbox.robo.story import Wish

SEED = 7
HOUR = 18
FASTEST = 40.0  # at least so many city seconds between two orders, on average
LATEST = 60  # the evening's orders come within so many minutes
FARTHEST = 0.8  # of the radius that a store delivers to
CUSTOMERS = 40
OWN_RIDERS = 0.25  # of the stores bring it themselves
NAMES = ("성민", "다혜", "지우", "현우", "수빈", "도윤", "하은", "민석", "예진", "태윤")
VEHICLES = (("scooter", 6.0), ("scooter", 6.5), ("bicycle", 4.2), ("bicycle", 4.6))
NEEDS_DRINKING_AGE = "age_restricted"
SERVICE = 90.0
LATER = (0.3, 0.5, 0.7, 0.85, 1.0)
COMES_LATE = 2400.0


def dinner(orders: int, seed: int = SEED, *, couriers: bool = True) -> Plan:
    """So many orders from the stores that are open on a Friday evening.

    Where there are no couriers in the product, the stores bring everything themselves.
    """
    draw = random.Random(f"dinner:{seed}")  # noqa: S311 - a made-up evening, no secret
    city = quarter(seed)
    begins = next_friday(datetime.now(UTC), HOUR)
    served = [store for store in city.stores if _serves_evenings(store)]
    stores = [_brought_by(store, draw, couriers=couriers) for store in served]
    span = max(FASTEST * orders, LATEST * 60.0)
    parts = scripts.cast(orders, scripts.evening(couriers=couriers), draw, each=True)
    clicks = [0.0, *sorted(draw.uniform(0, span) for _ in range(orders - 1))]
    lonely = _lonely(stores, parts)
    left = iter(lonely)
    others = [store for store in stores if store not in lonely]
    wishes = [
        _wish(number, at, script, _store_for(script, others, left, draw), draw)
        for number, (at, script) in enumerate(zip(clicks, parts, strict=True), start=1)
    ]
    riders = _riders(orders, span, draw) if couriers else []
    return Plan(
        takes=f"{orders} orders of a Friday's dinner at {len(stores)} stores, seed {seed}",
        zone=CITY,
        quarter=Quarter(city.seed, city.city, city.merchant, stores, ()),
        wishes=wishes,
        riders=riders,
        begins=begins,
    )


def _serves_evenings(store: SeedStore) -> bool:
    return any(
        span["day"] == "fri"
        and span["opens"] <= "17:00"
        and (span["closes"] >= "21:30" or span["closes"] <= span["opens"])
        for span in store.body["hours"]
    )


def _brought_by(store: SeedStore, draw: random.Random, *, couriers: bool) -> SeedStore:
    itself = not couriers or draw.random() < OWN_RIDERS
    body = {**store.body, "delivered_by": "store" if itself else "platform"}
    return SeedStore(store.slug, store.cuisine, store.hood, body, store.menu, store.terms)


def _lonely(stores: Sequence[SeedStore], parts: Sequence[Script]) -> list[SeedStore]:
    """Stores that are kept for the orders which nobody wants to bring, one for each."""
    count = sum(script in NOBODY for script in parts)
    ridden = [store for store in stores if store.body["delivered_by"] == "platform"]
    return ridden[:count]


def _store_for(
    script: Script, stores: Sequence[SeedStore], lonely: Iterator[SeedStore], draw: random.Random
) -> SeedStore:
    if script in NOBODY:
        return next(lonely)
    by_anybody = not scripts.CASTINGS[script].rides or script in BROUGHT_BY_ANYBODY
    ridden = [store for store in stores if store.body["delivered_by"] == "platform"]
    return draw.choice(stores if by_anybody else ridden)


BROUGHT_BY_ANYBODY = frozenset(
    {
        Script.HAPPY, Script.LATE_KITCHEN, Script.SECOND_CARD, Script.THREE_D_SECURE,
        Script.WALLET, Script.DOUBLE_TAPS, Script.STORED_VALUE, Script.CASH, Script.REFUNDED,
        Script.DISCOUNTED, Script.DISH_GONE, Script.TOLD_LATER,
    }
)  # fmt: skip


def _wish(number: int, at: float, script: Script, store: SeedStore, draw: random.Random) -> Wish:
    takeaway = script is Script.TAKEAWAY
    minutes = float(store.body["preparation_minutes"]) * draw.uniform(0.85, 1.25)
    least = max(zone["minimum"] for zone in store.body["zones"])
    return Wish(
        number=number,
        script=script,
        at=at,
        store=store.slug,
        customer=f"robo-customer-{number % CUSTOMERS:03d}@example.com",
        fulfilment="takeaway" if takeaway else "delivery",
        items=_items(store.menu, 0 if takeaway else least, draw),
        cooks=60.0 * max(6.0, minutes),
        drop_off=None if takeaway else _drop_off(store, draw),
        walks=draw.uniform(60, 300),
        named=store.name,
        city=CITY,
        least=0 if takeaway else least,
    )


def _items(menu: Json, least: int, draw: random.Random) -> list[Json]:
    """A dish with what must be chosen, as often as the store's minimum demands."""
    dishes = [
        item
        for category in menu["categories"]
        for item in category["items"]
        if not item[NEEDS_DRINKING_AGE] and item["price"] > 0
    ]
    dish = draw.choice(dishes)
    options = {
        group["id"]: [option["id"] for option in group["options"][: group["min"]]]
        for group in dish["option_groups"]
        if group["min"]
    }
    quantity = max(draw.randint(1, 3), math.ceil(least / dish["price"]))
    return [{"item_id": dish["id"], "quantity": min(99, quantity), "options": options}]


def _drop_off(store: SeedStore, draw: random.Random) -> Json:
    """A door within the widest circle that the store delivers to."""
    reach = max(zone["area"]["metres"] for zone in store.body["zones"] if "metres" in zone["area"])
    angle, far = draw.uniform(0, math.tau), FARTHEST * reach * math.sqrt(draw.random())
    lon, lat = store.body["location"]["coordinates"]
    place = Ground(lon, lat).place(far * math.cos(angle), far * math.sin(angle))
    address = f"서울 마포구 {_nearest_road(place)} {draw.randrange(8, 240)}"
    return {"location": point(place), "address": address}


def _nearest_road(place: Corner) -> str:
    hood = min(HOODS.values(), key=lambda one: metres((one.lon, one.lat), place))
    return hood.roads[0]


def _riders(orders: int, span: float, draw: random.Random) -> list[Rider]:
    """One for every three orders of a busy hour, and some who come later, when others are tired."""
    count = max(4, math.ceil(orders / 3 * min(1.0, 3600.0 / span)) + 2)
    begins = [0.0] * count + [part * (span + COMES_LATE) for part in LATER]
    riders = []
    for number, on in enumerate(begins):
        vehicle, speed = draw.choice(VEHICLES)
        hood = draw.choice(list(HOODS.values()))
        riders.append(
            Rider(
                email=f"robo-rider-{number:03d}@example.com",
                name=draw.choice(NAMES),
                vehicle=vehicle,
                speed=speed,
                start=(hood.lon, hood.lat),
                on=on,
                off=span + 2 * 3600.0,
                service=SERVICE,
            )
        )
    return riders
