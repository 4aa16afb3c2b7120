"""How long a cold start imports, as a ratio to a bare Chalice application in the same run.

Each module is imported in a fresh interpreter, all of them in turn, round after round, so that a
busy machine weighs on all alike. Processor time is taken, of which the median is told.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

ROUNDS = 5
BARE = "a bare Chalice application"
PROGRAM = (
    "import sys, time; began = time.process_time(); exec(sys.argv[1]);"
    "print(1000 * (time.process_time() - began))"
)
SOURCES = {BARE: "from chalice import Chalice; app = Chalice(app_name='bare')"}


@dataclass(frozen=True, slots=True)
class Import:
    """The median of what importing a module takes, and how it compares to the bare application."""

    millis: float
    ratio: float


def measured(modules: Sequence[str], rounds: int = ROUNDS) -> dict[str, Import]:
    """Each module's time, the bare application first."""
    sources = {**SOURCES, **{name: f"import {name}" for name in modules}}
    taken: dict[str, list[float]] = {name: [] for name in sources}
    for _ in range(rounds):
        for name, source in sources.items():
            taken[name].append(_once(source))
    bare = median(taken[BARE])
    return {name: Import(median(times), median(times) / bare) for name, times in taken.items()}


def _once(source: str) -> float:
    command = [sys.executable, "-c", PROGRAM, source]
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own modules
        command, env=dict(os.environ), capture_output=True, text=True, check=True
    )
    return float(done.stdout.splitlines()[-1])
