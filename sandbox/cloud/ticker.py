"""Invokes the scheduled functions when they are due by the city's clock."""

import json
import re
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from sandbox.cloud.ministack import ACCOUNT, REGION, Connect
from sandbox.cloud.references import References

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_SECONDS = {"minute": 60.0, "hour": 3600.0, "day": 86400.0}


@dataclass(frozen=True)
class Schedule:
    """A function of the template and how often it runs, in city seconds."""

    function: str
    every: float


def schedules(template: Mapping[str, Any]) -> Iterator[Schedule]:
    """Every enabled schedule. Raises ValueError for what is not a ``rate(...)``."""
    for name, resource in template["Resources"].items():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        for event in resource["Properties"].get("Events", {}).values():
            if event["Type"] == "Schedule" and event["Properties"].get("Enabled", True):
                yield Schedule(name, seconds(event["Properties"]["Schedule"]))


def seconds(expression: str) -> float:
    """``rate(5 minutes)`` is 300.0. Raises ValueError for a cron expression."""
    found = _RATE.fullmatch(expression)
    if not found:
        raise ValueError(f"the ticker knows rate(...) only, not {expression}")
    return int(found[1]) * _SECONDS[found[2]]


def tick(
    wanted: Iterable[Schedule],
    *,
    connect: Connect,
    stack: str,
    rate: float,
    stop: threading.Event,
) -> list[threading.Thread]:
    """A thread per schedule, every ``every / rate`` seconds; a run that is late is not doubled."""

    def run(schedule: Schedule) -> None:
        functions, references = connect("lambda"), References(connect, stack)
        pause = schedule.every / rate
        due = time.monotonic() + pause
        while not stop.wait(max(0.0, due - time.monotonic())):
            due = max(due + pause, time.monotonic())
            try:
                name = references.name({"Ref": schedule.function})
                functions.invoke(FunctionName=name, Payload=_event(schedule))
            except (BotoCoreError, ClientError) as error:
                print(f"{schedule.function} was not run: {error}", flush=True)

    threads = [threading.Thread(target=run, args=(schedule,)) for schedule in wanted]
    for thread in threads:
        thread.start()
    return threads


def _event(schedule: Schedule) -> bytes:
    """What EventBridge sends for a rule with a schedule, with the wall's time."""
    event = {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{schedule.function}"],
        "detail": {},
    }
    return json.dumps(event).encode()
