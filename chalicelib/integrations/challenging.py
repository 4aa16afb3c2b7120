"""Whether whoever answers at an address wants our messages: it must echo what only they are sent.

Before an endpoint has answered a signed challenge with its token it is told nothing of orders, so
that we cannot be made to call somebody who has not asked for it.
"""

import json

from chalicelib.core import clock, ids, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.integrations import health, lanes, messages
from chalicelib.integrations.lanes import Lane, Place
from chalicelib.integrations.message_schemas import MessageData
from chalicelib.integrations.messages import Fact
from chalicelib.integrations.models import EndpointItem, MessageItem
from chalicelib.integrations.schemas import CHALLENGE
from chalicelib.integrations.status import EndpointStatus, MessageCommand, MessageStatus

KIND = "challenge"
NAME = "CHALLENGE"
TOKEN_BITS = 160


def place(endpoint_id: str) -> Place:
    """The lane of an endpoint's challenges: the only one that is driven before the answer."""
    return Place(endpoint_id, NAME)


def first(endpoint: EndpointItem) -> list[Part]:
    """The parts that challenge a new endpoint: the first message of its feed."""
    lane = Lane(place(endpoint.id), endpoint.owner_id, KIND)
    made = messages.message(endpoint.id, 1, fact(endpoint))
    return [lanes.save(lane.appended(1, (1,))), parts.put(made, BusyError())]


def renewed(endpoint: EndpointItem) -> tuple[Lane, list[Part]]:
    """The lane without the challenges before, for another one, and the parts that end those."""
    lane = lanes.find(place(endpoint.id)) or Lane(place(endpoint.id), endpoint.owner_id, KIND)
    found = [messages.find(endpoint.id, position) for position in lane.pending]
    over = [
        messages.moved(one, MessageCommand.PARK)
        for one in found
        if one is not None and one.status == MessageStatus.PENDING
    ]
    return lane.dropped(), over


def fact(endpoint: EndpointItem) -> Fact:
    """What an endpoint is told that has to prove itself."""
    return about(endpoint, CHALLENGE, ids.token(TOKEN_BITS))


def about(endpoint: EndpointItem, type_: str, challenge: str | None = None) -> Fact:
    """A message that is about the endpoint itself."""
    return Fact(
        type=type_,
        at=clock.stamp(clock.now()),
        kind="webhook",
        subject=endpoint.id,
        sequence=1,
        data=MessageData(
            store_id=endpoint.store_id,
            merchant_id=endpoint.merchant_id,
            challenge=challenge,
            url=path(endpoint),
        ),
    )


def path(endpoint: EndpointItem) -> str:
    """Where an endpoint is read."""
    whose = f"merchants/{endpoint.merchant_id}" if endpoint.merchant_id else None
    return f"/v1/{whose or f'stores/{endpoint.store_id}'}/webhooks/{endpoint.id}"


def proven(endpoint: EndpointItem) -> list[Part]:
    """The parts by which an endpoint that has echoed its token is told everything from now on."""
    actions = [
        EndpointItem.status.set(EndpointStatus.ACTIVE),
        EndpointItem.succeeded_at.set(clock.stamp(clock.now())),
        *(
            attribute.remove()
            for attribute in (
                EndpointItem.unverified, EndpointItem.failures, EndpointItem.failing_since,
                EndpointItem.unanswered, EndpointItem.held_until,
            )
        ),
    ]  # fmt: skip
    return health.switched(endpoint, actions, "webhook.verified", actor=SYSTEM)


def expected(message: MessageItem) -> str | None:
    """What the answer to a message has to echo; None: nothing."""
    if message.type != CHALLENGE:
        return None
    return str(json.loads(message.body)["data"]["challenge"])
