"""Hand every event that the tables hold to the consumer of pushes, as if all bells rang now."""

import json
from typing import Any

from chalicelib.notifications import events, matrix
from tests import database
from tests.tables import ACCOUNT, REGION

TABLES = ("test-orders", "test-couriers", "test-payments", "test-news")


def hear_everything() -> dict[str, Any]:
    """What the consumer answered. What was told before is not told again."""
    records = [
        {
            "messageId": f"{bell['subject']}-{bell['version']}",
            "receiptHandle": "r",
            "body": json.dumps(bell),
            "attributes": {},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:PushBells",
            "awsRegion": REGION,
        }
        for bell in _bells()
    ]
    if not records:
        return {"batchItemFailures": []}
    answer: dict[str, Any] = events.push_notifications({"Records": records}, None)
    return answer


def _bells() -> list[dict[str, Any]]:
    items = [item for name in TABLES for item in database.raw(name)]
    return [
        {
            "kind": item["kind"]["S"],
            "subject": item["subject"]["S"],
            "version": int(item["version"]["N"]),
            "type": item["type"]["S"],
        }
        for item in items
        if item["sk"]["S"].startswith("EVT#") and _is_told(item["type"]["S"])
    ]


def _is_told(event_type: str) -> bool:
    return event_type in matrix.TYPES or event_type.startswith("notice.")
