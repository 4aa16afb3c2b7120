"""How fast the city's clock may run: as fast as this machine tells what has happened in time.

A burst of orders is played at a known rate. From each event's commit to its arrival at a webhook
receiver or a phone passes wall time that does not depend on the rate, except that a faster city
has more happening in it. So the burst is as dense as the play would be at the fastest rate, and
the rate is chosen so that most of the burst's events would have taken half a city minute: the 99th
percentile of a whole play is then under one. (That of a burst is its slowest event, and says more
about luck.)
"""

from dataclasses import replace

from sandbox.demo import rehearsal
from sandbox.demo.figures import MINUTE, percentile
from sandbox.demo.plan import Plan
from sandbox.demo.play import Play

BURST_RATE = 15.0
FASTEST, SLOWEST = 40.0, 6.0
SAFETY = 0.5  # of the minute may be used up
MOST = 95  # percent of the burst's events
ORDERS = 12
PAUSE = 12.0  # city seconds between two orders of the burst
LONGEST = 40.0  # wall seconds
FEWEST, ENOUGH = 20, 60  # events from which a rate can be told


def burst(plan: Plan) -> Plan:
    """A few quick orders, close together, and nobody who rides."""
    wishes = rehearsal.quick(plan.wishes, ORDERS, PAUSE)
    return replace(plan, wishes=wishes, riders=[], takes="a burst to find the rate")


def is_enough(play: Play) -> bool:
    """Whether the burst has told what it can, or has gone on for too long."""
    too_long = play.pace.wall(play.pace.now() - play.begins) > LONGEST
    return too_long or len(play.lags()) >= ENOUGH


def rate_for(lags: list[float], rate: float) -> float | None:
    """The rate for a machine with these lags (city seconds) at a rate; None: too few to tell."""
    if len(lags) < FEWEST:
        return None
    wall = percentile(lags, MOST) / rate
    return float(round(max(SLOWEST, min(FASTEST, SAFETY * MINUTE / max(wall, 1e-3)))))
