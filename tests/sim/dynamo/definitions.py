"""Tables as they are declared and described.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tests.sim.dynamo.errors import RefusedError, invalid
from tests.sim.dynamo.storage import Index, Table
from tests.sim.dynamo.streams import ACCOUNT, REGION, arn

if TYPE_CHECKING:
    from tests.sim.dynamo.service import Service

type Body = dict[str, Any]


def create(service: "Service", body: Body) -> Body:
    name = body["TableName"]
    if name in service.tables:
        raise RefusedError("ResourceInUseException", f"Table already exists: {name}")
    kinds = {one["AttributeName"]: one["AttributeType"] for one in body["AttributeDefinitions"]}
    keys = _keys(body["KeySchema"])
    indexes = [_index(said, keys) for said in body.get("GlobalSecondaryIndexes") or ()]
    named = {key for pair in (keys, *((i.hash_key, i.range_key) for i in indexes)) for key in pair}
    if named - {None} != kinds.keys():
        raise invalid(
            "Some AttributeDefinitions are not used or some index key attributes are not defined"
        )
    stream = body.get("StreamSpecification") or {}
    view = stream.get("StreamViewType") if stream.get("StreamEnabled", True) else None
    service.tables[name] = Table(name, keys, kinds, indexes, view, body)
    return {"TableDescription": _described(service.tables[name])}


def lay(service: "Service", declared: Iterable[Body], lives_until: str | None) -> None:
    """Make the tables that a template declares, and the attribute by which their items expire."""
    for one in declared:
        create(service, one)
        service.tables[one["TableName"]].lives_until = lives_until


def _keys(schema: list[Body]) -> tuple[str, str | None]:
    kinds = {one["KeyType"]: one["AttributeName"] for one in schema}
    return kinds["HASH"], kinds.get("RANGE")


def _index(said: Body, table_keys: tuple[str, str | None]) -> Index:
    keys = _keys(said["KeySchema"])
    projection = said["Projection"]
    if projection["ProjectionType"] == "ALL":
        return Index(said["IndexName"], keys, None)
    named = [*table_keys, *keys, *projection.get("NonKeyAttributes", ())]
    return Index(said["IndexName"], keys, tuple(dict.fromkeys(name for name in named if name)))


def describe(service: "Service", body: Body) -> Body:
    return {"Table": _described(service.table(body["TableName"]))}


def _described(table: Table) -> Body:
    said = table.definition
    described: Body = {
        "TableName": table.name,
        "TableArn": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table.name}",
        "TableStatus": "ACTIVE",
        "KeySchema": said["KeySchema"],
        "AttributeDefinitions": said["AttributeDefinitions"],
        "ItemCount": sum(len(one.items) for one in table.partitions.values()),
    }
    if table.indexes:
        described["GlobalSecondaryIndexes"] = [
            {**one, "IndexStatus": "ACTIVE"} for one in said["GlobalSecondaryIndexes"]
        ]
    if table.view:
        described["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": table.view}
        described["LatestStreamArn"] = arn(table.name)
    return described


def let_die(service: "Service", body: Body) -> Body:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html."""
    said = body["TimeToLiveSpecification"]
    service.table(body["TableName"]).lives_until = (
        said["AttributeName"] if said["Enabled"] else None
    )
    return {"TimeToLiveSpecification": said}


def describe_life(service: "Service", body: Body) -> Body:
    name = service.table(body["TableName"]).lives_until
    status = {"TimeToLiveStatus": "ENABLED" if name else "DISABLED"}
    return {"TimeToLiveDescription": status | ({"AttributeName": name} if name else {})}
