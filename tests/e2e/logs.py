"""What the functions have written, and what was given up: read from the embedded cloud."""

import json
import re
from typing import Any

from sandbox.running import Sandbox

REFUSED = re.compile(r"AccessDenied|not authorized to perform|UnauthorizedOperation")
BROKEN = re.compile(r"Task timed out|Traceback|Runtime\.\w+Error|errorType")
RAN = "END RequestId"
running: list[Sandbox] = []
"""The sandboxes that are up: a failure shows what they have said."""


def lines(box: Sandbox, function: str) -> list[str]:
    """Everything that a function has logged, by its logical id; oldest first."""
    logs = box.cloud.client("logs")
    group = f"/aws/lambda/{box.deployment.functions[function]}"
    try:
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        return [event["message"].rstrip() for page in pages for event in page["events"]]
    except logs.exceptions.ResourceNotFoundException:
        return []


def refusals(box: Sandbox) -> list[str]:
    """Lines of any function that say that its role may not do what it tried."""
    return _matching(box, REFUSED)


def breakages(box: Sandbox) -> list[str]:
    """Lines of any function that say that an invocation ended otherwise than by its own will."""
    return _matching(box, BROKEN)


def never_ran(box: Sandbox) -> list[str]:
    """The functions of which no invocation has come to its end."""
    return [
        name
        for name in box.deployment.functions
        if not any(line.startswith(RAN) for line in lines(box, name))
    ]


def alarms(box: Sandbox) -> list[str]:
    """The lines that would wake somebody."""
    return _matching(box, re.compile('"level":"ERROR"'))


def dead_letters(box: Sandbox) -> dict[str, list[Any]]:
    """What lies in each dead-letter queue. Looking takes nothing away."""
    sqs = box.cloud.client("sqs")
    dead = {name: url for name, url in box.deployment.queues.items() if name.endswith("Dead")}
    assert list(dead) == ["BellsDead"], f"these are the dead-letter queues: {dead}"
    found = {}
    for name, url in dead.items():
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        found[name] = [json.loads(one["Body"]) for one in answer.get("Messages", [])]
    return {name: letters for name, letters in found.items() if letters}


def told(box: Sandbox, last: int = 25) -> str:
    """The end of every log, for whoever has to find out why a test failed."""
    parts = [
        "\n".join([f"--- {name}", *lines(box, name)[-last:]])
        for name in sorted(box.deployment.functions)
    ]
    for file in sorted(box.run_dir.glob("*.log")):
        if file.stem != "cloud":
            said = file.read_text(errors="replace").splitlines()[-last:]
            parts.append("\n".join([f"--- {file.name}", *said]))
    return "\n".join(parts)


def _matching(box: Sandbox, pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}: {line}"
        for name in box.deployment.functions
        for line in lines(box, name)
        if pattern.search(line)
    ]
