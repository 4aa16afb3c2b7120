"""Runs the parts of `make check` one after another, and says how long each took.

python -m sandbox.checking format lint types ...
"""

import subprocess
import sys
import time

BUDGET_MINUTES = {"test": 6.0, "sim": 4.5, "e2e": 6.0, "browser": 1.5}
TARGETS = {"sim": "sim-ci"}
"""Parts whose target has another name: `make sim` alone is a campaign of any length."""


def main(parts: list[str]) -> int:
    """Run each part; stop at the first that fails. The exit status of the whole."""
    took: dict[str, float] = {}
    for part in parts:
        print(f"\n=== {part}", flush=True)
        began = time.monotonic()
        code = subprocess.call(["make", "--no-print-directory", TARGETS.get(part, part)])  # noqa: S603, S607 - our own targets
        took[part] = (time.monotonic() - began) / 60
        if code:
            print(f"\n{part} failed after {took[part]:.1f} min", flush=True)
            return code
    print("\nminutes by part (budget: test 6, sim 4.5, e2e 6, browser 1.5, the rest 2)")
    for part, minutes in took.items():
        print(f"  {part:<10}{minutes:6.2f}")
    rest = sum(minutes for part, minutes in took.items() if part not in BUDGET_MINUTES)
    print(f"  {'the rest':<10}{rest:6.2f}\n  {'all':<10}{sum(took.values()):6.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
