"""Which event does nothing in which function."""

import json

import pytest

from sandbox.demo import waking


def function(**events: str) -> dict[str, object]:
    told = {name: {"Type": kind, "Properties": {}} for name, kind in events.items()}
    properties = {"Events": told} if told else {}
    return {"Type": "AWS::Serverless::Function", "Properties": properties}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("SQS", waking.BELL),
        ("DynamoDB", waking.NO_RECORDS),
        ("Schedule", waking.TICK),
        ("Api", {}),
    ],
)
def test_each_function_is_woken_by_the_kind_of_event_that_it_serves(
    kind: str, expected: dict[str, object]
) -> None:
    found = waking.events(
        {"Some": function(Source=kind), "Table": {"Type": "AWS::DynamoDB::Table"}}
    )

    assert found == {"Some": expected}


def test_a_function_without_events_is_woken_over_http() -> None:
    assert waking.events({"Track": function()}) == {"Track": {}}


def test_the_bell_that_wakes_is_of_no_kind() -> None:
    assert waking.UNHEARD["kind"] == "nothing"
    assert json.dumps(json.dumps(waking.UNHEARD)) in json.dumps(waking.BELL)
