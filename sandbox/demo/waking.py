"""Every function awake before the clock matters: a cold start takes seconds of a processor."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from infra.packaging import Package
from sandbox import running
from sandbox.running import Sandbox

type Json = dict[str, object]

AT_ONCE = 4
PATIENCE = 180.0
NOWHERE = "/v1/nothing"
AWAKE = {"APIHandler": 4, "RingBells": 3, "Track": 2}
"""How many workers of each the play needs; of every other function one."""
# A bell of a kind that nobody knows, so that hearing it changes nothing.
UNHEARD = {"kind": "nothing", "subject": "nothing", "version": 1, "type": "nothing"}
BELL: Json = {
    "Records": [
        {
            "messageId": "1",
            "receiptHandle": "1",
            "body": json.dumps(UNHEARD),
            "attributes": {},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:nothing",
            "awsRegion": "us-east-1",
        }
    ]
}
NO_RECORDS: Json = {"Records": []}
TICK: Json = {
    "version": "0", "id": "1", "source": "aws.events", "account": "000000000000", "resources": [],
    "detail-type": "Scheduled Event", "time": "2026-01-01T00:00:00Z", "region": "us-east-1",
    "detail": {},
}  # fmt: skip
EMPTY: Mapping[str, Json] = {"SQS": BELL, "DynamoDB": NO_RECORDS, "Schedule": TICK}


class NotAwake(Exception):  # noqa: N818 - it names what happened
    """A function failed with nothing to do."""


def wake(box: Sandbox, made: Package) -> None:
    """Start the workers that the play will need, a few at a time. Raises NotAwake.

    Of one function several wake at once: a call that finds a worker free starts no other.
    """
    functions = events(made.template()["Resources"])
    rest = [name for name in functions if name not in AWAKE]
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        for name, count in AWAKE.items():
            list(pool.map(lambda one: _invoke(box, one, functions[one]), [name] * count))
        list(pool.map(lambda one: _invoke(box, one, functions[one]), rest))


def events(resources: Mapping[str, Mapping[str, object]]) -> dict[str, Json]:
    """For each function of a template an event that it has nothing to do for.

    It is {} for those that are reached over HTTP: the API, and whatever has a URL of its own.
    """
    found = {}
    for name, resource in resources.items():
        if resource["Type"] == "AWS::Serverless::Function":
            properties = resource["Properties"]
            assert isinstance(properties, dict)
            kinds = {event["Type"] for event in properties.get("Events", {}).values()}
            found[name] = next((EMPTY[kind] for kind in sorted(kinds & EMPTY.keys())), {})
    return found


def request(path: str) -> Json:
    """What a function's URL hands over for a request that nobody has signed in for."""
    http = {"method": "GET", "path": path, "sourceIp": "127.0.0.1"}
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"accept": "application/json"},
        "requestContext": {"http": http, "requestId": "waking"},
        "isBase64Encoded": False,
    }


def _invoke(box: Sandbox, function: str, event: Json) -> None:
    if function == "APIHandler":
        running.healthy(box)
        return
    event = event or request(NOWHERE)
    answer = box.cloud.client("lambda", read_timeout=PATIENCE).invoke(
        FunctionName=box.deployment.functions[function], Payload=json.dumps(event).encode()
    )
    if "FunctionError" in answer:
        raise NotAwake(f"{function}: {answer['Payload'].read()!r}")
