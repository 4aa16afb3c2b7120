"""The AWS clients that are not DynamoDB: short time-outs, made once, refused answers noticed."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from chalicelib.core.settings import settings

BATCH = 10
CONFIG = Config(
    connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 3, "mode": "standard"}
)


ONCE = CONFIG.merge(Config(retries={"total_max_attempts": 1}))


class QueueRefusedError(Exception):
    """SQS took only some of the messages of a batch."""


@cache
def client(service: str) -> Any:  # noqa: ANN401 - boto3 builds its clients at run time
    return boto3.client(service, region_name=settings().region, config=CONFIG)  # type: ignore[call-overload]


@cache
def once(service: str) -> Any:  # noqa: ANN401 - boto3 builds its clients at run time
    """A client that never asks again by itself: for what must not happen twice."""
    return boto3.client(service, region_name=settings().region, config=ONCE)  # type: ignore[call-overload]


def send_all(queue: str, messages: Sequence[Mapping[str, Any]], *, delay: int = 0) -> None:
    """Put messages on a standard queue, ten at a time. Raises QueueRefusedError if some failed."""
    for start in range(0, len(messages), BATCH):
        entries = [
            {"Id": str(number), "MessageBody": json.dumps(message), "DelaySeconds": min(delay, 900)}
            for number, message in enumerate(messages[start : start + BATCH])
        ]
        answer = client("sqs").send_message_batch(QueueUrl=queue, Entries=entries)
        if answer.get("Failed"):
            raise QueueRefusedError(f"{len(answer['Failed'])} of {len(entries)} messages")
