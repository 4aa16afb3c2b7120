"""How fast the city's clock may run: as fast as this machine tells what has happened in time.

A burst of orders is played at a known rate. From each event's commit to its arrival at a webhook
receiver or a phone passes wall time that does not depend on the rate, except that a faster city
has more happening in it. So the burst is as dense as the play would be at the fastest rate, and
the rate is chosen so that the burst's 99th percentile is well under one city minute.
"""

from dataclasses import replace

from sandbox.demo.figures import MINUTE, percentile
from sandbox.demo.plan import Plan
from sandbox.robo.scripts import Script
from sandbox.robo.story import Wish

BURST_RATE = 24.0
FASTEST, SLOWEST = 60.0, 6.0
SAFETY = 0.6  # of the minute may be used up in the burst
ORDERS = 10
RIDERS = 6
PAUSE = 30.0  # city seconds between two orders of the burst
QUICK = 240.0
FEWEST = 20


def burst(plan: Plan) -> Plan:
    """A few of the plan's own orders, all happy, close together, from kitchens that are quick."""
    happy = [wish for wish in plan.wishes if wish.script is Script.HAPPY][:ORDERS]
    wishes = [_quick(wish, number) for number, wish in enumerate(happy)]
    here = [rider for rider in plan.riders if rider.off > 0][:RIDERS]
    riders = [replace(one, on=0.0, off=len(wishes) * PAUSE + 7_200, service=30.0) for one in here]
    return replace(plan, wishes=wishes, riders=riders, takes="a burst to find the rate")


def _quick(wish: Wish, number: int) -> Wish:
    return replace(wish, at=number * PAUSE, cooks=QUICK)


def rate_for(lags: list[float], rate: float) -> float | None:
    """The rate for a machine that met these lags (city seconds) at a rate; None: too few to tell.

    The first tenth is left out: whatever is done for the first time is slow.
    """
    settled = lags[len(lags) // 10 :]
    if len(settled) < FEWEST:
        return None
    wall = percentile(settled, 99) / rate
    return float(round(max(SLOWEST, min(FASTEST, SAFETY * MINUTE / max(wall, 1e-3)))))
