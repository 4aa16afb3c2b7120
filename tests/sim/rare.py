"""What was met too seldom: a kept table, by which the stories of some seeds are steered.

Which fault meets which call is chance. A fault at a call that few stories make would take a hundred
thousand seeds; so stories from a certain seed on are told of rarer acts, and where such a call is
made, a fault that it has not met is likelier.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.sim import coverage
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


def keep(cells: Cells) -> int:
    """Write the table anew, after all that was told. How many cells are in it."""
    found = coverage.seldom({site: {} for site in coverage.recorded()} | cells)
    lines = (f"{json.dumps(site)}: {json.dumps(columns)}" for site, columns in found.items())
    TABLE.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    return sum(len(columns) for columns in found.values())
