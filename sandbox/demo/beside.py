"""The same orders in the evaluator's world: how many minutes from click to door it makes of them.

The evaluator of published days is not part of this (docs/dispatch.md says where they come from). It
is found beside the instances, or where EVALUATOR says; without it nothing is compared. There the
optimiser looks each minute, everybody does as they are told, and ways are whole minutes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import dispatch, dispatch_policy
from sandbox.demo import figures
from sandbox.demo.figures import Spread
from sandbox.robo.story import Story

NAME = "mdrp_eval.py"


@dataclass(frozen=True)
class Beside:
    """The minutes of the same orders here and there."""

    here: Spread
    there: Spread


def home(folder: Path, told: str | None) -> Path | None:
    """The folder that the evaluator stands in: the one told, or two above the instance."""
    found = Path(told) if told else folder.resolve().parent.parent
    return found if (found / NAME).exists() else None


def minutes(
    folder: Path, evaluator: Path, orders: Collection[str], couriers: Collection[str]
) -> Mapping[str, float]:
    """Click to door of each of these orders, brought by these couriers alone."""
    module = dispatch.loaded(evaluator)
    day = module.Instance(str(folder))
    day.orders = {name: one for name, one in day.orders.items() if name in orders}
    day.couriers = {name: one for name, one in day.couriers.items() if name in couriers}
    world = module.Simulator(day, dispatch_policy.policy, dispatch_policy.INTERVAL)
    world.run()
    return {name: one["drop"] - day.orders[name]["placed"] for name, one in world.done.items()}


def compared(stories: Sequence[Story], there: Mapping[str, float]) -> Beside:
    """Over the orders that were delivered in both worlds."""
    both = [one for one in stories if one.wish.published in there]
    here = {one.wish.published: figures.door_minutes(one) for one in both}
    names = [name for name, taken in here.items() if taken is not None]
    return Beside(
        here=figures.spread([taken for taken in here.values() if taken is not None]),
        there=figures.spread([there[name] for name in names]),
    )
