"""A few quick orders before the play: whatever is done for the first time is slow.

They are paid, cooked, collected and captured like any other, so that every function has loaded what
it loads late; they are audited with the rest, and not counted in the report.
"""

from collections.abc import Sequence
from dataclasses import replace

from sandbox.robo.scripts import Script
from sandbox.robo.story import Wish

ORDERS = 4
COOKS, WALKS = 60.0, 10.0
LONGEST = 60.0  # wall seconds that it may take


def quick(wishes: Sequence[Wish], count: int = ORDERS, pause: float = 0.0) -> list[Wish]:
    """The first wish of each of so many stores, as a takeaway from a quick kitchen."""
    first = {wish.store: wish for wish in reversed(wishes)}
    stores = list(dict.fromkeys(wish.store for wish in wishes))[:count]
    return [
        replace(
            first[store],
            number=-number,
            script=Script.TAKEAWAY,
            at=number * pause,
            cooks=COOKS,
            fulfilment="takeaway",
            drop_off=None,
            walks=WALKS,
        )
        for number, store in enumerate(stores, start=1)
    ]
