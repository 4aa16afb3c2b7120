"""What is done with a webhook, and instead of one, over HTTP: turned, replayed, moved, fetched."""

import json

from tests.e2e.http import eventually
from tests.e2e.town import Json, Store, Town


def play(town: Town, store: Store, customer: str) -> None:
    """By the store's owner and its machine. What was replayed has arrived again."""
    path = f"/v1/stores/{store.id}/webhooks/{store.webhook_id}"
    fetch(town, store)
    rotate(town, store, path)
    for verb, status in (("pause", 200), ("enable", 200), ("ping", 202)):
        town.api.post(f"{path}/{verb}", token=store.owner, key=town.key()).expect(status)
    order_id = fail_and_recover(town, store, customer, path)
    replay(town, store, path)
    move(town, store, path)
    assert order_id in fetch(town, store)


def rotate(town: Town, store: Store, path: str) -> None:
    """Its receiver believes the new secret from then on."""
    turned = town.api.post(f"{path}/rotate", token=store.owner, key=town.key()).expect(200)
    told = {"store_id": store.id, "secret": turned["secret"]}
    town.receiver.post("/admin/secrets", told).expect(204)


def fail_and_recover(town: Town, store: Store, customer: str, path: str) -> str:
    """A message that is not taken, until its owner asks for what failed. The order's id."""
    town.receiver.post("/admin/behave", {"store_id": store.id, "mode": "500"}).expect(204)
    placed = town.paid_order(store, customer)

    def tried() -> Json:
        [first, *_] = town.api.get(f"{path}/messages", token=store.owner).expect(200)["items"]
        assert first["status"] == "pending"
        assert first["tries"]
        found: Json = first
        return found

    eventually(tried, what="a message that was tried in vain")
    health = town.api.get(path, token=store.owner).expect(200)["health"]
    assert health["failures_in_a_row"]
    assert health["pending"]
    town.receiver.post("/admin/behave", {"store_id": store.id, "mode": "ok"}).expect(204)
    ask(town, store, path, {"only": "failed"})
    town.await_told(store, placed["order_id"], "order.created")
    return str(placed["order_id"])


def replay(town: Town, store: Store, path: str) -> None:
    """One of the log, and a range of it: each is tried once more than before."""
    before = log(town, store, path)
    last = max(before)
    one = f"{path}/messages/{last}/replay"
    town.api.post(one, token=store.owner, key=town.key()).expect(202)
    eventually(lambda: _tried(town, store, path, last, before[last] + 1), what="one again")
    between = {"only": "all", "from_position": 2, "to_position": last}
    ask(town, store, path, between)
    eventually(lambda: _tried(town, store, path, last, before[last] + 2), what="all again")


def ask(town: Town, store: Store, path: str, wanted: Json) -> None:
    """Have something sent again, and wait until all of it was."""
    asked = town.api.post(f"{path}/replays", wanted, token=store.owner, key=town.key()).expect(202)

    def done() -> bool:
        place = f"{path}/replays/{asked['id']}"
        found = town.api.get(place, token=store.owner).expect(200)
        assert found["status"] == "done", found
        return True

    eventually(done, what="the end of a replay")


def log(town: Town, store: Store, path: str) -> dict[int, int]:
    """How often each position was tried."""
    items = town.api.get(f"{path}/messages?limit=50", token=store.owner).expect(200)["items"]
    return {one["position"]: one["tries"] for one in items}


def _tried(town: Town, store: Store, path: str, position: int, least: int) -> bool:
    tries = log(town, store, path)[position]
    assert tries >= least, f"{position} was tried {tries} times"
    return True


def move(town: Town, store: Store, path: str) -> None:
    """To another address of the same system, which proves itself again."""
    url = f"{town.box.receiver}/hooks/{store.id}?moved"
    changed = town.api.send(
        "PATCH", path, json.dumps({"url": url}).encode(), token=store.owner
    ).expect(200)
    assert changed["status"] == "unverified"

    def proven() -> bool:
        found = town.api.get(path, token=store.owner).expect(200)
        assert found["status"] == "active", found
        return True

    eventually(proven, what="the answer to a challenge")


def fetch(town: Town, store: Store) -> list[str]:
    """The orders of which the feed tells; half of it is acknowledged."""
    page = town.api.get("/v1/events?after=0", token=store.machine).expect(200)
    events = page["events"]
    if events:
        half = {"position": events[len(events) // 2]["position"]}
        done = town.api.post("/v1/events/ack", half, token=store.machine).expect(200)
        assert done["acknowledged"] == half["position"]
        rest = town.api.get("/v1/events", token=store.machine).expect(200)["events"]
        assert [one["position"] for one in rest] == [
            one["position"] for one in events if one["position"] > half["position"]
        ]
    return [one["subject"]["id"] for one in events]
