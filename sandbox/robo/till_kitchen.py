"""A kitchen whose till speaks Open Delivery: it polls, and hears no webhook of ours.

The till knows the protocol alone. Here it is told how far its kitchen is, as a cook tells it.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from uuid import UUID

from chalicelib.core import ids
from sandbox.robo.kitchen import BEFORE, LATE, LOOKS_UP, OWN_RIDER, SLOW_TO_CONFIRM
from sandbox.robo.line import Json
from sandbox.robo.pace import Over, Pace
from sandbox.robo.scripts import NOBODY, Script
from sandbox.robo.story import Story, Street, Wish
from sandbox.till.api import Api
from sandbox.till.parcels import OVER, Parcels
from sandbox.till.till import GIVE_UP, LET_GO, Till

POLL = 1.0  # wall seconds between two polls
PARCELS, APART = 2, 2
"""So many parcels of its own a store has carried, after so many orders each."""
ENDS = frozenset({"DELIVERY_FINISHED", "REJECTED"})
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
    parcels: dict[str, str] = field(default_factory=dict)
    """The orders of what it had carried, and the last that it was told of each."""


class TillKitchen:
    """One store's cook, beside its till."""

    def __init__(
        self,
        till: Till,
        street: Street,
        pace: Pace,
        draw: random.Random,
        doors: Sequence[Json] = (),
    ) -> None:
        self.till = till
        self._doors = list(doors)[:PARCELS]
        self._carried: dict[str, str] = {}
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
                if self.till.parcels:
                    self._carry(self.till.parcels)
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

    def _carry(self, parcels: Parcels) -> None:
        """Have something carried that was sold elsewhere, every few orders, and look after it."""
        sent = len(parcels.plans)
        if sent < len(self._doors) and len(self.till.told) >= APART * (sent + 1):
            plan = {"ORDER_DELIVERED": (OVER,)}
            parcels.send(f"{sent + 1}", _address(self._doors[sent]), plan)
        for parcel in parcels.plans:
            types = parcels.told.get(parcel, [])
            if not types or types[-1] not in ENDS:
                delivery_id = parcels.look(parcel)
                if delivery_id:
                    self._carried[parcel] = ids.from_uuid("ord", UUID(delivery_id))

    @property
    def is_carrying(self) -> bool:
        """Whether something that was sold elsewhere is still on its way."""
        told = self.till.parcels.told if self.till.parcels else {}
        return any(told[one][-1] not in ENDS for one in self._carried)

    @property
    def told(self) -> Told:
        found: dict[str, int] = {}
        for types in self.till.told.values():
            for one in types:
                found[one] = found.get(one, 0) + 1
        parcels = self.till.parcels
        refused = [*self.till.refused, *(parcels.refused if parcels else [])]
        carried = {
            order_id: parcels.told[one][-1] if parcels else ""
            for one, order_id in self._carried.items()
        }
        return Told(found, len(self.till.told), [one.status for one in refused], carried)

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


def doors_of(wishes: Sequence[Wish], slug: str | None) -> list[Json]:
    """Where customers of a store live: each may have bought something elsewhere, too."""
    return [wish.drop_off for wish in wishes if wish.store == slug and wish.drop_off]


def _address(drop_off: Json) -> Json:
    named = _plain(drop_off["address"])
    longitude, latitude = drop_off["location"]["coordinates"]
    return {**named, "latitude": latitude, "longitude": longitude}


def _plain(street: str) -> Json:
    """An address without its place on the map."""
    known = dict.fromkeys(("state", "city", "district"), "Seoul")
    unknown = dict.fromkeys(("number", "postalCode", "complement"), "")
    return {"country": "KR", **known, **unknown, "street": street}


def parcels_of(api: Api, store_id: str, name: str) -> Parcels:
    """What a store's till has carried. It is fetched at the store, wherever that is."""
    merchant = {"id": str(ids.to_uuid(store_id)), "name": name}
    return Parcels(api, merchant, _plain(name))


def store_of(wishes: Sequence[Wish]) -> str | None:
    """The store whose till can play all that is wanted of it, most of all what takes two to end.

    None: there is no such store.
    """
    beyond = {wish.store for wish in wishes if wish.script in BEYOND}
    played = [wish for wish in wishes if wish.store not in beyond]
    counts = Counter(wish.store for wish in played)
    of_two = Counter(wish.store for wish in played if wish.script in WISHES)
    return max(sorted(counts), key=lambda slug: (of_two[slug], counts[slug]), default=None)
