"""The delivery log, and what an endpoint can be asked to take again: one message, or a ping."""

import re

from chalicelib.core import clock, parts
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.rights import Caller, Right
from chalicelib.integrations import endpoints, lanes, messages, rights, ringing
from chalicelib.integrations.errors import WebhookDisabledError
from chalicelib.integrations.feeding import append
from chalicelib.integrations.lanes import Lane, Place
from chalicelib.integrations.messages import Fact
from chalicelib.integrations.models import EndpointItem, MessageItem
from chalicelib.integrations.schemas import (
    PING,
    MessageData,
    MessagePage,
    MessageQuery,
    MessageView,
    WebhookView,
)
from chalicelib.integrations.status import EndpointStatus, MessageCommand

REPLAY = "REPLAY#"
RACES = 6
POSITION = re.compile(r"[1-9][0-9]{0,11}")


def log_of(caller: Caller, store_id: str, endpoint_id: str, query: MessageQuery) -> MessagePage:
    """What was sent to an endpoint, the newest first, for 30 days."""
    endpoints.allowed(caller, rights.WEBHOOK_READ, store_id, endpoint_id)
    found = messages.newest(endpoint_id, limit=query.limit, cursor=query.cursor)
    items = [messages.view(item) for item in found.items]
    return MessagePage(items=items, next_cursor=found.next_cursor)


def ping(caller: Caller, store_id: str, endpoint_id: str) -> MessageView:
    """Send a message that says nothing, once, without trying again.

    Raises WebhookDisabledError (409) for a disabled endpoint.
    """
    endpoint = _active(caller, rights.WEBHOOK_PING, store_id, endpoint_id)
    place = Place(endpoint_id, endpoint_id)
    for _ in range(RACES):
        lane = lanes.find(place) or Lane(place, store_id, "webhook")
        fresh = append(lane, endpoint, [_ping(endpoint, lane.version + 1)])
        try:
            parts.commit(*fresh)
        except BusyError:
            continue
        ringing.ring([place])
        return messages.view(_of(fresh))
    raise BusyError


def replay(caller: Caller, store_id: str, endpoint_id: str, place: str) -> MessageView:
    """Send a message again, under its own id.

    One that was not acknowledged yet is tried at once, after those of its subject that come before
    it. Raises NotFoundError (404), WebhookDisabledError (409).
    """
    _active(caller, rights.WEBHOOK_REPLAY, store_id, endpoint_id)
    if not POSITION.fullmatch(place):
        raise NotFoundError
    position = int(place)
    for _ in range(RACES):
        message = messages.find(endpoint_id, position)
        if message is None:
            raise NotFoundError
        lane = _lane(message, store_id, endpoint_id)
        moved = messages.moved(message, MessageCommand.REPLAY)
        try:
            parts.commit(lanes.save(lane), moved)
        except BusyError:
            continue
        ringing.ring([lane.place])
        again = messages.find(endpoint_id, position)
        return messages.view(again or message)
    raise BusyError


def enable(caller: Caller, store_id: str, endpoint_id: str) -> WebhookView:
    """Send to a disabled endpoint again, first of all what it was not told. Safe to repeat."""
    endpoint = endpoints.allowed(caller, rights.WEBHOOK_ENABLE, store_id, endpoint_id)
    was_active = endpoints.is_active(endpoint)
    if not was_active:
        active = EndpointItem.status.set(EndpointStatus.ACTIVE)
        exists = EndpointItem.pk.exists()
        parts.commit(parts.update(endpoint, [active], NotFoundError(), exists))
    places = []
    for lane in lanes.of_endpoint(endpoint_id):
        # A worker that has read it as disabled may be about to let a lane rest: it must read anew.
        if lane.due_at is None or not was_active:
            parts.commit(lanes.save(lane.urged()))
            places.append(lane.place)
    ringing.ring(places)
    return endpoints.view(endpoints.load(store_id, endpoint_id))


def _active(caller: Caller, right: Right, store_id: str, endpoint_id: str) -> EndpointItem:
    endpoint = endpoints.allowed(caller, right, store_id, endpoint_id)
    if not endpoints.is_active(endpoint):
        raise WebhookDisabledError
    return endpoint


def _lane(message: MessageItem, store_id: str, endpoint_id: str) -> Lane:
    """The lane in which the message waits; one of its own where it waits no more."""
    own = lanes.find(Place(endpoint_id, message.subject))
    if own is not None and int(message.position) in own.pending:
        return own.urged()
    position = int(message.position)
    place = Place(endpoint_id, f"{REPLAY}{position}")
    lane = lanes.find(place) or Lane(place, store_id, message.kind)
    if lane.pending:
        return lane.urged()
    return lane.appended(int(message.sequence), (position,))


def _ping(endpoint: EndpointItem, sequence: int) -> Fact:
    return Fact(
        type=PING,
        at=clock.stamp(clock.now()),
        kind="webhook",
        subject=endpoint.id,
        sequence=sequence,
        data=MessageData(
            store_id=endpoint.store_id,
            url=f"/v1/stores/{endpoint.store_id}/webhooks/{endpoint.id}",
        ),
    )


def _of(fresh: list[parts.Part]) -> MessageItem:
    item = fresh[-1].item
    assert isinstance(item, MessageItem)  # noqa: S101 - `append` puts its messages last
    return item
