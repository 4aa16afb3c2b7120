"""How a conformance case talks to a DynamoDB, whichever one.

The same cases judge all: the table in memory, moto as we patch it, and any endpoint that is named:
`DYNAMODB_ENDPOINT=http://127.0.0.1:4566 pytest tests/sim/dynamo` (`aws` asks AWS itself, with the
credentials of `CONFORMANCE_PROFILE` and `--force-enable-socket`). Tables are made, and emptied.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

type Plain = dict[str, Any]
type Expected = Callable[[], bool]

THINGS = "conformance-things"
COUNTED = "conformance-counted"
SINGLE = "conformance-single"
PATIENCE = 5.0

_write = TypeSerializer().serialize
_read = TypeDeserializer().deserialize


def raw(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _write(value) for name, value in plain.items()}


def plain(item: Mapping[str, Any]) -> Plain:
    return {name: _read(value) for name, value in item.items()}


def _definition(
    name: str, kinds: dict[str, str], *keys: str, **indexes: tuple[str, str, Plain]
) -> Plain:
    made: Plain = {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": one, "AttributeType": kind} for one, kind in kinds.items()
        ],
        "KeySchema": _schema(*keys),
    }
    if indexes:
        made["GlobalSecondaryIndexes"] = [
            {"IndexName": index, "KeySchema": _schema(*said[:2]), "Projection": said[2]}
            for index, said in indexes.items()
        ]
        made["StreamSpecification"] = {
            "StreamEnabled": True,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        }
    return made


def _schema(*keys: str) -> list[Plain]:
    return [
        {"AttributeName": key, "KeyType": kind}
        for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
    ]


DEFINITIONS = (
    _definition(
        THINGS,
        {"pk": "S", "sk": "S", "board": "S", "at": "S", "shard": "S", "due": "N"},
        "pk",
        "sk",
        by_board=("board", "at", {"ProjectionType": "ALL"}),
        due=("shard", "due", {"ProjectionType": "KEYS_ONLY"}),
        said=("board", "due", {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["kind"]}),
    ),
    _definition(COUNTED, {"pk": "S", "n": "N"}, "pk", "n"),
    _definition(SINGLE, {"id": "S"}, "id"),
)


@dataclass
class Port:
    """One DynamoDB, and how to write to it shortly. Keys are `pk` and `sk`, values plain."""

    name: str
    client: Any
    records: Callable[[str], list[Plain]]

    @property
    def is_distant(self) -> bool:
        return self.name == "endpoint"

    def put(self, pk: str, sk: str = "1", **attributes: Any) -> None:  # noqa: ANN401 - any value
        self.client.put_item(TableName=THINGS, Item=raw({"pk": pk, "sk": sk, **attributes}))

    def get(self, pk: str, sk: str = "1") -> Plain | None:
        """What an item holds beside its key, or None."""
        key = raw({"pk": pk, "sk": sk})
        found = self.client.get_item(TableName=THINGS, Key=key, ConsistentRead=True).get("Item")
        return None if found is None else {
            name: value for name, value in plain(found).items() if name not in {"pk", "sk"}
        }  # fmt: skip

    def update(self, expression: str, values: Plain | None = None, **more: object) -> Plain:
        """Update the item `a`, and give what is returned of it."""
        said = {"ExpressionAttributeValues": raw(values)} if values else {}
        answer: Plain = self.client.update_item(
            TableName=THINGS,
            Key=raw({"pk": "a", "sk": "1"}),
            UpdateExpression=expression,
            **said,
            **more,
        )
        return plain(answer.get("Attributes", {}))

    def holds(self, condition: str, values: Plain | None = None, **more: object) -> bool:
        """Whether a condition is true of the item `a`."""
        try:
            said = {":t": 1, **(values or {})}
            self.update("SET touched = :t", said, ConditionExpression=condition, **more)
        except ClientError as error:
            if code(error) == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def query(self, condition: str, values: Plain, table: str = THINGS, **more: object) -> Plain:
        answer: Plain = self.client.query(
            TableName=table,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=raw(values),
            **more,
        )
        return answer

    def items(self, condition: str, values: Plain, **more: Any) -> list[Plain]:  # noqa: ANN401 - any
        return [plain(item) for item in self.query(condition, values, **more)["Items"]]

    def transact(self, *parts: tuple[str, Plain], token: str | None = None) -> None:
        said = {"ClientRequestToken": token} if token else {}
        self.client.transact_write_items(TransactItems=[{verb: one} for verb, one in parts], **said)

    def wait_until(self, seen: Expected) -> None:
        """Wait for an index to have followed its table: that takes no time here."""
        until = time.monotonic() + (PATIENCE if self.is_distant else 0)
        while not seen() and time.monotonic() < until:
            time.sleep(0.2)
        assert seen()


def code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


def reasons(error: ClientError) -> list[Plain]:
    """A cancelled transaction's reasons."""
    response: Any = error.response
    return list(response["CancellationReasons"])


@contextmanager
def refused(wanted: str, saying: str = "") -> Iterator[pytest.ExceptionInfo[ClientError]]:
    """The service refuses with a code, in words that contain these."""
    with pytest.raises(ClientError) as failed:
        yield failed
    assert code(failed.value) == wanted, failed.value
    assert saying in str(failed.value)


def part(pk: str, expression: str = "", values: Plain | None = None, **more: object) -> Plain:
    """What an update, a delete or a check says in a transaction."""
    said: Plain = {"TableName": THINGS, "Key": raw({"pk": pk, "sk": "1"}), **more}
    if expression:
        said["UpdateExpression"] = expression
    if values:
        said["ExpressionAttributeValues"] = raw(values)
    return said


def putting(pk: str, sk: str = "1", *, condition: str = "", **attributes: Any) -> Plain:  # noqa: ANN401 - any value
    """What a put says in a transaction."""
    said: Plain = {"TableName": THINGS, "Item": raw({"pk": pk, "sk": sk, **attributes})}
    if condition:
        said["ConditionExpression"] = condition
    return said
