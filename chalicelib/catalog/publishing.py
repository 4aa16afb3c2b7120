"""Menus: published whole, as a new version that is written once and never changed."""

import hashlib

from chalicelib.catalog import availability, indexing, reading, rights
from chalicelib.catalog.changing import Change, change
from chalicelib.catalog.errors import (
    MenuNotFoundError,
    MenuTooLargeError,
    StoreNotFoundError,
    TaxCategoryUnknownError,
)
from chalicelib.catalog.menu_schemas import LARGEST_MENU, Menu
from chalicelib.catalog.menu_views import MenuView
from chalicelib.catalog.models import MenuVersion, StoreHead, menu_key
from chalicelib.catalog.reading import Offering
from chalicelib.catalog.schemas import Store
from chalicelib.catalog.staffing import demand
from chalicelib.catalog.stores import demand_visible
from chalicelib.core import clock, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.rights import Caller


def publish(caller: Caller, store_id: str, menu: Menu) -> MenuView:
    """Replace the menu. The same menu again is no new version.

    Raises MenuTooLargeError (400) above 350 KB as stored: DynamoDB's items end at 400 KB; and
    TaxCategoryUnknownError (400) for a tax category that the store does not have.
    """
    demand(caller, rights.MENU_PUBLISH, store_id)
    if len(encode(menu)) > LARGEST_MENU:
        raise MenuTooLargeError

    def decide(head: StoreHead) -> Change | None:
        made = version_of(head, menu)
        if made:
            _demand_taxable(menu, reading.of_head(head))
        return made

    change(store_id, decide, actor=caller.actor)
    indexing.follow(store_id)
    return _view(reading.demand_offering(store_id))


def version_of(head: StoreHead, menu: Menu) -> Change | None:
    """The change that makes a menu the store's newest version; None where it is that already."""
    encoded = encode(menu)
    digest = hashlib.sha256(encoded).hexdigest()
    if head.menu_digest == digest:
        return None
    version = int(head.menu_version) + 1
    item = MenuVersion(
        head.pk,
        menu_key(version),
        version=version,
        published_at=clock.stamp(clock.now()),
        body=encoded.decode(),
    )
    return Change(
        "menu.published",
        {"menu_version": version, "menu_digest": digest, "menu_diets": reading.diets_of(menu)},
        {"menu_version": version},
        [
            parts.put(item, BusyError()),
            availability.menu_stands(head, version),
            indexing.waits(head.id),
        ],
    )


def _demand_taxable(menu: Menu, store: Store) -> None:
    errors = [
        {
            "code": "tax_category_unknown",
            "pointer": f"/categories/{place}/items/{number}/tax_category",
            "detail": f"the store has no tax category {item.tax_category}",
        }
        for place, category in enumerate(menu.categories)
        for number, item in enumerate(category.items)
        if item.tax_category is not None and item.tax_category not in store.tax.categories
    ]
    if errors:
        raise TaxCategoryUnknownError(errors=errors)


def encode(menu: Menu) -> bytes:
    """A menu as it is stored: the same menu is the same bytes."""
    return menu.model_dump_json(exclude_none=True).encode()


def read(caller: Caller, store_id: str) -> MenuView:
    """The present menu of a store that the caller may see.

    Raises StoreNotFoundError, or MenuNotFoundError (404) before the first menu.
    """
    found = reading.offering(store_id)
    if found is None:
        raise StoreNotFoundError
    demand_visible(caller, found.store)
    return _view(found)


def _view(found: Offering) -> MenuView:
    if found.published_at is None:
        raise MenuNotFoundError
    return MenuView.model_construct(
        store_id=found.store.id,
        version=found.menu_version,
        published_at=found.published_at,
        currency=found.store.currency,
        categories=found.menu.categories,
        unavailable=tuple(found.standing(clock.now()).of(found.menu)),
    )
