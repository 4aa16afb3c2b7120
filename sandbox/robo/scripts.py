"""What may happen to an order in this city, how often, and how it then ends."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Script(StrEnum):
    """What everybody has agreed to play for one order."""

    HAPPY = "happy"
    TAKEAWAY = "takeaway"
    LATE_KITCHEN = "late kitchen"
    REJECTED = "rejected"
    NO_ANSWER = "no answer"
    CANCELLED_EARLY = "cancelled early"
    CANCELLED_LATE = "cancelled late"
    SECOND_CARD = "second card"
    CARD_GIVEN_UP = "card given up"
    THREE_D_SECURE = "3-D Secure"
    WALLET = "wallet"
    WALLET_LEFT = "wallet left"
    NOBODY_WAIT = "nobody: wait"
    NOBODY_COLLECT = "nobody: collect"
    NOBODY_CANCEL = "nobody: cancel"
    SILENT_COURIER = "silent courier"
    WRONG_PIN = "wrong PIN"
    UNDELIVERABLE = "undeliverable"
    DOUBLE_TAPS = "double taps"
    STORED_VALUE = "stored value"
    CASH = "cash"
    TIPPED = "tipped"
    REFUNDED = "refunded"
    DISCOUNTED = "discounted"
    FOR_LATER = "for later"
    DISH_GONE = "dish gone"
    TOLD_LATER = "told later"
    STORE_ASKS = "store asks"
    LET_GO = "let go"


class End(StrEnum):
    """How a script ends."""

    DELIVERED = "DELIVERED"
    PICKED_UP = "PICKED_UP"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Casting:
    """How a script ends, and its weight among all: in the city's own evening, and in a replay.

    `code` is the reason that a cancelled order must then give; `rides`: a courier takes part.
    """

    ends: End
    evening: int
    replay: int
    code: str = ""
    rides: bool = True


S, E = Script, End

CASTINGS: Mapping[Script, Casting] = {
    S.HAPPY: Casting(E.DELIVERED, 200, 760),
    S.TAKEAWAY: Casting(E.PICKED_UP, 120, 0, rides=False),
    S.LATE_KITCHEN: Casting(E.DELIVERED, 60, 20),
    S.REJECTED: Casting(E.CANCELLED, 25, 8, "too_busy", rides=False),
    S.NO_ANSWER: Casting(E.CANCELLED, 15, 4, "merchant_no_response", rides=False),
    S.CANCELLED_EARLY: Casting(E.CANCELLED, 30, 8, "changed_mind", rides=False),
    S.CANCELLED_LATE: Casting(E.CANCELLED, 20, 6, "takes_too_long", rides=False),
    S.SECOND_CARD: Casting(E.DELIVERED, 40, 20),
    S.CARD_GIVEN_UP: Casting(E.CANCELLED, 15, 4, "payment_expired", rides=False),
    S.THREE_D_SECURE: Casting(E.DELIVERED, 60, 25),
    S.WALLET: Casting(E.DELIVERED, 60, 20),
    S.WALLET_LEFT: Casting(E.CANCELLED, 15, 4, "payment_expired", rides=False),
    S.NOBODY_WAIT: Casting(E.DELIVERED, 8, 0),
    S.NOBODY_COLLECT: Casting(E.PICKED_UP, 8, 0),
    S.NOBODY_CANCEL: Casting(E.CANCELLED, 8, 0, "no_courier"),
    S.SILENT_COURIER: Casting(E.DELIVERED, 15, 8),
    S.WRONG_PIN: Casting(E.DELIVERED, 30, 10),
    S.UNDELIVERABLE: Casting(E.CANCELLED, 11, 3, "undeliverable"),
    S.DOUBLE_TAPS: Casting(E.DELIVERED, 40, 10),
    S.STORED_VALUE: Casting(E.DELIVERED, 50, 20),
    S.CASH: Casting(E.DELIVERED, 50, 20),
    S.TIPPED: Casting(E.DELIVERED, 60, 30),
    S.REFUNDED: Casting(E.DELIVERED, 40, 20),
    S.DISCOUNTED: Casting(E.DELIVERED, 100, 0),
    S.FOR_LATER: Casting(E.DELIVERED, 40, 0),
    S.DISH_GONE: Casting(E.DELIVERED, 20, 0),
    S.TOLD_LATER: Casting(E.DELIVERED, 30, 0),
    S.STORE_ASKS: Casting(E.CANCELLED, 15, 0, "unavailable_item", rides=False),
    S.LET_GO: Casting(E.CANCELLED, 15, 0, "ordered_by_mistake", rides=False),
}
NOBODY = frozenset({S.NOBODY_WAIT, S.NOBODY_COLLECT, S.NOBODY_CANCEL})
"""No courier takes these at first: their customers are asked what they would rather."""

type Weights = Mapping[Script, int]


def evening(*, couriers: bool = True) -> dict[Script, int]:
    """The weights of the city's own evening; without couriers the stores bring it themselves."""
    needs = NOBODY | {S.SILENT_COURIER, S.WRONG_PIN, S.UNDELIVERABLE, S.TIPPED}
    return {
        script: casting.evening
        for script, casting in CASTINGS.items()
        if couriers or script not in needs
    }


def replay() -> dict[Script, int]:
    """The weights of a published day: nearly all happy, so that nearly all is delivered."""
    return {script: casting.replay for script, casting in CASTINGS.items() if casting.replay}


def cast(orders: int, weights: Weights, draw: random.Random, *, each: bool = False) -> list[Script]:
    """A script for each order, in proportion to the weights, by largest remainders; shuffled.

    With `each`, and orders enough, every script is played at least once.
    """
    counts = _in_proportion(orders, weights)
    if each and orders >= 2 * len(weights):
        _give_each_one(counts)
    scripts = [script for script, count in counts.items() for _ in range(count)]
    draw.shuffle(scripts)
    return scripts


def _in_proportion(orders: int, weights: Weights) -> dict[Script, int]:
    total = sum(weights.values())
    exact = {script: orders * weight / total for script, weight in weights.items()}
    counts = {script: int(share) for script, share in exact.items()}
    left = orders - sum(counts.values())
    by_remainder = sorted(exact, key=lambda script: counts[script] - exact[script])
    for script in by_remainder[:left]:
        counts[script] += 1
    return counts


def _give_each_one(counts: dict[Script, int]) -> None:
    for script, count in list(counts.items()):
        if not count:
            most = max(counts, key=lambda one: counts[one])
            counts[most] -= 1
            counts[script] += 1
