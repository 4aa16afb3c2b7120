"""Which news are still worth telling: pure rules over an event and what came after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.catalog.status import Fulfilment
from chalicelib.couriers import status as couriers
from chalicelib.notifications.matrix import Audience, Row
from chalicelib.orders.order import Order
from chalicelib.orders.status import OrderStatus

KEPT = ("order_id", "store_id", "attempt", "status", "code", "reminder", "offer_id", "until")
"""What of an event's data a push repeats: ids and codes. What is not named here is not told."""
OFFER_BEGINS = frozenset({couriers.OFFERED, couriers.OFFERED_ALONG})
OFFER_ENDS = frozenset({couriers.DECLINED, couriers.EXPIRED, couriers.REVOKED})


@dataclass(frozen=True, slots=True)
class Happening:
    """An event, the types of what has happened to its subject since, and the order as it is now.

    `until` is the end of the offer that the event makes, where it makes one.
    """

    id: str
    type: str
    kind: str
    subject: str
    version: int
    at: datetime
    actor: str
    data: Mapping[str, object]
    since: frozenset[str] = frozenset()
    order: Order | None = None
    store_names: Mapping[str, str] = field(default_factory=dict)
    until: datetime | None = None

    def age(self, now: datetime) -> float:
        return (now - self.at).total_seconds()

    @property
    def collapse(self) -> str:
        """Under which key a phone shows the last news alone: the order's."""
        return self.order.id if self.order else self.subject


def concerns(happening: Happening, audience: Audience, row: Row) -> bool:
    """Whether the row is for such an order at all. A store never hears of one nobody paid."""
    order = happening.order
    if order is None:
        return happening.kind == "courier"
    if audience is Audience.STORE and not order.shown_to_store:
        return False
    return Fulfilment(order.fulfilment) in row.only


def why_not(happening: Happening, row: Row, now: datetime) -> str | None:
    """Why it is not worth telling any more; None: it is."""
    if happening.age(now) > row.seconds:
        return "too_old"
    if happening.type == couriers.OFFERED and happening.until is None:
        return "offer_over"
    if happening.since & row.overtaken:
        return "overtaken"
    order = happening.order
    if order and order.status is OrderStatus.CANCELLED and not row.survives:
        return "superseded"
    return None


def data_of(happening: Happening) -> dict[str, str]:
    """What an app needs to find what a push is about, as text. Devices dedupe by `event_id`."""
    named = {name: happening.data[name] for name in KEPT if happening.data.get(name) is not None}
    subject = {f"{happening.kind}_id": happening.subject}
    if happening.kind == "courier":
        subject = {}
    if happening.kind == "payment":
        subject = {"order_id": happening.order.id} if happening.order else {}
    return {
        "event_id": happening.id,
        "type": happening.type,
        "version": str(happening.version),
        **{name: str(value) for name, value in (named | subject).items()},
    }


def asked(earlier: Sequence[tuple[str, Mapping[str, object]]]) -> list[str]:
    """The couriers whose offers of a delivery were still open, from its events before."""
    open_offers: dict[object, str] = {}
    for event_type, data in earlier:
        if event_type in OFFER_BEGINS:
            open_offers[data.get("offer_id")] = str(data["courier_id"])
        elif event_type in OFFER_ENDS:
            open_offers.pop(data.get("offer_id"), None)
    return list(dict.fromkeys(open_offers.values()))
