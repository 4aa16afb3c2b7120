"""What joins `make check`: known seeds first, then whatever fits into four minutes."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from tests.sim import campaign
from tests.sim.campaign import Result

WALL_SECONDS = 240.0
LEAST_SEEDS = 300
LEAST = {"orders": 3, "calls": 100, "faults": 3}
TWICE = 4
PER_DAY = 1_000
DAYS = 10_000
REGRESSIONS = Path(__file__).parent / "regressions.json"


def regressions() -> list[dict[str, Any]]:
    """Seeds that once broke a law, each with what was wrong."""
    found: list[dict[str, Any]] = json.loads(REGRESSIONS.read_text())
    return found


def first_seed(today: datetime) -> int:
    """Other seeds every day."""
    return 1_000_000 + PER_DAY * (today.toordinal() % DAYS)


def run() -> int:
    """Tell what fits, say what it was, and return 1 if anything is not as it must be."""
    until = time.monotonic() + WALL_SECONDS
    first = first_seed(datetime.now(UTC))
    known = [one["seed"] for one in regressions()]
    result = Result()
    with campaign.pool() as workers:
        again = [workers.submit(campaign.run_piece, [first + n]) for n in range(TWICE)]
        hashes = {one.seed: one.hash for done in again for one in done.result().outcomes}
    for piece in campaign.run(_seeds(known, first), until=until - 6):
        result.add(piece)
    return _judge(result, hashes, first)


def _seeds(known: list[int], first: int) -> Iterator[int]:
    yield from known
    yield from count(first)


def _judge(result: Result, hashes: dict[int, str], first: int) -> int:
    medians = result.medians()
    told = len(result.outcomes)
    print(f"{told} seeds from {first}, {len(regressions())} of them known ones")
    print("medians: " + ", ".join(f"{value:g} {name}" for name, value in medians.items()))
    wrong = [
        f"the median of {name} is below {LEAST[name]}"
        for name in LEAST
        if medians[name] < LEAST[name]
    ]
    if told < LEAST_SEEDS:
        wrong.append(f"only {told} seeds of {LEAST_SEEDS} fitted into {WALL_SECONDS:g} s")
    wrong += [
        f"seed {one.seed} was told in two ways"
        for one in result.outcomes
        if hashes.get(one.seed, one.hash) != one.hash
    ]
    for one in result.broken[:3]:
        from tests.sim import shortening, story

        told_again = story.tell(story.script(one.seed))
        if told_again.violation is None:
            wrong.append(f"seed {one.seed} broke {one.violation}, and did not again")
        else:
            print(shortening.report(told_again, 30))
    wrong += [f"seed {one.seed} breaks {one.violation}" for one in result.broken]
    for sentence in wrong:
        print(sentence)
    return 1 if wrong else 0
