"""What the code asks of AWS while a whole day is played is what its roles allow.

The embedded cloud enforces roles too, but tells of a missing permission only by a failed call.
"""

import json
from collections.abc import Iterator, Mapping

import boto3
import botocore.client
import pytest

from chalicelib.catalog import events as catalog_events
from chalicelib.catalog import relisting
from chalicelib.catalog.upload_schemas import EXAMPLE
from chalicelib.core import clock, ids, storage
from chalicelib.core import events as core_events
from chalicelib.core.egress import Reply
from chalicelib.core.settings import settings
from chalicelib.couriers import events as courier_events
from chalicelib.insights import events as insights_events
from chalicelib.integrations import events as integration_events
from chalicelib.integrations import posting
from chalicelib.notifications import events as notification_events
from chalicelib.orders import events as order_events
from chalicelib.payments import events as payment_events
from sandbox.cloud.phones import Phones
from tests import people, pool
from tests import world as the_world
from tests.catalog.pictures import picture
from tests.infra import bringing, caring, giving, hooking, joining, tilling
from tests.infra.conftest import Packaged
from tests.infra.recording import OWN, Recorder, allowed
from tests.infra.test_names import FUNCTIONS
from tests.notifications import ringing
from tests.notifications.desk import connected, put_push
from tests.orders.offers import at_store, of_platform
from tests.payments import later, wallets
from tests.world import World

HANDLERS = {
    "RingBells": (core_events, "ring_bells"),
    "SettlePayments": (payment_events, "settle_payments"),
    "DispatchCouriers": (courier_events, "dispatch_couriers"),
    "SendWebhooks": (integration_events, "send_webhooks"),
    "PushNotifications": (notification_events, "push_notifications"),
    "SweepBells": (core_events, "sweep_bells"),
    "SweepOrders": (order_events, "sweep_orders"),
    "SweepUploads": (catalog_events, "sweep_uploads"),
    "SweepPayments": (payment_events, "sweep_payments"),
    "SweepCouriers": (courier_events, "sweep_couriers"),
    "SweepWebhooks": (integration_events, "sweep_webhooks"),
    "ReconcilePayments": (payment_events, "reconcile_payments"),
    "ForgetPeople": (insights_events, "forget_people"),
}
SCHEDULE = hooking.SCHEDULE


class Receiver:
    """A store's system: it takes a message at the second attempt, unless it is gone."""

    def __init__(self) -> None:
        self.heard: set[str] = set()

    def request(
        self, _: str, url: str, *, headers: Mapping[str, str], body: bytes, **___: object
    ) -> Reply:
        ident = headers.get("webhook-id") or headers["X-App-Signature"]
        first = ident not in self.heard
        self.heard.add(ident)
        token = json.loads(body).get("data", {}).get("challenge") or ""
        if url == hooking.GONE and not token:
            return Reply(410, {}, b"", 0.01)
        return Reply(500 if first else 200, {}, token.encode(), 0.01)


@pytest.fixture
def phones() -> Iterator[Phones]:
    """The phones of this day, and the parameter that says where SNS has their applications."""
    made = Phones(now=clock.wall_now)
    with connected(made):
        put_push({"fcm": made.create_application(OWN, "GCM")})
        yield made


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch, phones: Phones) -> Recorder:
    assert phones
    made = Recorder()
    client = botocore.client.BaseClient
    monkeypatch.setattr(client, "_make_api_call", made.calling(client._make_api_call))  # type: ignore[attr-defined] # private
    signing = made.signing(storage.address_to_put)
    monkeypatch.setattr(storage, "address_to_put", signing)
    signing = made.signing(storage.address_to_get, "GetObject")
    monkeypatch.setattr(storage, "address_to_get", signing)
    for function, (module, name) in HANDLERS.items():
        monkeypatch.setattr(module, name, made.playing(function, getattr(module, name)))
    receiver = Receiver()
    monkeypatch.setattr(posting, "_egress", lambda: receiver)
    api = made.playing("APIHandler", the_world.app)  # type: ignore[attr-defined] # its own import
    api.specs = the_world.app.specs  # type: ignore[attr-defined] # routes are looked up there
    monkeypatch.setattr(the_world, "app", api)
    return made


