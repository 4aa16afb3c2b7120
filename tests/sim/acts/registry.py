"""The acts that a story is made of, by name, with how often each is chosen.

To add one: write `tests/sim/acts/<name>.py`, decorate a function of the town and of a source of
chance with `act(...)`, and import the module in `tests/sim/acts/all_acts.py`.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.sim.town import Town

type Do = Callable[["Town", random.Random], None]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that may happen in a town. `weight` is how often it is chosen; orders count."""

    name: str
    weight: float
    orders: int
    do: Do


ACTS: dict[str, Act] = {}


def act(name: str, *, weight: float = 1.0, orders: int = 0) -> Callable[[Do], Do]:
    """Register an act. `orders` is how many orders it places."""

    def register(do: Do) -> Do:
        assert name not in ACTS, name
        ACTS[name] = Act(name, weight, orders, do)
        return do

    return register


def choose(rng: random.Random, *, orders: bool, weights: Mapping[str, float] | None = None) -> Act:
    """One of the acts that place orders, or of the others; by `weights`, where there are some."""
    found = [one for one in ACTS.values() if bool(one.orders) is orders]
    given = [one.weight if weights is None else weights.get(one.name, 1.0) for one in found]
    return rng.choices(found, given)[0]
