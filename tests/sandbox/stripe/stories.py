"""The beginnings that many cases share."""

from dataclasses import dataclass, field

from sandbox.stripe.ids import counted_ids
from sandbox.stripe.model import FakeStripe
from sandbox.stripe.webhooks import Endpoint
from tests.sandbox.stripe.port import FakePort, Json, Port, Reply

SECRET = "whsec_test"
HOOK = Endpoint("http://127.0.0.1:9/hook", (SECRET,))
DAY = 86_400.0


@dataclass
class Clock:
    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class World:
    """The fake with its clock in hand: for what cannot be asked of Stripe itself."""

    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.fake = FakeStripe(self.clock, counted_ids(), endpoints=[HOOK])
        self.port = FakePort(self.fake)

    def events(self) -> list[str]:
        """The types of all events so far, in order."""
        listed = self.port.call("GET", "events", {"limit": 100})["data"]
        return [event["type"] for event in reversed(listed)]


def create(port: Port, key: str | None = None, **params: object) -> Reply:
    given: Json = {
        "amount": 2000,
        "currency": "usd",
        "allowed_payment_method_types": ["card"],
        **params,
    }
    wanted = {name: value for name, value in given.items() if value is not None}
    return port.call("POST", "payment_intents", wanted, key=key)


def pay(
    port: Port, method: str = "pm_card_visa", key: str | None = None, **params: object
) -> Reply:
    """Created and confirmed in one request."""
    wanted: Json = {"payment_method": method, "confirm": True, **params}
    return create(port, key, **wanted)


def hold(
    port: Port, method: str = "pm_card_visa", key: str | None = None, **params: object
) -> Reply:
    """Authorised and waiting for its capture."""
    return pay(port, method, key, **{"capture_method": "manual", **params})


def wallet(port: Port, kind: str = "kakao_pay", **params: object) -> Reply:
    """A payment in won that waits on the wallet's page."""
    wanted: Json = {
        "amount": 15_000,
        "currency": "krw",
        "allowed_payment_method_types": [kind],
        "payment_method_data": {"type": kind},
        "confirm": True,
        "return_url": "https://shop.example/back?order=1",
        **params,
    }
    return create(port, **wanted)


def do(port: Port, intent: Reply | str, verb: str, **params: object) -> Reply:
    ident = intent if isinstance(intent, str) else intent["id"]
    return port.call("POST", f"payment_intents/{ident}/{verb}", dict(params))


def look(port: Port, intent: Reply, **params: object) -> Reply:
    return port.call("GET", f"payment_intents/{intent['id']}", dict(params))


def refund(port: Port, intent: Reply, **params: object) -> Reply:
    return port.call("POST", "refunds", {"payment_intent": intent["id"], **params})


def charge_of(port: Port, intent: Reply) -> Reply:
    return port.call("GET", f"charges/{look(port, intent)['latest_charge']}")


def customer_of(port: Port) -> str:
    ident: str = port.call("POST", "customers", {"email": "kim@example.com"})["id"]
    return ident


def set_up(port: Port, customer: str, method: str, **params: object) -> Reply:
    """A method saved for later: a card's, or a wallet by its name."""
    is_wallet = not method.startswith("pm_")
    wanted: Json = {
        "customer": customer,
        "allowed_payment_method_types": [method if is_wallet else "card"],
        "confirm": True,
        **({"payment_method_data": {"type": method}} if is_wallet else {"payment_method": method}),
        **({"return_url": "https://shop.example/back"} if is_wallet else {}),
        **params,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    return port.call("POST", "setup_intents", given)
