"""What ran out after the quote: told before anything is ordered or paid, at no further trip."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock, dynamo
from chalicelib.orders import placing
from chalicelib.orders.models import OrderHead, QuoteItem
from chalicelib.orders.placing import Draft
from tests import people, shopfront
from tests.world import World

LARGE = {"item_id": "bibimbap", "group_id": "size", "option_id": "large"}


@pytest.fixture
def trips() -> Iterator[Callable[[], list[str]]]:
    """What was asked of DynamoDB."""
    asked: list[str] = []

    def note(**given: Any) -> None:  # noqa: ANN401 - botocore's own
        asked.append(given["model"].name)

    events = dynamo.client().meta.events
    events.register("before-call.dynamodb", note)
    yield lambda: asked
    events.unregister("before-call.dynamodb", note)


def _sell_out(world: World, store_id: str, *things: dict[str, str], **more: object) -> None:
    path = f"/v1/stores/{store_id}/availability/sold-out"
    answer = world.post(path, {"things": list(things), **more}, token=people.machine(store_id))
    assert answer.status == 200, answer.text


def _issues(world: World, store_id: str, **changed: object) -> list[tuple[str, str, str | None]]:
    refused = world.try_quote(store_id, world.customer(), **changed)
    assert refused.status == 422, refused.text
    found = refused.json["errors"]
    return [(one["code"], one["pointer"], one.get("returns_at")) for one in found]


def test_a_quote_says_what_is_sold_out_and_when_it_is_back(world_at: World) -> None:
    store_id = world_at.store()
    _sell_out(world_at, store_id, {"item_id": "water"}, LARGE)
    _sell_out(world_at, store_id, {"item_id": "gift-box"}, returns="by_hand")
    items = [
        {"item_id": "water"},
        {"item_id": "bibimbap", "options": {"size": ["large"]}},
        {"item_id": "gift-box"},
        {"item_id": "bibimbap"},
    ]

    issues = _issues(world_at, store_id, items=items)

    back = issues[0][2]
    assert back is not None
    assert issues == [
        ("item_unavailable", "/items/0", back),
        ("option_unavailable", "/items/1/options/size", back),
        ("item_unavailable", "/items/2", None),
    ]


def test_an_order_for_tomorrow_may_have_what_is_sold_out_today(world_at: World) -> None:
    store_id = world_at.store()
    _sell_out(world_at, store_id, {"item_id": "bibimbap"})
    today = world_at.try_quote(store_id, world_at.customer())
    moment = clock.now().replace(second=0, microsecond=0)

    later = world_at.try_quote(
        store_id,
        world_at.customer(),
        scheduled_for=(moment + timedelta(days=2)).isoformat(),
    )

    assert (today.status, later.status) == (422, 201)


def test_what_is_sold_out_after_the_quote_is_neither_ordered_nor_paid(world_at: World) -> None:
    store_id = world_at.store()
    items = [{"item_id": "water"}, {"item_id": "bibimbap", "options": {"size": ["large"]}}]
    quote = world_at.quote(store_id, world_at.customer(), items=items)
    _sell_out(world_at, store_id, LARGE)

    refused = world_at.try_place(world_at.customer(), quote["id"])

    assert (refused.status, refused.json["code"]) == (409, "items_gone")
    [issue] = refused.json["errors"]
    assert (issue["code"], issue["pointer"]) == ("option_unavailable", "/items/1/options/size")
    assert "returns_at" in issue
    assert world_at.intents() == []
    assert world_at.get("/v1/orders", world_at.customer())["items"] == []


def test_it_can_be_ordered_once_it_is_back(world_at: World) -> None:
    store_id = world_at.store()
    quote = world_at.quote(store_id, world_at.customer())
    _sell_out(world_at, store_id, {"item_id": "bibimbap"})
    first = world_at.try_place(world_at.customer(), quote["id"], key="one-key")
    body = {"things": [{"item_id": "bibimbap"}]}
    path = f"/v1/stores/{store_id}/availability/back"
    world_at.post(path, body, token=people.machine(store_id))

    second = world_at.try_place(world_at.customer(), quote["id"], key="one-key")

    assert (first.status, second.status) == (409, 201)


def test_what_else_is_sold_out_does_not_matter(world_at: World) -> None:
    store_id = world_at.store()
    quote = world_at.quote(store_id, world_at.customer())
    _sell_out(world_at, store_id, {"item_id": "water"}, LARGE)

    placed = world_at.place(world_at.customer(), quote)

    assert placed["total"] == quote["total"]
    assert len(world_at.intents()) == 1


@pytest.mark.parametrize(
    ("sold", "codes"),
    [
        ([shopfront.item("water", 0)], ["item_unknown"]),
        (
            [shopfront.item("bibimbap", 9000, available=False)],
            ["item_unavailable", "group_unknown"],
        ),
        ([shopfront.item("bibimbap", 9000)], ["group_unknown"]),
        ([shopfront.item("bibimbap", 99_000, option_groups=[shopfront.SIZES])], []),
    ],
)
def test_what_a_new_menu_has_not_is_told_and_what_it_has_keeps_its_price(
    world_at: World, sold: list[dict[str, object]], codes: list[str]
) -> None:
    store_id = world_at.store()
    items = [{"item_id": "bibimbap", "options": {"size": ["large"]}}]
    quote = world_at.quote(store_id, world_at.customer(), items=items)
    category = {"id": "rice", "names": {"en": "Rice"}, "items": sold}
    world_at.publish(store_id, {"categories": [category]})

    answer = world_at.try_place(world_at.customer(), quote["id"])

    assert [one["code"] for one in answer.json.get("errors", [])] == codes
    assert answer.status == (409 if codes else 201)
    assert codes or answer.json["total"]["amount"] == 11_000


def test_a_quote_of_the_release_before_is_judged_when_it_is_ordered(world_at: World) -> None:
    store_id = world_at.store()
    old, gone = (world_at.quote(store_id, world_at.customer()) for _ in range(2))
    for quote in (old, gone):
        item = QuoteItem.get(f"QUOTE#{quote['id']}", "HEAD")
        content = {name: value for name, value in item.content.items() if name != "offered"}
        item.update([QuoteItem.content.set(content)])

    placed = world_at.try_place(world_at.customer(), old["id"])
    _sell_out(world_at, store_id, {"item_id": "bibimbap"})
    refused = world_at.try_place(world_at.customer(), gone["id"])

    assert (placed.status, refused.status) == (201, 409)


def test_repeating_an_order_is_answered_though_its_item_is_sold_out_now(world_at: World) -> None:
    store_id = world_at.store()
    quote = world_at.quote(store_id, world_at.customer())
    first = world_at.try_place(world_at.customer(), quote["id"], key="again")
    _sell_out(world_at, store_id, {"item_id": "bibimbap"})

    second = world_at.try_place(world_at.customer(), quote["id"], key="again")

    assert (second.status, second.json["order_id"]) == (201, first.json["order_id"])


def test_a_store_that_never_stops_changing_makes_the_customer_ask_again(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_id = world_at.store()
    quote = world_at.quote(store_id, world_at.customer())
    looked_again = placing.looked_again
    _sell_out(world_at, store_id, {"item_id": "water"}, returns="by_hand")

    def and_again(made: Draft) -> Draft:
        found = looked_again(made)
        path = f"/v1/stores/{store_id}/availability"
        for command in ("back", "sold-out"):
            body = {"things": [{"item_id": "water"}]}
            world_at.post(f"{path}/{command}", body, token=people.machine(store_id))
        return found

    monkeypatch.setattr(placing, "looked_again", and_again)

    answer = world_at.try_place(world_at.customer(), quote["id"])

    assert (answer.status, answer.json["code"]) == (409, "busy")
    assert list(OrderHead.by_customer.query("mina")) == []


def test_placing_asks_for_it_at_no_further_trip(
    world_at: World, trips: Callable[[], list[str]]
) -> None:
    quote = world_at.quote(world_at.store(), world_at.customer())
    trips().clear()

    world_at.place(world_at.customer(), quote)

    limits, switch = ["UpdateItem"] * 2, ["GetItem"]
    assert len(trips()) <= 3 + len(limits + switch), trips()
    assert trips().count("TransactWriteItems") == 2
