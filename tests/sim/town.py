"""The town of one story: stores, customers, couriers, the operator; all by the public API."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalicelib.core import ids
from tests import shopfront
from tests.sim.acts.person import Person
from tests.sim.chance import Chance
from tests.sim.receivers import Receiver
from tests.sim.world import World

if TYPE_CHECKING:
    from tests.sim.acts.guest import Guest

ZONE = "seoul"
HERE = (126.9230, 37.5620)
UNDER_WAY = {
    "PENDING_PAYMENT", "CREATED", "CONFIRMED", "PREPARING", "READY_FOR_PICKUP", "DISPATCHED",
}  # fmt: skip
HEARS = 0.6
"""How many stores have a webhook: the others' tills poll."""
MERCHANT_HEARS = 0.25
"""How many merchants hear of all their stores at an address of their own."""
KINDS = ("mixed", "mixed", "own riders")
SHARED = "5b2f0e1c-6d2a-4c37-9a0f-3f1de7a5c884"
"""A phone on which several people order, guests among them."""


PRICES = (9000, 9005, 8985, 8777)
"""Of the dish that everybody orders: also such that a commission ends in a half."""


KITCHENS = (None, None, {"orders": 2, "minutes": 10}, {"orders": 4, "minutes": 60})
SCARCE = "cake"
"""Of this there are only so many a day."""


def _menu(price: int, scarce: int) -> dict[str, Any]:
    """The shop front's menu, at another price, with something that is soon sold out."""
    menu: dict[str, Any] = json.loads(json.dumps(shopfront.MENU))
    items = menu["categories"][0]["items"]
    items[0]["price"] = price
    items.append(shopfront.item(SCARCE, 5000, per_day=scarce))
    return menu


@dataclass
class Store:
    """One store with its machine and its people."""

    id: str
    owner: Person
    machine: Person
    receiver: Receiver
    own_riders: bool
    webhook_id: str = ""
    handled: set[str] = field(default_factory=set)
    absent: bool = False
    """Nobody is there who would answer an order."""


@dataclass(frozen=True)
class Endpoint:
    """Where a store, or a merchant with all its stores, is told what happens."""

    path: str
    owner: Person
    receiver: Receiver


@dataclass
class Reader:
    """A system that fetches a store's events: what it was given at which position."""

    store: Store
    taken: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    acknowledged: int = 0


@dataclass
class Courier:
    """One courier with a phone."""

    person: Person
    device: str
    token: str
    sequence: int = 0
    seen_at: float = 0.0


