"""A town with one of everything, which can be put into any state and back again in no time.

It is built once per process through the API; what stands in the tables is then kept, and laid
out again for every test. States are written into the items: hundreds of orders would take minutes.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3

from chalicelib.catalog import uploading
from chalicelib.catalog.models import StoreHead, store_key
from chalicelib.core import clock, dynamo, ids, sessions
from chalicelib.core.dynamo import HEAD
from chalicelib.core.settings import settings
from chalicelib.integrations import feeding
from chalicelib.orders import models as orders_models
from chalicelib.orders import stopping
from chalicelib.orders.models import OrderHead
from chalicelib.orders.moving import deadline
from chalicelib.orders.rating_models import RATED, RatedOrder, RatingItem, ratings_key
from chalicelib.orders.status import ENDED, TO_BRING, OrderStatus
from chalicelib.payments import gateway, reconciling
from chalicelib.payments.models import LegItem, PaymentHead, head_at, payment_key
from chalicelib.payments.refund_models import PortionItem, RefundItem, portion_at, refund_at
from sandbox.stripe.client import SimHttpClient
from tests import database, pool
from tests.authorisation import jobs
from tests.authorisation.principals import EVERYBODY, STAFF_ROLE, Principal, token_of
from tests.database import Kept
from tests.integrations.street import as_before
from tests.payments import wallets
from tests.world import World

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

LAPSED = "LAPSED"
PUSH_TOKEN = "canary-token:APA91bHun4MxP5egoKMwt2KZFBaFUH"
CITY = {
    "names": {"ko": "서울", "en": "Seoul"}, "timezone": "Asia/Seoul", "currency": "KRW",
    "languages": ["ko", "en"],
    "bounds": {"west": 126.7, "south": 37.4, "east": 127.2, "north": 37.7},
}  # fmt: skip
APPLICATION = {
    "name": "Han", "legal_name": "Han Ltd.", "country": "KR", "registration": "110-81-00000",
}  # fmt: skip
INVITED = "canary@example.com"
NEW = "newcomer@example.com"
SESSION = "canary.session"
UNPAID_STATES = ("PENDING_PAYMENT", LAPSED)
FULFILMENTS = ("delivery", "takeaway", "dine_in")
RIDERS = ("courier", "biker")
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem")
DOOR = {
    "location": {"type": "Point", "coordinates": [126.924, 37.562]},
    "address": "Canary Street 7, door 13",
}


HOME = {
    "label": "home",
    "location": DOOR["location"],
    "road_address": "Canary Street 7",
    "detail": "door 13",
    "entrance_code": "#canary13",
}


def put_pictures(*image_ids: str) -> None:
    """What owners of stores have put into the bucket."""
    bucket = boto3.client("s3", region_name=settings().region)
    bucket.create_bucket(Bucket=settings().bucket)
    for image_id in image_ids:
        bucket.put_object(Bucket=settings().bucket, Key=f"received/{image_id}", Body=b"GIF89")


def lay_out(saved: Kept) -> None:
    """Let the tables hold what they held, and nobody remember how the switch of orders stood."""
    stopping.forget()
    sessions.forget()
    database.lay_out(saved, streams=False)


@dataclass
class Town:
    """Ids of what is there: a store of the owner's with all that belongs to it, and a rival's."""

    world: World
    store: str
    other_store: str
    merchant: str
    quote: str
    orders: dict[str, str]
    client: dict[str, str]
    webhook: dict[str, str]
    merchant_webhook: str
    replay: str
    merchant_replay: str
    delivery: str
    offer: str
    device: str
    address: str
    method: str
    balance: str
    refund: str
    promotion: str
    rating: str
    other_rating: str
    appeal: str
    other_refund: str
    upload: str
    other_upload: str
    image: str
    other_image: str
    other_client: str
    other_webhook: str
    other_merchant: str
    other_merchant_webhook: str
    tablet: dict[str, str]
    other_tablet: str
    guest: str
    code: str
    pairing: str
    invitation: str
    application: str
    document: str
    shown_document: str
    saved: Kept
    day: str = "2026-11-21"
    put_so: Kept | None = None
    written: list[str] = field(default_factory=list)

    def token(self, who: Principal) -> str | None:
        return token_of(who.name, self.store, self.other_store)

    @cached_property
    def secrets(self) -> list[str]:
        """What no GET may ever show."""
        return [
            str(self.client["client_secret"]),
            str(self.webhook["secret"]),
            PUSH_TOKEN,
            INVITED,
            self.tablet["refresh_token"],
            self.guest,
        ]

    def again(self) -> None:
        """Everything as it was at first."""
        lay_out(self.saved)
        self.written.clear()

    def put(self, kind: str, state: str) -> str:
        """The store, or the order of this fulfilment, in a state. The id of the order."""
        self.again()
        fulfilment = "takeaway" if kind == "outside" else kind
        order_id = self.orders.get(fulfilment, self.orders["delivery"])
        if kind == "store":
            self._put_store(state)
        elif kind == "job":
            self._put_order("delivery", jobs.ORDERS[state])
            jobs.put(self.delivery, self.offer, state)
        elif kind == "brought":
            self._put_order("delivery", state)
            self._bring()
        elif kind == "requested":
            self._put_order("delivery", state)
            self._request(state)
        elif kind == "wished":
            self._put_order("delivery", state)
            self._wish(state)
        elif kind == "outside":
            self._put_order("takeaway", state)
        elif kind == "offer":
            self._put_order("delivery", "READY_FOR_PICKUP")
            jobs.put_offer(self.delivery, self.offer, state)
        elif kind:
            self._put_order(kind, state)
        self.put_so = database.keep()
        self.written.clear()
        return order_id

    def back(self) -> None:
        """Everything as it was last put, if anything was written since."""
        if self.written and self.put_so is not None:
            lay_out(self.put_so)
            self.written.clear()

    def digest(self) -> dict[str, str]:
        """All that the tables hold, but the counters of rate limits."""
        return {
            f"{table} {item['pk']['S']} {item['sk']['S']}": json.dumps(item, sort_keys=True)
            for table in database.names()
            for item in database.raw(table)
            if not item["pk"]["S"].startswith("LIMIT#")
        }

    def forget_limits(self) -> None:
        """Let everybody ask as often as they like: a 429 would hide what else is wrong."""
        for table in database.names():
            for item in database.raw(table):
                if item["pk"]["S"].startswith("LIMIT#"):
                    database.remove(table, item)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Note every write that is asked of DynamoDB, but those of rate limits."""
        events = dynamo.client().meta.events
        for operation in WRITES:
            events.register(f"provide-client-params.dynamodb.{operation}", self._note)
        yield
        for operation in WRITES:
            events.unregister(f"provide-client-params.dynamodb.{operation}", self._note)

    def _note(self, params: Any, model: Any, **_: Any) -> None:  # noqa: ANN401 - botocore's own
        key = params.get("Key", {}).get("pk", {}).get("S", "")
        if not key.startswith("LIMIT#"):
            self.written.append(model.name)

    def _put_store(self, status: str) -> None:
        """The owner's store in a state. Only a live one is listed."""
        actions: list[Action] = [StoreHead.status.set(status)]
        if status != "live":
            actions += [StoreHead.city_shard.remove(), StoreHead.listed_at.remove()]
        StoreHead(store_key(self.store), HEAD).update(actions)

    def _put_order(self, fulfilment: str, status: str) -> None:
        """The customer's order in a state, its payments with it."""
        order_id = self.orders[fulfilment]
        lapsed = status == LAPSED
        stands = OrderStatus.CANCELLED if lapsed else OrderStatus(status)
        shown = not lapsed and stands is not OrderStatus.PENDING_PAYMENT
        until = deadline(stands)
        actions: list[Action] = [
            OrderHead.status.set(stands),
            OrderHead.board.set(self.store) if shown else OrderHead.board.remove(),
            OrderHead.due_at.set(clock.stamp(until)) if until else OrderHead.due_at.remove(),
        ]
        if stands is OrderStatus.CREATED:
            actions.append(OrderHead.confirm_by.set(clock.stamp(clock.after(480))))
        if stands in ENDED:
            actions.append(OrderHead.owed.set(0 if stands is OrderStatus.CANCELLED else 9000))
        if stands is OrderStatus.CANCELLED:
            by = ("payment_expired", "system") if lapsed else ("too_busy", "store")
            actions.append(OrderHead.cancellation.set(_cancelled(*by)))
        OrderHead.at(order_id).update(actions)
        self._put_legs(order_id, stands)

    def _bring(self) -> None:
        """The customer's order is one that a courier brings."""
        order = OrderHead.at(self.orders["delivery"])
        order.update(
            [OrderHead.delivered_by.set("platform"), OrderHead.courier_id.set(jobs.COURIER)]
        )

    def _request(self, state: str) -> None:
        """The store asks to give the customer's order up, while it has it."""
        if state in TO_BRING:
            now, until = clock.stamp(clock.now()), clock.stamp(clock.after(600))
            asked = {
                "code": "unavailable_item", "requested_at": now, "answer_by": until,
                "status": "open", "number": 1,
            }  # fmt: skip
            OrderHead.at(self.orders["delivery"]).update([OrderHead.cancel_request.set(asked)])

    def _wish(self, state: str) -> None:
        """The customer asks to be let go, while the store has the order."""
        if state in TO_BRING:
            now, until = clock.stamp(clock.now()), clock.stamp(clock.after(300))
            wished = {
                "code": "changed_mind", "requested_at": now, "answer_by": until,
                "status": "open", "number": 1,
            }  # fmt: skip
            order = OrderHead.at(self.orders["delivery"])
            order.update([OrderHead.customer_request.set(wished)])

    def _put_legs(self, order_id: str, stands: OrderStatus) -> None:
        if stands is OrderStatus.PENDING_PAYMENT:
            return
        status = "captured" if stands in ENDED else "authorized"
        if stands is OrderStatus.CANCELLED:
            status = "voided"
        taken = 0
        for leg in dynamo.items(LegItem, payment_key("order", order_id), prefix="LEG#"):
            captured = int(leg.amount) if status == "captured" else 0
            leg.update([LegItem.status.set(status), LegItem.captured.set(captured)])
            taken += captured
        head_at("order", order_id).update([PaymentHead.captured.set(taken)])