def play_a_day(world_at: World) -> None:
    """Orders that are collected, brought, cancelled, rejected, forgotten, never paid; and money."""
    store_id = world_at.store(kitchen={"orders": 90, "minutes": 30})
    lower_prices(world_at, store_id)
    webhook = join_a_system(world_at, store_id)
    carry_phones(world_at)
    collected = world_at.paid_order(store_id)
    steps = ("confirm", "preparing", "ready", "picked-up")
    assert world_at.command(collected, *steps, store_id=store_id).status == 200
    cancelled, rejected = (world_at.paid_order(store_id, user=user) for user in ("jun", "yuna"))
    jun = world_at.customer("jun")
    given_up = world_at.post(f"/v1/orders/{cancelled}/cancel", {"code": "other"}, token=jun)
    assert given_up.status == 200
    till = people.machine(store_id)
    assert world_at.post(f"/v1/orders/{rejected}/reject", {}, token=till).status == 200
    world_at.paid_order(store_id, user="sora")
    hana = world_at.customer("hana")
    world_at.place(hana, world_at.quote(store_id, hana))
    look_around(world_at, store_id, collected)
    for_another_day = giving.play(world_at, store_id)
    bringing.play(world_at)
    caring.play(world_at, store_id)
    joining.play(world_at, store_id)
    tilling.play(world_at, store_id, send_webhooks)
    fall_silent(world_at)
    send_a_picture(world_at, store_id)
    for _ in range(26):
        world_at.pump()
        send_webhooks()
        ringing.hear_everything()
        world_at.pass_time(3600, step=3600)
        integration_events.sweep_webhooks(SCHEDULE, None)
        payment_events.reconcile_payments(SCHEDULE, None)
    be_forgotten(world_at)
    stop_and_resume(world_at)
    hooking.play(world_at, store_id, webhook, send_webhooks)
    assert later.charged(world_at, for_another_day).captured == 0


def lower_prices(world_at: World, store_id: str) -> None:
    """Every order of the day costs a little less; what a store makes is looked at and stopped."""
    little = {"type": "amount", "amount": 100}
    of_platform(world_at, benefit=little, per_customer=99, uses=99, first_order=False)
    merchant = world_at.get(f"/v1/stores/{store_id}")["merchant_id"]
    of_platform(
        world_at, scope={"type": "merchant", "merchant_id": merchant}, minimum=900_000, budget=1
    )
    assert world_at.get(f"/v1/stores/{store_id}/promotions/offered")["items"]
    made = at_store(world_at, store_id, code="STOPPED")
    owner = people.person("merchant", "owner")
    for path in (f"/v1/stores/{store_id}/promotions", f"/v1/promotions/{made['id']}"):
        assert world_at.get(path, owner)
    assert world_at.get("/v1/promotions", world_at.operator())["items"]
    stopped = world_at.post(f"/v1/promotions/{made['id']}/stop", token=owner)
    assert stopped.status == 200
    mina, eats = world_at.customer(), {"avoids": ["MILK"], "agreed": True}
    assert world_at.call("PUT", "/v1/diet", eats, token=mina).status == 200
    assert world_at.get("/v1/diet", mina)["avoids"] == ["MILK"]
    assert world_at.call("DELETE", "/v1/diet", token=mina).status == 204


def fall_silent(world_at: World) -> None:
    """A store's app is heard, and then no more; its people look, and it is heard again."""
    store_id, owner = world_at.store(), people.person("merchant", "owner")
    path = f"/v1/stores/{store_id}"
    for seconds in (0, 301, 0):
        world_at.clock.move(seconds)
        integration_events.sweep_webhooks(SCHEDULE, None)
        send_webhooks()
        assert world_at.post(f"{path}/heartbeat", token=owner).status == 200
    world_at.paid_order(store_id, user="yuna")
    world_at.tick(60)
    send_webhooks()
    assert world_at.get(f"{path}/attention", owner)["escalations"]
    assert world_at.call("DELETE", f"{path}/heartbeat", token=owner).status == 204


