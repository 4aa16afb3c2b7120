"""A store with staff, orders that move, receivers that misbehave: what these tests stand on."""

import base64
import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from chalice.test import Client

from chalicelib.catalog.models import StaffMember, StoreHead, staff_key, store_key
from chalicelib.catalog.schemas import NewStore, StoreDetails, StoreOrigin
from chalicelib.catalog.status import Fulfilment, StaffRole, StoreStatus
from chalicelib.core import clock, dynamo, outbox, parts
from chalicelib.core.egress import Refused, Reply, Unreachable
from chalicelib.core.errors import BusyError
from chalicelib.core.rights import SYSTEM, Caller, Role
from chalicelib.integrations import challenging, feeding, lanes, ringing, sending
from chalicelib.integrations.lanes import Place
from chalicelib.integrations.models import (
    FEED,
    EndpointItem,
    Feed,
    LaneItem,
    MessageItem,
    endpoint_key,
    lane_key,
    message_key,
)
from chalicelib.integrations.models import store_key as integrations_key
from chalicelib.orders import moving, reading
from chalicelib.orders.models import OrderEvent, OrderHead, order_key
from chalicelib.orders.status import OrderCommand, OrderStatus
from tests.catalog.shop import new_store

STORE = "sto_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
MERCHANT = "mer_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
OTHER_STORE = "sto_01JD9Z6M7Q3W8K5N2R4T6V8X0Z"
ORDER = "ord_01JD9Z6M7Q3W8K5N2R4T6V8X01"
OTHER_ORDER = "ord_01JD9Z6M7Q3W8K5N2R4T6V8X02"
URL = "https://till.example.com/ieum"

type Answer = int | Reply | Exception | Callable[[], None]


