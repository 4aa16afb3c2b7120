"""The way of an order and its money, from the quote to the ledger."""

from tests import people
from tests.world import World


def test_a_takeaway_order_is_paid_shown_collected_and_captured(world_at: World) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id)

    done = world_at.command(
        order_id, "confirm", "preparing", "ready", "picked-up", store_id=store_id
    )
    world_at.pump()

    assert done.json["status"] == "PICKED_UP"
    (intent,) = world_at.intents()
    assert (intent["status"], intent["amount_received"]) == ("succeeded", 9000)
    books = world_at.get(f"/v1/orders/{order_id}/ledger", people.person("operator", "op"))
    assert books["balance"] == 0
    assert {
        entry["account"].split(":mer_")[0]: entry["money"]["amount"] for entry in books["entries"]
    }
    world_at.pass_time(86_400 + 120, step=3600)
    assert world_at.get(f"/v1/orders/{order_id}", world_at.customer())["status"] == "CONCLUDED"
