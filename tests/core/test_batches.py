import json
from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.core import batches
from tests.conftest import Said

ARN = "arn:aws:sqs:us-east-1:123456789012:PaymentBells"


def _event(*bodies: object) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "receiptHandle": "r",
                "body": body if isinstance(body, str) else json.dumps(body),
                "attributes": {},
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": ARN,
                "awsRegion": "us-east-1",
            }
            for number, body in enumerate(bodies)
        ]
    }


def _failed(answer: Mapping[str, Any]) -> list[str]:
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def test_each_message_is_handled_once_and_in_turn() -> None:
    handled: list[Mapping[str, Any]] = []

    answer = batches.each(_event({"n": 1}, {"n": 2}), handled.append)

    assert handled == [{"n": 1}, {"n": 2}]
    assert _failed(answer) == []


def test_a_message_that_fails_comes_again_and_the_others_do_not(said: Said) -> None:
    def handle(message: Mapping[str, Any]) -> None:
        if message["n"] == 2:
            raise ValueError("somebody@example.com")

    answer = batches.each(_event({"n": 1}, {"n": 2}, {"n": 3}), handle)

    lines = said()
    assert _failed(answer) == ["m1"]
    assert [line["said"] for line in lines] == ["A message failed", "Messages were handled"]
    assert (lines[1]["count"], lines[1]["failed"]) == (3, 1)
    assert "example.com" not in json.dumps(lines)


@pytest.mark.parametrize("body", ["not json", ""])
def test_a_message_that_cannot_be_read_fails_alone(body: str) -> None:
    handled: list[Mapping[str, Any]] = []

    answer = batches.each(_event(body, {"n": 2}), handled.append)

    assert _failed(answer) == ["m0"]
    assert handled == [{"n": 2}]


def test_a_batch_that_fails_as_a_whole_says_so_of_each_message() -> None:
    def refuse(_: Mapping[str, Any]) -> None:
        raise RuntimeError

    assert _failed(batches.each(_event({}, {}), refuse)) == ["m0", "m1"]