def _cancelled(code: str, by: str) -> dict[str, object]:
    liable = "customer" if by == "system" else "store"
    return {"code": code, "initiated_by": by, "liable_party": liable, "fee": 0}


def _rated(store_id: str, order_id: str) -> str:
    """What somebody thought of an order of a store. The rating's id."""
    rating_id, now = ids.new("rat"), clock.stamp(clock.now())
    RatingItem(
        ratings_key(store_id), rating_id, id=rating_id, store_id=store_id, store_stars=4,
        comment="The rice was cold.", answer="We are sorry.", answered_at=now, given_at=now,
        version=1,
    ).save()  # fmt: skip
    if order_id:
        pk = orders_models.order_key(order_id)
        RatedOrder(pk, RATED, store_id=store_id, rating_id=rating_id).save()
    return rating_id


def _failed_refund(order_id: str) -> str:
    """A refund of a part of an order's card that a bank has returned. Its id."""
    refund_id, now = ids.new("ref"), clock.stamp(clock.now())
    pk = payment_key("order", order_id)
    (leg,) = dynamo.items(LegItem, pk, prefix="LEG#")
    RefundItem(
        pk, refund_at(refund_id), id=refund_id, amount=700, currency="KRW", reason="late",
        liable_party="platform", lines={}, opened_by="operator:usr-operator", opened_at=now,
    ).save()  # fmt: skip
    PortionItem(
        pk, portion_at(refund_id, 0), refund_id=refund_id, number=0, leg_id=leg.id, amount=700,
        destination="source", status="failed", attempt=1, failure="lost_or_stolen_card",
        opened_at=now,
    ).save()  # fmt: skip
    return refund_id


