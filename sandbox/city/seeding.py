"""Open the city's stores through the public API, as their owner and an operator would.

Safe to repeat and to resume: what is recorded and still there is kept, what is missing is made.
Creating carries Idempotency-Keys that follow from the seed, so that a run which was cut off before
it could note an answer makes nothing twice.
"""

import hashlib
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sandbox.city.client import Api, Refused
from sandbox.city.joining import Joining
from sandbox.city.quarter import Quarter, SeedStore
from sandbox.city.record import Record

# More are slower on two cores: each makes the embedded cloud start another worker of the API.
WORKERS = 2
PAGE = 100
NOT_FOUND = 404
CHANGEABLE = (
    "names", "location", "address", "hours", "zones", "fulfilment", "preparation_minutes", "tax",
    "phone", "delivered_by", "cuisines",
)  # fmt: skip

type Json = dict[str, Any]
type Progress = Callable[[int, int], None]
"""How many stores are done, of how many."""


def seed(
    quarter: Quarter,
    record: Path,
    *,
    owner: Api,
    operator: Api,
    receiver: Api,
    receiver_url: str,
    progress: Progress = lambda _done, _total: None,
    workers: int = WORKERS,
) -> None:
    """Every store live, with its menu, terms, machine and webhook; ids and secrets in `record`.

    `owner` and `operator` call the public API, `receiver` the stores' webhook receiver at
    `receiver_url`. Raises Refused, or OSError where nobody answers: run it again, it goes on.
    """
    known = Record(record)
    listed = _listed(operator, quarter.city)
    merchant_id = _merchant(quarter, known, owner, listed)
    known.began(quarter.seed, merchant_id)
    opening = _Opening(quarter.seed, merchant_id, known, listed, owner, operator)
    joining = Joining(known, owner, receiver, receiver_url)
    done, counting = iter(range(1, len(quarter.stores) + 1)), threading.Lock()

    def serve(store: SeedStore) -> None:
        store_id, is_new = opening.open(store)
        joining.join(store, store_id, is_new=is_new)
        with counting:
            progress(next(done), len(quarter.stores))

    with ThreadPoolExecutor(max_workers=workers) as pool:
        try:
            list(pool.map(serve, quarter.stores))
        except BaseException:  # Ctrl-C too: what has not begun must not hold the stop up
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _listed(api: Api, city: str) -> list[Json]:
    """Every live store of the city."""
    stores: list[Json] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api.call(
            "GET", f"/v1/stores?city={city}&limit={PAGE}{cursor and '&cursor='}{cursor}"
        )
        stores += page["data"]
        cursor = page["next_cursor"]
    return stores


def _merchant(quarter: Quarter, known: Record, owner: Api, listed: list[Json]) -> str:
    """The merchant of the record, else of a store that is ours by its name, else a new one."""
    names = {store.name for store in quarter.stores}
    ours = (store["merchant_id"] for store in listed if store["names"].get("ko") in names)
    for merchant_id in dict.fromkeys(filter(None, (known.merchant_id, *ours))):
        if _exists(owner, f"/v1/merchants/{merchant_id}"):
            return str(merchant_id)
    key = key_of(quarter.seed, "merchant", quarter.merchant)
    return str(owner.call("POST", "/v1/merchants", quarter.merchant, key=key)["id"])


def _exists(api: Api, path: str) -> bool:
    return _read(api, path) is not None


def _read(api: Api, path: str) -> Json | None:
    try:
        return api.call("GET", path)
    except Refused as refused:
        if refused.status == NOT_FOUND:
            return None
        raise


REVIEWED = {"reason": "A store of the sandbox."}


class _Opening:
    """From nothing, or from whatever is there, to a live store with its menu and terms."""

    def __init__(
        self,
        number: int,
        merchant_id: str,
        known: Record,
        listed: list[Json],
        owner: Api,
        operator: Api,
    ) -> None:
        self._seed = number
        self._merchant_id = merchant_id
        self._known = known
        self._owner = owner
        self._operator = operator
        ours = [store for store in listed if store["merchant_id"] == merchant_id]
        self._by_id = {str(store["id"]): store for store in ours}
        self._by_name = {str(store["names"].get("ko")): store for store in ours}

    def open(self, store: SeedStore) -> tuple[str, bool]:
        """The store's id, once it is live, and whether it is new."""
        found = self._find(store)
        view = found or self._create(store)
        store_id = str(view["id"])
        self._keep_current(store, view)
        if any(view[name] != value for name, value in store.terms.items()):
            self._operator.call("PUT", f"/v1/stores/{store_id}/terms", {**store.terms, **REVIEWED})
        if view["status"] != "live":
            self._operator.call("POST", f"/v1/stores/{store_id}/approve", REVIEWED)
        return store_id, found is None

    def _find(self, store: SeedStore) -> Json | None:
        """The store of the record, if the cloud still knows it; else one that bears its name."""
        store_id = self._known.store(store.slug).get("id", "")
        found = self._by_id.get(store_id) or self._by_name.get(store.name)
        if found is None and store_id:
            found = _read(self._owner, f"/v1/stores/{store_id}")
        if found is None or found["id"] != store_id:
            self._known.forget(store.slug)
        if found is not None:
            self._known.note(store.slug, id=str(found["id"]), name=store.name)
        return found

    def _create(self, store: SeedStore) -> Json:
        body = {**store.body, "merchant_id": self._merchant_id}
        key = key_of(self._seed, store.slug, body)
        view = self._owner.call("POST", "/v1/stores", body, key=key)
        facts = {"id": str(view["id"]), "name": store.name, "details": digest(store.body)}
        self._known.note(store.slug, **facts)
        return view

    def _keep_current(self, store: SeedStore, view: Json) -> None:
        """Details and menu as the files now tell them; what was sent before is not sent again."""
        store_id = view["id"]
        known = self._known.store(store.slug)
        details, menu = digest(store.body), digest(store.menu)
        if known.get("details") != details:
            changed = {name: store.body[name] for name in CHANGEABLE}
            self._owner.call("PATCH", f"/v1/stores/{store_id}", changed)
            self._known.note(store.slug, details=details)
        if known.get("menu") != menu or not view["menu_version"]:
            self._owner.call("PUT", f"/v1/stores/{store_id}/menu", store.menu)
            self._known.note(store.slug, menu=menu)


def digest(body: object) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]


def key_of(number: int, what: str, body: object) -> str:
    """The same for the same request of the same city, another for any other."""
    return f"city-{number}-{what}-{digest(body)}"
