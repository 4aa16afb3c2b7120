"""The commands by which orders say what stores and cities offer: summaries, for lists to show."""

from collections.abc import Sequence

from chalicelib.catalog import offers
from chalicelib.catalog.changing import Change, change
from chalicelib.catalog.models import CityConditions, StoreHead, conditions_key
from chalicelib.catalog.offers import Offer
from chalicelib.core import dynamo, parts
from chalicelib.core.rights import SYSTEM


def tell_of_store(store_id: str, found: Sequence[Offer]) -> None:
    """Let lists show what a store offers. Safe to repeat.

    Raises StoreNotFoundError (404), BusyError (409).
    """
    held = offers.stored(found)

    def decide(head: StoreHead) -> Change | None:
        if (head.offers or []) == held:
            return None
        return Change("store.offers_changed", {"offers": held or None})

    change(store_id, decide, actor=SYSTEM)


def tell_of_city(city: str, found: Sequence[Offer]) -> None:
    """Let lists show what is offered at every store of a city. Safe to repeat."""
    held = CityConditions.offers.set(offers.stored(found))
    parts.commit(parts.upsert(CityConditions(conditions_key(city), dynamo.HEAD), [held]))
