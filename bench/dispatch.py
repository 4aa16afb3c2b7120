"""`python -m bench.dispatch DATA`: the optimiser on public days of deliveries, beside references.

DATA holds `instances/` (github.com/grubhub/mdrplib), the evaluator `mdrp_eval.py` and, if there are
any, others' scores in `references.csv`. See docs/dispatch.md.
"""

import argparse
import csv
import importlib.util
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from typing import Any

from bench import dispatch_policy
from chalicelib.couriers.optimising import deciding
from chalicelib.couriers.optimising.city import City, Courier, Order, Terms

FULL_DAYS = ("o100t100s1p100", "o100t100s2p100")
HEAVY = ("4o100t100s1p100", "5o100t100s1p100", "7o100t100s1p100")
REFERENCES = ("FoodMatch", "rh_1", "Reyes(FM code)")
SIZES = ((1, 2), (20, 20), (100, 100), (250, 150), (500, 250), (1000, 500), (2000, 1000))
COLUMNS = ("", "minutes", "% in 90", "cost", "late", "p99 ms", "Gini")


@dataclass(frozen=True, slots=True)
class Score:
    """A day, or the mean of several. `late` leaves out what nobody could have brought in time."""

    name: str
    minutes: float
    in_time: float
    cost: float
    late: float
    millis: float | None = None
    gini: float | None = None

    def line(self) -> str:
        """One line of the table."""
        told = (
            f"{self.name:24}{self.minutes:9.2f}{self.in_time:9.3f}{self.cost:9.2f}{self.late:6.0f}"
        )
        if self.millis is not None and self.gini is not None:
            told += f"{self.millis:9.0f}{self.gini:8.3f}"
        return told


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the days, print the table and the curve of decision times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--days", help="names, with commas between; by default all full days")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(arguments)
    evaluator = loaded(asked.data)
    days = asked.days.split(",") if asked.days else _full_days(asked.data)
    print(
        "".join(
            f"{each:>{width}}" for each, width in zip(COLUMNS, (24, 9, 9, 9, 6, 9, 8), strict=True)
        )
    )
    scores, lost = [], {}
    for day in days:
        instance = evaluator.Instance(str(asked.data / "instances" / day))
        lost[day] = _lost(instance, evaluator)
        scores.append(_played(evaluator, instance, asked.seed, lost[day]))
        print(scores[-1].line(), flush=True)
    for chosen in (tuple(days), tuple(day for day in days if day in HEAVY)):
        if chosen:
            print(f"\nMean of {len(chosen)} days")
            print(_mean("this optimiser", [each for each in scores if each.name in chosen]).line())
            for each in _references(asked.data, chosen, lost):
                print(each.line())
    print("\nOrders x couriers, milliseconds of one decision")
    for orders, couriers in SIZES:
        print(f"{orders:>6} x {couriers:<6}{_decision_time(orders, couriers):9.1f}", flush=True)
    return 0


