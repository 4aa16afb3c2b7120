"""When a message is tried again: the rungs are seconds after the attempt before.

A store has minutes to confirm a new order, so its first rungs are close together; all else climbs
the schedule of Standard Webhooks.
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from collections.abc import Mapping

MINUTE, HOUR = 60.0, 3600.0
ORDER_LADDER = (
    0.0, 2.0, 5.0, 15.0, 30.0, 60.0, 120.0,
    5 * MINUTE, 30 * MINUTE,
    2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR,
)  # fmt: skip
STANDARD_LADDER = (
    0.0, 5.0, 5 * MINUTE, 30 * MINUTE,
    2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR,
)  # fmt: skip
LADDERS: Mapping[str, tuple[float, ...]] = {
    "order.created": ORDER_LADDER,
    "webhook.challenge": ORDER_LADDER[:9],
    "webhook.ping": (0.0,),
}
JITTER = 0.1
LONGEST_WAIT = 1 * HOUR
THROTTLED_SECONDS = 10.0
THROTTLES = frozenset({429, 502, 504})


def rung(message_type: str, failures: int) -> float | None:
    """Seconds to wait after so many failures of a message of that type; None: give up."""
    steps = LADDERS.get(message_type, STANDARD_LADDER)
    return steps[failures] if failures < len(steps) else None


def jittered(seconds: float, noise: float) -> float:
    """The wait, up to a tenth longer or shorter. `noise` lies between -1 and 1."""
    return seconds * (1 + JITTER * noise)


def held_for(status: int | None, retry_after: float | None) -> float | None:
    """Seconds for which the whole endpoint is left alone, at most an hour; None: it is not."""
    if retry_after is not None:
        return min(max(retry_after, 0.0), LONGEST_WAIT)
    return THROTTLED_SECONDS if status in THROTTLES else None
