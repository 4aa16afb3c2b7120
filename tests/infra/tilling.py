"""A day of a till that speaks Open Delivery: it joins, polls, acknowledges, and is called."""

from collections.abc import Callable

from chalicelib.core.egress import Reply
from chalicelib.integrations.opendelivery import fetching
from tests import people
from tests.opendelivery.desk import uuid
from tests.opendelivery.parcels import numbered, parcel
from tests.opendelivery.test_calling import FORM, MERCHANT, URL
from tests.world import World

BASE = "/opendelivery"
ADDRESSES = {"getMerchantURL": {"baseURL": "https://till.example.com"}, "ordersWebhookURL": URL}


def play(world: World, store_id: str, send_webhooks: Callable[[], None]) -> None:
    """What every operation writes and reads. The menu that is asked for cannot be read."""
    owner, path = people.person("merchant", "owner"), f"/v1/stores/{store_id}/clients"
    made = world.post(path, {"label": "OD"}, token=owner, key=world.new_key()).json
    sign_in(world, made)
    token = sign_in(world, made)
    assert world.call("GET", f"{BASE}/v1/events:polling", token=token).status in {200, 204}
    order_id = world.paid_order(store_id, user="dora")
    world.pump()
    send_webhooks()
    acknowledge(world, token)
    order = f"{BASE}/v1/orders/{uuid(order_id)}"
    assert world.get(order, token)
    said = {"createdAt": "2026-11-22T12:00:00Z", "orderExternalCode": "7", "preparationTime": 30}
    assert world.post(f"{order}/confirm", said, token=token).status == 202
    with fetching.getting_through(lambda *_: Reply(404, {}, b"", 0.1)):
        onboarding = f"{BASE}/v1/merchantOnboarding?merchantId={MERCHANT}"
        assert world.call("PUT", onboarding, ADDRESSES, token=token).status == 201
    sign_in(world, made)
    status = f"{BASE}/v1/merchantStatus?merchantId={MERCHANT}"
    assert world.get(status, token)["status"] == "FAIL"
    for word in ("readyForPickup", "pickedUp"):
        assert world.post(f"{order}/{word}", token=token).status == 202
    send_a_parcel(world, store_id, token, send_webhooks)


def send_a_parcel(
    world: World, store_id: str, token: str, send_webhooks: Callable[[], None]
) -> None:
    """What is carried for a store, and given up again."""
    path, body = f"{BASE}/v1/logistics", parcel(store_id, 7)
    assert world.post(f"{path}/availability", body, token=token).status == 200
    assert world.post(f"{path}/delivery", body, token=token).status == 202
    world.pump()
    send_webhooks()
    known = numbered(7)
    assert world.get(f"{path}/delivery/{known}", token)["events"]
    assert world.post(f"{path}/readyForPickup/{known}", token=token).status == 200
    assert world.post(f"{path}/cancel/{known}", {"reason": "OTHER"}, token=token).status == 202
    world.pump()
    send_webhooks()


def sign_in(world: World, client: dict[str, str]) -> str:
    form = "&".join(f"{name}={client[name]}" for name in ("client_id", "client_secret"))
    raw = f"grant_type=client_credentials&{form}".encode()
    answer = world.call("POST", f"{BASE}/oauth/token", raw=raw, headers=FORM)
    token: str = answer.json["access_token"]
    return token


def acknowledge(world: World, token: str) -> None:
    found = world.get(f"{BASE}/v1/events:polling", token)
    acks = [
        {"id": one["eventId"], "orderId": one["orderId"], "eventType": one["eventType"]}
        for one in found
    ]
    assert world.post(f"{BASE}/v1/events/acknowledgment", acks, token=token).status == 202
