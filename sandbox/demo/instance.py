"""A published day, replayed: the format of the Meal Delivery Routing Problem's instances.

A folder with `orders.txt`, `couriers.txt`, `restaurants.txt` and `instance_parameters.txt`: tab
separated, metres and minutes (Reyes, Erera, Savelsbergh, Sahasrabudhe, O'Neil: The Meal Delivery
Routing Problem, 2018; github.com/grubhub/mdrplib). Nothing of such a folder is kept here.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BUSY_MINUTES_PER_ORDER = 1.0
FILES = ("orders.txt", "couriers.txt", "restaurants.txt", "instance_parameters.txt")

type Row = Mapping[str, str]


class NoInstance(Exception):  # noqa: N818 - it names what is missing
    """The folder does not hold a published day. The message says what is missing."""


@dataclass(frozen=True)
class Order:
    """An order of the day: where to, when placed and when ready, in metres and minutes."""

    name: str
    x: float
    y: float
    placed: float
    store: str
    ready: float


@dataclass(frozen=True)
class Shift:
    """A courier of the day."""

    name: str
    x: float
    y: float
    on: float
    off: float


@dataclass(frozen=True)
class Day:
    """All of it. `speed` is in metres per minute, `pickup` and `dropoff` are minutes."""

    name: str
    orders: Sequence[Order]
    shifts: Sequence[Shift]
    stores: Mapping[str, tuple[float, float]]
    speed: float
    pickup: float
    dropoff: float


def read(folder: Path) -> Day:
    """Raises NoInstance where a file or a column is missing."""
    try:
        orders, couriers, stores, parameters = (_rows(folder / name) for name in FILES)
        [about] = parameters
        return Day(
            name=folder.name,
            orders=sorted(map(_order, orders), key=lambda one: (one.placed, one.name)),
            shifts=[_shift(row) for row in couriers],
            stores={row["restaurant"]: (float(row["x"]), float(row["y"])) for row in stores},
            speed=float(about["meters_per_minute"]),
            pickup=float(about["pickup service minutes"]),
            dropoff=float(about["dropoff service minutes"]),
        )
    except (FileNotFoundError, KeyError, ValueError) as error:
        raise NoInstance(f"{folder} is no instance: {error}") from error


def busiest(orders: Sequence[Order], count: int) -> Sequence[Order]:
    """So many orders in a row, from where they come about one a minute; all where there are few."""
    if count >= len(orders):
        return orders
    wanted = BUSY_MINUTES_PER_ORDER * count

    def strangeness(first: int) -> float:
        return abs(orders[first + count - 1].placed - orders[first].placed - wanted)

    first = min(range(len(orders) - count + 1), key=strangeness)
    return orders[first : first + count]


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if line.strip())
        rows = list(csv.DictReader(lines, delimiter="\t", skipinitialspace=True))
    return [{str(key).strip(): str(value).strip() for key, value in row.items()} for row in rows]


def _order(row: Row) -> Order:
    return Order(
        name=row["order"],
        x=float(row["x"]),
        y=float(row["y"]),
        placed=float(row["placement_time"]),
        store=row["restaurant"],
        ready=float(row["ready_time"]),
    )


def _shift(row: Row) -> Shift:
    return Shift(
        name=row["courier"],
        x=float(row["x"]),
        y=float(row["y"]),
        on=float(row["on_time"]),
        off=float(row["off_time"]),
    )
