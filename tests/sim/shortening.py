"""The smallest story that still breaks a law: acts and faults are left out while it does."""

import time
from collections.abc import Sequence
from dataclasses import replace

from tests.sim.faults import Place
from tests.sim.story import Script, Told, tell


def shorten(told: Told, seconds: float = 60.0) -> Told:
    """Leave out what the violation does not need, for so long. The shortest story found."""
    until = time.monotonic() + seconds
    best = told
    for act in reversed(range(told.acts)):
        if time.monotonic() > until:
            break
        given = best.script
        best = _if_broken(best, replace(given, spared_acts=given.spared_acts | {act}))
    return _fewer_faults(best, until)


def _fewer_faults(best: Told, until: float) -> Told:
    """Delta debugging over the faults that were met, first in large parts."""
    size = max(1, len(best.met) // 2)
    while time.monotonic() < until:
        places = [(task, number) for task, number, _, _ in best.met]
        found = best
        for start in range(0, len(places), size):
            if time.monotonic() > until:
                break
            found = _without(found, places[start : start + size])
        if size == 1 and found is best:
            break
        best, size = found, max(1, size // 2)
    return best


def _without(best: Told, places: Sequence[Place]) -> Told:
    given = best.script
    return _if_broken(best, replace(given, spared_faults=given.spared_faults | {*places}))


def _if_broken(best: Told, given: Script) -> Told:
    """The story of that script, if it breaks the same law; else the best so far."""
    assert best.violation is not None
    again = tell(given)
    same = again.violation is not None and again.violation.name == best.violation.name
    return again if same else best


def report(told: Told, seconds: float = 60.0) -> str:
    """Everything that somebody needs to mend it: seed, law, smallest story, one command."""
    assert told.violation is not None
    short = shorten(told, seconds)
    whole = tell(short.script, lines=True)
    script = told.script
    spared = ",".join(str(one) for one in sorted(short.script.spared_acts))
    return "\n".join(
        [
            f"seed {script.seed} ({script.mode}, rate {script.rate}) breaks {told.violation}",
            f"shortened to {whole.calls} calls and {len(short.met)} faults, without acts {spared}:",
            *(f"  {site}: {fault}" for _, _, site, fault in short.met),
            "the last calls:",
            *(f"  {line}" for line in whole.lines[-60:]),
            "",
            f"again: .venv/bin/python -m tests.sim --seed {script.seed} --trace",
            f"or:    make sim SEEDS=1 FIRST={script.seed}",
        ]
    )
