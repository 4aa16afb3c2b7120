"""Messages: thin bodies, stored as the very bytes that are signed and sent."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from chalicelib.core import clock, dynamo, ids, paging, parts
from chalicelib.core.errors import BusyError, InvalidError
from chalicelib.core.paging import Listed
from chalicelib.core.parts import Part
from chalicelib.integrations import status
from chalicelib.integrations.message_schemas import (
    Attempt,
    MessageBody,
    MessageData,
    MessageSubject,
    MessageView,
)
from chalicelib.integrations.models import (
    FEED,
    MESSAGE,
    Feed,
    MessageItem,
    endpoint_key,
    message_key,
)
from chalicelib.integrations.status import MessageCommand, MessageStatus

KEPT_SECONDS = 30 * 86_400.0
MOST_ATTEMPTS = 20
LOOKED_AT = 2_000
NEWEST = 500
WORTH_NOTING = 100
LAST = 10**12 - 1
PLACE = re.compile(rf"{MESSAGE}[0-9]{{12}}")


@dataclass(frozen=True, slots=True)
class Fact:
    """What an endpoint is to be told."""

    type: str
    at: str
    kind: Literal["order", "webhook", "store", "promotion"]
    subject: str
    sequence: int
    data: MessageData


def message(endpoint_id: str, position: int, fact: Fact) -> MessageItem:
    """The message that tells a fact at a place of an endpoint's feed."""
    body = MessageBody(
        id=ids.new("msg"),
        type=fact.type,
        timestamp=clock.parse(fact.at),
        subject=MessageSubject(kind=fact.kind, id=fact.subject),
        sequence=fact.sequence,
        position=position,
        previous_position=position - 1,
        data=fact.data,
    )
    return MessageItem(
        endpoint_key(endpoint_id),
        message_key(position),
        id=body.id,
        type=fact.type,
        kind=fact.kind,
        subject=fact.subject,
        sequence=fact.sequence,
        position=position,
        body=body.model_dump_json(exclude_none=True),
        status=MessageStatus.PENDING,
        tries=0,
        attempts=[],
        created_at=clock.stamp(clock.now()),
        expires_at=clock.forget_at(clock.after(KEPT_SECONDS)),
    )


def find(endpoint_id: str, position: int) -> MessageItem | None:
    return dynamo.get(MessageItem, endpoint_key(endpoint_id), message_key(position))


def after(endpoint_id: str, position: int, limit: int) -> list[MessageItem]:
    """The next messages of a feed after a position, in order."""
    return between(endpoint_id, position + 1, LAST, limit)


def between(endpoint_id: str, first: int, last: int, limit: int) -> list[MessageItem]:
    """The first messages of a feed from one position to another, in order."""
    with dynamo.reading():
        found = MessageItem.query(
            endpoint_key(endpoint_id),
            MessageItem.sk.between(message_key(first), message_key(last)),
            consistent_read=True,
            limit=limit,
        )
        return list(found)


def first_since(endpoint_id: str, moment: str, last: int) -> int:
    """The position of the first message made at a moment or later; beyond `last`: none was.

    Positions have no gaps and rise with time, so halving finds it; what is forgotten is older.
    """
    low, high = 1, last + 1
    while low < high:
        middle = (low + high) // 2
        found = find(endpoint_id, middle)
        if found is None or str(found.created_at) < moment:
            low = middle + 1
        else:
            high = middle
    return low


def tried(item: MessageItem, attempt: Attempt, command: MessageCommand | None) -> Part:
    """The part that notes an attempt, and what became of the message by it.

    Its failure is BusyError: another attempt was noted meanwhile (a replay), read it again.
    """
    attempts: list[Any] = [*item.attempts, attempt.model_dump(mode="json", exclude_none=True)]
    actions = [
        MessageItem.tries.set(int(item.tries) + 1),
        MessageItem.attempts.set(attempts[-MOST_ATTEMPTS:]),
    ]
    if command is not None:
        actions.append(MessageItem.status.set(status.after(_status(item), command)))
    if command is MessageCommand.ACKNOWLEDGE and not item.delivered_at:
        actions.append(MessageItem.delivered_at.set(clock.stamp(clock.now())))
    return parts.update(item, actions, BusyError(), MessageItem.tries == item.tries)


