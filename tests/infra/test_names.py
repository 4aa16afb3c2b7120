"""Chalice merges without a word whatever the overlay says: these tests speak for it."""

from collections.abc import Mapping
from typing import Any

import pytest

from infra.expanded import Template, dictionaries
from tests.infra.conftest import Packaged

FUNCTIONS = {
    "APIHandler": "ApiHandlerRole",
    "Track": "TrackRole",
    "RingBells": "RingBellsRole",
    "SettlePayments": "SettlePaymentsRole",
    "DispatchCouriers": "DispatchCouriersRole",
    "SendWebhooks": "SendWebhooksRole",
    "PushNotifications": "PushNotificationsRole",
    "SweepBells": "SweepBellsRole",
    "SweepOrders": "SweepOrdersRole",
    "SweepUploads": "SweepUploadsRole",
    "SweepPayments": "SweepPaymentsRole",
    "SweepCouriers": "SweepCouriersRole",
    "SweepWebhooks": "SweepWebhooksRole",
    "ReconcilePayments": "ReconcilePaymentsRole",
    "ForgetPeople": "ForgetPeopleRole",
}
SWEEPS = [name for name in FUNCTIONS if name.startswith("Sweep")]


def misplaced(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """Names that lay over nothing, and names with a Type that hide what Chalice made."""
    return [name for name, value in ours.items() if ("Type" in value) == (name in theirs)]


def test_every_name_of_the_overlay_is_either_generated_or_has_a_type(
    packaged: Packaged, overlay: Template
) -> None:
    wrong = misplaced(overlay["Resources"], packaged.generated["Resources"])

    assert wrong == []


def test_every_event_source_of_the_overlay_is_either_generated_or_has_a_type(
    packaged: Packaged, overlay: Template
) -> None:
    generated = packaged.generated["Resources"]

    wrong = [
        (name, misplaced(resource["Properties"]["Events"], generated[name]["Properties"]["Events"]))
        for name, resource in overlay["Resources"].items()
        if "Events" in resource["Properties"]
    ]

    assert [names for _, names in wrong] == [[] for _ in wrong]


@pytest.mark.parametrize("misspelt", [{"RingBell": {"Properties": {}}}, {"New": {}}])
def test_a_misspelt_name_is_noticed(packaged: Packaged, misspelt: dict[str, Any]) -> None:
    wrong = misplaced(misspelt, packaged.generated["Resources"])

    assert wrong == list(misspelt)


def test_every_function_and_role_that_chalice_makes_is_settled_by_the_overlay(
    packaged: Packaged, overlay: Template
) -> None:
    kinds = {"AWS::Serverless::Function", "AWS::IAM::Role"}

    made = {n for n, r in packaged.generated["Resources"].items() if r["Type"] in kinds}

    assert made == {*FUNCTIONS, *FUNCTIONS.values()}
    assert made <= overlay["Resources"].keys()


def test_each_function_has_a_role_of_its_own(packaged: Packaged) -> None:
    roles = {name: f["Role"]["Fn::GetAtt"][0] for name, f in packaged.functions.items()}

    assert roles == FUNCTIONS


def test_an_intrinsic_function_never_shares_its_place_with_another(packaged: Packaged) -> None:
    """A GetAtt laid over a Sub that Chalice wrote would stand beside it."""
    mixed = [
        found
        for found in dictionaries(packaged.merged["Resources"])
        if len(found) > 1 and any(key == "Ref" or key.startswith("Fn::") for key in found)
    ]

    assert mixed == []


def test_every_resource_that_something_refers_to_exists(packaged: Packaged) -> None:
    known = {*packaged.expanded["Resources"], *packaged.expanded["Parameters"]}

    got = {found["Fn::GetAtt"][0] for found in dictionaries(packaged.expanded) if _gets(found)}
    referred = {found["Ref"] for found in dictionaries(packaged.expanded) if "Ref" in found}

    assert {name for name in got | referred if not name.startswith("AWS::")} <= known


def _gets(found: Mapping[str, Any]) -> bool:
    return isinstance(found.get("Fn::GetAtt"), list)
