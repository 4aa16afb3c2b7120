"""Old and new code run at once during a deploy: this reads what a newer release wrote."""

import json
from typing import Any

from chalicelib.orders.models import BODY, OrderBody, OrderHead, QuoteItem
from tests import people
from tests.shopfront import DOOR
from tests.world import World


def _grown(stored: object) -> Any:  # noqa: ANN401 - any JSON
    """The same JSON, with a field more in every object, as a newer release would write it."""
    if isinstance(stored, dict):
        return {**{name: _grown(one) for name, one in stored.items()}, "newer": 1}
    return [_grown(one) for one in stored] if isinstance(stored, list) else stored


def _each(stored: dict[str, Any]) -> dict[str, Any]:
    """Objects of fixed fields grow; what is keyed by languages or by options does not."""
    grown: dict[str, Any] = json.loads(json.dumps(stored))
    grown["newer"] = 1
    grown["priced"] = {**grown["priced"], "newer": 1}
    for name in ("lines", "price", "cancellation_fees"):
        grown["priced"][name] = [{**one, "newer": 1} for one in grown["priced"][name]]
    for name in ("promised", "drop_off", "total"):
        grown[name] = {**grown[name], "newer": 1} if grown.get(name) else None
    return grown


def test_a_quote_that_a_newer_release_kept_is_shown_and_ordered(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    quote = world_at.quote(store_id, token, fulfilment="delivery", drop_off=DOOR)
    item = QuoteItem.get(f"QUOTE#{quote['id']}", "HEAD")
    item.update([QuoteItem.content.set(_each(item.content))])

    shown = world_at.get(f"/v1/quotes/{quote['id']}", token)
    placed = world_at.place(token, quote)

    assert shown == quote
    assert placed["total"] == quote["total"]


def test_a_quote_of_the_release_before_limits_is_ordered_and_holds_nothing(
    world_at: World,
) -> None:
    store_id, token = world_at.store(kitchen={"orders": 1, "minutes": 60}), world_at.customer()
    quote = world_at.quote(store_id, token)
    item = QuoteItem.get(f"QUOTE#{quote['id']}", "HEAD")
    newer = {"holds", "begins", "items", "eta_minutes", "preparation_minutes"}
    older = {name: one for name, one in item.content.items() if name not in newer}
    item.update([QuoteItem.content.set(older)])

    placed = world_at.place(token, quote)

    assert OrderHead.get(f"ORDER#{placed['order_id']}", "HEAD").holds is None
    assert world_at.cancel(placed["order_id"]).status == 200


def test_what_a_newer_release_says_of_a_hold_is_passed_over(world_at: World) -> None:
    store_id = world_at.store(kitchen={"orders": 1, "minutes": 60})
    order_id = world_at.paid_order(store_id)
    head = OrderHead.get(f"ORDER#{order_id}", "HEAD")
    head.update([OrderHead.holds.set(_grown(head.holds))])

    assert world_at.cancel(order_id).status == 200
    assert world_at.try_quote(store_id, world_at.customer()).status == 201


def test_an_order_that_a_newer_release_wrote_is_shown_as_before(world_at: World) -> None:
    order_id = world_at.paid_order(world_at.store(), fulfilment="delivery", drop_off=DOOR)
    world_at.cancel(order_id)
    before = world_at.get(f"/v1/orders/{order_id}", world_at.customer())
    head, body = (
        OrderHead.get(f"ORDER#{order_id}", "HEAD"),
        OrderBody.get(f"ORDER#{order_id}", BODY),
    )
    head.update(
        [
            OrderHead.shares.set(_grown(head.shares)),
            OrderHead.cancellation.set(_grown(head.cancellation)),
            OrderHead.promised.set(_grown(head.promised)),
        ]
    )
    body.update([OrderBody.content.set(_each(body.content))])

    after = world_at.get(f"/v1/orders/{order_id}", world_at.customer())

    assert after == before
    assert world_at.get(f"/v1/orders/{order_id}/ledger", people.person("operator", "op"))
