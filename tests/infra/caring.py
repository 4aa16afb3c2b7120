"""A day of care: places that are kept, orders that a store regrets."""

from datetime import timedelta

from chalicelib.core import clock, ids
from tests import people
from tests.couriers.riders import Riders
from tests.shopfront import DOOR
from tests.world import World

HOME = {"label": "home", "location": DOOR["location"], "road_address": "양화로 45"}


def play(world: World, store_id: str) -> None:
    """Everything that a customer may ask for around an order."""
    _at_home(world, store_id)
    _regretted(world, store_id)
    _asked(world, store_id)
    _delayed(world)
    _again(world, store_id)
    _rated(world, store_id)


def _at_home(world: World, store_id: str) -> None:
    mina, address_id = world.customer(), ids.new("adr")
    path = f"/v1/addresses/{address_id}"
    for _ in range(2):
        assert world.call("PUT", path, HOME, token=mina).status == 200
    assert world.get(path, mina)
    assert world.get("/v1/addresses", mina)["items"]
    [first, *_] = world.get(f"/v1/stores/{store_id}/slots")["items"]
    assert first["left"]
    quote = world.quote(store_id, mina, fulfilment="delivery", address_id=address_id)
    assert quote["id"]
    assert world.call("DELETE", path, token=mina).status == 204


def _regretted(world: World, store_id: str) -> None:
    """A store asks to give up what it has confirmed: denied, agreed to, and not answered."""
    till = people.machine(store_id)
    for answers in (("deny", "accept"), ()):
        order_id = world.paid_order(store_id, user="hana")
        path = f"/v1/orders/{order_id}"
        assert world.post(f"{path}/confirm", token=till).status == 200
        for answer in answers or ("",):
            asked = world.post(
                f"{path}/request-cancellation", {"code": "unavailable_item"}, token=till
            )
            assert asked.status == 200
            if answer:
                said = world.post(f"{path}/{answer}-cancellation", token=world.customer("hana"))
                assert said.status == 200
    world.pump()


def _asked(world: World, store_id: str) -> None:
    """Two customers ask to be let go; one is, the other waits outside, and shows a code."""
    till, hana = people.machine(store_id), world.customer("hana")
    for answer, body in (("let-go", None), ("go-on", {"code": "dish_already_done"})):
        order_id = world.paid_order(store_id, user="hana")
        path = f"/v1/orders/{order_id}"
        assert world.post(f"{path}/confirm", token=till).status == 200
        asked = world.post(f"{path}/ask-to-cancel", {"code": "changed_mind"}, token=hana)
        assert asked.status == 200
        assert world.post(f"{path}/{answer}", body, token=till).status == 200
    assert world.post(f"{path}/waiting", {"spot": "B-12"}, token=hana).status == 200
    assert world.post(f"{path}/ready", token=till).status == 200
    code = {"code": world.get(path, hana)["hand_over_code"]}
    assert world.post(f"{path}/check-code", code, token=till).status == 200
    assert world.post(f"{path}/picked-up", token=till).status == 200
    world.pump()


def _delayed(world: World) -> None:
    """Another time is promised, a courier hears of it, and it is late by that, too."""
    riders = Riders(world)
    order_id = world.paid_order(riders.store_id, fulfilment="delivery", drop_off=DOOR)
    till = people.machine(riders.store_id)
    assert world.post(f"/v1/orders/{order_id}/confirm", token=till).status == 200
    world.pump()
    promised = clock.parse(world.seen(order_id)["promised"]["begins"]) + timedelta(minutes=20)
    later = promised.replace(second=0, microsecond=0)
    body = {"promised_for": clock.stamp(later), "reason": "kitchen_busy"}
    assert world.post(f"/v1/orders/{order_id}/delay", body, token=till).status == 200
    world.pump()
    for path, token in (
        (f"/v1/stores/{riders.store_id}/late-orders", till),
        ("/v1/operations/late-orders", world.operator()),
    ):
        assert world.get(path, token)["items"] == []
    riders.cancel(order_id)
    world.pump()


def _again(world: World, store_id: str) -> None:
    """A store is liked, its orders are looked for, and one of them is quoted again."""
    mina = world.customer()
    path = f"/v1/favourites/{store_id}"
    assert world.call("PUT", path, token=mina).status == 200
    assert world.get("/v1/favourites", mina)["items"]
    dish = f"/v1/favourite-items/{store_id}/bibimbap"
    assert world.call("PUT", dish, token=mina).status == 200
    assert world.get("/v1/favourite-items", mina)["items"]
    assert world.call("DELETE", dish, token=mina).status == 204
    [order, *_] = world.get(f"/v1/orders?when=past&store_id={store_id}", mina)["items"]
    assert world.post(f"/v1/orders/{order['id']}/reorder", {}, token=mina).status == 201
    assert world.call("DELETE", path, token=mina).status == 204


def _rated(world: World, store_id: str) -> None:
    """What is collected is rated; its store reads and answers, an operator hides."""
    mina, owner = world.customer(), people.person("merchant", "owner")
    for number in range(5):
        order_id = world.paid_order(store_id)
        world.command(order_id, "confirm", "ready", "picked-up", store_id=store_id)
        path, said = f"/v1/orders/{order_id}/rating", {"store": 4, "comment": f"Soup {number}."}
        assert world.call("PUT", path, said, token=mina).status == 200
    assert world.call("PUT", path, {"store": 5}, token=mina).status == 200
    assert world.get(path, mina)["store"] == 5
    world.pump()
    assert world.get(f"/v1/stores/{store_id}")["rating"]["count"] == 5
    items = world.get(f"/v1/stores/{store_id}/ratings", owner)["items"]
    first = next(one for one in items if one["comment"])
    path = f"/v1/stores/{store_id}/ratings/{first['id']}"
    answered = world.call("PUT", f"{path}/answer", {"text": "Thank you."}, token=owner)
    assert answered.status == 200
    hidden = world.post(f"{path}/hide", {"reason": "It names one."}, token=world.operator())
    assert hidden.status == 200
