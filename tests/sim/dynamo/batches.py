"""Batches: many independent reads or writes in one request, none of them conditional.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
"""

from typing import TYPE_CHECKING, Any

from tests.sim.dynamo import writes
from tests.sim.dynamo.errors import InvalidError
from tests.sim.dynamo.expressions import Expressions
from tests.sim.dynamo.keys import of_request
from tests.sim.dynamo.paths import only

if TYPE_CHECKING:
    from tests.sim.dynamo.service import Service

type Body = dict[str, Any]

MOST_KEYS = 100
MOST_WRITES = 25


def get(service: "Service", body: Body) -> Body:
    requests: dict[str, Body] = body["RequestItems"]
    _check_number(sum(len(said["Keys"]) for said in requests.values()), MOST_KEYS)
    found: dict[str, list[Body]] = {}
    for name, said in requests.items():
        table = service.table(name)
        expressions = Expressions(said)
        projection = expressions.projection()
        expressions.finish()
        keys = [of_request(table, key) for key in said["Keys"]]
        _without_duplicates(keys)
        service.reads[name, "BatchGet"] += len(keys)
        items = [item for item in map(table.get, keys) if item is not None]
        found[name] = [only(item, projection) if projection else item for item in items]
    return {"Responses": found, "UnprocessedKeys": {}}


def write(service: "Service", body: Body) -> Body:
    requests: dict[str, list[Body]] = body["RequestItems"]
    _check_number(sum(len(said) for said in requests.values()), MOST_WRITES)
    planned = []
    for name, said in requests.items():
        table = service.table(name)
        of_table = [
            writes.plan("Put", table, one["PutRequest"])
            if "PutRequest" in one
            else writes.plan("Delete", table, one["DeleteRequest"])
            for one in said
        ]
        _without_duplicates([one.key for one in of_table])
        service.writes[name, "BatchWrite"] += len(of_table)
        planned += of_table
    service.commit((one, one.decide()) for one in planned)
    return {"UnprocessedItems": {}}


def _check_number(number: int, most: int) -> None:
    if not 1 <= number <= most:
        raise InvalidError(
            "1 validation error detected: Value at 'requestItems' failed to satisfy constraint:"
            f" Member must have length less than or equal to {most}, greater than or equal to 1"
        )


def _without_duplicates(keys: list[Any]) -> None:
    if len(set(keys)) < len(keys):
        raise InvalidError("Provided list of item keys contains duplicates")
