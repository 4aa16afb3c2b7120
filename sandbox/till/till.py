"""A till that speaks Open Delivery and nothing else: it polls, cooks, hands over, and misbehaves.

What a customer writes on an order says what the kitchen makes of it: `refuse`, `give up`, and
`let go`, where the customer asks for that; so does `wishes`. What they show at the counter is in
`shown`. `may` says whether the kitchen is as far as a word says: then the till says it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sandbox.till.api import Answer, Api
from sandbox.till.parcels import Parcels

REFUSE, GIVE_UP, LET_GO = "refuse", "give up", "let go"
POLLED = 200
ENDED = frozenset({"CANCELLED", "CONCLUDED"})
WAITING = frozenset({"READY_FOR_PICKUP", "CANCELLATION_REQUESTED", "PICKED_UP", "DELIVERED"})
STEPS: dict[str, str] = {
    "CREATED": "confirm",
    "CONFIRMED": "preparing",
    "PREPARING": "readyForPickup",
    "DISPATCHED": "delivered",
}
"""What a kitchen does next, after which event, of an order of any kind."""
HANDED_OVER = frozenset({"pickedUp", "delivered"})
AT_THE_COUNTER = {
    ("TAKEOUT", "READY_FOR_PICKUP"): "pickedUp",
    ("INDOOR", "READY_FOR_PICKUP"): "delivered",
}


class Mood(StrEnum):
    """How the till behaves."""

    GOOD = "good"
    LATE_ACK = "acknowledges a poll late"
    PARTIAL_ACK = "acknowledges half of what it polled"
    DOUBLE = "says everything twice"
    WRONG_ORDER = "says first what comes later"
    DOWN = "does not work for a while"


@dataclass(frozen=True)
class Event:
    """One event, as it came; `again` where it had come before."""

    type: str
    order_id: str
    id: str
    mood: Mood
    again: bool
    metadata: dict[str, str] | None = None


@dataclass
class Till:
    """One store's till. `log` is everything that it was told, in order."""

    api: Api
    mood: Mood = Mood.GOOD
    log: list[Event] = field(default_factory=list)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    stands: dict[str, str] = field(default_factory=dict)
    refused: list[Answer] = field(default_factory=list)
    may: Callable[[str, str], bool] = lambda _order, _word: True
    wishes: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    proven: dict[str, list[int]] = field(default_factory=dict)
    parcels: Parcels | None = None
    _late: list[dict[str, Any]] = field(default_factory=list)
    _insisted: set[str] = field(default_factory=set)
    _asked: set[str] = field(default_factory=set)

    def turn(self) -> int:
        """One turn: poll, read what is new, acknowledge, and take a step with every order.

        How many events came.
        """
        if self.mood is Mood.DOWN:
            return 0
        polled = self.api.call("GET", "/v1/events:polling")
        events: list[dict[str, Any]] = polled.body if polled.status == POLLED else []
        self.hear(events)
        self._acknowledge(events)
        for order_id in list(self.stands):
            self._work(order_id)
        if self.parcels:
            self.parcels.turn()
        return len(events)

    @property
    def told(self) -> dict[str, list[str]]:
        """The types of events by order, each event once."""
        found: dict[str, list[str]] = {}
        for event in self.log:
            if not event.again:
                found.setdefault(event.order_id, []).append(event.type)
        return found

    def hear(self, events: list[dict[str, Any]]) -> None:
        """Note events, however they came."""
        known = {event.id for event in self.log}
        for one in events:
            again = one["eventId"] in known
            self.log.append(
                Event(
                    one["eventType"], one["orderId"], one["eventId"], self.mood, again,
                    one.get("metadata"),
                )
            )  # fmt: skip
            if not again:
                self._heed(one["orderId"], one["eventType"])

    def _heed(self, order_id: str, event_type: str) -> None:
        if event_type == "ORDER_CANCELLATION_REQUEST":
            self._asked.add(order_id)
        elif event_type in {"CANCELLED", "CANCELLED_DENIED"}:
            self._asked.discard(order_id)
        if event_type in STEPS or event_type in ENDED | WAITING:
            self.stands[order_id] = event_type
        elif event_type == "CANCELLATION_REQUEST_DENIED":
            self._insisted.add(order_id)
            self.stands[order_id] = "CONFIRMED"

    def _acknowledge(self, events: list[dict[str, Any]]) -> None:
        sent = self._late + events
        if self.mood is Mood.LATE_ACK:
            self._late, sent = sent, self._late
        elif self.mood is Mood.PARTIAL_ACK:
            self._late, sent = [], sent[: (len(sent) + 1) // 2]
        else:
            self._late = []
        acks = {
            one["eventId"]: {
                "id": one["eventId"],
                "orderId": one["orderId"],
                "eventType": one["eventType"],
            }
            for one in sent
        }
        times = 2 if self.mood is Mood.DOUBLE else 1
        for _ in range(times if acks else 0):
            self._keep(self.api.call("POST", "/v1/events/acknowledgment", [*acks.values()]))

    def _work(self, order_id: str) -> None:
        for word in self._next(order_id):
            if not self.may(order_id, word):
                return
            if word in HANDED_OVER and order_id in self.shown.keys() - self.proven.keys():
                self._prove(order_id)
            self._keep(self.api.call("POST", f"/v1/orders/{order_id}/{word}", self._body(word)))

    def _next(self, order_id: str) -> Iterator[str]:
        """What the kitchen says of an order now, in the order of its mood."""
        order, stands = self._order(order_id), self.stands[order_id]
        if order is None:
            return
        noted = self.wishes.get(order_id) or order.get("extraInfo", "")
        if order_id in self._asked:
            yield "acceptCancellation" if noted == LET_GO else "denyCancellation"
            return
        wish = "" if order_id in self._insisted else noted
        if (wish, stands) in {(REFUSE, "CREATED"), (GIVE_UP, "CONFIRMED")}:
            yield "requestCancellation"
            return
        word = STEPS.get(stands) or AT_THE_COUNTER.get((order["type"], stands))
        by_store = order.get("delivery", {}).get("deliveredBy") == "MERCHANT"
        if stands == "READY_FOR_PICKUP" and by_store:
            word = "dispatch"
        if stands == "DISPATCHED" and not by_store:
            word = None
        if word is None:
            return
        if self.mood is Mood.WRONG_ORDER and word == "confirm":
            yield "readyForPickup"
        yield word
        if self.mood is Mood.DOUBLE:
            yield word

    def _prove(self, order_id: str) -> None:
        """Ask whether what is shown is the order's code; who misbehaves asks for another first."""
        codes = [self.shown[order_id]]
        if self.mood is Mood.WRONG_ORDER:
            codes.insert(0, f"{(int(codes[0]) + 1) % 10_000:04d}")
        for code in codes:
            path = f"/v1/orders/{order_id}/validateCode?deliveryCode={code}"
            self.proven.setdefault(order_id, []).append(self.api.call("POST", path).status)

    def _order(self, order_id: str) -> dict[str, Any] | None:
        if order_id not in self.orders:
            read = self.api.call("GET", f"/v1/orders/{order_id}")
            if read.status != POLLED:
                return None
            self.orders[order_id] = read.body
        return self.orders[order_id]

    def _body(self, word: str) -> object:
        if word == "confirm":
            return {"createdAt": "2026-01-01T00:00:00Z", "orderExternalCode": str(len(self.orders))}
        if word == "denyCancellation":
            return {"reason": "It is on the plate.", "code": "DISH_ALREADY_DONE"}
        if word == "requestCancellation":
            return {"reason": "There is no rice.", "code": "UNAVAILABLE_ITEM", "mode": "MANUAL"}
        return None

    def _keep(self, answer: Answer) -> None:
        if answer.status // 100 != 2:  # noqa: PLR2004 - HTTP's own number
            self.refused.append(answer)
