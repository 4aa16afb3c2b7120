"""A published day as a play: its stores, shifts and orders, laid onto the globe around a centre."""

import random
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sandbox.city.quarter import Quarter, SeedStore
from sandbox.city.streets import CITY
from sandbox.demo.instance import Day, Order, Shift, busiest, read
from sandbox.demo.plan import Plan, next_friday
from sandbox.robo import scripts
from sandbox.robo.courier import Rider
from sandbox.robo.ground import Ground, point
from sandbox.robo.scripts import Script
from sandbox.robo.story import Wish

MINUTE = 60.0
AFTERWARDS = 90.0  # minutes after the last click in which somebody may still be on shift
CENTRE = (126.98, 37.55)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOUR = 12
CUSTOMERS = 60

type Json = dict[str, Any]


def replay(folder: Path, count: int | None, seed: int) -> Plan:
    """The play of a day, or of so many of its orders. Raises NoInstance."""
    day = read(folder)
    orders = busiest(day.orders, count or len(day.orders))
    first, last = orders[0].placed, orders[-1].placed
    shifts = [one for one in day.shifts if one.off > first and one.on < last + AFTERWARDS]
    draw = random.Random(f"{day.name}:{seed}")  # noqa: S311 - who plays what, no secret
    ground = _ground(day)
    used = sorted({order.store for order in orders}, key=_by_number)
    parts = scripts.cast(len(orders), scripts.replay(), draw)
    stores = [_store(number, name, day, orders, ground) for number, name in enumerate(used)]
    return Plan(
        takes=(
            f"{len(orders)} of {len(day.orders)} orders of {day.name}, in a row, placed from "
            f"minute {first:g} to {last:g}; {len(stores)} stores, {len(shifts)} couriers' shifts"
        ),
        zone=CITY,
        quarter=Quarter(seed, CITY, _merchant(day), stores, ()),
        wishes=[
            _wish(number, order, script, first, ground)
            for number, (order, script) in enumerate(zip(orders, parts, strict=True), start=1)
        ],
        riders=[_rider(one, day, first, ground) for one in shifts],
        begins=next_friday(datetime.now(UTC), HOUR),
    )


def _ground(day: Day) -> Ground:
    """The plane of the day, laid around a centre so that its middle lies there."""
    xs, ys = zip(*day.stores.values(), strict=True)
    corner = Ground(*CENTRE).place(-statistics.mean(xs), -statistics.mean(ys))
    return Ground(*corner)


def _by_number(name: str) -> tuple[int, str]:
    digits = "".join(letter for letter in name if letter.isdigit())
    return (int(digits or 0), name)


def _merchant(day: Day) -> Json:
    return {"name": f"Replay {day.name}", "legal_name": f"Replay {day.name}", "country": "KR"}


def _store(number: int, name: str, day: Day, orders: Sequence[Order], ground: Ground) -> SeedStore:
    minutes = statistics.median(one.ready - one.placed for one in orders if one.store == name)
    body: Json = {
        "kind": "restaurant",
        "city": CITY,
        "timezone": "Asia/Seoul",
        "currency": "KRW",
        "names": {"ko": f"가게 {name}", "en": f"Store {name}"},
        "location": point(ground.place(*day.stores[name])),
        "address": f"{name}, {day.name}",
        "hours": [{"day": one, "opens": "00:00", "closes": "00:00"} for one in DAYS],
        "zones": [
            {
                "area": {"type": "Radius", "metres": 50_000},
                "fee": 3_000,
                "minimum": 0,
                "eta_minutes": 20,
            }
        ],
        "fulfilment": ["delivery", "takeaway"],
        "delivered_by": "platform",
        "preparation_minutes": min(240, max(0, round(minutes))),
        "tax": {"included": True, "basis_points": 1_000},
        "phone": f"+8220001{number % 1000:03d}",
    }
    terms = {"commission_basis_points": 1_000, "confirm_seconds": 480}
    return SeedStore(f"replay-{name}", "any", "any", body, MENU, terms)


MENU: Json = {
    "categories": [
        {
            "id": "all",
            "names": {"ko": "전체", "en": "All"},
            "items": [
                {
                    "id": "meal",
                    "names": {"ko": "한 끼", "en": "A meal"},
                    "descriptions": {"ko": "오늘의 한 끼", "en": "Today's meal"},
                    "price": 12_500,
                    "allergens": [],
                    "diets": [],
                    "age_restricted": False,
                    "option_groups": [],
                }
            ],
        }
    ]
}


def _wish(number: int, order: Order, script: Script, first: float, ground: Ground) -> Wish:
    place = ground.place(order.x, order.y)
    return Wish(
        number=number,
        script=script,
        at=MINUTE * (order.placed - first),
        store=f"replay-{order.store}",
        customer=f"robo-customer-{number % CUSTOMERS:03d}@example.com",
        fulfilment="delivery",
        items=[{"item_id": "meal", "quantity": 1 + number % 2}],
        cooks=MINUTE * (order.ready - order.placed),
        drop_off={"location": point(place), "address": f"Door of {order.name}"},
        published=order.name,
    )


def _rider(shift: Shift, day: Day, first: float, ground: Ground) -> Rider:
    return Rider(
        email=f"robo-{shift.name}@example.com",
        name=shift.name,
        vehicle="scooter",
        speed=day.speed / MINUTE,
        start=ground.place(shift.x, shift.y),
        on=max(0.0, MINUTE * (shift.on - first)),
        off=MINUTE * (shift.off - first),
        service=MINUTE * (day.pickup + day.dropoff) / 2,
    )
