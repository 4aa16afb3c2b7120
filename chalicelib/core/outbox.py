"""Events, and the bells that announce them.

A change of state puts its event in the same transaction (`announce`). The table's stream rings a
bell `{kind, subject, version, type}` on each interested queue; a bell is only a hint. Consumers
read events from the base table, in the order of versions, and keep a cursor where order matters.
An event stays in the sparse index `undelivered` until its bells have rung, and the sweeper rings
what was missed: no event is lost though a stream forgets after 24 hours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from botocore.exceptions import ClientError
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import aws, clock, dynamo, ids, parts
from chalicelib.core.dynamo import SHARDS, Item
from chalicelib.core.errors import BusyError, Value
from chalicelib.core.parts import Part
from chalicelib.core.settings import settings

EVENT = "EVT#"
MISSED_AFTER = 2.0
"""Of the wall. A stream takes about a second: what is older waits for the sweep, and a minute in
all is the longest that anything waits. What was only slow rings twice, which changes nothing."""
SWEEP_LIMIT = 200


class EventItem(Item):
    """What happened to a subject, once, under the version that it then got. Never changed."""

    id = UnicodeAttribute()
    type = UnicodeAttribute()
    kind = UnicodeAttribute()
    subject = UnicodeAttribute()
    version = NumberAttribute()
    at = UnicodeAttribute()
    actor = UnicodeAttribute()
    data = JSONAttribute()
    bell_shard = UnicodeAttribute(null=True)
    bell_at = UnicodeAttribute(null=True)


@dataclass(frozen=True, slots=True)
class Bell:
    """Somebody should look at this subject."""

    kind: str
    subject: str
    version: int
    type: str


def event_key(version: int) -> str:
    return f"{EVENT}{version:010d}"


def announce(
    model: type[EventItem],
    pk: str,
    *,
    kind: str,
    subject: str,
    version: int,
    type: str,  # noqa: A002 - the envelope's own word
    actor: str,
    data: Mapping[str, Value] | None = None,
) -> Part:
    """The part that puts an event. Data holds ids, codes and amounts, nothing personal."""
    moment = clock.stamp(clock.now())
    heard = bool(settings().queues(kind, type))
    event = model(
        pk,
        event_key(version),
        id=ids.new("evt"),
        type=type,
        kind=kind,
        subject=subject,
        version=version,
        at=moment,
        actor=actor,
        data=dict(data or {}),
        bell_shard=f"BELL#{ids.spread(subject, SHARDS):02d}" if heard else None,
        bell_at=clock.wall_stamp() if heard else None,
    )
    return parts.put(event, BusyError())


def read_after[E: EventItem](
    model: type[E], pk: str, version: int, limit: int | None = None
) -> list[E]:
    """The events after a version, in order, as the base table holds them now."""
    return dynamo.items(model, pk, prefix=EVENT, after=event_key(version), limit=limit)


def ring(bells: Sequence[Bell]) -> int:
    """Send each bell to every queue that hears its kind. Returns how many messages went out.

    Raises what SQS raises, or QueueRefusedError when it took only some: ring them all again.
    """
    per_queue: dict[str, list[Bell]] = {}
    for bell in bells:
        for queue in settings().queues(bell.kind, bell.type):
            per_queue.setdefault(queue, []).append(bell)
    for queue, rung in per_queue.items():
        aws.send_all(queue, [asdict(bell) for bell in rung])
    return sum(len(rung) for rung in per_queue.values())


def from_image(image: dynamo.Raw) -> Bell:
    """The bell of an event item, as a stream or an index shows it."""
    return Bell(
        kind=image["kind"]["S"],
        subject=image["subject"]["S"],
        version=int(image["version"]["N"]),
        type=image["type"]["S"],
    )


def rung(table: str, image: dynamo.Raw) -> None:
    """Note that an event's bells have rung: it leaves the index of the undelivered.

    An event that is gone meanwhile stays gone, and one that is to ring again later does.
    """
    try:
        dynamo.client().update_item(
            TableName=table,
            Key={"pk": image["pk"], "sk": image["sk"]},
            UpdateExpression="REMOVE bell_shard, bell_at",
            ConditionExpression="bell_at = :rung",
            ExpressionAttributeValues={":rung": image["bell_at"]},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != parts.FAILED_ALONE:
            raise


def undelivered(table: str, older_than: float = MISSED_AFTER) -> Iterable[dict[str, Any]]:
    """Events whose bells should have rung by now, the oldest of each shard first."""
    before = clock.wall_stamp(-older_than)
    for shard in range(SHARDS):
        answer = dynamo.client().query(
            TableName=table,
            IndexName="undelivered",
            KeyConditionExpression="bell_shard = :shard AND bell_at < :before",
            ExpressionAttributeValues={
                ":shard": {"S": f"BELL#{shard:02d}"},
                ":before": {"S": before},
            },
            Limit=SWEEP_LIMIT,
        )
        yield from answer["Items"]
