"""What a person likes, in one small item a kind: changed as it was read, merged by a claim."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.core import dynamo, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.orders.customer_models import (
    FAVOURITE_ITEMS,
    FAVOURITES,
    FavouriteItems,
    Favourites,
    customer_key,
)
from chalicelib.people import guests

MOST_FAVOURITES = 100
RACES = 4

type Liked = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A kind of things to like: its item, and the attribute that holds them by their ids."""

    model: type[Favourites] | type[FavouriteItems]
    sk: str
    field: str

    def read(self, person_id: str) -> tuple[int, Liked]:
        """Its version, 0 where there is nothing yet, and what is liked (1 read)."""
        found = dynamo.get(self.model, customer_key(person_id), self.sk)
        return (int(found.version), dict(getattr(found, self.field))) if found else (0, {})

    def change(self, person_id: str, decide: Callable[[Liked], Liked]) -> Liked:
        """Keep what `decide` makes of what is liked. Raises BusyError, GuestOverError (409)."""
        for _ in range(RACES):
            version, liked = self.read(person_id)
            changed = decide(liked)
            if changed == liked:
                return liked
            kept = self._kept(person_id, version, changed)
            try:
                parts.commit(kept, *guests.present(person_id))
            except BusyError:
                continue
            return changed
        raise BusyError

    def handed_over(
        self, guest_id: str, account: str, join: Callable[[Mapping[str, Any], Liked], Liked]
    ) -> tuple[Part, ...]:
        """The parts that give a guest's to an account. None where there is nothing."""
        version, theirs = self.read(guest_id)
        if not version:
            return ()
        own_version, own = self.read(account)
        item = self.model(customer_key(guest_id), self.sk)
        gone = parts.delete(item, BusyError(), self.model.version == version)
        return self._kept(account, own_version, join(theirs, own)), gone

    def _kept(self, person_id: str, version: int, liked: Liked) -> Part:
        item = self.model(
            customer_key(person_id),
            self.sk,
            version=version + 1,
            expires_at=guests.forgotten_at(person_id),
            **{self.field: liked},
        )
        as_read = self.model.version == version if version else None
        return parts.put(item, BusyError(), as_read)


STORES = Shelf(Favourites, FAVOURITES, "stores")
DISHES = Shelf(FavouriteItems, FAVOURITE_ITEMS, "items")
