"""What people do with the running product, over HTTP only; and what one may look at behind it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from chalicelib.core import ids
from sandbox import people
from sandbox.people import Person
from sandbox.running import FAKE_KEY, Sandbox
from tests import contract, shopfront
from tests.e2e.http import COMES_WITHIN, Http, Reply, eventually

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AROUND_THE_CLOCK = [{"day": day, "opens": "00:00", "closes": "00:00"} for day in DAYS]
MAY_COME_FROM_THE_GATEWAY = frozenset({429, 502, 503, 504})

type Json = dict[str, Any]


@dataclass(frozen=True)
class Store:
    """A live store: its owner's token, its machine's, and the webhook that tells its receiver."""

    id: str
    owner: str
    machine: str
    webhook_id: str


@dataclass
class Town:
    """A running sandbox and the people in it."""

    box: Sandbox
    _tokens: dict[str, str] = field(default_factory=dict)

    @property
    def api(self) -> Http:
        """The product. Each of its answers is held against its document."""
        return Http(self.box.api, _hold)

    @property
    def stripe(self) -> Http:
        return Http(self.box.stripe)

    @property
    def receiver(self) -> Http:
        return Http(self.box.receiver)

    # --- who they are ----------------------------------------------------------------------------

    def people(self) -> None:
        """Make everybody's sign-in, by the admin API. Safe to repeat."""
        people.create(self.box.cloud.client("cognito-idp"), self.box.deployment.pool_id)

    def sign_in(self, person: Person) -> str:
        """An access token, by the person's own password."""
        if person.email not in self._tokens:
            cognito = self.box.cloud.client("cognito-idp")
            self._tokens[person.email] = people.sign_in(cognito, self.box.client_id, person.email)
        return self._tokens[person.email]

    def customer(self, number: int = 0) -> str:
        """The token of one of the customers: each has a rate limit of their own."""
        return self.sign_in(people.CUSTOMERS[number])

    def store(self, *, confirm_seconds: int | None = None, **changed: object) -> Store:
        """A live store whose receiver believes us."""
        owner, operator = self.sign_in(people.OWNER), self.sign_in(people.OPERATOR)
        about = {"name": "Han", "legal_name": "Han Ltd.", "country": "KR"}
        merchant = self.api.post("/v1/merchants", about, token=owner, key=self.key()).expect(201)
        new = shopfront.store(merchant["id"], hours=AROUND_THE_CLOCK, **changed)
        made = self.api.post("/v1/stores", new, token=owner, key=self.key()).expect(201)
        place = f"/v1/stores/{made['id']}"
        self.put(f"{place}/menu", shopfront.MENU, token=owner).expect(200)
        if confirm_seconds:
            terms = {"confirm_seconds": confirm_seconds, **shopfront.REVIEWED}
            self.put(f"{place}/terms", terms, token=operator).expect(200)
        self.api.post(f"{place}/approve", shopfront.REVIEWED, token=operator).expect(200)
        webhook = self._listen(made["id"], owner)
        return Store(made["id"], owner, self._machine(made["id"], owner), webhook)

    def put(self, path: str, body: object, *, token: str) -> Reply:
        return self.api.send("PUT", path, _json(body), token=token)

    def _machine(self, store_id: str, owner: str) -> str:
        place, about = f"/v1/stores/{store_id}/clients", {"label": "Till"}
        client = self.api.post(place, about, token=owner, key=self.key()).expect(201)
        grant = {
            "grant_type": "client_credentials",
            "client_id": client["client_id"],
            "client_secret": client["client_secret"],
        }
        return str(self.api.form("/oauth/token", grant).expect(200)["access_token"])

    def _listen(self, store_id: str, owner: str) -> str:
        where = {"url": f"{self.box.receiver}/hooks/{store_id}"}
        place = f"/v1/stores/{store_id}/webhooks"
        webhook = self.api.post(place, where, token=owner, key=self.key()).expect(201)
        secret = {"store_id": store_id, "secret": webhook["secret"]}
        self.receiver.post("/admin/secrets", secret).expect(204)
        return str(webhook["id"])

    def key(self) -> str:
        return f"key-{uuid4()}"

    # --- what customers do -----------------------------------------------------------------------

    def quote(self, store: Store, token: str, **changed: object) -> Json:
        wanted = {
            "store_id": store.id,
            "fulfilment": "takeaway",
            "items": [{"item_id": "bibimbap"}],
            **changed,
        }
        quoted: Json = self.api.post("/v1/quotes", wanted, token=token).expect(201)
        return quoted

    def place(self, token: str, quote: Mapping[str, Any]) -> Json:
        body = {"quote_id": quote["id"]}
        placed: Json = self.api.post("/v1/orders", body, token=token, key=self.key()).expect(201)
        return placed

    def pay(self, placed: Mapping[str, Any], card: str = "pm_card_visa") -> Json:
        """What `stripe.js` does in the customer's browser. We hear of it from Stripe alone."""
        [payment] = placed["payments"]
        path = f"/v1/payment_intents/{payment['intent_id']}/confirm"
        fields = {"client_secret": payment["client_secret"], "payment_method": card}
        paid: Json = self.stripe.form(path, fields, token="pk_test_ieum").expect(200)
        return paid

    def paid_order(self, store: Store, token: str, **changed: object) -> Json:
        """An order that Stripe has told us is paid: what placing it answered."""
        placed = self.place(token, self.quote(store, token, **changed))
        self.pay(placed)
        self.await_status(placed["order_id"], "CREATED", token)
        return placed

    def order(self, order_id: str, token: str) -> Json:
        order: Json = self.api.get(f"/v1/orders/{order_id}", token=token).expect(200)
        return order

    def await_status(
        self, order_id: str, status: str, token: str, within: float = COMES_WITHIN
    ) -> Json:
        def stands() -> Json:
            order = self.order(order_id, token)
            assert order["status"] == status, f"{order_id} is {order['status']}"
            return order

        return eventually(stands, within=within, what=f"{order_id} {status}")

    # --- what stores do --------------------------------------------------------------------------

    def command(self, order_id: str, commands: Sequence[str], store: Store) -> Json:
        """What the store's machine says of an order, one after another. The last answer."""
        answers = [
            self.api.post(f"/v1/orders/{order_id}/{one}", token=store.machine).expect(200)
            for one in commands
        ]
        last: Json = answers[-1]
        return last

    def told(self, store: Store, order_id: str) -> list[Json]:
        """The messages about an order that the store's receiver has verified, oldest first."""
        inbox = self.receiver.get(f"/inbox/{store.id}").expect(200)
        bodies = [message["body"] for message in inbox["messages"]]
        return [body for body in bodies if body["subject"]["id"] == order_id]

    def await_told(self, store: Store, order_id: str, *types: str) -> list[Json]:
        """The messages about an order, once the store has heard exactly these, in this order."""

        def heard() -> list[Json]:
            messages = self.told(store, order_id)
            assert [message["type"] for message in messages] == list(types), messages
            return messages

        return eventually(heard, what=f"the store hearing {', '.join(types)}")

    # --- phones ----------------------------------------------------------------------------------

    def carry(self, token: str, phone: str, language: str = "en") -> str:
        """Somebody signs in on a phone, whose push token that is. The id of the device."""
        device = ids.new("dev")
        said = {"platform": "fcm", "token": phone, "language": language}
        self.put(f"/v1/devices/{device}", said, token=token).expect(200)
        return device

    def pushed(self, phone: str, order_id: str, *types: str) -> list[Json]:
        """What a phone got of an order, once it has heard exactly these, whatever came first."""

        def heard() -> list[Json]:
            inbox = Http(self.box.push).get(f"/inbox/{phone}").expect(200)["messages"]
            messages = [one for one in inbox if one["data"].get("order_id") == order_id]
            assert {one["data"]["type"] for one in messages} == {*types}, messages
            return messages

        return eventually(heard, what=f"{phone} hearing {', '.join(types)}")

    # --- the money -------------------------------------------------------------------------------

    def intent(self, placed: Mapping[str, Any]) -> Json:
        """The PaymentIntent, as Stripe has it."""
        [payment] = placed["payments"]
        path = f"/v1/payment_intents/{payment['intent_id']}"
        intent: Json = self.stripe.get(path, token=FAKE_KEY).expect(200)
        return intent

    def await_intent(self, placed: Mapping[str, Any], status: str) -> Json:
        def stands() -> Json:
            intent = self.intent(placed)
            assert intent["status"] == status, intent["status"]
            return intent

        return eventually(stands, what=f"the intent {status}")

    def intents_of(self, order_id: str) -> list[Json]:
        """Every PaymentIntent that was ever made for an order."""
        found = self.stripe.get("/v1/payment_intents?limit=100", token=FAKE_KEY).expect(200)
        return [one for one in found["data"] if one["metadata"].get("subject") == order_id]

    def books(self, order_id: str) -> Json:
        operator = self.sign_in(people.OPERATOR)
        books: Json = self.api.get(f"/v1/orders/{order_id}/ledger", token=operator).expect(200)
        return books

    def await_books(self, order_id: str) -> Json:
        """The ledger of an order, once something is posted."""

        def posted() -> Json:
            books = self.books(order_id)
            return books if books["entries"] else {}

        return eventually(posted, what="a posting")


def _hold(method: str, path: str, reply: Reply) -> None:
    if reply.status in MAY_COME_FROM_THE_GATEWAY:
        return
    for spec, methods in contract.DOCUMENT["paths"].items():
        here = re.fullmatch(re.sub(r"{\w+}", "[^/]+", spec), path.partition("?")[0])
        if here and method.lower() in methods:
            kind = {"Content-Type": reply.headers.get("content-type", "")}
            contract.hold(method, spec, reply.status, kind, reply.text)


def _json(body: object) -> bytes:
    return json.dumps(body).encode()
