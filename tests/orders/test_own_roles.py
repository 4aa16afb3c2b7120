"""One person in several roles: each role reaches only what is its own in that very role."""

from chalicelib.orders import reading as orders
from tests import people
from tests.world import World


def _both(user: str) -> str:
    return people.person("customer", user, **{"cognito:groups": ["customer", "merchant"]})


def test_a_stores_owner_who_is_also_a_customer_does_not_cancel_as_the_customer(
    world_at: World,
) -> None:
    store_id = world_at.store(owner="owner")
    order_id = world_at.paid_order(store_id, user="mina")
    world_at.command(order_id, "confirm", store_id=store_id)

    refused = world_at.cancel(order_id, _both("owner"))

    assert refused.status == 404
    assert world_at.seen(order_id)["status"] == "CONFIRMED"


def test_a_customer_who_runs_another_store_does_not_command_the_own_order(
    world_at: World,
) -> None:
    store_id = world_at.store(owner="owner")
    world_at.store(owner="mina")
    order_id = world_at.paid_order(store_id, user="mina")

    answers = [
        world_at.post(f"/v1/orders/{order_id}/{command}", {}, token=_both("mina")).status
        for command in ("confirm", "reject")
    ]

    assert answers == [404, 404]
    assert world_at.seen(order_id)["status"] == "CREATED"


def test_an_owner_who_orders_at_the_own_store_acts_in_both_roles(world_at: World) -> None:
    store_id = world_at.store(owner="mina")
    order_id = world_at.paid_order(store_id, user="mina")

    confirmed = world_at.post(f"/v1/orders/{order_id}/confirm", token=_both("mina"))
    cancelled = world_at.cancel(order_id, _both("mina"))

    assert confirmed.status == 200
    assert cancelled.json["cancellation"]["initiated_by"] == "customer"


def test_what_somebody_did_is_told_in_the_role_in_which_they_did_it(world_at: World) -> None:
    store_id = world_at.store(owner="mina")
    own, foreign = (world_at.paid_order(store_id, user=user) for user in ("mina", "jun"))
    operator = people.person("customer", "mina", **{"cognito:groups": ["customer", "operator"]})

    world_at.post(f"/v1/orders/{own}/confirm", token=_both("mina"))
    world_at.cancel(own, operator)
    world_at.cancel(foreign, operator)

    assert [event.actor for event in orders.events_after(own, 2)] == [
        "merchant:mina",
        "customer:mina",
    ]
    assert [event.actor for event in orders.events_after(foreign, 2)] == ["operator:mina"]
