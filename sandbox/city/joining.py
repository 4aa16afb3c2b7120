"""Join a store's systems: a machine that may speak for it, a webhook that tells it what happens.

Both come with a secret that is shown once. One that was lost is replaced, never guessed.
"""

import uuid
from typing import Any

from sandbox.city.client import Api
from sandbox.city.quarter import SeedStore
from sandbox.city.record import Record

LABEL = "Till of the sandbox"

type Json = dict[str, Any]


class Joining:
    """Joins stores, in the name of their owner."""

    def __init__(self, known: Record, owner: Api, receiver: Api, receiver_url: str) -> None:
        self._known = known
        self._owner = owner
        self._receiver = receiver
        self._receiver_url = receiver_url.rstrip("/")

    def join(self, store: SeedStore, store_id: str, *, is_new: bool) -> None:
        """The machine and the webhook, each there and its secret known; the receiver told.

        Of a new store it need not be asked which it has already.
        """
        self._machine(store.slug, store_id, is_new=is_new)
        self._webhook(store.slug, store_id, is_new=is_new)
        secret = self._known.store(store.slug)["webhook_secret"]
        told = {"store_id": store_id, "secret": secret, "name": store.name}
        self._receiver.call("POST", "/admin/secrets", told)

    def _machine(self, slug: str, store_id: str, *, is_new: bool) -> None:
        path = f"/v1/stores/{store_id}/clients"
        known = self._known.store(slug)
        there = [] if is_new else self._owner.call("GET", path)["items"]
        if any(one["client_id"] == known.get("client_id") for one in there):
            return
        for one in there:
            if one["label"] == LABEL:
                self._owner.call("DELETE", f"{path}/{one['client_id']}")
        made = self._make(path, {"label": LABEL}, "client_id", "client_secret")
        self._known.note(slug, client_id=made["client_id"], client_secret=made["client_secret"])

    def _webhook(self, slug: str, store_id: str, *, is_new: bool) -> None:
        path, url = f"/v1/stores/{store_id}/webhooks", f"{self._receiver_url}/hooks/{store_id}"
        known = self._known.store(slug)
        there = [] if is_new else self._owner.call("GET", path)["items"]
        kept = next((one for one in there if one["id"] == known.get("webhook_id")), None)
        if kept and kept["url"] == url:
            waits = kept["status"] == "unverified" and not kept["health"]["failures_in_a_row"]
            if kept["status"] != "active" and not waits:
                self._owner.call("POST", f"{path}/{kept['id']}/enable")
            return
        for one in there:
            if one["url"].endswith(f"/hooks/{store_id}"):
                self._owner.call("DELETE", f"{path}/{one['id']}")
        made = self._make(path, {"url": url}, "id", "secret")
        self._known.note(slug, webhook_id=made["id"], webhook_secret=made["secret"])

    def _make(self, path: str, body: Json, name: str, secret: str) -> Json:
        """Something new with its secret. Where the answer that showed it was lost: another one.

        The key is new each time, for the same reason: a repeated answer shows no secret.
        """
        made = self._owner.call("POST", path, body, key=f"city-{uuid.uuid4().hex}")
        if made[secret] is None:
            self._owner.call("DELETE", f"{path}/{made[name]}")
            made = self._owner.call("POST", path, body, key=f"city-{uuid.uuid4().hex}")
        return made
