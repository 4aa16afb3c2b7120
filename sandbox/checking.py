"""Runs the parts of `make check`, and says how long each took.

python -m sandbox.checking format lint template+e2e ...
"""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

BUDGET_MINUTES = {"test": 6.0, "sim": 4.5, "e2e": 6.0, "browser": 1.5}
TARGETS = {"sim": "sim-ci"}
"""Parts whose target has another name: `make sim` alone is a campaign of any length."""


def main(groups: list[str]) -> int:
    """Run each part; stop after the first group in which one fails. The exit status of the whole.

    What is joined by "+" (template+e2e) runs side by side, and is printed one after the other.
    """
    took: dict[str, float] = {}
    began = time.monotonic()
    for group in groups:
        parts = group.split("+")
        with ThreadPoolExecutor(len(parts)) as pool:
            running = [pool.submit(run, part, aside=len(parts) > 1) for part in parts]
        failed = 0
        for part, done in zip(parts, running, strict=True):
            code, took[part], said = done.result()
            print(said, end="", flush=True)
            if code:
                print(f"\n{part} failed after {took[part]:.1f} min", flush=True)
                failed = failed or code
        if failed:
            return failed
    print("\nminutes by part (budget: test 6, sim 4.5, e2e 6, browser 1.5, the rest 2)")
    for part, minutes in took.items():
        print(f"  {part:<10}{minutes:6.2f}")
    rest = sum(minutes for part, minutes in took.items() if part not in BUDGET_MINUTES)
    whole = (time.monotonic() - began) / 60
    print(f"  {'the rest':<10}{rest:6.2f}\n  {'all':<10}{whole:6.2f}")
    return 0


def run(part: str, *, aside: bool) -> tuple[int, float, str]:
    """Run one part: its exit status, its minutes, and what it said where it ran beside others."""
    began, title = time.monotonic(), f"\n=== {part}\n"
    if not aside:
        print(title, end="", flush=True)
    done = subprocess.run(  # noqa: S603 - our own targets
        ["make", "--no-print-directory", TARGETS.get(part, part)],  # noqa: S607
        check=False,
        stdout=subprocess.PIPE if aside else None,
        stderr=subprocess.STDOUT if aside else None,
        text=True,
    )
    minutes = (time.monotonic() - began) / 60
    return done.returncode, minutes, f"{title}{done.stdout}" if aside else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