class Town:
    """Who lives here. `rng` is the workload's own source of chance."""

    def __init__(self, world: World, *, chance: Chance) -> None:
        self.world = world
        self.rng = chance.stream("town")
        self.limits = chance.stream("limits")
        self.joining = chance.stream("joining")
        self.stores: list[Store] = []
        self.endpoints: list[Endpoint] = []
        self.readers: dict[str, Reader] = {}
        """Of the stores whose events somebody fetches."""
        self.couriers: list[Courier] = []
        self.customers: list[Person] = []
        self.guests: list[Guest] = []
        self.operator = Person(world, "op", "operator")
        self.orders: list[str] = []
        """What customers know of."""
        self.taken_off: set[tuple[str, str]] = set()
        """Dishes that a till has taken off at some time: by store and item."""
        self.forgetting = False
        """A guest has asked to be forgotten: the story goes on until that is done."""
        self.trouble_until = 0.0
        """Some endpoint has trouble until then: faults go on as long."""
        self.later = False
        """Somebody has ordered for another day: faults go on until that is charged."""
        self.seeks_rare = False
        """People take the turns oftener that they seldom take."""
        self.closing = False
        """Faults have ended: everybody finishes what they are at."""
        self.serve: Callable[[Store, str], None] = lambda _store, _order: None
        """What a store does with an order that it has heard of."""

    # --- settling ----------------------------------------------------------------------------

    def settle(self) -> None:
        """Everybody and everything that a story stands on. Runs as an actor.

        Without faults, but in stories that look for what is rare: these calls are made nowhere
        else.
        """
        for number in range(self.rng.choice((1, 1, 2))):
            self.stores.append(self._store(number, self.rng.choice(KINDS)))
        for number in range(self.rng.choice((1, 2, 2, 3))):
            self.couriers.append(self._courier(number))
        for number in range(self.rng.choice((2, 3, 4))):
            said = SHARED if number % 2 else ""
            self.customers.append(Person(self.world, f"customer-{number}", "customer", device=said))

    def _store(self, number: int, kind: str) -> Store:
        owner = Person(self.world, f"owner-{number}", "merchant")
        about = {"name": "Han", "legal_name": "Han Ltd.", "country": "KR"}
        merchant = owner.must("POST", "/v1/merchants", about, key=owner.new_key())
        own = kind == "own riders"
        said = shopfront.store(
            merchant["id"],
            delivered_by="store" if own else "platform",
            kitchen=self.limits.choice(KITCHENS),
        )
        made = owner.must("POST", "/v1/stores", said, key=owner.new_key())
        path = f"/v1/stores/{made['id']}"
        owner.must("PUT", f"{path}/menu", _menu(self.rng.choice(PRICES), self.limits.randint(1, 4)))
        self.operator.must("POST", f"{path}/approve", shopfront.REVIEWED)
        url = f"https://till-{number}.example.com/ieum"
        store = Store(
            made["id"],
            owner,
            Person(self.world, f"till-{number}", "store", (made["id"],)),
            self.world.receivers.open(url, lambda _: None),
            own,
        )
        store.receiver.heard = lambda message: self._heard(store, message)
        if self.rng.random() < HEARS:
            store.webhook_id = self._listen(f"{path}/webhooks", owner, store.receiver)
        if self.joining.random() < MERCHANT_HEARS:
            url = f"https://merchant-{number}.example.com/ieum"
            receiver = self.world.receivers.open(url, lambda _: None)
            self._listen(f"/v1/merchants/{merchant['id']}/webhooks", owner, receiver)
        return store

    def _listen(self, path: str, owner: Person, receiver: Receiver) -> str:
        hook = owner.must("POST", path, {"url": receiver.url}, key=owner.new_key())
        receiver.learns(hook["secret"])
        self.endpoints.append(Endpoint(f"{path}/{hook['id']}", owner, receiver))
        return str(hook["id"])

    def _courier(self, number: int) -> Courier:
        person = Person(self.world, f"courier-{number}", "courier")
        person.must("PUT", "/v1/courier", {"given_name": "Jun", "vehicle": "scooter"})
        device, token = ids.new("dev"), f"{person.name}-token"
        body = {"platform": "fcm", "language": "en", "token": token}
        person.must("PUT", f"/v1/devices/{device}", body)
        return Courier(person, device, token)

    def _heard(self, store: Store, message: Mapping[str, Any]) -> None:
        """A webhook has come, the first time."""
        if message["type"] == "order.created":
            order_id = message["data"]["order_id"]
            self.world.act(f"{store.machine.name} hears", lambda: self.serve(store, order_id))

    # --- choosing ----------------------------------------------------------------------------

    def customer(self, rng: random.Random) -> Person:
        return rng.choice(self.customers)

    def store(self, rng: random.Random) -> Store:
        return rng.choice(self.stores)

    # --- looking without asking ----------------------------------------------------------------

    def status(self, order_id: str) -> str:
        """How an order stands in the table: nobody in the story could know."""
        head = self.world.shadow.get("orders", f"ORDER#{order_id}")
        return str(head["status"]) if head else ""

    def customer_of(self, order_id: str) -> Person:
        """Who has placed an order."""
        head = self.world.shadow.get("orders", f"ORDER#{order_id}") or {}
        return self.person(head["customer_id"])

    def person(self, person_id: str) -> Person:
        """A customer, or a guest, by their id. Behind an errand is nobody: then a stranger."""
        found = (*self.customers, *self.guests)
        stranger = Person(self.world, "nobody", "customer")
        return next((one for one in found if one.name == person_id), stranger)

    def open_orders(self) -> bool:
        """Whether couriers may be wanted soon."""
        return any(self.status(one) in UNDER_WAY for one in self.placed())

    def placed(self) -> list[str]:
        """Every order, also where no answer ever told its customer of it."""
        found = self.world.shadow.partitions("orders", "ORDER#")
        return [pk.removeprefix("ORDER#") for pk, partition in found if "HEAD" in partition]

    def wait(self, seconds: float) -> None:
        self.world.scheduler.pause(seconds)

    def wait_for(self, holds: Callable[[], bool], patience: float, step: float = 5.0) -> bool:
        """Wait until something holds, at most so long. Says whether it does."""
        until = self.world.scheduler.now + patience
        while not holds():
            if self.world.scheduler.now >= until:
                return False
            self.wait(step)
        return True
