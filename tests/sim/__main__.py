"""The simulated world from a terminal.

python -m tests.sim --seed 7 [--trace] [--shorten]   one story
python -m tests.sim --seeds 1000 --first 1           a campaign, kept in build/sim.json
python -m tests.sim --coverage                       the fault matrix of what was kept
python -m tests.sim --rare                           keep what was met too seldom in rare.json
python -m tests.sim --clean --seeds 400 --first k    keep the call sites of a run without faults
python -m tests.sim --ci                             what joins `make check`
"""

import argparse
import sys
import time

from tests.sim import campaign, ci, coverage, rare
from tests.sim.aws.database import MAKERS
from tests.sim.campaign import Result


def one(seed: int, *, trace: bool, shorten: bool, tables: str) -> int:
    """Tell one story. 1 if it breaks a law."""
    from tests.sim import shortening, story

    told = story.tell(story.script(seed, tables), lines=trace)
    for line in told.lines:
        print(line)
    given = told.script
    print(
        f"seed {seed}: {given.mode}, rate {given.rate}, {told.orders} orders, {told.calls} calls, "
        f"{told.faults} faults, {told.seconds:.2f} s, trace {told.hash}"
    )
    if told.violation is None:
        return 0
    print(shortening.report(told) if shorten else f"it breaks {told.violation}")
    return 1


def many(first: int, seeds: int) -> int:
    """Tell many stories, and keep what came of them. 1 if any breaks a law."""
    began, broken = time.monotonic(), 0
    for part in campaign.chunks(campaign.todo(first, seeds, campaign.kept())):
        result = Result()
        for piece in campaign.run(part):
            result.add(piece)
        campaign.append(campaign.chunk(part[0], result))
        broken += len(result.broken)
        rate = len(part) / sum(one.seconds for one in result.outcomes)
        medians = ", ".join(f"{value:g} {name}" for name, value in result.medians().items())
        print(
            f"{part[0]}-{part[-1]}: {len(result.broken)} broken; medians {medians}; "
            f"{rate:.2f} seeds/s of a core; {time.monotonic() - began:.0f} s",
            flush=True,
        )
        for outcome in result.broken:
            print(f"  seed {outcome.seed} breaks {outcome.violation}", flush=True)
    if seeds == 1 and broken:
        return one(first, trace=False, shorten=True, tables="memory")
    return 1 if broken else 0


def clean(first: int, seeds: int) -> int:
    """Record the call sites of stories in which nothing fails. 1 if any breaks a law."""
    result = Result()
    for piece in campaign.run(range(first, first + seeds), clean=True):
        result.add(piece)
    sites = coverage.record(result.stories)
    print(f"{sites} call sites in {len(result.outcomes)} stories without faults")
    for outcome in result.broken:
        print(f"  seed {outcome.seed} breaks {outcome.violation}")
    return 1 if result.broken else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.sim", description=__doc__)
    parser.add_argument("--seed", type=int, help="tell one story")
    parser.add_argument("--trace", action="store_true", help="with every call")
    parser.add_argument("--shorten", action="store_true", help="as short as it still breaks")
    parser.add_argument("--tables", default="memory", choices=tuple(MAKERS))
    parser.add_argument("--seeds", type=int, default=100, help="tell so many")
    parser.add_argument("--first", type=int, default=1, help="from this one on")
    parser.add_argument("--coverage", action="store_true", help="show the fault matrix")
    parser.add_argument("--rare", action="store_true", help="keep what was met too seldom")
    parser.add_argument("--clean", action="store_true", help="keep the calls where nothing fails")
    parser.add_argument("--ci", action="store_true", help="what fits into four minutes")
    given = parser.parse_args()
    if given.coverage:
        return coverage.show(campaign.total_hits(campaign.kept()))
    if given.rare:
        print(f"{rare.keep(campaign.total_hits(campaign.kept()))} cells are looked for")
        return 0
    if given.clean:
        return clean(given.first, given.seeds)
    if given.ci:
        return ci.run()
    if given.seed is not None:
        return one(given.seed, trace=given.trace, shorten=given.shorten, tables=given.tables)
    return many(given.first, given.seeds)


if __name__ == "__main__":
    sys.exit(main())
