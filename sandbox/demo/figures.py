"""Arithmetic of the report: pure."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sandbox.robo.scripts import CASTINGS, End
from sandbox.robo.story import Story

MINUTE = 60.0
STAGES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "placed to confirmed": ((), ("order.confirmed",)),
    "confirmed to ready": (("order.confirmed",), ("order.ready_for_pickup",)),
    "ready to picked up": (
        ("order.ready_for_pickup",), ("order.dispatched", "order.picked_up"),
    ),
    "picked up to delivered": (("order.dispatched",), ("order.delivered",)),
}  # fmt: skip
"""From which event to which; the first stage begins with the click."""


@dataclass(frozen=True)
class Spread:
    """How long something takes: so many cases, their mean and their 90th percentile."""

    count: int
    mean: float
    p90: float


def percentile(values: Iterable[float], percent: float) -> float:
    """The nearest-rank percentile; 0 of nothing."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def spread(values: Sequence[float]) -> Spread:
    """Of nothing all is 0."""
    if not values:
        return Spread(0, 0.0, 0.0)
    return Spread(len(values), sum(values) / len(values), percentile(values, 90))


def stages(stories: Iterable[Story]) -> dict[str, Spread]:
    """City minutes by stage, over the orders that went through it."""
    told = list(stories)
    return {name: spread(list(_minutes(told, *ends))) for name, ends in STAGES.items()}


def click_to_door(stories: Iterable[Story]) -> Spread:
    """City minutes from the customer's click to the hand-over, over what was delivered."""
    return spread(list(_minutes(list(stories), (), ("order.delivered",))))


def door_minutes(story: Story) -> float | None:
    """The same of one order, or None where it was not delivered."""
    return next(iter(_minutes([story], (), ("order.delivered",))), None)


def ends(stories: Iterable[Story]) -> dict[str, int]:
    """How many orders ended how; CONCLUDED ones as what they were before."""
    counts: dict[str, int] = {}
    for story in stories:
        status = story.status or "NOT_PLACED"
        if status == "CONCLUDED":
            status = "PICKED_UP" if "order.picked_up" in story.stages else "DELIVERED"
        counts[status] = counts.get(status, 0) + 1
    return counts


def scripted_otherwise(stories: Iterable[Story]) -> int:
    """How many orders are meant to end in another way than delivered at the door."""
    return sum(CASTINGS[story.wish.script].ends is not End.DELIVERED for story in stories)


def _minutes(
    stories: Sequence[Story], begin: tuple[str, ...], end: tuple[str, ...]
) -> Iterable[float]:
    for story in stories:
        began = _first(story, begin) if begin else story.clicked_at
        ended = _first(story, end)
        if began and ended:
            yield (ended - began) / MINUTE


def _first(story: Story, types: tuple[str, ...]) -> float | None:
    return next((story.stages[one] for one in types if one in story.stages), None)
