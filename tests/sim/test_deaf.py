"""Where streams lose every second event, no order waits longer than a minute for a decision."""

import pytest

from tests.sim import story
from tests.sim.invariants import deciding

SEEDS = (36, 48, 60, 72)
"""Stories in which, were bells left for ten minutes, the law would be broken."""


@pytest.mark.parametrize("seed", SEEDS)
def test_with_every_second_bell_lost_everything_is_decided_within_a_minute(seed: int) -> None:
    told = story.tell(story.script(seed))

    assert told.violation is None
    assert told.orders >= 2


def test_the_law_asks_only_where_bells_are_lost() -> None:
    assert story.script(story.DEAF).deaf
    assert not story.clean(story.DEAF).deaf
    assert not story.script(1).deaf
    assert deciding.LONGEST <= 75
