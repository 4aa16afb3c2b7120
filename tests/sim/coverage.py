"""The fault matrix: every call site that was met, each with every fault that can meet it."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.sim.campaign import Cells

ENOUGH = 20
USUAL, LEADS, LEADERS = 0.5, 1.5, 3
"""What every other story meets needs no lead; an act leads where it is met so much oftener."""
SITES = Path(__file__).parent / "sites.json"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "fails before": ("fails before", "internal error", "crash before", "lost"),
    "fails after": ("fails after the effect", "crash after"),
    "times out": ("times out",),
    "throttled": ("throttled", "conflict"),
    "duplicated": ("duplicated",),
    "reordered": ("reordered",),
    "delayed": ("delayed",),
}
READS = ("GetItem", "Query", "BatchGetItem", "GetParameter", "GET ")
ARRIVALS = {
    "client -> ": "client",
    "clock -> ": "clock",
    "stream ": "stream",
    "stripe -> ": "events",
}


def kind_of(site: str) -> str:
    """What sort of a call site it is: that decides which faults can meet it."""
    for beginning, kind in ARRIVALS.items():
        if site.startswith(beginning):
            return kind
    caller, _, call = site.partition(" -> ")
    if caller.endswith("Bells"):
        return "queue"
    service, _, what = call.partition(" ")
    if service == "dynamodb" and "." in what:
        return "index"
    return "read" if what.startswith(READS) else "write"


RETURNED = "The caller is not there to be told: what it would learn is learnt by the next delivery."
ANSWER = "A request has one answer: the transport does not repeat it, and a retry is another call."
ORDER = "One call has nothing to be out of order with; messages are, where they arrive."
EXCLUDED: Mapping[tuple[str, str], str] = {
    ("read", "fails after"): "A read has no effect: to lose its answer is to fail before.",
    ("index", "fails after"): "A read has no effect: to lose its answer is to fail before.",
    ("read", "duplicated"): ANSWER,
    ("index", "duplicated"): ANSWER,
    ("write", "duplicated"): ANSWER,
    ("read", "reordered"): "A consistent read sees every write before it.",
    ("write", "reordered"): ORDER,
    ("client", "reordered"): "A person's app sends one request after the other.",
    ("clock", "times out"): RETURNED,
    ("clock", "throttled"): "A throttled invocation of a schedule is one that never began.",
    ("clock", "reordered"): "Schedules do not know each other: late ones are out of order already.",
    ("stream", "times out"): RETURNED,
    ("stream", "throttled"): "A throttled invocation is one that never began: the shard waits.",
    ("stream", "reordered"): "A shard keeps its order: Lambda promises it per item.",
    ("queue", "times out"): RETURNED,
    ("queue", "throttled"): "A throttled poller is one that never began: the message comes again.",
    ("events", "times out"): "To Stripe no answer in time is no answer: it fails after the effect.",
    ("events", "throttled"): "Met as a client's: API Gateway answers 429, and Stripe sends again.",
}


def hits(site: Mapping[str, int], column: str) -> int:
    return sum(site.get(fault, 0) for fault in COLUMNS[column])


def seldom(cells: Cells) -> dict[str, list[str]]:
    """The columns that apply to a call site and were met too seldom, by call site."""
    found = {
        site: [
            column
            for column in COLUMNS
            if (kind_of(site), column) not in EXCLUDED and hits(cells[site], column) < ENOUGH
        ]
        for site in sorted(cells)
    }
    return {site: columns for site, columns in found.items() if columns}


@cache
def leads() -> Mapping[str, tuple[str, ...]]:
    """The call sites of stories in which nothing fails, each with the acts that lead to it.

    A call site that every other story makes anyhow has none.
    """
    found: Mapping[str, list[str]] = json.loads(SITES.read_text())
    return {site: tuple(acts) for site, acts in found.items()}


def recorded() -> frozenset[str]:
    """The call sites of stories in which nothing fails: each is to be met by every fault."""
    return frozenset(leads())


def record(stories: Sequence[tuple[frozenset[str], frozenset[str]]]) -> int:
    """Keep the call sites of clean stories, each told by its acts and its call sites."""
    told = Counter(act for acts, _ in stories for act in acts)
    met = Counter(site for _, sites in stories for site in sites)
    both = Counter((act, site) for acts, sites in stories for act in acts for site in sites)
    lines = []
    for site in sorted(met):
        usual = met[site] / len(stories)
        often = {act: both[act, site] / told[act] for act in told}
        led = [act for act in sorted(often, key=lambda act: (-often[act], act))
               if often[act] >= LEADS * usual][:LEADERS]  # fmt: skip
        lines.append(f"{json.dumps(site)}: {json.dumps(led if usual < USUAL else [])}")
    SITES.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    return len(met)


def show(cells: Cells) -> int:
    """Print the matrix. 1 where a cell that applies at a recorded call site was met too seldom."""
    few = _rows("call sites of a clean run", cells, sorted(recorded()))
    _rows("call sites met only where something else had failed, or by what is rarer", cells,
          sorted(set(cells) - recorded()))  # fmt: skip
    print("\ncells that do not apply:")
    for (kind, column), sentence in EXCLUDED.items():
        print(f"  {kind} x {column}: {sentence}")
    return 1 if few else 0


def _rows(title: str, cells: Cells, sites: list[str]) -> int:
    """Print some rows, and their cells that were met too seldom: how many."""
    few: list[str] = []
    applicable = 0
    print(f"\n{title:<88}{'met':>9}" + "".join(f"{name:>14}" for name in COLUMNS))
    for site in sites:
        found = cells.get(site, {})
        kind, row = kind_of(site), []
        for column in COLUMNS:
            if (kind, column) in EXCLUDED:
                row.append("-")
                continue
            applicable += 1
            met = hits(found, column)
            row.append(f"{met}{'' if met >= ENOUGH else ' !'}")
            if met < ENOUGH:
                few.append(f"{site}: {column}: {met}")
        shown = "".join(f"{one:>14}" for one in row)
        print(f"{site[:87]:<88}{found.get('met', 0):>9}{shown}")
    print(f"\n{applicable} cells apply, {applicable - len(few)} were met {ENOUGH} times or more")
    for one in few:
        print(f"  seldom: {one}")
    return len(few)
