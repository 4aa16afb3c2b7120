"""A small world in one process: the API, the handlers, moto, the fake Stripe, a clock."""

import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app import app
from sandbox.stripe.ids import counted_ids
from sandbox.stripe.model import FakeStripe
from sandbox.stripe.webhooks import Endpoint
from tests import contract, faults, people, shopfront, surroundings
from tests.clocks import StandingClock
from tests.surroundings import Queue, Streams

HOOK = "http://hooks.test/v1/stripe/events"
SECRET_KEY = {"Authorization": "Bearer sk_test_x"}
PUBLISHABLE_KEY = {"Authorization": "Bearer pk_test_x"}


@dataclass(frozen=True)
class Reply:
    """What the gateway answered."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON
        return json.loads(self.text)


class CountedIds:
    """Stripe's identifiers, counted from a number to which tests can go back."""

    def __init__(self) -> None:
        self._next = counted_ids()

    def __call__(self, prefix: str) -> str:
        return self._next(prefix)

    def begin_again(self) -> None:
        """From now on other numbers than before, the same ones each time."""
        numbers = itertools.count(1_000_001)
        self._next = lambda prefix: f"{prefix}_{next(numbers):08d}"


@dataclass
class World:
    """Everything around one running product."""

    clock: StandingClock
    stripe: FakeStripe
    stripe_ids: CountedIds
    streams: Streams = field(default_factory=Streams)
    bells: Queue = field(default_factory=surroundings.payment_bells)
    courier_bells: Queue = field(default_factory=surroundings.courier_bells)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    # --- HTTP ------------------------------------------------------------------------------------

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Reply:
        """One request, as API Gateway would hand it over."""
        path, _, query = path.partition("?")
        resource, parts = _resource(path)
        given = {"Operator-Reason": "Asked%20for.", **(headers or {})}
        if token:
            given["Authorization"] = f"Bearer {token}"
        text = raw.decode("latin-1") if raw is not None else None
        if body is not None:
            text = json.dumps(body)
        pairs = [pair.split("=", 1) for pair in query.split("&") if pair]
        event = {
            "resource": resource,
            "path": path,
            "httpMethod": method,
            "headers": {"content-type": "application/json", **given},
            "multiValueHeaders": {},
            "queryStringParameters": dict(pairs) or None,
            "multiValueQueryStringParameters": {name: [value] for name, value in pairs} or None,
            "pathParameters": parts,
            "stageVariables": None,
            "requestContext": {
                "resourcePath": resource,
                "httpMethod": method,
                "requestId": f"req-{next(self._numbers)}",
                "identity": {"sourceIp": "192.0.2.1"},
                "path": path,
            },
            "body": text,
            "isBase64Encoded": False,
        }
        answer = app(event, None)
        contract.hold(method, resource, answer["statusCode"], answer["headers"], answer["body"])
        return Reply(answer["statusCode"], answer["headers"], answer["body"])

    def post(
        self, path: str, body: object = None, *, token: str | None = None, key: str | None = None
    ) -> Reply:
        headers = {"Idempotency-Key": key} if key else {}
        return self.call("POST", path, body, token=token, headers=headers)

    def get(self, path: str, token: str | None = None) -> Any:  # noqa: ANN401 - any JSON
        answer = self.call("GET", path, token=token)
        assert answer.status == 200, answer.text
        return answer.json

    def new_key(self) -> str:
        return f"key-{next(self._numbers)}"

    # --- what people do --------------------------------------------------------------------------

    def customer(self, user: str = "mina") -> str:
        return people.person("customer", user)

    def operator(self) -> str:
        return people.person("operator", "op")

    def store(self, *, owner: str = "owner", live: bool = True, **changed: object) -> str:
        """A store with a menu, open around the clock. Its id."""
        merchant = people.person("merchant", owner)
        about = {"name": "Han", "legal_name": "Han Ltd.", "country": "KR"}
        made = self.post("/v1/merchants", about, token=merchant, key=self.new_key())
        new = shopfront.store(made.json["id"], **changed)
        store = self.post("/v1/stores", new, token=merchant, key=self.new_key())
        assert store.status == 201, store.text
        store_id: str = store.json["id"]
        self.publish(store_id, shopfront.MENU, owner=owner)
        if live:
            approved = self.post(
                f"/v1/stores/{store_id}/approve", shopfront.REVIEWED, token=self.operator()
            )
            assert approved.status == 200
        return store_id

    def patch_store(self, store_id: str, *, owner: str = "owner", **changed: object) -> Reply:
        """A store's owner changes what it says of itself."""
        token = people.person("merchant", owner)
        return self.call("PATCH", f"/v1/stores/{store_id}", changed, token=token)

    def publish(self, store_id: str, menu: object, *, owner: str = "owner") -> None:
        token = people.person("merchant", owner)
        answer = self.call("PUT", f"/v1/stores/{store_id}/menu", menu, token=token)
        assert answer.status == 200, answer.text

    def try_quote(self, store_id: str, token: str, **changed: object) -> Reply:
        wanted = {
            "store_id": store_id,
            "fulfilment": "takeaway",
            "items": [{"item_id": "bibimbap"}],
            **changed,
        }
        return self.post("/v1/quotes", wanted, token=token)

    def quote(self, store_id: str, token: str, **changed: object) -> Any:  # noqa: ANN401 - any JSON
        answer = self.try_quote(store_id, token, **changed)
        assert answer.status == 201, answer.text
        return answer.json

    def try_place(
        self,
        token: str,
        quote_id: str,
        *payments: Mapping[str, Any],
        key: str | None = None,
        device: str | None = None,
    ) -> Reply:
        body: dict[str, object] = {"quote_id": quote_id}
        if payments:
            body["payments"] = list(payments)
        headers = {"Idempotency-Key": key or self.new_key()}
        headers |= {"Device-Id": device} if device else {}
        return self.call("POST", "/v1/orders", body, token=token, headers=headers)

    def place(self, token: str, quote: Mapping[str, Any], *payments: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
        answer = self.try_place(token, quote["id"], *payments)
        assert answer.status == 201, answer.text
        return answer.json

    def order(self, store_id: str, *payments: Mapping[str, Any], **changed: object) -> Any:  # noqa: ANN401 - any JSON
        """An order of Mina's that waits for its payment: what placing it answered."""
        token = self.customer()
        return self.place(token, self.quote(store_id, token, **changed), *payments)

    def pay(self, payment: Mapping[str, Any], method: str = "pm_card_visa") -> int:
        """The customer confirms with Stripe, as `stripe.js` does. Stripe's status.

        A method that is no test card is a wallet, which sends the customer to its page.
        """
        form = f"client_secret={payment['client_secret']}&return_url=https://app.test/back"
        if method.startswith("pm_"):
            form += f"&payment_method={method}"
        else:
            form += f"&payment_method_data[type]={method}"
        path = f"/v1/payment_intents/{payment['intent_id']}/confirm"
        return self.stripe.request("POST", path, PUBLISHABLE_KEY, form)[0]

    def confirm(self, order_id: str, user: str = "mina") -> Reply:
        """The browser says that it has paid."""
        return self.post(f"/v1/orders/{order_id}/payments/confirm", token=self.customer(user))

    def paid_order(
        self, store_id: str, *payments: Mapping[str, Any], user: str = "mina", **changed: object
    ) -> str:
        """An order that its store sees. Its id."""
        token = self.customer(user)
        placed = self.place(token, self.quote(store_id, token, **changed), *payments)
        for payment in placed["payments"]:
            self.pay(payment)
        confirmed = self.confirm(placed["order_id"], user)
        assert confirmed.status == 200, confirmed.text
        order_id: str = placed["order_id"]
        return order_id

    def command(self, order_id: str, *commands: str, store_id: str) -> Reply:
        """What the store's machine does with an order. The last answer."""
        token = people.machine(store_id)
        answers = [self.post(f"/v1/orders/{order_id}/{one}", token=token) for one in commands]
        return answers[-1]

    def cancel(self, order_id: str, token: str | None = None) -> Reply:
        body = {"code": "changed_mind"}
        return self.post(f"/v1/orders/{order_id}/cancel", body, token=token or self.customer())

    # --- what surrounds the code ------------------------------------------------------------------

    @property
    def queues(self) -> tuple[Queue, ...]:
        """The queues that functions of the product empty."""
        return self.bells, self.courier_bells

    def pump(self) -> None:
        """Let streams and queues, and Stripe's deliveries, come to rest."""
        for _ in range(50):
            drained = self.bells.drain() + self.courier_bells.drain()
            if not self.streams.ring() + self.deliver() + drained:
                return
        raise AssertionError("the world does not come to rest")

    def deliver(self) -> int:
        """Let Stripe send what is due."""
        sent = 0
        for delivery in self.stripe.due_deliveries():
            answer = self.call(
                "POST", "/v1/stripe/events", headers=delivery.headers, raw=delivery.body
            )
            self.stripe.settle_delivery(delivery.id, answer.status)
            sent += 1
        return sent

    def lose_webhooks(self) -> None:
        """Stripe's events of this moment never arrive."""
        for delivery in self.stripe.due_deliveries():
            self.stripe.drop_delivery(delivery.id)

    def tick(self, seconds: float) -> None:
        """Time passes at once, and everything runs that runs by the clock."""
        self.clock.move(seconds)
        self.stripe.advance()
        for queue in self.queues:
            queue.show_again()
        surroundings.sweep()
        self.pump()

    def pass_time(self, seconds: float, step: float = 60) -> None:
        """Time passes, minute by minute."""
        for _ in range(int(seconds // step)):
            self.tick(step)

    # --- what can be seen ------------------------------------------------------------------------

    def intents(self) -> list[dict[str, Any]]:
        """Every PaymentIntent that Stripe has, the newest first."""
        _, _, found = self.stripe.request("GET", "/v1/payment_intents?limit=100", SECRET_KEY, "")
        intents: list[dict[str, Any]] = found["data"]
        return intents

    def refunds(self) -> list[dict[str, Any]]:
        """Every refund that Stripe has, the newest first."""
        _, _, found = self.stripe.request("GET", "/v1/refunds?limit=100", SECRET_KEY, "")
        refunds: list[dict[str, Any]] = found["data"]
        return refunds

    def grant(self, amount: int, *, user: str = "mina", kind: str = "wallet") -> str:
        """An operator gives a person stored value. The id of the balance."""
        body = {"owner": user, "kind": kind, "amount": amount, "currency": "KRW"}
        body["reason"] = "Goodwill."
        made = self.post("/v1/balances", body, token=self.operator(), key=self.new_key())
        assert made.status == 201, made.text
        balance_id: str = made.json["id"]
        return balance_id

    def try_refund(
        self,
        order_id: str,
        token: str | None = None,
        key: str | None = None,
        **wanted: Any,  # noqa: ANN401 - any JSON
    ) -> Reply:
        body = {"reason": "quality", **wanted}
        path = f"/v1/orders/{order_id}/refunds"
        return self.post(path, body, token=token or self.operator(), key=key or self.new_key())

    def refund(self, order_id: str, **wanted: Any) -> Any:  # noqa: ANN401 - any JSON
        """An operator gives money of an order back: what was answered."""
        made = self.try_refund(order_id, **wanted)
        assert made.status == 201, made.text
        return made.json

    def try_tip(
        self,
        order_id: str,
        amount: int = 2000,
        *,
        key: str | None = None,
        user: str = "mina",
        **more: object,
    ) -> Reply:
        """A customer begins a tip for whoever brought an order."""
        path, body = f"/v1/orders/{order_id}/tips", {"amount": amount, **more}
        return self.post(path, body, token=self.customer(user), key=key or self.new_key())

    def seen(self, order_id: str) -> Any:  # noqa: ANN401 - any JSON
        """The order as an operator sees it."""
        return self.get(f"/v1/orders/{order_id}", self.operator())

    def board(self, store_id: str) -> list[str]:
        """The ids of the orders that the store sees."""
        found = self.get(f"/v1/stores/{store_id}/orders", people.machine(store_id))
        return [one["id"] for one in found["items"]]


def _resource(path: str) -> tuple[str, dict[str, str]]:
    for spec in app.specs:
        pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", spec.path)
        found = re.fullmatch(pattern, path)
        if found:
            return spec.path, found.groupdict()
    raise LookupError(path)


def make(clock: StandingClock) -> World:
    """A fresh world on a clock."""
    endpoint = Endpoint(HOOK, (people.STRIPE_SECRET,))
    numbers = CountedIds()
    fake = FakeStripe(clock, numbers, endpoints=(endpoint,), fault=faults.on_stripe)
    return World(clock=clock, stripe=fake, stripe_ids=numbers)
