"""The delivery log, and what an endpoint can be asked to take again: one message, or a ping."""

import re

from chalicelib.core import clock, ids, parts
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.idempotency import Key
from chalicelib.core.rights import Caller, Right
from chalicelib.integrations import endpoints, jobs, lanes, messages, pinging, rights, ringing
from chalicelib.integrations.changing import demand_active
from chalicelib.integrations.errors import ReplayRangeError
from chalicelib.integrations.feed_schemas import MOST_REPLAYED, NewReplay, ReplayView
from chalicelib.integrations.lanes import Lane, Place
from chalicelib.integrations.making import commit_once
from chalicelib.integrations.message_schemas import MessagePage, MessageQuery, MessageView
from chalicelib.integrations.models import EndpointItem, MessageItem, message_key
from chalicelib.integrations.status import JobStatus, MessageCommand

REPLAY = "REPLAY#"
RACES = 6
REPLAY_ID = re.compile(ids.pattern("rpl"))
POSITION = re.compile(r"[1-9][0-9]{0,11}")


def log_of(caller: Caller, owner_id: str, endpoint_id: str, query: MessageQuery) -> MessagePage:
    """What was sent to an endpoint, the newest first, for 30 days."""
    endpoints.allowed(caller, rights.WEBHOOK_READ, owner_id, endpoint_id)
    found = messages.newest(endpoint_id, limit=query.limit, cursor=query.cursor)
    items = [messages.view(item) for item in found.items]
    return MessagePage(items=items, next_cursor=found.next_cursor)


def ping(caller: Caller, owner_id: str, endpoint_id: str) -> MessageView:
    """Send a message that says nothing, once, without trying again.

    Raises WebhookDisabledError (409) for a disabled endpoint.
    """
    endpoint = _active(caller, rights.WEBHOOK_PING, owner_id, endpoint_id)
    return messages.view(pinging.ping(endpoint))


def replay(caller: Caller, owner_id: str, endpoint_id: str, place: str) -> MessageView:
    """Send a message again, under its own id.

    One that was not acknowledged yet is tried at once, after those of its subject that come before
    it. Raises NotFoundError (404), WebhookDisabledError (409).
    """
    _active(caller, rights.WEBHOOK_REPLAY, owner_id, endpoint_id)
    if not POSITION.fullmatch(place):
        raise NotFoundError
    position = int(place)
    for _ in range(RACES):
        message = messages.find(endpoint_id, position)
        if message is None:
            raise NotFoundError
        lane = _lane(message, owner_id, endpoint_id)
        moved = messages.moved(message, MessageCommand.REPLAY)
        try:
            parts.commit(lanes.save(lane), moved)
        except BusyError:
            continue
        ringing.ring([lane.place])
        again = messages.find(endpoint_id, position)
        return messages.view(again or message)
    raise BusyError


def replay_range(
    caller: Caller, owner_id: str, endpoint_id: str, new: NewReplay, key: Key
) -> tuple[ReplayView, bool]:
    """Have a part of the feed sent again, in steps, each message under its own id.

    Raises ReplayRangeError (400), WebhookDisabledError (409), KeyReusedError (422).
    """
    endpoint = _active(caller, rights.WEBHOOK_REPLAY, owner_id, endpoint_id)
    first, last = _range(endpoint_id, new)
    job_id = ids.new("rpl")
    what = jobs.REPLAY_ALL if new.only == "all" else jobs.REPLAY_FAILED
    place, begun = jobs.begun(
        endpoint, job_id, what, cursor=message_key(first - 1), first=first, last=last
    )
    subject, repeated = commit_once(key, job_id, *begun)
    if not repeated:
        ringing.ring([place])
    return _shown(endpoint_id, subject), repeated


def replay_of(caller: Caller, owner_id: str, endpoint_id: str, replay_id: str) -> ReplayView:
    """How far a replay is. Raises NotFoundError (404)."""
    endpoints.allowed(caller, rights.WEBHOOK_READ, owner_id, endpoint_id)
    return _shown(endpoint_id, replay_id)


def _shown(endpoint_id: str, replay_id: str) -> ReplayView:
    job = jobs.find(endpoint_id, replay_id) if REPLAY_ID.fullmatch(replay_id) else None
    if job is None:
        raise NotFoundError
    return ReplayView(
        id=job.id,
        status=JobStatus(job.status),
        only="all" if job.what == jobs.REPLAY_ALL else "failed",
        from_position=int(job.first or 1),
        to_position=int(job.last),
        replayed=int(job.done),
        created_at=clock.parse(job.created_at),
    )


def _range(endpoint_id: str, new: NewReplay) -> tuple[int, int]:
    """The first and the last position that are meant; first beyond last: nothing is there."""
    end = messages.last(endpoint_id)
    first, last = new.from_position, min(new.to_position or end, end)
    if new.since is not None:
        first = messages.first_since(endpoint_id, clock.stamp(new.since), end)
    if new.until is not None:
        last = messages.first_since(endpoint_id, clock.stamp(new.until), end) - 1
    if first is None:
        first = max(1, last - MOST_REPLAYED + 1)
    if last - first >= MOST_REPLAYED:
        raise ReplayRangeError(errors=[{"pointer": "", "detail": "more than 10,000 messages"}])
    return first, last


def _active(caller: Caller, right: Right, owner_id: str, endpoint_id: str) -> EndpointItem:
    endpoint = endpoints.allowed(caller, right, owner_id, endpoint_id)
    demand_active(endpoint)
    return endpoint


def _lane(message: MessageItem, owner_id: str, endpoint_id: str) -> Lane:
    """The lane in which the message waits; one of its own where it waits no more."""
    own = lanes.find(Place(endpoint_id, message.subject))
    if own is not None and int(message.position) in own.pending:
        return own.urged()
    position = int(message.position)
    place = Place(endpoint_id, f"{REPLAY}{position}")
    lane = lanes.find(place) or Lane(place, owner_id, message.kind)
    if lane.pending:
        return lane.urged()
    return lane.appended(int(message.sequence), (position,))