@dataclass(frozen=True)
class Answered:
    """What the API answered."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON
        return json.loads(self.text)


@dataclass
class Street:
    """The API, with callers whose tokens are their names."""

    client: Client
    callers: dict[str, Caller] = field(default_factory=dict)
    _keys: "itertools.count[int]" = field(default_factory=itertools.count)

    def known(self, name: str, *roles: Role, stores: Sequence[str] = ()) -> str:
        self.callers[name] = Caller(name, frozenset(roles), frozenset(stores))
        return name

    def staff(self, name: str, role: StaffRole, store_id: str = STORE) -> str:
        member = StaffMember(store_key(store_id), staff_key(name), role=role)
        parts.commit(parts.overwrite(member))
        return self.known(name, Role.MERCHANT)

    def owner(self) -> str:
        return self.staff("owner", StaffRole.OWNER)

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        by: str | None = None,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Answered:
        sent = {"Content-Type": "application/json", "Operator-Reason": "Asked%20for."}
        sent |= headers or {}
        if by is not None:
            sent["Authorization"] = f"Bearer {by}"
        if method == "POST":
            sent["Idempotency-Key"] = key or f"key-{next(self._keys)}"
        content = json.dumps(body).encode() if body is not None else b""
        answer = self.client.http.request(method, path, sent, raw if raw is not None else content)
        return Answered(answer.status_code, answer.headers, answer.body.decode())

    def new_webhook(self, **changed: object) -> dict[str, Any]:
        """A webhook of the store, with its secret, which has not answered its challenge yet."""
        body = {"url": URL, **changed}
        made = self.call("POST", f"/v1/stores/{STORE}/webhooks", body, by=self.owner())
        assert made.status == 201, made.text
        found: dict[str, Any] = made.json
        return found

    def webhook(self, **changed: object) -> dict[str, Any]:
        """A webhook as they were made before there were challenges: it is told everything."""
        with patch.object(ringing, "ring"):
            found = self.new_webhook(**changed)
        as_before(found["id"])
        return {**found, "status": "active"}

    def credentials(self, label: str = "Till") -> tuple[str, str]:
        """The id and the secret of a new client of the store."""
        made = self.call("POST", f"/v1/stores/{STORE}/clients", {"label": label}, by=self.owner())
        assert made.status == 201, made.text
        return made.json["client_id"], made.json["client_secret"]

    def log(self, webhook_id: str) -> list[dict[str, Any]]:
        """The delivery log, the oldest first."""
        path = f"/v1/stores/{STORE}/webhooks/{webhook_id}/messages"
        answer = self.call("GET", path, by=self.owner())
        assert answer.status == 200, answer.text
        items: list[dict[str, Any]] = answer.json["items"]
        return items[::-1]


def as_before(webhook_id: str, owner_id: str = STORE) -> None:
    """What an earlier release stored of an endpoint: no challenge, and no word of one."""
    item = EndpointItem(integrations_key(owner_id), endpoint_key(webhook_id))
    item.update([EndpointItem.status.set("active"), EndpointItem.unverified.remove()])
    Feed(endpoint_key(webhook_id), FEED).update([Feed.position.set(0)])
    for left in (
        MessageItem(endpoint_key(webhook_id), message_key(1)),
        LaneItem(endpoint_key(webhook_id), lane_key(challenging.NAME)),
    ):
        left.delete()


def open_store() -> None:
    """The store of these tests, as the catalog holds it."""
    new = NewStore.model_validate_json(json.dumps(new_store(merchant_id=MERCHANT)))
    head = StoreHead(
        store_key(STORE),
        dynamo.HEAD,
        id=STORE,
        version=1,
        status=StoreStatus.LIVE,
        origin=new.model_dump_json(include=set(StoreOrigin.model_fields)),
        details=new.model_dump_json(include=set(StoreDetails.model_fields)),
        owners=1,
        commission_basis_points=1000,
        confirm_seconds=480,
        menu_version=0,
        created_at=clock.stamp(clock.now()),
    )
    parts.commit(parts.put(head, BusyError()))


# --- orders ----------------------------------------------------------------------------------


def place_order(order_id: str = ORDER, *, store_id: str = STORE, paid: bool = True) -> str:
    """An order, placed and (unless said otherwise) paid: versions 1 and 2."""
    now = clock.stamp(clock.now())
    head = OrderHead(
        order_key(order_id),
        dynamo.HEAD,
        id=order_id,
        customer_id="mina",
        store_id=store_id,
        merchant_id=MERCHANT,
        channel="app",
        fulfilment=Fulfilment.TAKEAWAY,
        status=OrderStatus.PENDING_PAYMENT,
        version=1,
        currency="KRW",
        total=9000,
        shares=[],
        fees={},
        placed_at=now,
        promised={"begins": now, "ends": now},
        confirm_seconds=480,
        listed_at=now,
    )
    placed = outbox.announce(
        OrderEvent, order_key(order_id), kind="order", subject=order_id, version=1,
        type="order.placed", actor=SYSTEM, data={"store_id": store_id, "status": "PENDING_PAYMENT"},
    )  # fmt: skip
    parts.commit(parts.put(head, BusyError()), placed)
    if paid:
        move(OrderCommand.PAY, order_id=order_id, also=(OrderHead.board.set(store_id),))
    return order_id


def move(command: OrderCommand, *, order_id: str = ORDER, also: tuple[Any, ...] = ()) -> None:
    order = reading.find(order_id)
    assert order is not None
    parts.commit(*moving.move(order, command, actor=SYSTEM, also=also))


# --- the other side --------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """One call that reached a receiver."""

    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON
        return json.loads(self.body)


@dataclass
class Till:
    """A store's system: answers as told, in turn, and then with 200."""

    answers: list[Answer] = field(default_factory=list)
    got: list[Sent] = field(default_factory=list)

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        self.got.append(Sent(url, headers, body))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            answer()
            return reply(200)
        token = json.loads(body or b"{}").get("data", {}).get("challenge")
        if token and answer == 200:
            return reply(200, json.dumps({"challenge": token}).encode())
        return reply(answer) if isinstance(answer, int) else answer

    @property
    def ids(self) -> list[str]:
        return [sent.headers["webhook-id"] for sent in self.got]

    @property
    def told(self) -> list[tuple[str, int]]:
        """What it was told: types and sequences, in order."""
        return [(sent.json["type"], sent.json["sequence"]) for sent in self.got]


def reply(status: int, body: bytes = b"", **headers: str) -> Reply:
    return Reply(
        status, {name.replace("_", "-"): text for name, text in headers.items()}, body, 0.12
    )


def unreachable() -> Unreachable:
    return Unreachable("timeout")


def refused() -> Refused:
    return Refused("private_address")


def tell(till: Till, order_id: str = ORDER) -> list[Place]:
    """Hear of an order and drive every lane that is due, as the queue's consumer does."""
    due = feeding.hear(order_id)
    for place in due:
        sending.drive(place, till)
    return due


def lane_of(webhook: Mapping[str, Any], name: str = ORDER) -> lanes.Lane:
    lane = lanes.find(Place(webhook["id"], name))
    assert lane is not None
    return lane


def basic(client_id: str, secret: str) -> dict[str, str]:
    coded = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {coded}"}
