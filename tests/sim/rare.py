"""What was met too seldom: a kept table, by which the stories of some seeds are steered.

Which fault meets which call is chance. A fault at a call that few stories make would take a hundred
thousand seeds; so stories from a certain seed on are told of rarer acts, and where such a call is
made, a fault that it has not met is likelier.
"""

import json
import random
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.sim import coverage
from tests.sim.acts import registry
from tests.sim.campaign import Cells

TABLE = Path(__file__).parent / "rare.json"
STEERED_FROM = 50_000_000
"""The first seed whose story looks for what is rare."""

LIKELIER: Mapping[str, float] = {
    "saves a card": 4.0,
    "chooses": 4.0,
    "regrets": 3.0,
    "rates": 3.0,
    "gives back": 2.0,
    "a bank returns a refund": 2.0,
    "a release goes out": 2.0,
    "operator reassigns": 2.0,
}
"""Acts that lead to what is rare, in stories that look for it: all others weigh the same, 1."""

AIMS = 6
"""How many acts of such a story are chosen since they lead to a call that was met too seldom."""

type Wanted = Mapping[str, Sequence[Sequence[str]]]


def is_steered(seed: int) -> bool:
    return seed >= STEERED_FROM


@cache
def wanted() -> Wanted:
    """The faults that a call site has met too seldom: those of one column together."""
    found: Mapping[str, Sequence[str]] = json.loads(TABLE.read_text())
    return {
        site: [coverage.COLUMNS[column] for column in columns] for site, columns in found.items()
    }


@cache
def aims() -> tuple[Sequence[str], Sequence[int]]:
    """The call sites that some act leads to, and how many faults are looked for at each."""
    led, known = coverage.leads(), registry.ACTS
    found = {
        site: len(columns)
        for site, columns in wanted().items()
        if any(act in known for act in led.get(site, ()))
    }
    return tuple(found), tuple(found.values())


def aimed(rng: random.Random) -> list[registry.Act]:
    """Acts that lead to what is looked for, each to a call site of its own."""
    sites, weights = aims()
    if not sites:
        return []
    led = coverage.leads()
    known = registry.ACTS
    return [
        known[rng.choice([act for act in led[site] if act in known])]
        for site in rng.choices(sites, weights, k=AIMS)
    ]


def keep(cells: Cells) -> int:
    """Write the table anew, after all that was told. How many cells are in it."""
    found = coverage.seldom({site: {} for site in coverage.recorded()} | cells)
    lines = (f"{json.dumps(site)}: {json.dumps(columns)}" for site, columns in found.items())
    TABLE.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    return sum(len(columns) for columns in found.values())
