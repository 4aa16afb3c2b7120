"""What a store has carried by the protocol's logistics service: asked for, heard of, answered.

It knows the protocol's file alone. A parcel's `plan` says what its store does, after which event;
the till's mood says how it says it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sandbox.till.api import Answer, Api

type Json = dict[str, Any]
type Plan = Mapping[str, tuple[tuple[str, Json | None], ...]]
"""After which event what is said: words of the protocol's paths, with their bodies."""
READY: tuple[str, None] = ("readyForPickup", None)
PICKED: tuple[str, Json] = ("orderPicked", {"volumePicked": 1})
OVER: tuple[str, Json] = ("finishDelivery", {"finishDate": "2026-01-01T00:00:00Z"})
GIVE_UP: tuple[str, Json] = ("cancel", {"reason": "OTHER"})
RIDES = {"type": ["MOTORBIKE_BAG", "BICYCLE", "CAR"], "container": "NORMAL"}
SECOND = 2
FOUND = 200


def answer(reason: str, action: str) -> tuple[str, Json]:
    """What is to be done about a problem."""
    return "handleProblem", {"reason": reason, "action": action}


@dataclass(frozen=True)
class News:
    """One logistic event, as it came; `again` where it had come before, to the letter."""

    type: str
    parcel: str
    problems: tuple[str, ...]
    reason: str | None
    again: bool


@dataclass
class Parcels:
    """The parcels of one store. `log` is everything that it was told of them, in order."""

    api: Api
    merchant: Json
    address: Json
    log: list[News] = field(default_factory=list)
    plans: dict[str, Plan] = field(default_factory=dict)
    refused: list[Answer] = field(default_factory=list)
    heard: list[Json] = field(default_factory=list)
    says_twice: Callable[[], bool] = lambda: False
    _to_say: list[tuple[str, str, Json | None]] = field(default_factory=list)

    def price(self, door: Json) -> Answer:
        """What would it cost to carry something there?"""
        body = {**self._carrying(door), "merchant": self.merchant}
        return self.api.call("POST", "/v1/logistics/availability", body)

    def send(self, name: str, door: Json, plan: Plan | None = None, **more: object) -> str:
        """Have something carried to a door. Its id."""
        parcel = str(uuid5(NAMESPACE_URL, f"{self.merchant['id']} {name}"))
        self.plans[parcel] = plan or {}
        body = {
            **self._carrying(door),
            "orderId": parcel,
            "orderDisplayId": name[:20],
            "merchant": self.merchant,
            "customerName": "Sora",
            "customerPhone": "+821055550100",
            "payments": {"method": "ONLINE"},
            **more,
        }
        self._say("/v1/logistics/delivery", body)
        return parcel

    def read(self, parcel: str) -> Answer:
        """All that is known of a parcel."""
        return self.api.call("GET", f"/v1/logistics/delivery/{parcel}")

    def look(self, parcel: str) -> str | None:
        """Hear from a parcel's details what nobody has called for: the id of its delivery."""
        found = self.read(parcel)
        if found.status != FOUND:
            return None
        named = {name: found.body[name] for name in ("deliveryId", "orderId")}
        for event in found.body["events"]:
            told = {**named, "event": event}
            if told not in self.heard:
                self.hear(told)
        return str(found.body["deliveryId"])

    def hear(self, body: Json) -> None:
        """Note an event, and what the store says to it."""
        again = body in self.heard
        self.heard.append(body)
        event, parcel = body["event"], body["orderId"]
        problems = tuple(one["reason"] for one in body.get("problem", ()))
        reason = event.get("rejectionInfo", {}).get("reason")
        self.log.append(News(event["type"], parcel, problems, reason, again))
        if again:
            return
        for word in (event["type"], *problems):
            for path, said in self.plans.get(parcel, {}).get(word, ()):
                self._to_say.append((path, parcel, said))

    def turn(self) -> None:
        """Say what is to be said."""
        while self._to_say:
            path, parcel, said = self._to_say[0]
            self._say(f"/v1/logistics/{path}/{parcel}", said)
            self._to_say.pop(0)

    @property
    def told(self) -> dict[str, list[str]]:
        """The types of events by parcel, each event once."""
        found: dict[str, list[str]] = {}
        for one in self.log:
            if not one.again:
                found.setdefault(one.parcel, []).append(one.type)
        return found

    def _say(self, path: str, body: Json | None) -> None:
        for _ in range(SECOND if self.says_twice() else 1):
            found = self.api.call("POST", path, body)
            if found.status // 100 != 2:  # noqa: PLR2004 - HTTP's own number
                self.refused.append(found)

    def _carrying(self, door: Json) -> Json:
        return {
            "pickupAddress": self.address,
            "deliveryAddress": door,
            "returnToMerchant": False,
            "canCombine": True,
            "vehicle": RIDES,
            "limitTimes": {"pickupLimit": 240, "deliveryLimit": 480},
            "totalOrderPrice": {"value": 30000, "currency": "KRW"},
            "totalWeight": 900,
        }