_built: list[Town] = []


@contextmanager
def standing(world: World) -> Iterator[Town]:
    """The town of this process, as it was at first."""
    if not _built:
        _built.append(build(world))
    found = _built[0]
    found.again()
    settle_people()
    put_file(f"documents/{found.document}")
    with gateway.speaking_through(SimHttpClient(found.world.stripe)), found.watched():
        yield found


def settle_people() -> None:
    """The user pool as the town knows it: an address, a session; and codes can be sent."""
    pool.settle(**{"usr-customer": INVITED, "usr-nobody": "nobody@example.com"})
    pool.begin_session(SESSION, "usr-customer")
    boto3.client("sesv2").create_email_identity(EmailIdentity=settings().mail_from)


def take_duty(world: World, token: str) -> None:
    """A courier says who they are, and goes on duty."""
    profile = {"given_name": "Jun", "vehicle": "scooter"}
    assert world.call("PUT", "/v1/courier", profile, token=token).status == 200
    duty = {"zone": "seoul", "vehicle": "scooter", "location": DOOR["location"]}
    assert world.post("/v1/duty/start", duty, token=token).status == 200


def put_file(key: str) -> None:
    """What a courier has put into the bucket."""
    bucket = boto3.client("s3", region_name=settings().region)
    bucket.create_bucket(Bucket=settings().bucket)
    bucket.put_object(Bucket=settings().bucket, Key=key, Body=b"%PDF")


