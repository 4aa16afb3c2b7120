"""Menus: published whole, as a new version that is written once and never changed."""

import hashlib

from chalicelib.catalog import indexing, reading, rights
from chalicelib.catalog.changing import Change, change
from chalicelib.catalog.errors import MenuNotFoundError, MenuTooLargeError
from chalicelib.catalog.menu_schemas import LARGEST_MENU, Menu, MenuView
from chalicelib.catalog.models import MenuVersion, StoreHead, menu_key
from chalicelib.catalog.schemas import Store
from chalicelib.catalog.staffing import demand
from chalicelib.catalog.stores import visible
from chalicelib.core import clock, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.rights import Caller


def publish(caller: Caller, store_id: str, menu: Menu) -> MenuView:
    """Replace the menu. The same menu again is no new version.

    Raises MenuTooLargeError (400) above 350 KB as stored: DynamoDB's items end at 400 KB.
    """
    demand(caller, rights.MENU_PUBLISH, store_id)
    encoded = encode(menu)
    if len(encoded) > LARGEST_MENU:
        raise MenuTooLargeError
    digest = hashlib.sha256(encoded).hexdigest()
    diets = reading.diets_of(menu)

    def decide(head: StoreHead) -> Change | None:
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
            {"menu_version": version, "menu_digest": digest, "menu_diets": diets},
            {"menu_version": version},
            [parts.put(item, BusyError())],
        )

    head = change(store_id, decide, actor=caller.actor)
    indexing.follow(store_id)
    return _view(reading.of_head(head))


def encode(menu: Menu) -> bytes:
    """A menu as it is stored: the same menu is the same bytes."""
    return menu.model_dump_json(exclude_none=True).encode()


def read(caller: Caller, store_id: str) -> MenuView:
    """The present menu of a store that the caller may see.

    Raises StoreNotFoundError, or MenuNotFoundError (404) before the first menu.
    """
    return _view(visible(caller, store_id))


def _view(store: Store) -> MenuView:
    version = reading.menu_version(store.id, store.menu_version)
    if version is None:
        raise MenuNotFoundError
    return MenuView.model_construct(
        store_id=store.id,
        version=int(version.version),
        published_at=clock.parse(version.published_at),
        currency=store.currency,
        categories=reading.menu_of(version).categories,
    )
