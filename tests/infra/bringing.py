"""A day of couriers: what they, their customers and the clock do with deliveries."""

from tests.couriers.papers import Office
from tests.couriers.riders import FAR, Riders
from tests.world import World


def play(world: World) -> None:
    """Every way that a delivery may go."""
    riders = Riders(world, about={"kitchen": {"orders": 90, "minutes": 30}})
    _fit_to_work(riders)
    _brought(riders)
    _brought_back(riders)
    _cancelled(riders)
    _changing_hands(riders)
    _found_by_nobody(riders)


def _fit_to_work(riders: Riders) -> None:
    """What a city asks for is shown and looked at; somebody is suspended, appeals, and is back."""
    office = Office(riders.world)
    riders.on_duty("jun")
    assert office.ask("identity").status == 200
    office.approve("identity", days=30)
    assert riders.world.get("/v1/courier/documents", riders.token("jun"))
    assert riders.world.get("/v1/couriers/waiting", riders.world.operator())
    assert office.order("suspend", code="safety").status == 200
    said = {"text": "It was not me."}
    path, jun = "/v1/courier/appeal", riders.token("jun")
    made = riders.world.post(path, said, token=jun, key="appeal")
    assert riders.world.get("/v1/courier", jun)["status"] == "suspended"
    answered = f"/v1/appeals/{made.json['id']}/grant"
    operator = riders.world.operator()
    assert riders.world.post(answered, {"reason": "Seen."}, token=operator).status == 200
    assert office.order("restore").json["status"] == "active"
    assert office.ask().status == 200
    riders.world.pump()


def _brought(riders: Riders) -> None:
    riders.on_duty("jun")
    order_id = riders.waiting("confirm")
    riders.world.command(order_id, "ready", store_id=riders.store_id)
    riders.world.pump()
    assert riders.answer("jun", "view").status == 200
    assert riders.answer("jun", "accept").status == 200
    assert riders.step("jun", order_id, "heading-to-store", "arrived-at-store").status == 200
    assert riders.step("jun", order_id, "picked-up", "heading-to-customer").status == 200
    assert riders.at("jun").status < 300
    mina, jun = riders.world.customer(), riders.token("jun")
    assert riders.world.get(f"/v1/orders/{order_id}/tracking", mina)
    pin = riders.world.get(f"/v1/orders/{order_id}/delivery", mina)["pin"]
    assert riders.step("jun", order_id, "arrived-at-customer").status == 200
    path = f"/v1/deliveries/{riders.delivery(order_id).id}"
    wrong = f"{(int(pin) + 1) % 10_000:04d}"
    assert riders.world.post(f"{path}/delivered", {"pin": wrong}, token=jun).status == 409
    assert riders.world.post(f"{path}/delivered", {"pin": pin}, token=jun).status == 200
    for read in (path, "/v1/earnings", "/v1/courier", "/v1/duty", "/v1/offers"):
        assert riders.world.get(read, jun)


def _brought_back(riders: Riders) -> None:
    order_id = riders.carried("jun")
    jun, path = riders.token("jun"), f"/v1/deliveries/{riders.delivery(order_id).id}"
    riders.step("jun", order_id, "arrived-at-customer")
    said = {"code": "customer_absent"}
    assert riders.world.post(f"{path}/undeliverable", said, token=jun).status == 200
    assert riders.world.post(f"{path}/returned", token=jun).status == 200
    by_hand = riders.carried("jun")
    riders.step("jun", by_hand, "arrived-at-customer")
    path = f"/v1/deliveries/{riders.delivery(by_hand).id}"
    said = {"reason": "customer_confirmed"}
    done = riders.world.post(f"{path}/complete", said, token=riders.world.operator())
    assert done.status == 200
    riders.world.pump()


def _cancelled(riders: Riders) -> None:
    riders.cancel(riders.waiting())
    fetched = riders.waiting()
    riders.answer("jun", "accept")
    riders.cancel(fetched)
    carried = riders.carried("jun")
    riders.cancel(carried)
    assert riders.step("jun", carried, "returned").status == 200
    riders.world.pump()


def _changing_hands(riders: Riders) -> None:
    """Declined, let pass, given back, taken away, and lost before pick-up and after."""
    for way in ("release", "reassign"):
        order_id = riders.waiting()
        riders.answer("jun", "accept")
        path = f"/v1/deliveries/{riders.delivery(order_id).id}/{way}"
        token = riders.token("jun") if way == "release" else riders.world.operator()
        assert riders.world.post(path, {"code": "other"}, token=token).status == 200
        riders.cancel(order_id)
    declined, passed = riders.waiting(), riders.on_duty("ari", at=FAR)
    riders.answer("jun", "decline")
    riders.world.pump()
    assert riders.asked(passed)
    riders.world.tick(60)
    riders.cancel(declined)
    lost = riders.waiting()
    riders.answer("jun", "accept")
    riders.world.pass_time(360)
    assert riders.delivery(lost).attempt == 2
    riders.cancel(lost)
    riders.at("jun")
    riders.carried("jun")
    riders.world.pass_time(360)
    for user in ("jun", "ari"):
        assert riders.world.post("/v1/duty/end", token=riders.token(user)).status == 200
    riders.world.pump()


def _found_by_nobody(riders: Riders) -> None:
    orders = {choice: riders.waiting() for choice in ("wait", "collect", "cancel")}
    riders.world.pass_time(600)
    for choice, order_id in orders.items():
        path = f"/v1/orders/{order_id}/no-courier"
        said = riders.world.post(path, {"choice": choice}, token=riders.world.customer())
        assert said.status == 200, said.text
    riders.world.pump()
