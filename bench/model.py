"""What is not counted but assumed, each with its reason: how long a function runs, what it logs.

Nothing here was measured on AWS. Waiting times are typical ones within a region; processor time is
of a whole processor, and stretched by the share of one that a function's memory buys. The bench
prints beside it what this machine needed, as a check.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from bench.meter import Call, Invocation

FULL_PROCESSOR_MB = 1769
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"""
PROCESSOR_MS_AROUND = 2.0
"""Reading the event, verifying the token, parsing, rendering, logging."""
PROCESSOR_MS_PER_CALL = 0.7
"""Signing a request and reading its answer, in botocore."""
WAIT_MS: Mapping[str, float] = {
    "DynamoDB GetItem": 3,
    "DynamoDB BatchGetItem": 4,
    "DynamoDB Query": 4,
    "DynamoDB PutItem": 5,
    "DynamoDB UpdateItem": 5,
    "DynamoDB DeleteItem": 5,
    "DynamoDB TransactWriteItems": 12,
    "SQS send": 8,
    "push": 25,
    "device": 25,
    "secret": 15,
    "Stripe": 300,
    "post": 150,
}
COLD_SHARE = 0.01
"""One invocation in a hundred finds no environment ready: AWS speaks of less than one."""
INIT_MS = 1500
"""Starting Python and importing, billed since August 2025."""
PLATFORM_LINES = (
    "START RequestId: 00000000-0000-0000-0000-000000000000 Version: $LATEST",
    "END RequestId: 00000000-0000-0000-0000-000000000000",
    "REPORT RequestId: 00000000-0000-0000-0000-000000000000\tDuration: 12.34 ms\t"  # noqa: ISC004 - one line
    "Billed Duration: 13 ms\tMemory Size: 1024 MB\tMax Memory Used: 160 MB\t",
)
BYTES_AROUND_A_LINE = 26
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html"""
ORDERS_AN_HOUR = 100
"""So many orders share a key's or a secret's five minutes, in a stack that is used."""
ENVIRONMENTS = 2
"""So many of a function's environments are warm then, and each reads its secrets for itself."""
REFRESHES_AN_HOUR = 12
JOBS_AT_ONCE = 10
"""Deliveries in hand at once in a zone that is not quiet: a look at the zone is for all of them."""


@dataclass(frozen=True, slots=True)
class Function:
    """What the template gives a function."""

    memory_mb: int
    platform_lines: bool


def functions(template: Mapping[str, Any]) -> dict[str, Function]:
    """Every function of the template that has memory."""
    found = {}
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        if "MemorySize" in properties:
            logging = properties["LoggingConfig"]
            quiet = logging["LogFormat"] == "JSON" and logging.get("SystemLogLevel") == "WARN"
            found[name] = Function(properties["MemorySize"], not quiet)
    return found


def millis(run: Invocation, function: Function) -> int:
    """The billed duration of one warm run, in whole milliseconds."""
    return millis_of(run.calls, function, around=True)


def millis_of(calls: list[Call], function: Function, *, around: bool) -> int:
    """The billed duration of some calls, with or without what is around them."""
    stretched = max(1.0, FULL_PROCESSOR_MB / function.memory_mb)
    worked = processor_ms(calls) - (0 if around else PROCESSOR_MS_AROUND)
    return ceil(worked * stretched + sum(WAIT_MS[call.kind] for call in calls))


def processor_ms(calls: list[Call]) -> float:
    """What a run works, in milliseconds of a whole processor."""
    return PROCESSOR_MS_AROUND + PROCESSOR_MS_PER_CALL * len(calls)


def gigabyte_seconds(duration_ms: float, function: Function) -> float:
    return duration_ms / 1000 * function.memory_mb / 1024


def log_bytes(run: Invocation, function: Function) -> int:
    """What CloudWatch takes in of one run: our lines, and Lambda's own three."""
    lines = [*run.lines, *(PLATFORM_LINES if function.platform_lines else ())]
    return sum(len(line.encode()) + 1 + BYTES_AROUND_A_LINE for line in lines)
