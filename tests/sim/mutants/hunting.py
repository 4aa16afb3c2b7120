"""Hunts mutants, two at a time; what came of each is kept in `build/mutants.json`."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.sim.campaign import CORES, commit
from tests.sim.mutants.foreign import FOREIGN
from tests.sim.mutants.mutant import ROOT, Mutant, copy, plant
from tests.sim.mutants.planted import PLANTED

PLACE = ROOT / "build" / "mutants"
KEPT = ROOT / "build" / "mutants.json"
FIRST = 1
MOST_SEEDS = 500

type Found = dict[str, Any]

_writing = threading.Lock()


def chosen(names: Sequence[str]) -> list[tuple[str, Mutant]]:
    """The mutants of these names, or all of them, each with the list that it stands in."""
    every = [("planted", one) for one in PLANTED] + [("foreign", one) for one in FOREIGN]
    unknown = set(names) - {one.name for _, one in every}
    if unknown:
        raise SystemExit(f"no such mutant: {', '.join(sorted(unknown))}")
    return [pair for pair in every if not names or pair[1].name in names]


def hunt(mutants: Sequence[tuple[str, Mutant]], seeds: int, first: int) -> list[Found]:
    """Hunt them all. Each finding counts only if the seed is clean without the bug."""
    control = PLACE / "control"
    copy(control)
    with ThreadPoolExecutor(CORES) as workers:
        asked = [
            workers.submit(_hunt_one, kind, mutant, seeds, first, control)
            for kind, mutant in mutants
        ]
        return [one.result() for one in asked]


def _hunt_one(kind: str, mutant: Mutant, seeds: int, first: int, control: Path) -> Found:
    began = time.monotonic()
    place = PLACE / mutant.name.replace(" ", "-")
    plant(mutant, place)
    found = _seek(place, first, seeds)
    if found["found"]:
        clean = _seek(control, found["first_seed"], 1)
        found["clean_without"] = not clean["found"] and not clean["dismissed"]
        found["found"] = found["clean_without"]
    told: Found = {
        "name": mutant.name,
        "wrong": mutant.wrong,
        "list": kind,
        "lines": mutant.lines,
        "commit": commit(),
        **found,
        "seconds": round(time.monotonic() - began, 1),
    }
    with _writing:
        keep([told])
        print(_said(told), flush=True)
    return told


def _seek(place: Path, first: int, seeds: int) -> Found:
    asked = [sys.executable, "-m", "tests.sim.mutants.seeking", str(first), str(seeds)]
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(asked, cwd=place, env=quiet, capture_output=True, text=True, check=False)  # noqa: S603 - ourselves
    if done.returncode:
        return {"found": False, "seeds": 0, "dismissed": {done.stderr.strip()[-300:]: 1}}
    found: Found = json.loads(done.stdout.splitlines()[-1])
    return found


def _said(told: Found) -> str:
    if told["found"]:
        return f"{told['name']}: seed {told['first_seed']} breaks {told['violation'][:110]}"
    return f"{told['name']}: NOT FOUND in {told['seeds']} seeds {told['dismissed'] or ''}"


def keep(results: Sequence[Found], path: Path | None = None) -> Found:
    """Put what came of some mutants beside what is known of the others."""
    path = path or KEPT
    known: Found = json.loads(path.read_text()) if path.exists() else {"mutants": []}
    by_name = {one["name"]: one for one in (*known["mutants"], *results)}
    every = [by_name[one.name] for _, one in chosen(()) if one.name in by_name]
    kept: Found = {
        "planted": len(PLANTED),
        "found": sum(one["found"] for one in every if one["list"] == "planted"),
        "foreign": len(FOREIGN),
        "foreign_found": sum(one["found"] for one in every if one["list"] == "foreign"),
        "seeds": {one["name"]: one["seeds"] for one in every},
        "mutants": every,
    }
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")
    return kept
