"""Tells stories in the tree that it runs in, until a law is broken: one line of JSON at the end.

Runs in a process of its own, in a copy of the source: `python -m tests.sim.mutants.seeking 1 500`.
"""

import json
import signal
import sys
from collections import Counter
from types import FrameType
from typing import Any

LONGEST_STORY = 120
NOT_COUNTED = frozenset({"A1", "A2"})
"""A request that was answered with our own fault: a crash that a law has merely heard of."""


class StuckError(Exception):
    """A story does not end."""


def _stuck(_signal: int, _frame: FrameType | None) -> None:
    raise StuckError


def seek(first: int, seeds: int) -> dict[str, Any]:
    """The first seed whose story breaks a law that counts, and what was dismissed before."""
    from tests.sim import story

    signal.signal(signal.SIGALRM, _stuck)
    dismissed: Counter[str] = Counter()
    for seed in range(first, first + seeds):
        signal.alarm(LONGEST_STORY)
        try:
            told = story.tell(story.script(seed))
        except Exception as error:  # noqa: BLE001 - a crash of whatever kind is no finding
            dismissed[type(error).__name__] += 1
            continue
        finally:
            signal.alarm(0)
        if told.violation is None:
            continue
        if told.violation.name in NOT_COUNTED:
            dismissed[told.violation.name] += 1
            continue
        return {
            "found": True,
            "seeds": seed - first + 1,
            "first_seed": seed,
            "invariant": told.violation.name,
            "violation": str(told.violation),
            "dismissed": dismissed,
        }
    return {"found": False, "seeds": seeds, "dismissed": dismissed}


if __name__ == "__main__":
    print(json.dumps(seek(int(sys.argv[1]), int(sys.argv[2]))))
