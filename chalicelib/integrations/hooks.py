"""What a store's own systems may be told, for the API's document: each type with an example."""

from datetime import UTC, datetime
from typing import Any, Literal

from chalicelib.core.routing import Hook
from chalicelib.integrations.message_schemas import MessageBody, MessageData, MessageSubject
from chalicelib.integrations.schemas import EVENT_TYPES, SAMPLE, SAMPLE_ORDER, EventType

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)
STORE, PROMOTION = f"sto_{SAMPLE}", f"pro_{SAMPLE}"
OF_ORDERS = "An order has changed: read it."
SENTENCES: dict[EventType, str] = {
    "store.availability_changed": "The store, or something on its menu, can be had again or not.",
    "promotion.created": "The store has a new promotion.",
    "promotion.changed": "A promotion of the store is used up, or can be had again.",
    "promotion.ended": "A promotion of the store was stopped, or its time is over.",
}
CHANGES: dict[EventType, Literal["created", "used_up", "over"]] = {
    "promotion.created": "created",
    "promotion.changed": "used_up",
    "promotion.ended": "over",
}


def _hook(event_type: EventType) -> Hook:
    kind, data = _about(event_type)
    subject: Any = {"order": SAMPLE_ORDER, "store": STORE, "promotion": PROMOTION}[kind]
    body = MessageBody(
        id=f"msg_{SAMPLE}",
        type=event_type,
        timestamp=AT,
        subject=MessageSubject(kind=kind, id=subject),
        sequence=2,
        position=42,
        previous_position=41,
        data=data,
    )
    return Hook(event_type, SENTENCES.get(event_type, OF_ORDERS), body)


def _about(event_type: EventType) -> tuple[Literal["order", "store", "promotion"], MessageData]:
    if event_type in CHANGES:
        url, change = f"/v1/promotions/{PROMOTION}", CHANGES[event_type]
        return "promotion", MessageData(
            store_id=STORE, promotion_id=PROMOTION, change=change, url=url
        )
    if event_type == "store.availability_changed":
        return "store", MessageData(
            store_id=STORE,
            change="sold_out",
            things=["bibimbap"],
            until=datetime(2026, 11, 23, 15, tzinfo=UTC),
            url=f"/v1/stores/{STORE}/availability",
        )
    status = event_type.partition(".")[2].upper()
    return "order", MessageData(
        order_id=SAMPLE_ORDER, store_id=STORE, status=status, url=f"/v1/orders/{SAMPLE_ORDER}"
    )


HOOKS = tuple(_hook(one) for one in EVENT_TYPES)
