"""A story: the same every time, in any process, on either table; and whole."""

import subprocess
import sys
from pathlib import Path

from tests.sim import story
from tests.sim.story import Script, tell

SEED = 6
ROOT = Path(__file__).parents[2]


def test_the_same_seed_is_the_same_story_whatever_was_told_before() -> None:
    first = tell(story.script(SEED))
    tell(story.script(SEED + 1))

    again = tell(story.script(SEED))

    assert (first.hash, first.calls) == (again.hash, again.calls)
    assert first.violation is None


def test_another_process_tells_the_same_story() -> None:
    here = tell(story.script(SEED))

    there = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "tests.sim", "--seed", str(SEED)],
        cwd=ROOT,
        env={"PATH": "", "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert here.hash in there.stdout


def test_the_other_table_tells_no_other_story() -> None:
    """Where nothing goes wrong: moto's indexes never lag."""
    script = Script(seed=3, mode="safety", rate=0.0, orders=3, others=2, minutes=8)

    here = tell(script)
    there = tell(Script(**{**vars(script), "tables": "moto"}))

    assert here.violation is None
    assert here.hash == there.hash


def test_all_of_botocore_tells_no_other_story() -> None:
    """What goes well is not made text of; every fault is botocore's to judge all the same."""
    here = tell(story.script(SEED))

    there = tell(story.script(SEED, "wired"))

    assert here.faults
    assert here.hash == there.hash


def test_a_fault_that_is_left_out_leaves_the_others_as_they_were() -> None:
    told = tell(story.script(SEED))
    spared = frozenset((task, number) for task, number, _, _ in told.met[-3:])

    again = tell(Script(**{**vars(told.script), "spared_faults": spared}))

    assert told.met[:-3] == again.met[: len(told.met) - 3]
    assert again.hash != told.hash