def hand_in(world: World, token: str, *, sent: bool) -> str:
    """A document of a courier's whose file is there. Its id."""
    new = {"kind": "insurance", "media_type": "application/pdf", "bytes": 9}
    new["valid_until"] = clock.stamp(clock.after(30 * 86_400))
    made = world.post("/v1/courier/documents", new, token=token, key=world.new_key())
    assert made.status == 201, made.text
    put_file(f"documents/{made.json['id']}")
    if sent:
        path = f"/v1/courier/documents/{made.json['id']}/sent"
        assert world.post(path, token=token).status == 200
    return str(made.json["id"])


def pairing_of(world: World, store: str, token: str) -> str:
    """A code that pairs a tablet with a store."""
    path, label = f"/v1/stores/{store}/pairings", {"label": "Kitchen"}
    made = world.post(path, label, token=token, key=world.new_key())
    assert made.status == 201, made.text
    return str(made.json["code"])


def _asked(world: World) -> str:
    """A code that somebody new was sent."""
    settle_people()
    made = world.post("/v1/sign-in/codes", {"email": NEW})
    assert made.status == 201, made.text
    return str(made.json["id"])


def _sent_back(world: World, who: dict[str, str | None]) -> str:
    """An application of the customer's that an operator has sent back; another one waits."""
    made = [
        world.post("/v1/applications", APPLICATION, token=who["customer"], key=world.new_key()).json
        for _ in range(2)
    ]
    for one in made:
        path = f"/v1/applications/{one['id']}/submit"
        assert world.post(path, token=who["customer"]).status == 200
    verdict = {"verdict": "needs_changes", "reason": "Read.", "reasons": [{"code": "other"}]}
    path = f"/v1/applications/{made[0]['id']}/review"
    assert world.post(path, verdict, token=who["operator"]).status == 200
    return str(made[0]["id"])


def _listened(world: World, store_id: str, owner: str, hook: str) -> tuple[str, str, str, str]:
    """The store's merchant, its webhook, and what is sent again to the store's and to it.

    Both are sent to and pinged, and somebody fetches the store's events.
    """
    merchant = world.get(f"/v1/stores/{store_id}")["merchant_id"]
    path, new = f"/v1/merchants/{merchant}/webhooks", {"url": "https://office.example.com/ieum"}
    of_merchant = world.post(path, new, token=owner, key=world.new_key()).json["id"]
    as_before(of_merchant, merchant)
    as_before(hook, store_id)
    replays = []
    for asked in (f"/v1/stores/{store_id}/webhooks/{hook}", f"{path}/{of_merchant}"):
        assert world.post(f"{asked}/ping", None, token=owner).status == 202
        again = world.post(f"{asked}/replays", {}, token=owner, key=world.new_key())
        replays.append(str(again.json["id"]))
    world.get(f"/v1/events?store_id={store_id}", owner)
    feeding.hear_news("availability", store_id)
    return merchant, of_merchant, replays[0], replays[1]


