"""Many seeds, on every core; what came of them is kept in `build/sim.json`."""

import hashlib
import json
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "build" / "sim.json"
PIECE = 10
CHUNK = 200
CORES = 2

type Cells = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Outcome:
    """What is kept of one seed."""

    seed: int
    mode: str
    rate: float
    hash: str
    orders: int
    calls: int
    faults: int
    seconds: float
    violation: str = ""


@dataclass
class Result:
    """What is kept of some seeds."""

    outcomes: list[Outcome] = field(default_factory=list)
    cells: Cells = field(default_factory=dict)
    stories: list[tuple[frozenset[str], frozenset[str]]] = field(default_factory=list)
    """The acts and the call sites of each, where nothing failed."""

    def add(self, other: "Result") -> None:
        self.outcomes += other.outcomes
        self.stories += other.stories
        merge(self.cells, other.cells)

    @property
    def broken(self) -> list[Outcome]:
        return [one for one in self.outcomes if one.violation]

    def medians(self) -> dict[str, float]:
        names = ("orders", "calls", "faults")
        if not self.outcomes:
            return dict.fromkeys(names, 0.0)
        return {name: median(getattr(one, name) for one in self.outcomes) for name in names}


def merge(cells: Cells, more: Cells) -> None:
    for site, faults in more.items():
        mine = cells.setdefault(site, {})
        for fault, hits in faults.items():
            mine[fault] = mine.get(fault, 0) + hits


def run_piece(seeds: Sequence[int], *, clean: bool = False) -> Result:
    """Tell the stories of some seeds, in this process; `clean`: without any fault."""
    from tests.sim import story

    result, script = Result(), story.clean if clean else story.script
    for seed in seeds:
        told = story.tell(script(seed))
        violation = str(told.violation) if told.violation else ""
        given = told.script
        result.outcomes.append(
            Outcome(
                seed, given.mode, given.rate, told.hash, told.orders, told.calls, told.faults,
                told.seconds, violation,
            )
        )  # fmt: skip
        cells: Cells = {site: {"met": count} for site, count in told.sites.items()}
        for (site, fault), hits in told.hits.items():
            cells.setdefault(site, {})[str(fault)] = hits
        merge(result.cells, cells)
        if clean:
            result.stories.append((told.chosen, frozenset(told.sites)))
    return result


def pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(CORES, mp_context=get_context("spawn"))


def run(
    seeds: Iterable[int], *, until: float = float("inf"), clean: bool = False
) -> Iterator[Result]:
    """Tell the stories on every core, a few at a time, until a moment of `time.monotonic`."""
    pieces = _pieces(seeds)
    with pool() as workers:
        waiting: list[Future[Result]] = []
        for piece in pieces:
            waiting.append(workers.submit(partial(run_piece, piece, clean=clean)))
            while len(waiting) >= CORES + 1:
                yield waiting.pop(0).result()
            if time.monotonic() > until:
                break
        for one in waiting:
            yield one.result()


def _pieces(seeds: Iterable[int]) -> Iterator[list[int]]:
    piece: list[int] = []
    for seed in seeds:
        piece.append(seed)
        if len(piece) == PIECE:
            yield piece
            piece = []
    if piece:
        yield piece


# --- what is kept --------------------------------------------------------------------------------


def chunk(first: int, result: Result) -> dict[str, Any]:
    """One object of `build/sim.json`."""
    digest = hashlib.blake2b(digest_size=16)
    for one in result.outcomes:
        digest.update(one.hash.encode())
    return {
        "first_seed": first,
        "seeds": len(result.outcomes),
        "commit": commit(),
        "violations": [asdict(one) for one in result.broken],
        "trace_hash": digest.hexdigest(),
        "orders": sum(one.orders for one in result.outcomes),
        "calls": sum(one.calls for one in result.outcomes),
        "faults": sum(one.faults for one in result.outcomes),
        "medians": result.medians(),
        "seconds": round(sum(one.seconds for one in result.outcomes), 1),
        "cells": result.cells,
    }


def commit() -> str:
    """The commit that is judged; a star says that files differ from it."""
    asked = ("git", "-C", str(ROOT), "describe", "--always", "--dirty=*", "--exclude=*")
    found = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - git, with our own words
    return found.stdout.strip()


def append(entry: dict[str, Any], path: Path = KEPT) -> None:
    """Add an object to the list in the file, which is whole JSON before and after."""
    text = json.dumps(entry, sort_keys=True)
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_text(f"[\n{text}\n]\n")
        return
    with path.open("r+b") as file:
        file.seek(-3, 2)
        assert file.read() == b"\n]\n", f"{path} is not as it was left"
        file.seek(-3, 2)
        file.write(f",\n{text}\n]\n".encode())


def kept(path: Path = KEPT) -> list[dict[str, Any]]:
    """Every object that was kept."""
    found: list[dict[str, Any]] = json.loads(path.read_text()) if path.exists() else []
    return found


def todo(first: int, seeds: int, known: Iterable[dict[str, Any]]) -> list[int]:
    """The seeds of a range that were not told yet at the present commit."""
    now = commit()
    done = {
        seed
        for one in known
        if one["commit"] == now and not now.endswith("*")
        for seed in range(one["first_seed"], one["first_seed"] + one["seeds"])
    }
    return [seed for seed in range(first, first + seeds) if seed not in done]


def chunks(seeds: Sequence[int]) -> Iterator[list[int]]:
    """Seeds in runs without gaps, none longer than a chunk."""
    run_: list[int] = []
    for seed in seeds:
        if run_ and (seed != run_[-1] + 1 or len(run_) == CHUNK):
            yield run_
            run_ = []
        run_.append(seed)
    if run_:
        yield run_


def total_hits(known: Iterable[dict[str, Any]]) -> Cells:
    """The cells of all that was kept, together."""
    cells: Cells = {}
    for one in known:
        merge(cells, one["cells"])
    return cells


def faults_of(cells: Cells) -> Counter[str]:
    """How often each fault was met."""
    found: Counter[str] = Counter()
    for hits in cells.values():
        found.update({fault: count for fault, count in hits.items() if fault != "met"})
    return found
