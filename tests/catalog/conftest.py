"""The catalog's routes, served by the application's own border."""

from collections.abc import Iterator

import pytest
from chalice.test import Client

from chalicelib.catalog.models import CatalogEvent, store_key
from chalicelib.catalog.routes import api
from chalicelib.core import auth, outbox
from chalicelib.core.web import Ieum
from tests.catalog.shop import Town


@pytest.fixture(scope="session")
def served() -> Ieum:
    app = Ieum(app_name="catalog")
    app.serve(api)
    return app


@pytest.fixture
def town(served: Ieum, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    with Client(served) as client:
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
