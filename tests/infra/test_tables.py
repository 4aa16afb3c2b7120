"""What the tables promise, read back from the packaged template."""

import importlib
import pkgutil
from typing import Any

import pytest
from pynamodb.models import Model

import chalicelib
from tests.infra.conftest import Packaged

TABLES = (
    "orders", "quotes", "catalog", "payments", "ledger", "couriers", "integrations", "contacts",
    "control", "customers", "promotions", "audit", "news",
)  # fmt: skip
FORGETTING = {
    "catalog", "quotes", "payments", "couriers", "integrations", "contacts", "control",
    "promotions", "customers", "news",
}  # fmt: skip
HEARD = {"orders", "payments", "couriers", "news"}


def tables(packaged: Packaged) -> dict[str, dict[str, Any]]:
    """The tables' properties, by the name behind the stack's."""
    found = packaged.of_type("AWS::DynamoDB::Table").values()
    return {t["TableName"]["Fn::Sub"].removeprefix("${AWS::StackName}-"): t for t in found}


def indexes(table: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {index["IndexName"]: index for index in table.get("GlobalSecondaryIndexes", [])}


def keys(schema: list[dict[str, str]]) -> list[str]:
    return [part["AttributeName"] for part in schema]


def test_there_is_one_table_per_aggregate(packaged: Packaged) -> None:
    assert sorted(tables(packaged)) == sorted(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_paid_per_request_recoverable_and_encrypted_with_a_key_that_costs_nothing(
    packaged: Packaged, name: str
) -> None:
    """Without SSESpecification DynamoDB encrypts with a key of its own."""
    table = tables(packaged)[name]

    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert "SSESpecification" not in table
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert keys(table["KeySchema"]) == ["pk", "sk"]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_protected_from_deletion_in_production(packaged: Packaged, name: str) -> None:
    assert tables(packaged)[name]["DeletionProtectionEnabled"] == {
        "Fn::If": ["IsProd", True, False]
    }
    assert packaged.expanded["Conditions"]["IsProd"] == {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}


def test_what_people_and_money_rest_on_outlives_the_stack(packaged: Packaged) -> None:
    kept = [
        (name, resource["DeletionPolicy"], resource["UpdateReplacePolicy"])
        for name, resource in packaged.expanded["Resources"].items()
        if resource["Type"] in {"AWS::DynamoDB::Table", "AWS::Cognito::UserPool"}
    ]

    assert len(kept) == len(TABLES) + 1
    assert {policies for _, *policies in map(tuple, kept) for policies in policies} == {"Retain"}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_forgets_by_expires_at_where_things_expire(packaged: Packaged, name: str) -> None:
    forgetting = tables(packaged)[name].get("TimeToLiveSpecification")

    wanted = {"AttributeName": "expires_at", "Enabled": True} if name in FORGETTING else None
    assert forgetting == wanted


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_a_stream_of_new_images_where_somebody_listens(
    packaged: Packaged, name: str
) -> None:
    stream = tables(packaged)[name].get("StreamSpecification")

    assert stream == ({"StreamViewType": "NEW_IMAGE"} if name in HEARD else None)


@pytest.mark.parametrize("name", sorted(HEARD))
def test_a_missed_event_is_found_with_all_that_its_bell_says(packaged: Packaged, name: str) -> None:
    index = indexes(tables(packaged)[name])["undelivered"]

    assert keys(index["KeySchema"]) == ["bell_shard", "bell_at"]
    assert index["Projection"] == {
        "ProjectionType": "INCLUDE",
        "NonKeyAttributes": ["kind", "subject", "version", "type"],
    }


@pytest.mark.parametrize("name", ["orders", "payments", "couriers", "integrations"])
def test_a_deadline_is_found_by_keys_alone(packaged: Packaged, name: str) -> None:
    index = indexes(tables(packaged)[name])["due"]

    assert keys(index["KeySchema"]) == ["due_shard", "due_at"]
    assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_defines_the_attributes_of_its_keys_and_no_others(
    packaged: Packaged, name: str
) -> None:
    table = tables(packaged)[name]

    defined = {a["AttributeName"]: a["AttributeType"] for a in table["AttributeDefinitions"]}
    used = {*keys(table["KeySchema"])}.union(
        *(keys(index["KeySchema"]) for index in indexes(table).values())
    )
    assert defined == dict.fromkeys(used, "S")


# --- the code's models -------------------------------------------------------------------------


def models() -> list[type[Model]]:
    """Every stored class of the product that says which table it lies in."""
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        if module.name.endswith(".models") or module.name.startswith("chalicelib.core."):
            importlib.import_module(module.name)
    return [model for model in _below(Model) if getattr(model, "Meta", None)]


def _below(parent: type[Model]) -> list[type[Model]]:
    return [
        found
        for child in parent.__subclasses__()
        for found in (child, *_below(child))
        if child.__module__.startswith("chalicelib.")
    ]


def test_every_model_lies_in_a_table_of_the_template(packaged: Packaged) -> None:
    used = {model.Meta.table_name.split("-", 1)[1] for model in models()}

    assert used <= {*tables(packaged)}


def test_every_index_that_the_code_reads_is_as_the_template_makes_it(packaged: Packaged) -> None:
    for model in models():
        made = indexes(tables(packaged)[model.Meta.table_name.split("-", 1)[1]])
        for name, index in model._indexes.items():
            schema = index._get_schema()

            assert name in made, f"{model.__name__} reads {name}"
            assert _roles(schema["key_schema"]) == _roles(made[name]["KeySchema"]), name
            projection = made[name]["Projection"]["ProjectionType"]
            assert schema["projection"]["ProjectionType"] == projection, name


def _roles(schema: list[dict[str, str]]) -> dict[str, str]:
    return {part["KeyType"]: part["AttributeName"] for part in schema}