def send_a_picture(world_at: World, store_id: str) -> None:
    """A picture of a dish is announced, put, said to be there, and looked at."""
    storage.forget()
    bucket = boto3.client("s3", region_name="us-east-1")
    owner, path = people.person("merchant", "owner"), f"/v1/stores/{store_id}/images"
    content = picture(300, 300)
    new = {"media_type": "image/jpeg", "bytes": len(content)}
    made = world_at.post(path, new, token=owner, key=world_at.new_key()).json
    bucket.put_object(Bucket=settings().bucket, Key=f"received/{made['id']}", Body=content)
    assert world_at.post(f"{path}/{made['id']}/sent", token=owner).status == 200
    world_at.tick(60)
    assert world_at.get(f"{path}/{made['id']}", owner)["status"] == "ready"


def be_forgotten(world_at: World) -> None:
    """Yuna asks to be forgotten, stays, and asks again: with a phone, a card, and work."""
    pool.settle(yuna="yuna@example.com", hana="hana@example.com")
    yuna, operator = world_at.customer("yuna"), world_at.operator()
    phone = {"platform": "fcm", "token": "yunas-phone", "language": "ko"}
    path = f"/v1/devices/{ids.new('dev')}"
    assert world_at.call("PUT", path, phone, token=yuna).status == 200
    wallets.save(world_at, user="yuna")
    assert world_at.get("/v1/notices/unreached", operator)["items"] == []
    about = {"name": "Yuna", "legal_name": "Yuna Ltd.", "country": "KR"}
    made = world_at.post("/v1/applications", about, token=yuna, key=world_at.new_key())
    assert made.status == 201
    invite_yuna(world_at, made.json["id"])
    path, why = "/v1/profile/deletion", {"reason": "A letter."}
    assert world_at.post(path, {}, token=yuna).json["status"] == "asked"
    assert world_at.get(path, yuna)["status"] == "asked"
    assert world_at.call("DELETE", path, token=yuna).status == 204
    for verb in ("delete", "keep", "delete"):
        assert world_at.post(f"/v1/people/yuna/{verb}", why, token=operator).status == 200
    world_at.clock.move(14 * 86_400 + 1)
    for _ in range(2):
        insights_events.forget_people(SCHEDULE, None)
        world_at.clock.move(3600)
    ringing.hear_everything()
    assert pool.asked("list_users", Filter='sub = "yuna"')["Users"] == []


def invite_yuna(world_at: World, application_id: str) -> None:
    """Yuna hands her application in, works for a store, and is invited by another."""
    yuna, owner = world_at.customer("yuna"), people.person("merchant", "owner")
    path = f"/v1/applications/{application_id}/submit"
    assert world_at.post(path, token=yuna).status == 200
    path = f"/v1/stores/{world_at.store()}"
    assert world_at.call("PUT", f"{path}/staff/yuna", {"role": "till"}, token=owner).status < 300
    new = {"email": "yuna@example.com", "role": "till"}
    made = world_at.post(f"{path}/invitations", new, token=owner, key=world_at.new_key())
    assert made.status == 201


def stop_and_resume(world_at: World) -> None:
    """An operator stops new orders and lets them go on, and looks how the day before compared."""
    operator = world_at.operator()
    for verb in ("stop", "resume"):
        path = f"/v1/operations/orders/{verb}"
        assert world_at.post(path, {"reason": "A trial."}, token=operator).status == 200
    assert world_at.get("/v1/reconciliations/2026-11-22", operator)["total"] == 0