def build(world: World) -> Town:
    """The town, as its people make it through the API."""
    opened = {**CITY, "reason": "We open."}
    assert world.call("PUT", "/v1/cities/seoul", opened, token=world.operator()).status == 200
    store, other = world.store(owner="usr-owner"), world.store(owner="usr-rival")
    who = {one.name: token_of(one.name, store, other) for one in EVERYBODY}
    for name, role in STAFF_ROLE.items():
        path = f"/v1/stores/{store}/staff/usr-{name}"
        assert world.call("PUT", path, {"role": role}, token=who["owner"]).status == 200
    orders = {}
    for fulfilment in FULFILMENTS:
        drop_off = {"drop_off": DOOR, "note": "No onions"} if fulfilment == "delivery" else {}
        quote = world.quote(store, str(who["customer"]), fulfilment=fulfilment, **drop_off)
        orders[fulfilment] = world.place(str(who["customer"]), quote)["order_id"]
    made = {
        (name, thing): world.post(
            f"/v1/stores/{store_id}/{thing}", body, token=who[name], key=world.new_key()
        ).json
        for name, store_id in (("owner", store), ("rival", other))
        for thing, body in (
            ("clients", {"label": "Till"}),
            ("webhooks", {"url": "https://till.example.com/ieum"}),
            ("menu-uploads", {"format": "json_lines", "content": "{}"}),
            ("images", {"media_type": "image/png", "bytes": 5}),
        )
    }
    for name in RIDERS:
        take_duty(world, str(who[name]))
    put_pictures(made["owner", "images"]["id"], made["rival", "images"]["id"])
    for name, store_id in (("owner", store), ("rival", other)):
        sent = f"/v1/stores/{store_id}/images/{made[name, 'images']['id']}/sent"
        assert world.post(sent, token=who[name]).status == 200
    for waiting in uploading.waiting():
        uploading.work(waiting)
    delivery_id, offer_id = jobs.ask(orders["delivery"], "usr-courier")
    webhook = made["owner", "webhooks"]
    of_merchants = {
        name: _listened(world, store_id, str(who[name]), made[name, "webhooks"]["id"])
        for name, store_id in (("owner", store), ("rival", other))
    }
    device = ids.new("dev")
    phone = {"platform": "fcm", "token": PUSH_TOKEN, "language": "ko"}
    reached = world.call("PUT", f"/v1/devices/{device}", phone, token=who["customer"])
    assert reached.status == 200, reached.text
    address = ids.new("adr")
    home = world.call("PUT", f"/v1/addresses/{address}", HOME, token=who["customer"])
    assert home.status == 200, home.text
    reconciling.run(60)
    method = wallets.save(world, user="usr-customer")
    voucher = {
        "owner": "usr-customer", "kind": "voucher", "amount": 5000, "currency": "KRW",
        "usable_until": "2027-01-01T00:00:00Z", "reason": "Goodwill.",
    }  # fmt: skip
    given = world.post("/v1/balances", voucher, token=who["operator"], key=world.new_key())
    assert given.status == 201, given.text
    lowered = {
        "names": {"en": "Opening"}, "benefit": {"type": "free_delivery"}, "code": "CANARY",
        "budget": 9000, "uses": 9, "per_customer": 1, "minimum": 1000, "group": "code",
        "begins": "2026-01-01T00:00:00Z", "ends": "2027-01-01T00:00:00Z",
    }  # fmt: skip
    path = f"/v1/stores/{store}/promotions"
    promotion = world.post(path, lowered, token=who["owner"], key=world.new_key())
    assert promotion.status == 201, promotion.text
    said = {"limit": "cash_orders_limit", "text": "I was at home."}
    appeal = world.post("/v1/appeals", said, token=who["customer"], key=world.new_key())
    assert appeal.status == 201, appeal.text
    tablets = [
        world.post("/v1/tablets", {"code": pairing_of(world, of, str(who[name]))}).json
        for name, of in (("owner", store), ("rival", other))
    ]
    path, new = f"/v1/stores/{store}/invitations", {"role": "till", "email": INVITED}
    invited = world.post(path, new, token=who["owner"], key=world.new_key())
    assert invited.status == 201, invited.text
    return Town(
        world=world,
        store=store,
        other_store=other,
        merchant=world.get(f"/v1/stores/{store}")["merchant_id"],
        quote=world.quote(store, str(who["customer"]))["id"],
        orders=orders,
        client=made["owner", "clients"],
        webhook=webhook,
        merchant_webhook=of_merchants["owner"][1],
        replay=of_merchants["owner"][2],
        merchant_replay=of_merchants["owner"][3],
        delivery=delivery_id,
        offer=offer_id,
        device=device,
        address=address,
        method=method,
        balance=given.json["id"],
        refund=_failed_refund(orders["delivery"]),
        promotion=promotion.json["id"],
        rating=_rated(store, orders["delivery"]),
        other_rating=_rated(other, ""),
        appeal=appeal.json["id"],
        other_refund=_failed_refund(orders["takeaway"]),
        upload=made["owner", "menu-uploads"]["id"],
        other_upload=made["rival", "menu-uploads"]["id"],
        image=made["owner", "images"]["id"],
        other_image=made["rival", "images"]["id"],
        other_client=made["rival", "clients"]["client_id"],
        other_webhook=made["rival", "webhooks"]["id"],
        other_merchant=of_merchants["rival"][0],
        other_merchant_webhook=of_merchants["rival"][1],
        tablet=tablets[0],
        other_tablet=tablets[1]["tablet_id"],
        guest=world.post("/v1/guests").json["refresh_token"],
        code=_asked(world),
        invitation=invited.json["id"],
        application=_sent_back(world, who),
        document=hand_in(world, str(who["courier"]), sent=False),
        shown_document=hand_in(world, str(who["courier"]), sent=True),
        pairing=pairing_of(world, store, str(who["owner"])),
        saved=database.keep(),
    )
