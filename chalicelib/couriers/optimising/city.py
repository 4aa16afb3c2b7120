"""What an optimiser decides about, and what it decides. Metres on a plane, minutes of the city."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

type Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Terms:
    """What is so in the whole city."""

    step: float
    """Minutes until it is decided again."""
    pickup: float
    """Minutes at the store: half before the food is in hand, half after."""
    dropoff: float
    """Minutes at a door, halved likewise."""
    latest: float
    """An order is too late so many minutes after it was placed."""
    pay: float
    """For each order."""
    guaranteed: float
    """For each hour on duty, if the pay of its orders is less."""
    grain: float
    """Ways take a multiple of so many minutes."""
    carries: int = 3
    """The most orders of one store that a courier takes at once."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order that nobody has been given."""

    order_id: str
    store_id: str
    door: Spot
    placed_at: float
    ready_at: float
    refused: frozenset[str] = frozenset()
    """Couriers who have said no."""


@dataclass(frozen=True, slots=True)
class Courier:
    """Somebody on duty, or who will be."""

    courier_id: str
    spot: Spot
    """Where they are at `free_at`."""
    free_at: float
    on_at: float
    off_at: float
    metres_a_minute: float
    done: int = 0
    """Orders brought or being brought since they came on duty."""
    store_id: str | None = None
    """The store at which they wait or will wait, having been sent there,"""
    there_at: float = 0.0
    """since when."""
    turn: float = 0.0
    """Of equal couriers, whose is lower comes first."""


@dataclass(frozen=True, slots=True)
class City:
    """Supply and demand at one moment."""

    now: float
    terms: Terms
    stores: Mapping[str, Spot]
    orders: tuple[Order, ...]
    couriers: tuple[Courier, ...]


@dataclass(frozen=True, slots=True)
class Bring:
    """These orders, of one store, to their doors one after the other."""

    courier_id: str
    order_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Go:
    """Wait at this store: nothing is promised yet."""

    courier_id: str
    store_id: str


type Decision = Bring | Go


def minutes(start: Spot, end: Spot, metres_a_minute: float, grain: float) -> float:
    """How long a way takes."""
    exact = math.hypot(start[0] - end[0], start[1] - end[1]) / metres_a_minute
    return math.ceil(exact / grain) * grain
