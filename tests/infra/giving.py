"""A day of money: stored value, cash, what is saved, what is for later, refunds and tips."""

from tests.couriers.riders import Riders
from tests.payments import later, wallets
from tests.world import World


def play(world: World, store_id: str) -> str:
    """Every way that money may come and go. The order that is for another day."""
    _held_and_in_cash(world, store_id)
    _saved(world, store_id)
    _given_back_and_tipped(world)
    given_up, kept = later.promised(world), later.promised(world)
    assert world.cancel(given_up).status == 200
    world.pump()
    return kept


def _held_and_in_cash(world: World, store_id: str) -> None:
    balance = world.grant(20_000)
    held = {"method": "balance", "balance_id": balance, "amount": 4000}
    cash = {"method": "cash"}
    _appealed(world)
    _declined(world, store_id)
    collected = world.paid_order(store_id, held, {"method": "card"})
    in_cash = world.paid_order(store_id, cash)
    for order_id in (collected, in_cash):
        world.command(order_id, "confirm", "ready", "picked-up", store_id=store_id)
    world.pump()
    assert world.cancel(world.paid_order(store_id, held, cash)).status == 200
    world.refund(collected, amount=5000)
    world.refund(in_cash, amount=1000)
    world.pump()
    for path in ("/v1/balances", f"/v1/balances/{balance}"):
        assert world.get(path, world.customer())
    assert world.get("/v1/payment-options?currency=KRW")


def _appealed(world: World) -> None:
    """Mina may have two orders in cash; Jun may not."""
    operator, said = world.operator(), {"limit": "cash_orders_limit", "text": "I am known."}
    for user, verdict in (("mina", "grant"), ("jun", "refuse")):
        token = world.customer(user)
        assert world.post("/v1/appeals", said, token=token, key=world.new_key()).status == 201
        [waiting] = world.get("/v1/appeals/waiting", operator)["items"]
        path = f"/v1/appeals/{waiting['id']}/{verdict}"
        assert world.post(path, {"reason": "Asked."}, token=operator).status == 200
        assert world.get("/v1/appeals", token)["items"]


def _declined(world: World, store_id: str) -> None:
    """A payment fails, of which Stripe tells, and its order is given up."""
    placed = world.order(store_id)
    world.pay(placed["payments"][0], "pm_card_chargeDeclined")
    world.pump()
    assert world.cancel(placed["order_id"]).status == 200


def _saved(world: World, store_id: str) -> None:
    first, second = wallets.save(world), wallets.save(world, "pm_card_mastercard")
    assert wallets.set_default(world, second).status == 200
    order_id = world.paid_order(store_id, {"method": "card", "method_id": first})
    assert wallets.remove(world, first).status < 300
    assert wallets.listed(world)
    assert world.cancel(order_id).status == 200
    world.pump()


def _given_back_and_tipped(world: World) -> None:
    riders = Riders(world)
    order_id = riders.brought()
    opened = world.try_tip(order_id)
    assert opened.status == 201, opened.text
    world.pay(opened.json)
    assert world.confirm(order_id).status == 200
    refund = world.refund(order_id, amount=1000)
    world.pump()
    assert world.get(f"/v1/orders/{order_id}/refunds", world.customer())["items"]
    world.stripe.fail_refund(world.refunds()[0]["id"])
    world.pump()
    path = f"/v1/orders/{order_id}/refunds/{refund['id']}/retry"
    assert (
        world.post(
            path, {"destination": "wallet", "reason": "Asked."}, token=world.operator()
        ).status
        < 300
    )
    assert world.post("/v1/duty/end", token=riders.token("jun")).status == 200
    world.pump()
