"""The tables as the template declares them, so that tests and deployment cannot drift apart."""

from functools import cache
from pathlib import Path
from typing import Any

import boto3
import yaml  # type: ignore[import-untyped]
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table

TEMPLATE = Path(__file__).parent.parent / "infra" / "template.yaml"
CREATED_BY = ("AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema")
ACCOUNT = "123456789012"
REGION = "us-east-1"
BELL = [("bell_shard", "bell_at")]
DUE = [("due_shard", "due_at")]
PLANNED: dict[str, list[tuple[str, str]]] = {
    "orders": [*BELL, *DUE, ("customer_id", "listed_at"), ("store_id", "listed_at")],
    "quotes": [],
    "promotions": [],
    "catalog": [("city_shard", "listed_at")],
    "payments": [*BELL, *DUE],
    "ledger": [("account", "posted_at")],
    "couriers": [*BELL, *DUE],
    "integrations": DUE,
    "contacts": [],
    "control": [],
    "customers": [],
}
INDEX_NAMES = {
    "bell_shard": "undelivered",
    "due_shard": "due",
    "customer_id": "by_customer",
    "store_id": "by_store",
    "city_shard": "by_city",
    "account": "by_account",
}


class _Tagged(yaml.SafeLoader):  # type: ignore[misc]
    """CloudFormation's short forms (!Sub, !Ref, !If) are kept as the plain values behind them."""


def _plain(loader: yaml.SafeLoader, _: str, node: yaml.Node) -> Any:  # noqa: ANN401 - any YAML
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True)


_Tagged.add_multi_constructor("!", _plain)


def template() -> dict[str, Any]:
    """The template as plain data."""
    loaded: dict[str, Any] = yaml.load(TEMPLATE.read_text(), _Tagged)  # noqa: S506 - a SafeLoader
    return loaded


@cache
def definitions(prefix: str) -> tuple[dict[str, Any], ...]:
    """What `create_table` takes, for every table of a stack of that name."""
    if not TEMPLATE.exists():
        return tuple(_planned(prefix, name, indexes) for name, indexes in PLANNED.items())
    found = []
    for resource in template()["Resources"].values():
        if resource.get("Type") != "AWS::DynamoDB::Table":
            continue
        said = resource["Properties"]
        made = {name: said[name] for name in CREATED_BY if name in said}
        made["TableName"] = said["TableName"].replace("${AWS::StackName}", prefix)
        if "StreamSpecification" in said:
            made["StreamSpecification"] = {**said["StreamSpecification"], "StreamEnabled": True}
        found.append(made)
    return tuple(found)


def _planned(prefix: str, name: str, indexes: list[tuple[str, str]]) -> dict[str, Any]:
    keys = [("pk", "sk"), *indexes]
    made: dict[str, Any] = {
        "TableName": f"{prefix}-{name}",
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": _schema(*keys[0]),
        "AttributeDefinitions": [
            {"AttributeName": attribute, "AttributeType": "S"}
            for attribute in sorted({attribute for pair in keys for attribute in pair})
        ],
    }
    if indexes:
        made["GlobalSecondaryIndexes"] = [
            {
                "IndexName": INDEX_NAMES[pair[0]],
                "KeySchema": _schema(*pair),
                "Projection": {"ProjectionType": "ALL"},
            }
            for pair in indexes
        ]
    if ("bell_shard", "bell_at") in indexes:
        made["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    return made


def _schema(hash_key: str, range_key: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": hash_key, "KeyType": "HASH"},
        {"AttributeName": range_key, "KeyType": "RANGE"},
    ]


@cache
def _made(prefix: str) -> dict[str, Table]:
    client = boto3.client("dynamodb", region_name=REGION)
    for definition in definitions(prefix):
        client.create_table(**definition)
    return dict(dynamodb_backends[ACCOUNT][REGION].tables)


def lay(prefix: str) -> None:
    """Put empty tables into moto. They are made once per process: making them costs most."""
    made = _made(prefix)
    for table in made.values():
        table.items.clear()
        if table.stream_shard is not None:
            table.stream_shard.items.clear()
    dynamodb_backends[ACCOUNT][REGION].tables.update(made)
