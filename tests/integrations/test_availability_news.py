"""A store's systems hear what can be had and what is given, if they have asked for it."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock, dynamo, news, parts
from chalicelib.integrations import feeding, sending
from chalicelib.integrations.schemas import ORDER_TYPES
from chalicelib.orders import promotion_news
from chalicelib.orders.promotion_models import PromotionHead, promotion_key
from tests import people
from tests.integrations.street import Till, as_before
from tests.orders.offers import at_store, of_platform
from tests.orders.test_offered import AMOUNT, stop, sweep
from tests.world import World

AVAILABILITY = "store.availability_changed"
PROMOTIONS = ["promotion.created", "promotion.changed", "promotion.ended"]
URL = "https://till.example.com/ieum"


def join(world: World, store_id: str, *types: str) -> str:
    said: dict[str, Any] = {"url": URL, **({"event_types": list(types)} if types else {})}
    owner = people.person("merchant", "owner")
    path = f"/v1/stores/{store_id}/webhooks"
    made = world.post(path, said, token=owner, key=world.new_key())
    assert made.status == 201, made.text
    as_before(made.json["id"], store_id)
    return str(made.json["id"])


def tell(till: Till, kind: str, subject: str) -> list[tuple[str, str | None]]:
    """The bell rings twice; what the till was told since: change, and until when or of what."""
    before = len(till.got)
    for _ in range(2):
        for place in feeding.hear_news(kind, subject):
            sending.drive(place, till)
    return [(one.json["type"], one.json["data"]["change"]) for one in till.got[before:]]


def test_a_store_hears_in_order_of_everything_that_can_be_had_or_not(world_at: World) -> None:
    store_id, owner, till = world_at.store(), people.person("merchant", "owner"), Till()
    path = f"/v1/stores/{store_id}"
    world_at.clock.move(1)
    join(world_at, store_id, AVAILABILITY)
    later = clock.stamp(clock.now() + timedelta(hours=1))
    things = {"things": [{"item_id": "water"}]}
    out = {**things, "returns": "at", "until": later}
    hours = [{"day": "mon", "opens": "09:00", "closes": "21:00"}]
    steps: list[tuple[str, str, Any]] = [
        ("POST", "availability/sold-out", out),
        ("POST", "availability/back", things),
        ("POST", "pause", {"reason": "busy", "until": later}),
        ("POST", "resume", None),
        ("POST", "rush", {"minutes": 10, "until": later}),
        ("POST", "calm", None),
        ("PATCH", "", {"hours": hours}),
        ("PATCH", "", {"names": {"en": "Another name"}}),
    ]
    for method, name, body in steps:
        answer = world_at.call(method, f"{path}/{name}".rstrip("/"), body, token=owner)
        assert answer.status in {200, 204}, (name, answer.text)

    told = tell(till, "availability", store_id)

    assert [change for _, change in told] == [
        "sold_out", "back", "paused", "resumed", "rush_began", "rush_ended", "hours_changed",
    ]  # fmt: skip
    assert {kind for kind, _ in told} == {AVAILABILITY}
    first, *_ = bodies = [one.json for one in till.got]
    assert [one["sequence"] for one in bodies] == sorted({one["sequence"] for one in bodies})
    assert [one["position"] for one in bodies] == list(range(1, 8))
    assert (first["v"], first["subject"]) == (1, {"kind": "store", "id": store_id})
    assert first["data"] == {
        "store_id": store_id, "change": "sold_out", "things": ["water"], "until": later,
        "url": f"{path}/availability",
    }  # fmt: skip
    assert {one["data"].get("until") for one in bodies[:5]} == {None, later}
    assert all(one.headers["webhook-signature"].startswith("v1,") for one in till.got)


def test_a_store_hears_of_its_promotions_from_their_making_to_their_end(world_at: World) -> None:
    store_id, till = world_at.store(), Till()
    join(world_at, store_id, *PROMOTIONS)
    ends = clock.stamp(clock.now() + timedelta(hours=2))
    once = at_store(world_at, store_id, benefit=AMOUNT, uses=1, ends=ends)["id"]
    other = at_store(world_at, store_id)
    platforms = of_platform(world_at)["id"]
    said = [tell(till, "promotion", once)]

    order_id = world_at.paid_order(store_id)
    for act in (lambda: None, lambda: world_at.cancel(order_id), lambda: world_at.clock.move(7300)):
        act()
        for _ in range(2):
            sweep()
        said.append(tell(till, "promotion", once))
    stop(world_at, other)
    stopped = tell(till, "promotion", other["id"])
    sweep()

    assert [change for told in said for _, change in told] == [
        "created", "used_up", "available", "over",
    ]  # fmt: skip
    assert stopped == [("promotion.created", "created"), ("promotion.ended", "stopped")]
    assert till.got[0].json["subject"] == {"kind": "promotion", "id": once}
    assert tell(till, "promotion", platforms) == []
    assert list(promotion_news.ending()) == []
    assert world_at.get(f"/v1/promotions/{once}", people.person("merchant", "owner"))


@pytest.mark.parametrize("types", [(), ("order.created", "promotion.ended")])
def test_whoever_has_not_asked_for_it_hears_nothing(
    world_at: World, types: tuple[str, ...]
) -> None:
    store_id, owner, till = world_at.store(), people.person("merchant", "owner"), Till()
    join(world_at, store_id, *types)
    assert AVAILABILITY not in ORDER_TYPES

    paused = world_at.post(f"/v1/stores/{store_id}/pause", {"reason": "busy"}, token=owner)
    made = at_store(world_at, store_id)["id"]

    assert paused.status == 200
    assert tell(till, "availability", store_id) == tell(till, "promotion", made) == []
    assert till.got == []


def test_a_promotion_of_an_older_release_is_told_of_from_now_on(world_at: World) -> None:
    store_id, till = world_at.store(), Till()
    join(world_at, store_id, *PROMOTIONS)
    made = at_store(world_at, store_id)
    head = dynamo.get(PromotionHead, promotion_key(made["id"]))
    assert head is not None
    head.update([PromotionHead.version.remove()])
    [event] = news.events_after("promotion", made["id"], 0)
    parts.commit(parts.forget(event))

    stop(world_at, made)

    assert tell(till, "promotion", made["id"]) == [("promotion.ended", "stopped")]
