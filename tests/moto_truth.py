"""What moto leaves out of DynamoDB and our promises rest upon.

- `ClientRequestToken`: for ten minutes after a success the same token answers with that success,
  and refuses other parameters. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
- One request at a time: a conditional write of moto's is not atomic between threads.
- A transaction that fails puts back what it touched (moto copies whole tables, which is slow).
- Items go out as they are: moto looks for nine members in each attribute, under several names.
- What moto looks up for every request again is looked up once, and DynamoDB is found first.
"""

import copy
import functools
import json
import threading
from functools import wraps
from typing import Any

from moto import backend_index
from moto.core import responses
from moto.core.serialize import BaseJSONSerializer
from moto.core.utils import method_names_from_class
from moto.dynamodb.exceptions import DynamodbException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from chalicelib.core import clock

TOKEN_SECONDS = 600

_lock = threading.RLock()
_tokens: dict[str, tuple[float, str, Any]] = {}


class ParameterMismatchError(DynamodbException):
    """The token was used with other parameters."""

    error_type = "com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException"

    def __init__(self) -> None:
        super().__init__(self.error_type, "The token was used with other parameters")


def forget_tokens() -> None:
    _tokens.clear()


def install() -> None:
    """Patch moto, once per process. Keys are `pk` and `sk`, as in all our tables."""
    if hasattr(Table, "__deepcopy__"):
        return
    backend, handler = DynamoDBBackend, DynamoHandler
    for owner, name, patched in (
        (Table, "__deepcopy__", lambda table, _memo: table),
        (backend, "transact_write_items", _restoring(backend.transact_write_items)),
        (handler, "transact_write_items", _honouring(handler.transact_write_items)),
        (handler, "call_action", _alone(handler.call_action)),
        (
            BaseJSONSerializer,
            "_serialize_type_structure",
            _as_it_is(BaseJSONSerializer._serialize_type_structure),
        ),
    ):
        setattr(owner, name, patched)
    vars(responses)["method_names_from_class"] = functools.cache(method_names_from_class)
    backend_index.backend_url_patterns.sort(key=lambda known: known[0] != "dynamodb")


def _as_it_is(serialize: Any) -> Any:  # noqa: ANN401 - whatever moto has
    @wraps(serialize)
    def serialize_quickly(maker: Any, out: Any, value: Any, shape: Any, key: str) -> None:  # noqa: ANN401 - moto's
        if shape.name == "AttributeValue" and key and isinstance(value, dict):
            out[key] = value
            return
        serialize(maker, out, value, shape, key)

    return serialize_quickly


def _alone(call: Any) -> Any:  # noqa: ANN401 - whatever moto has
    @wraps(call)
    def call_alone(handler: DynamoHandler, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - moto's
        with _lock:
            return call(handler, *args, **kwargs)

    return call_alone


def _honouring(transact: Any) -> Any:  # noqa: ANN401 - whatever moto has
    @wraps(transact)
    def transact_once(handler: DynamoHandler) -> Any:  # noqa: ANN401 - moto's
        token = handler.body.get("ClientRequestToken")
        asked = json.dumps(handler.body["TransactItems"], sort_keys=True)
        if token in _tokens:
            at, before, answer = _tokens[token]
            if clock.wall_now() - at <= TOKEN_SECONDS:
                if before != asked:
                    raise ParameterMismatchError
                return answer
        answer = transact(handler)
        if token:
            _tokens[token] = (clock.wall_now(), asked, answer)
        return answer

    return transact_once


def _restoring(transact: Any) -> Any:  # noqa: ANN401 - whatever moto has
    @wraps(transact)
    def transact_or_restore(backend: DynamoDBBackend, items: list[dict[str, Any]]) -> None:
        touched = [_touched(backend, next(iter(item.values()))) for item in items]
        streams = {table.name: (table, _length(table)) for table, _, _ in touched}
        try:
            transact(backend, items)
        except Exception:
            for table, key, item in touched:
                _put_back(table, key, item)
            for table, length in streams.values():
                if table.stream_shard is not None:
                    del table.stream_shard.items[length:]
            raise

    return transact_or_restore


def _length(table: Table) -> int:
    return len(table.stream_shard.items) if table.stream_shard is not None else 0


def _touched(backend: DynamoDBBackend, operation: dict[str, Any]) -> tuple[Table, Any, Any]:
    table = backend.get_table(operation["TableName"])
    key = operation.get("Key") or operation["Item"]
    item = backend.get_item(
        operation["TableName"],
        {"pk": key["pk"], "sk": key["sk"]},
    )
    return table, key, copy.deepcopy(item)


def _put_back(table: Table, key: dict[str, Any], item: Any) -> None:  # noqa: ANN401 - moto's
    partition = table.items[DynamoType(key["pk"])]
    place = DynamoType(key["sk"])
    if item is None:
        partition.pop(place, None)
    else:
        partition[place] = item