def moved(item: MessageItem, command: MessageCommand) -> Part:
    """The part that changes a message's status without an attempt."""
    return parts.update(
        item,
        [MessageItem.status.set(status.after(_status(item), command))],
        BusyError(),
        MessageItem.status == item.status,
    )


def newest(endpoint_id: str, *, limit: int, cursor: str | None) -> Listed[MessageItem]:
    """A page of an endpoint's messages, the newest first. Raises InvalidError (400)."""
    pk = endpoint_key(endpoint_id)
    start = {"pk": {"S": pk}, "sk": {"S": _place(cursor)}} if cursor else None
    with dynamo.reading():
        found = MessageItem.query(
            pk,
            MessageItem.sk.startswith(MESSAGE),
            consistent_read=True,
            scan_index_forward=False,
            limit=limit,
            last_evaluated_key=start,
        )
        items = list(found)
    last = found.last_evaluated_key
    return Listed(items, paging.encode({"sk": last["sk"]["S"]}) if last else None)


def last(endpoint_id: str) -> int:
    """The position of the last message of a feed."""
    feed = dynamo.get(Feed, endpoint_key(endpoint_id), FEED)
    return int(feed.position) if feed else 0


def waiting(endpoint_id: str) -> tuple[int, datetime | None]:
    """How many messages are not acknowledged, and when the oldest of them was made.

    What was taken stays taken: so what comes before the first that was not is looked at once. Of a
    feed in which that is long ago, 2,000 from there on are looked at, and the last 500.
    """
    feed = dynamo.get(Feed, endpoint_key(endpoint_id), FEED)
    settled = int(feed.settled or 0) if feed else 0
    found = between(endpoint_id, settled + 1, LAST, LOOKED_AT)
    left = [one for one in found if one.status != MessageStatus.DELIVERED]
    if found:
        first = int(left[0].position) if left else int(found[-1].position) + 1
        _settle(endpoint_id, settled, first - 1)
    if len(found) == LOOKED_AT:
        newer = newest(endpoint_id, limit=NEWEST, cursor=None).items
        left += [
            one
            for one in reversed(newer)
            if one.status != MessageStatus.DELIVERED and one.position > found[-1].position
        ]
    return len(left), clock.parse(left[0].created_at) if left else None


def _settle(endpoint_id: str, before: int, now: int) -> None:
    """Note up to where everything was taken, if that saves looking at much again."""
    if now - before < WORTH_NOTING:
        return
    further = Feed.settled.does_not_exist() | (Feed.settled < now)
    noted = [Feed.settled.set(now)]
    with suppress(BusyError):  # another reader has looked as far, or the endpoint is gone
        place = Feed(endpoint_key(endpoint_id), FEED)
        parts.commit(parts.update(place, noted, BusyError(), Feed.pk.exists() & further))


def _place(cursor: str) -> str:
    place = paging.decode(cursor)
    sk = place.get("sk")
    if place.keys() != {"sk"} or not isinstance(sk, str) or not PLACE.fullmatch(sk):
        raise InvalidError(errors=[{"pointer": "?cursor", "detail": "not a cursor of this list"}])
    return sk


def view(item: MessageItem) -> MessageView:
    return MessageView(
        id=item.id,
        position=int(item.position),
        type=item.type,
        subject_id=item.subject,
        sequence=int(item.sequence),
        status=_status(item),
        tries=int(item.tries),
        attempts=[Attempt.model_validate(attempt) for attempt in item.attempts],
        created_at=clock.parse(item.created_at),
        delivered_at=clock.parse(item.delivered_at) if item.delivered_at else None,
    )


def _status(item: MessageItem) -> MessageStatus:
    return MessageStatus(item.status)
