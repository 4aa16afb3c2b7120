"""Nothing personal is stored without saying how long, and why."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import chalicelib
from chalicelib.core import retention
from chalicelib.core.dynamo import Item
from chalicelib.core.retention import AtDeletion

TELLING = re.compile(
    r"name|address|phone|email|location|^drop|token$|last4|brand|note|hint|language|birth"
)
"""How attributes are called that tell of a person."""


def classes() -> list[type[Item]]:
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        importlib.import_module(module.name)
    return [one for one in _below(Item) if one.__module__.startswith("chalicelib.")]


def _below(parent: type[Item]) -> list[type[Item]]:
    return [found for child in parent.__subclasses__() for found in (child, *_below(child))]


def test_everything_that_is_labelled_personal_is_in_the_table_and_nothing_else_is() -> None:
    labelled = {one.__name__: one.PERSONAL for one in classes() if one.PERSONAL}

    assert {row.item: row.fields for row in retention.TABLE} == labelled


def test_a_label_is_an_attribute_of_its_class() -> None:
    unknown = {one.__name__: one.PERSONAL - set(one.get_attributes()) for one in classes()}

    assert {name: fields for name, fields in unknown.items() if fields} == {}


def test_what_tells_of_a_person_by_its_name_is_labelled() -> None:
    telling = {
        f"{one.__name__}.{name}"
        for one in classes()
        for name in one.get_attributes()
        if TELLING.search(name) and name not in one.PERSONAL
    }

    assert telling == set()


@pytest.mark.parametrize("row", retention.TABLE, ids=lambda row: row.kind)
def test_a_row_says_why_and_what_expires_says_when(row: retention.Kept) -> None:
    assert row.why.endswith(".")
    if row.at_deletion is AtDeletion.EXPIRES:
        assert row.days is not None


def test_what_expires_by_itself_can() -> None:
    forgetting = {one.__name__ for one in classes() if {"expires_at"} & set(one.get_attributes())}
    removed_by_hand = {"OpenDelivery", "OrderHead"}

    expiring = {row.item for row in retention.TABLE if row.at_deletion is AtDeletion.EXPIRES}
    assert expiring <= forgetting | removed_by_hand


def test_a_kind_is_named_once() -> None:
    kinds = [row.kind for row in retention.TABLE]

    assert sorted(kinds) == sorted(set(kinds))


def test_the_page_shows_the_table() -> None:
    page = (Path(__file__).parents[2] / "docs" / "retention.md").read_text()

    for row in retention.TABLE:
        fields, days = ", ".join(sorted(row.fields)), row.days or "-"
        line = f"| {row.kind} | `{row.item}` | {fields} | {days} | {row.at_deletion} | {row.why} |"
        assert line in page
