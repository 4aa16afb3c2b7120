"""The people of a town, who call the application."""

from collections.abc import Iterator

import pytest
from chalice.test import Client

from app import app
from chalicelib.catalog.models import CatalogEvent, store_key
from chalicelib.core import auth, outbox
from tests.catalog.shop import Town


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    with Client(app) as client:
        people = Town(client)
        monkeypatch.setattr(auth, "verify", people.callers.__getitem__)
        yield people


@pytest.fixture
def told() -> "Told":
    return Told()


class Told:
    """What was announced about a store, in order."""

    def types(self, store_id: str) -> list[str]:
        return [event.type for event in self.events(store_id)]

    def events(self, store_id: str) -> list[CatalogEvent]:
        return outbox.read_after(CatalogEvent, store_key(store_id), 0)
