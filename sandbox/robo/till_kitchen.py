"""A kitchen whose till speaks Open Delivery: it polls, and hears no webhook of ours.

The till knows the protocol alone. Here it is told how far its kitchen is, as a cook tells it.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from uuid import UUID

from chalicelib.core import ids
from sandbox.robo.kitchen import BEFORE, LATE, LOOKS_UP, OWN_RIDER, SLOW_TO_CONFIRM
from sandbox.robo.pace import Over, Pace
from sandbox.robo.scripts import NOBODY, Script
from sandbox.robo.story import Story, Street, Wish
from sandbox.till.till import GIVE_UP, LET_GO, Till

POLL = 1.0  # wall seconds between two polls
WISHES = {Script.STORE_ASKS: GIVE_UP, Script.LET_GO: LET_GO}
BEYOND = frozenset({Script.REJECTED, Script.NO_ANSWER, Script.TOLD_LATER}) | NOBODY
"""What such a kitchen does not play: the protocol has other words for it, or none."""
UNFINISHED = {
    "confirm": LOOKS_UP,
    "preparing": (20.0, 60.0),
    "dispatch": (30.0, 120.0),
    "delivered": OWN_RIDER,
    "requestCancellation": (20.0, 60.0),
}
"""City seconds from where a word could be said to where it is."""


@dataclass(frozen=True)
class Told:
    """What a till was told in a play: events by their types, each once, and its orders."""

    events: dict[str, int]
    orders: int
    refused: list[int]
    """What its calls were answered with that were no success."""


class TillKitchen:
    """One store's cook, beside its till."""

    def __init__(self, till: Till, street: Street, pace: Pace, draw: random.Random) -> None:
        self.till = till
        self._street = street
        self._pace = pace
        self._draw = draw
        self._at: dict[tuple[str, str], float] = {}
        till.may = self.may

    def work(self) -> None:
        """Poll until the play is over. A cloud that is away for a while is asked again."""
        while not self._pace.over:
            try:
                self.till.turn()
            except (OSError, HTTPException):
                self._pace.rest(POLL)
            self._pace.rest(POLL)
        raise Over

    def may(self, order_id: str, word: str) -> bool:
        """Whether the kitchen is as far as that."""
        story = self._street.story(ids.from_uuid("ord", UUID(order_id)))
        if story is None:
            return False
        if story.wish.script in WISHES:
            self.till.wishes.setdefault(order_id, WISHES[story.wish.script])
        if word == "pickedUp":
            return story.collector.is_set()
        if self._pace.now() < self._at.setdefault((order_id, word), self._moment(story, word)):
            return False
        if word == "readyForPickup":
            story.bag.set()
        return True

    @property
    def told(self) -> Told:
        found: dict[str, int] = {}
        for types in self.till.told.values():
            for one in types:
                found[one] = found.get(one, 0) + 1
        return Told(found, len(self.till.told), [one.status for one in self.till.refused])

    def _moment(self, story: Story, word: str) -> float:
        now, wanted = self._pace.now(), story.wanted_at
        if word == "readyForPickup":
            late = self._draw.uniform(*LATE) if story.wish.script is Script.LATE_KITCHEN else 0.0
            begun = wanted - BEFORE if wanted else story.clicked_at
            return begun + story.wish.cooks + late
        if word == "preparing" and wanted:
            return max(now, wanted - BEFORE)
        if word == "confirm" and story.wish.script is Script.CANCELLED_EARLY:
            return now + self._draw.uniform(*SLOW_TO_CONFIRM)
        return now + self._draw.uniform(*UNFINISHED.get(word, (0.0, 1.0)))


def store_of(wishes: Sequence[Wish]) -> str | None:
    """The store whose till can play all that is wanted of it, most of all what takes two to end.

    None: there is no such store.
    """
    beyond = {wish.store for wish in wishes if wish.script in BEYOND}
    played = [wish for wish in wishes if wish.store not in beyond]
    counts = Counter(wish.store for wish in played)
    of_two = Counter(wish.store for wish in played if wish.script in WISHES)
    return max(sorted(counts), key=lambda slug: (of_two[slug], counts[slug]), default=None)