def join_a_system(world_at: World, store_id: str) -> str:
    """A till with a token of its own, and an address that is told. The address of the webhook."""
    owner = people.person("merchant", "owner")
    client = world_at.post(
        f"/v1/stores/{store_id}/clients", {"label": "Till"}, token=owner, key=world_at.new_key()
    ).json
    grant = {name: client[name] for name in ("client_id", "client_secret")}
    grant["grant_type"] = "client_credentials"
    assert world_at.post("/oauth/token", grant).status == 200
    pair_a_tablet(world_at, store_id)
    invite_somebody(world_at, store_id)
    become_a_merchant(world_at)
    shut_somebody_out(world_at)
    told = {"url": "https://till.example.com/ieum"}
    path = f"/v1/stores/{store_id}/webhooks"
    made = world_at.post(path, told, token=owner, key=world_at.new_key())
    assert made.status == 201, made.text
    return f"{path}/{made.json['id']}"


def pair_a_tablet(world_at: World, store_id: str) -> None:
    """A tablet is paired, gets its next tokens and is unpaired."""
    owner, path = people.person("merchant", "owner"), f"/v1/stores/{store_id}"
    made = world_at.post(
        f"{path}/pairings", {"label": "Bar"}, token=owner, key=world_at.new_key()
    ).json
    tablet = world_at.post("/v1/tablets", {"code": made["code"]}).json
    turned = {"refresh_token": tablet["refresh_token"]}
    assert world_at.post("/v1/tablets/token", turned).status == 200
    assert world_at.get(f"{path}/tablets", owner)["items"]
    gone = world_at.call("DELETE", f"{path}/tablets/{tablet['tablet_id']}", token=owner)
    assert gone.status == 204


def invite_somebody(world_at: World, store_id: str) -> None:
    """An owner invites two people; one accepts, the other invitation is taken back."""
    owner, path = people.person("merchant", "owner"), f"/v1/stores/{store_id}/invitations"
    pool.settle(jun="jun@example.com")
    for address in ("jun@example.com", "eva@example.com"):
        new = {"email": address, "role": "till"}
        made = world_at.post(path, new, token=owner, key=world_at.new_key())
        assert made.status == 201, made.text
    assert world_at.call("DELETE", f"{path}/{made.json['id']}", token=owner).status == 204
    jun = people.person("customer", "jun")
    [found] = world_at.get("/v1/invitations", jun)["items"]
    assert world_at.post(f"/v1/invitations/{found['id']}/accept", token=jun).status == 200


def become_a_merchant(world_at: World) -> None:
    """Somebody applies, and an operator, who finds it in the queue, approves."""
    jun, operator = people.person("customer", "jun"), world_at.operator()
    about = {"name": "Jun", "legal_name": "Jun Ltd.", "country": "KR"}
    made = world_at.post("/v1/applications", about, token=jun, key=world_at.new_key()).json
    path = f"/v1/applications/{made['id']}"
    assert world_at.call("PUT", path, {**about, "name": "June"}, token=jun).status == 200
    assert world_at.post(f"{path}/submit", token=jun).status == 200
    assert world_at.get("/v1/applications", jun)["items"]
    [waiting] = world_at.get("/v1/applications/waiting", operator)["items"]
    verdict = {"verdict": "approved", "reason": "Known to us."}
    assert world_at.post(f"{path}/review", verdict, token=operator).json["merchant_id"]
    for asked in (f"subject={waiting['id']}", f"day={clock.stamp(clock.now())[:10]}"):
        assert world_at.get(f"/v1/audit?{asked}", operator)["items"]


def shut_somebody_out(world_at: World) -> None:
    """An operator finds Jun, suspends and restores them; Jun signs out everywhere."""
    operator, why = world_at.operator(), {"reason": "A call."}
    wanted = {"email": "jun@example.com", **why}
    [found] = world_at.post("/v1/people/find", wanted, token=operator).json["items"]
    for verb in ("suspend", "restore"):
        path = f"/v1/people/{found['id']}/{verb}"
        assert world_at.post(path, why, token=operator).status == 200
    world_at.clock.move(1)
    assert world_at.post("/v1/sign-out", token=people.person("customer", "jun")).status == 204
    world_at.clock.move(1)


