"""Whether the world notices planted bugs, from a terminal.

python -m tests.sim.mutants                        all of them, at most 500 seeds each
python -m tests.sim.mutants "phases swapped"       these only
python -m tests.sim.mutants --check                only whether each still fits the source
"""

import argparse
import sys

from tests.sim.mutants import hunting
from tests.sim.mutants.mutant import check


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.sim.mutants", description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seeds", type=int, default=hunting.MOST_SEEDS)
    parser.add_argument("--first", type=int, default=hunting.FIRST)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    mutants = hunting.chosen(given.names)
    for _, mutant in mutants:
        check(mutant)
    if given.check:
        print(f"{len(mutants)} mutants fit")
        return 0
    hunting.hunt(mutants, given.seeds, given.first)
    kept = hunting.keep([])
    print(f"{kept['found']} of {kept['planted']} planted, ", end="")
    print(f"{kept['foreign_found']} of {kept['foreign']} foreign mutants were found")
    return 0 if all(one["found"] for one in kept["mutants"]) else 1


if __name__ == "__main__":
    sys.exit(main())
