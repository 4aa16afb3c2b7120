"""A day of systems: proven, moved, turned, asked to take it again, gone; and one that fetches."""

from collections.abc import Callable
from typing import Any

from chalicelib.integrations import events
from tests import people
from tests.world import World

GONE = "https://gone.example.com/ieum"
"""Its system answers challenges, and says of everything else that it is gone."""
SCHEDULE = {
    "version": "0", "account": "1", "region": "r", "detail": {}, "source": "s",
    "detail-type": "Scheduled Event", "time": "t", "id": "1", "resources": [],
}  # fmt: skip

type Send = Callable[[], None]


def play(world: World, store_id: str, webhook: str, send: Send) -> None:
    """What the owner of an endpoint does, and the store's own machine, until it is removed."""
    owner, operator = people.person("merchant", "owner"), world.operator()
    merchant_id = world.get(f"/v1/stores/{store_id}", owner)["merchant_id"]
    path = f"/v1/merchants/{merchant_id}/webhooks"
    body = {"url": "https://merchant.example.com/ieum"}
    of_all = world.post(path, body, token=owner, key=world.new_key()).json
    _fetch(world, store_id)
    _settle(world, send)
    for token in (owner, operator):
        for place in (webhook.rpartition("/")[0], path, f"{path}/{of_all['id']}"):
            assert world.get(place, token)
    _use(world, store_id, webhook, send)
    _use(world, store_id, f"{path}/{of_all['id']}", send)
    _fetch(world, store_id)
    for place in (webhook, f"{path}/{of_all['id']}"):
        assert world.call("DELETE", place, token=owner).status == 204


def _use(world: World, store_id: str, path: str, send: Send) -> None:
    owner = people.person("merchant", "owner")
    turned = world.post(f"{path}/rotate", token=owner, key=world.new_key())
    assert turned.json["secret"]
    for verb in ("pause", "enable"):
        assert world.post(f"{path}/{verb}", token=owner).status == 200
    assert world.post(f"{path}/ping", token=owner).status == 202
    world.paid_order(store_id, user="dora")
    world.pump()
    _settle(world, send)
    last = world.get(f"{path}/messages", owner)["items"][0]["position"]
    assert world.post(f"{path}/messages/{last}/replay", token=owner).status == 202
    for wanted in ({"only": "all"}, {"only": "failed", "from_position": 1, "to_position": last}):
        again = world.post(f"{path}/replays", wanted, token=owner, key=world.new_key()).json
        _settle(world, send)
        assert world.get(f"{path}/replays/{again['id']}", owner)["status"] == "done"
    _move(world, path, "https://moved.example.com/ieum", send)
    assert world.get(path, owner)["status"] == "active"
    _move(world, path, GONE, send)
    world.post(f"{path}/ping", token=owner)
    _settle(world, send)
    assert world.get(path, owner)["disabled_because"] == "gone"


def _move(world: World, path: str, url: str, send: Send) -> None:
    owner = people.person("merchant", "owner")
    assert world.call("PATCH", path, {"url": url}, token=owner).json["status"] == "unverified"
    _settle(world, send)


def _fetch(world: World, store_id: str) -> None:
    """By the store's machine, and by somebody of the staff who names the store."""
    machine, owner = people.machine(store_id), people.person("merchant", "owner")
    page: dict[str, Any] = world.get("/v1/events", machine)
    for one in page["events"][:2]:
        said = {"position": one["position"]}
        assert world.post("/v1/events/ack", said, token=machine).status == 200
    assert world.get(f"/v1/events?store_id={store_id}&after=0", owner)["store_id"] == store_id


def _settle(world: World, send: Send) -> None:
    """What failed once is tried again."""
    for _ in range(6):
        send()
        world.clock.move(10)
        events.sweep_webhooks(SCHEDULE, None)
    send()