def loaded(data: Path) -> Any:  # noqa: ANN401 - a module that is not here
    """The evaluator that stands in a folder, imported from there."""
    spec = importlib.util.spec_from_file_location("mdrp_eval", data / "mdrp_eval.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _full_days(data: Path) -> list[str]:
    return sorted(
        path.name for path in (data / "instances").iterdir() if path.name[1:] in FULL_DAYS
    )


def _played(evaluator: Any, instance: Any, seed: int, lost: int) -> Score:  # noqa: ANN401
    """One day. The policy runs in a process of its own and sees nothing but the states."""
    policy = evaluator.Isolated("bench.dispatch_policy:policy")
    try:
        world = evaluator.Simulator(instance, policy, dispatch_policy.INTERVAL, seed)
        result = world.run()
    finally:
        policy.close()
    return Score(
        instance.name,
        result["c2d_penalised"],
        result["pct_delivered_in_max"],
        result["cost_per_order"],
        _late(result["orders"], result["pct_delivered_in_max"], lost),
        result["policy_ms_p99"],
        gini([*_earned_an_hour(instance, world)]),
    )


def _lost(instance: Any, evaluator: Any) -> int:  # noqa: ANN401
    """How many orders are ready too late for anybody."""
    params = instance.params
    service = params["pickup_service"] + params["dropoff_service"]
    ways = evaluator.Simulator(instance, None, 1, blind=False)
    return sum(
        each["ready"]
        + service / 2
        + ways.tt(instance.restaurants[each["rest"]], (each["x"], each["y"]))
        - each["placed"]
        > params["max_c2d"]
        for each in instance.orders.values()
    )


def _late(orders: int, in_time: float, lost: int) -> int:
    return round(orders * (1 - in_time / 100)) - lost


def _earned_an_hour(instance: Any, world: Any) -> Iterator[float]:  # noqa: ANN401
    for courier, shift in instance.couriers.items():
        hours = (shift["off"] - shift["on"]) / 60
        brought = sum(map(len, world.C[courier]["tasks"]))
        guaranteed = instance.params["guaranteed_pay_per_hour"] * hours
        yield max(guaranteed, instance.params["pay_per_order"] * brought) / hours


def gini(shares: Sequence[float]) -> float:
    """Half the mean difference of any two, as a part of the mean: 0 where all are equal."""
    ranked = sorted(shares)
    size, total = len(ranked), sum(ranked)
    weighted = sum((2 * place - size + 1) * share for place, share in enumerate(ranked))
    return weighted / (size * total) if total else 0.0


def _mean(name: str, scores: Sequence[Score]) -> Score:
    return Score(
        name,
        fmean(each.minutes for each in scores),
        fmean(each.in_time for each in scores),
        fmean(each.cost for each in scores),
        sum(each.late for each in scores),
        max((each.millis for each in scores if each.millis is not None), default=None),
        fmean(each.gini or 0.0 for each in scores),
    )


def _references(data: Path, days: Sequence[str], lost: dict[str, int]) -> Iterator[Score]:
    """Others' means over the same days: FoodMatch under looser rules than ours."""
    known = data / "references.csv"
    if not known.exists():
        return
    with known.open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["instance"] in days]
    for solver in REFERENCES:
        of = [
            Score(
                solver,
                float(row["c2d_penalised"]),
                float(row["pct_in_90"]),
                float(row["cost_per_order"]),
                _late(int(row["orders"]), float(row["pct_in_90"]), lost[row["instance"]]),
            )
            for row in rows
            if row["solver"] == solver
        ]
        if len(of) == len(days):
            yield _mean(solver, of)


def _decision_time(orders: int, couriers: int) -> float:
    """The median of three, in a city that grows with its demand, as in a busy hour."""
    there = _busy_city(orders, couriers)
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        deciding.decide(there)
        taken.append(1000 * (time.perf_counter() - began))
    return median(taken)


def _busy_city(orders: int, couriers: int) -> City:
    chance = random.Random(f"{orders} x {couriers}")  # noqa: S311 - a drawn city
    side = 400.0 * couriers**0.5 + 2000

    def spot() -> tuple[float, float]:
        return chance.uniform(0, side), chance.uniform(0, side)

    stores = {f"s{each}": spot() for each in range(max(1, orders // 6))}
    return City(
        now=720.0,
        terms=Terms(step=1, pickup=4, dropoff=4, latest=90, pay=10, guaranteed=15, grain=1),
        stores=stores,
        orders=tuple(
            Order(
                f"o{each}",
                store := chance.choice(sorted(stores)),
                (
                    stores[store][0] + chance.gauss(0, 2000),
                    stores[store][1] + chance.gauss(0, 2000),
                ),
                700.0,
                720.0 + chance.uniform(-10, 20),
            )
            for each in range(orders)
        ),
        couriers=tuple(
            Courier(
                f"c{each}", spot(), 720.0 + chance.uniform(-10, 20), 600.0, 900.0, 320.0, done=4
            )
            for each in range(couriers)
        ),
    )


if __name__ == "__main__":
    sys.exit(main())
