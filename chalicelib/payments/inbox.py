"""Stripe's events: verified, stored once by their id, answered; handled from the store, later.

Only ids and the type are kept: what an event says is never believed, the object is asked for.
"""

import json
from dataclasses import replace

from chalicelib.core import clock, dynamo, outbox, parts
from chalicelib.core.errors import BadRequestError
from chalicelib.core.telemetry import log
from chalicelib.payments import genuine
from chalicelib.payments.errors import ForgedEventError
from chalicelib.payments.models import PaymentEvent

KEPT_SECONDS = 60 * 86_400
LONGEST_ID = 255


class KnownError(Exception):
    """The event was stored before."""


def receive(body: bytes, signature: str) -> None:
    """Store an event of Stripe's. Storing it again changes nothing.

    Raises ForgedEventError (400) unless it is genuine and of this moment, BadRequestError (400)
    for what is genuine and yet no event.
    """
    try:
        genuine.demand_genuine(body, signature)
    except genuine.ForgedError as error:
        raise ForgedEventError from error
    event_id, event_type, data = _read(body)
    event = outbox.announce(
        PaymentEvent,
        _key(event_id),
        kind="stripe_event",
        subject=event_id,
        version=1,
        type=event_type,
        actor="system:stripe",
        data=data,
    )
    event.item.attribute_values["expires_at"] = clock.forget_at(clock.after(KEPT_SECONDS))
    try:
        parts.commit(replace(event, failure=KnownError()))
    except KnownError:
        log("An event of Stripe came again", stripe_event=event_id)


def _key(event_id: str) -> str:
    return f"STRIPE#{event_id}"


def _read(body: bytes) -> tuple[str, str, dict[str, str]]:
    try:
        event = json.loads(body)
        event_id, event_type, subject = event["id"], event["type"], event["data"]["object"]
        texts = (event_id, event_type, subject["id"], subject["object"])
    except (ValueError, TypeError, KeyError) as error:
        raise BadRequestError("This is no event of Stripe's.") from error
    if not all(isinstance(text, str) and 0 < len(text) <= LONGEST_ID for text in texts):
        raise BadRequestError("This is no event of Stripe's.")
    return event_id, event_type, {"object": subject["object"], "object_id": subject["id"]}


def about(event_id: str) -> tuple[str, str]:
    """Of which kind of Stripe's objects a stored event is, and its id there; empty if unknown."""
    stored: PaymentEvent | None = dynamo.get(PaymentEvent, _key(event_id), outbox.event_key(1))
    return (str(stored.data["object"]), str(stored.data["object_id"])) if stored else ("", "")
