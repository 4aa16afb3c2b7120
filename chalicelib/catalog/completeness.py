"""Whether a store has all that it needs to be live, as a list of what is missing. Pure."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from chalicelib.catalog.menu_schemas import Menu
from chalicelib.catalog.schemas import Store, StoreId
from chalicelib.catalog.status import Fulfilment, StoreStatus
from chalicelib.core.schemas import Wire


class Lack(StrEnum):
    MENU = "menu_missing"
    HOURS = "hours_missing"
    ZONE = "zone_missing"
    TAX = "tax_missing"


SENTENCES = {
    Lack.MENU: "The store has published no menu with anything on it.",
    Lack.HOURS: "The store has no opening hours.",
    Lack.ZONE: "The store delivers, and has no zone to deliver to.",
    Lack.TAX: "The menu names tax categories for which the store has no rate.",
}


class Missing(Wire):
    """One thing that a store needs to be live."""

    code: Annotated[Lack, Field(examples=["menu_missing"])]
    detail: Annotated[str, Field(examples=[SENTENCES[Lack.MENU]])]


class Readiness(Wire):
    """What a store needs to be live: nothing, where it is complete."""

    store_id: StoreId
    status: StoreStatus
    complete: bool
    missing: list[Missing]


def missing(store: Store, menu: Menu) -> list[Missing]:
    """What a store needs and has not, each once."""
    return [Missing(code=lack, detail=SENTENCES[lack]) for lack in _lacks(store, menu)]


def _lacks(store: Store, menu: Menu) -> Iterator[Lack]:
    items = list(menu.items)
    named = {item.tax_category for item in items} - {None}
    if not items:
        yield Lack.MENU
    if not store.hours:
        yield Lack.HOURS
    if Fulfilment.DELIVERY in store.fulfilment and not store.zones:
        yield Lack.ZONE
    if not named <= {*store.tax.categories}:
        yield Lack.TAX
