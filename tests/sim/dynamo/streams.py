"""Records of a table's stream, in the shape in which Lambda receives them.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
"""

from dataclasses import dataclass
from hashlib import md5
from typing import Any

from tests.sim.dynamo.storage import Stored, Table

REGION = "us-east-1"
ACCOUNT = "123456789012"
NEW = frozenset({"NEW_IMAGE", "NEW_AND_OLD_IMAGES"})
OLD = frozenset({"OLD_IMAGE", "NEW_AND_OLD_IMAGES"})


@dataclass(frozen=True, slots=True)
class Record:
    """One change of an item, and when it was made."""

    number: int
    at: float
    old: Stored | None
    new: Stored | None
    by_age: bool = False

    @property
    def name(self) -> str:
        if self.old is None:
            return "INSERT"
        return "REMOVE" if self.new is None else "MODIFY"


def shown(record: Record, table: Table, view: str) -> dict[str, Any]:
    """A record as an event of Lambda's.

    https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
    """
    item: dict[str, Any] = record.new or record.old or {}
    said: dict[str, Any] = {
        "ApproximateCreationDateTime": float(int(record.at)),
        "Keys": table.keys_only(item),
        "SequenceNumber": f"{record.number:021d}",
        "SizeBytes": sum(image.size for image in (record.old, record.new) if image),
        "StreamViewType": view,
    }
    if view in NEW and record.new is not None:
        said["NewImage"] = dict(record.new)
    if view in OLD and record.old is not None:
        said["OldImage"] = dict(record.old)
    event: dict[str, Any] = {
        "eventID": md5(f"{table.name}/{record.number}".encode(), usedforsecurity=False).hexdigest(),
        "eventName": record.name,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "dynamodb": said,
        "eventSourceARN": arn(table.name),
    }
    if record.by_age:
        event["userIdentity"] = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    return event


def arn(table: str) -> str:
    return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}/stream/2026-01-01T00:00:00.000"