def carry_phones(world_at: World) -> None:
    """Mina and the owner have phones, one of them twice, one that dies; somebody signs out."""
    mina, owner = world_at.customer(), people.person("merchant", "owner")
    names = [ids.new("dev") for _ in range(3)]
    for token, name, phone in (
        (mina, names[0], "first-phone"),
        (mina, names[0], "first-phone-again"),
        (owner, names[1], "owners-phone"),
        (owner, names[2], "first-phone-again"),
    ):
        said = {"platform": "fcm", "token": phone, "language": "ko"}
        answer = world_at.call("PUT", f"/v1/devices/{name}", said, token=token)
        assert answer.status == 200, answer.text
    assert world_at.get("/v1/devices", owner)["items"]
    assert world_at.call("DELETE", f"/v1/devices/{names[2]}", token=owner).status == 204


def send_webhooks() -> None:
    """Hand every message that waits in the webhooks' queue to its consumer, once."""
    sqs, url = boto3.client("sqs", region_name="us-east-1"), settings().webhook_queue
    while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        records = [{"messageId": one["MessageId"], "body": one["Body"]} for one in found]
        integration_events.send_webhooks({"Records": records}, None)
        for one in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])


def look_around(world_at: World, store_id: str, order_id: str) -> None:
    """What people read and keep in order on such a day."""
    merchant, operator = people.person("merchant", "owner"), people.person("operator", "op")
    mina = world_at.customer()
    for path in ("/v1/orders", f"/v1/orders/{order_id}", f"/v1/orders/{order_id}/payments"):
        world_at.get(path, mina)
    here = "lat=37.5621&lon=126.9236"
    for path in (f"/v1/stores/nearby?{here}", f"/v1/search?q=bibim&city=seoul&{here}"):
        assert world_at.get(path)["data"]
    for path in ("/v1/stores?city=seoul", f"/v1/stores/{store_id}", f"/v1/stores/{store_id}/menu"):
        world_at.get(path)
    for path in (f"/v1/stores/{store_id}/orders", f"/v1/stores/{store_id}/staff"):
        world_at.get(path, merchant)
    world_at.get(f"/v1/orders/{order_id}/ledger", operator)
    sent = {"format": "json_lines", "content": EXAMPLE}
    uploads = f"/v1/stores/{store_id}/menu-uploads"
    made = world_at.post(uploads, sent, token=merchant, key=world_at.new_key())
    assert made.status == 202
    world_at.tick(60)
    done = world_at.get(f"{uploads}/{made.json['id']}", merchant)
    assert done["status"] == "published"
    with pytest.MonkeyPatch.context() as dying:
        dying.setattr(relisting, "_go_on", lambda *_: None)
        assert world_at.post("/v1/stores/relist?city=seoul", token=operator).status == 200
    world_at.tick(120)
    out = f"/v1/stores/{store_id}/availability/sold-out"
    assert world_at.post(out, {"things": [{"item_id": "water"}]}, token=merchant).status == 200
    ari = f"/v1/stores/{store_id}/staff/ari"
    assert world_at.call("PUT", ari, {"role": "till"}, token=merchant).status < 300
    assert world_at.call("DELETE", ari, token=merchant).status < 300


def test_a_whole_day_asks_for_nothing_that_a_role_does_not_allow(
    packaged: Packaged, recorder: Recorder, world_at: World
) -> None:
    play_a_day(world_at)

    refused = {
        function: asked - allowed(packaged, function) for function, asked in recorder.asked.items()
    }
    assert {function: asked for function, asked in refused.items() if asked} == {}


def test_the_day_makes_every_function_work_that_it_can_reach(
    recorder: Recorder, world_at: World
) -> None:
    play_a_day(world_at)

    working = {function for function, asked in recorder.asked.items() if asked}
    assert working == {"APIHandler", *HANDLERS}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_is_compared_by_names_that_calls_use(packaged: Packaged, function: str) -> None:
    names = {name for action, name in allowed(packaged, function) if "dynamodb:" in action}

    tables = {name.partition("/")[0].removesuffix("Table") for name in names}
    assert tables <= {
        "orders", "quotes", "catalog", "payments", "ledger", "couriers", "integrations",
        "contacts", "control", "customers", "promotions", "audit", "news",
    }  # fmt: skip
