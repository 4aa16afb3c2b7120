"""DynamoDB behind the hook. Two of them: moto, and the in-memory table of this package."""

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any, Protocol

from botocore.awsrequest import AWSPreparedRequest
from moto import mock_aws
from moto.core.models import botocore_stubber
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType

from chalicelib.core import clock
from tests import moto_truth, tables
from tests.database import moto_instead
from tests.sim.dynamo import definitions
from tests.sim.dynamo.service import Service
from tests.sim.dynamo.storage import Stored

type Raw = dict[str, dict[str, Any]]
type Body = dict[str, Any]
type Answer = tuple[int, Body | bytes]
"""The status, and what is said: as values where nobody has made text of it."""


class Database(Protocol):
    """Tables that answer requests, and show what they hold without one."""

    straight: bool
    """Whether they can be asked without a request of botocore's."""

    def respond(self, operation: str, body: Body, request: AWSPreparedRequest | None) -> Answer:
        """Answer as DynamoDB would: the status and the body."""
        ...

    def peek(self, table: str, pk: str, sk: str) -> Mapping[str, Any] | None:
        """An item as it is now."""
        ...

    def records(self, table: str, start: int) -> list[dict[str, Any]]:
        """The records of a table's stream, from that number on."""
        ...

    def expire(self) -> None:
        """Remove what has expired and is to be removed by now."""
        ...

    def close(self) -> None:
        """Let go of what is global."""
        ...


class Temper(Protocol):
    """What a world does to its tables."""

    def lag(self, table: str, index: str) -> int:
        """How many of an index's changes a read of it does not see yet."""
        ...

    def forgets(self, table: str, item: dict[str, Any]) -> bool:
        """Whether an item that has expired is removed by now."""
        ...


class Memory:
    """The in-memory table: exact, and with indexes that lag."""

    straight = True

    def __init__(self, prefix: str, temper: Temper) -> None:
        self.service = Service(clock.wall_now, lag=temper.lag, forgets=temper.forgets)
        definitions.lay(self.service, tables.definitions(prefix), "expires_at")

    def respond(self, operation: str, body: Body, _: AWSPreparedRequest | None) -> Answer:
        return self.service.handle(operation, body)

    def peek(self, table: str, pk: str, sk: str) -> Stored | None:
        return self.service.tables[table].get((pk, sk))

    def records(self, table: str, start: int) -> list[dict[str, Any]]:
        return self.service.records(table, start)

    def expire(self) -> None:
        self.service.expire()

    def close(self) -> None:
        """Nothing is global."""


class Wired(Memory):
    """The in-memory table behind all of botocore: for comparison."""

    straight = False


class Moto:
    """The patched moto: for comparison. Its indexes never lag, and it forgets nothing."""

    straight = False

    def __init__(self, prefix: str, _: Temper) -> None:
        moto_truth.install()
        moto_truth.forget_tokens()
        with ExitStack() as opened:
            opened.enter_context(moto_instead())
            opened.enter_context(mock_aws())
            tables.lay(prefix)
            self._opened = opened.pop_all()

    def respond(self, operation: str, _: Body, request: AWSPreparedRequest | None) -> Answer:
        event = f"before-send.dynamodb.{operation}"
        assert request is not None, operation
        response = botocore_stubber(event, request)
        assert response is not None, operation
        return response.status_code, response.content

    def peek(self, table: str, pk: str, sk: str) -> Raw | None:
        stored = dynamodb_backends[tables.ACCOUNT][tables.REGION].tables[table]
        partition = stored.items.get(DynamoType({"S": pk}))
        item = partition.get(DynamoType({"S": sk})) if partition else None
        if item is None:
            return None
        return {name: value.to_json() for name, value in item.attrs.items()}

    def records(self, table: str, start: int) -> list[dict[str, Any]]:
        shard = dynamodb_backends[tables.ACCOUNT][tables.REGION].tables[table].stream_shard
        found = [record.to_json() for record in shard.items[start:]] if shard else []
        for record in found:  # moto counts time by a clock of its own
            record["dynamodb"]["ApproximateCreationDateTime"] = float(int(clock.wall_now()))
        return found

    def expire(self) -> None:
        """Everything stays readable for ever, as late as that is."""

    def close(self) -> None:
        self._opened.close()


type Make = Callable[[str, Temper], Database]
MAKERS: dict[str, Make] = {"memory": Memory, "wired": Wired, "moto": Moto}

_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def packed(content: Body | bytes) -> bytes:
    """What is said, as it goes over the wire."""
    return content if isinstance(content, bytes) else _encode(content).encode()


def text_of(request: AWSPreparedRequest) -> str:
    """The body of a request as text."""
    body = request.body or "{}"
    return body.decode() if isinstance(body, bytes | bytearray) else str(body)


def body_of(request: AWSPreparedRequest) -> Body:
    """What a request of a JSON service asks for."""
    found: Body = json.loads(text_of(request))
    return found


def tables_of(operation: str, body: Mapping[str, Any]) -> str:
    """The tables of a request, and its index: how its call site is named."""
    if operation in {"TransactWriteItems", "TransactGetItems"}:
        named = {next(iter(one.values()))["TableName"] for one in body["TransactItems"]}
    elif operation in {"BatchGetItem", "BatchWriteItem"}:
        named = set(body["RequestItems"])
    else:
        named = {body["TableName"]}
    short = "+".join(sorted(name.partition("-")[2] for name in named))
    return f"{short}.{body['IndexName']}" if "IndexName" in body else short


def keys_of(operation: str, body: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The items that a request may have written: table, pk, sk."""
    if operation == "TransactWriteItems":
        writes = [
            next(iter(one.values())) for one in body["TransactItems"] if "ConditionCheck" not in one
        ]
    elif operation in {"PutItem", "UpdateItem", "DeleteItem"}:
        writes = [dict(body)]
    else:
        return []
    found = []
    for one in writes:
        key = one.get("Key") or one["Item"]
        found.append((one["TableName"], key["pk"]["S"], key["sk"]["S"]))
    return found
