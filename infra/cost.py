"""What a stack costs in a month in which nobody orders anything: `python -m infra.cost`.

Every quantity is read from the packaged template or stands in `ASSUMED` with its reason; every
price is AWS's list price in us-east-1 on the date beside it. What AWS gives to every account each
month without end is left out of the total and shown beside it.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra import packaging
from infra.expanded import as_list, expand, granted, of_type

PRICED_ON = "2026-11-22"
MINUTES = 43_800  # a month of 730 hours, as AWS counts it


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per unit, how many units of a month are always free, and where it is written."""

    dollars: float
    free: float
    source: str


PRICES: Mapping[str, Price] = {
    "SQS request": Price(0.40e-6, 1e6, "https://aws.amazon.com/sqs/pricing/"),
    "Lambda request": Price(0.20e-6, 1e6, "https://aws.amazon.com/lambda/pricing/"),
    "Lambda GB-second": Price(1.33334e-5, 400_000, "https://aws.amazon.com/lambda/pricing/"),
    "read request unit": Price(0.125e-6, 0, "https://aws.amazon.com/dynamodb/pricing/on-demand/"),
    "write request unit": Price(0.625e-6, 0, "https://aws.amazon.com/dynamodb/pricing/on-demand/"),
    "REST call": Price(3.50e-6, 0, "https://aws.amazon.com/api-gateway/pricing/"),
    "WebSocket message": Price(1.00e-6, 0, "https://aws.amazon.com/api-gateway/pricing/"),
    "WebSocket minute": Price(0.25e-6, 0, "https://aws.amazon.com/api-gateway/pricing/"),
    "IoT message": Price(1.00e-6, 0, "https://aws.amazon.com/iot-core/pricing/"),
    "IoT rule": Price(0.15e-6, 0, "https://aws.amazon.com/iot-core/pricing/"),
    "IoT minute": Price(0.08e-6, 0, "https://aws.amazon.com/iot-core/pricing/"),
    # Publishing costs 0.50, the way to Google or Apple another 0.50.
    "push": Price(1.00e-6, 1e6, "https://aws.amazon.com/sns/pricing/"),
    "transferred GB": Price(0.09, 100, "https://aws.amazon.com/ec2/pricing/on-demand/"),
    "table GB": Price(0.25, 25, "https://aws.amazon.com/dynamodb/pricing/on-demand/"),
    "recovery GB": Price(0.20, 0, "https://aws.amazon.com/dynamodb/pricing/on-demand/"),
    "KMS request": Price(3e-6, 20_000, "https://aws.amazon.com/kms/pricing/"),
    "alarm": Price(0.10, 10, "https://aws.amazon.com/cloudwatch/pricing/"),
    "log GB": Price(0.50, 5, "https://aws.amazon.com/cloudwatch/pricing/"),
    "kept log GB": Price(0.03, 5, "https://aws.amazon.com/cloudwatch/pricing/"),
    "code GB": Price(0.023, 0, "https://aws.amazon.com/s3/pricing/"),
}

SELDOM = "Seldom"

ASSUMED: Mapping[str, float] = {
    # Lambda begins with five readers for a queue, each asking again after 20 quiet seconds.
    # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
    "pollers": 5,
    "polls a minute": 3,
    # A sweep asks its index shard by shard (chalicelib.core.dynamo.SHARDS), eventually consistent:
    # half a unit for an empty answer.
    "shards": 16,
    "units of an empty answer": 0.5,
    # Not measured on AWS: a query of an empty index within the region, and what is around them.
    "milliseconds of a query": 8,
    "milliseconds around": 20,
    # One line of our own, and 26 bytes that CloudWatch adds. Lambda's own lines are switched off.
    "bytes of a log": 200,
    # DynamoDB asks KMS again every five minutes for each caller of a table that is in use.
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html
    "KMS requests an hour": 12,
    # Half a million orders that nobody looks at.
    "GB kept in tables": 1.0,
    "GB of code": 0.1,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the bill."""

    what: str
    units: float
    unit: str

    @property
    def dollars(self) -> float:
        return self.units * PRICES[self.unit].dollars


def bill(packaged: Mapping[str, Any]) -> list[Line]:
    """The lines of an idle month of a packaged template."""
    template = expand(packaged)
    return [
        *_queues(template),
        *_sweeps(template),
        *_tables(template),
        Line("Alarms", len(of_type(template, "AWS::CloudWatch::Alarm")), "alarm"),
        Line("Packages kept", ASSUMED["GB of code"], "code GB"),
    ]


def total(lines: list[Line]) -> float:
    """Dollars a month at list prices, as if nothing were free."""
    return sum(line.dollars for line in lines)


def total_beyond_free(lines: list[Line]) -> float:
    """Dollars a month in an account that has nothing else in it."""
    used: dict[str, float] = {}
    for line in lines:
        used[line.unit] = used.get(line.unit, 0) + line.units
    return sum(
        max(0, units - PRICES[unit].free) * PRICES[unit].dollars for unit, units in used.items()
    )


def _queues(template: Mapping[str, Any]) -> Iterator[Line]:
    for source in of_type(template, "AWS::Lambda::EventSourceMapping").values():
        queue = re.fullmatch(
            r"\$\{(\w+)\.Arn\}", source["Properties"]["EventSourceArn"].get("Fn::Sub", "")
        )
        if queue:  # Lambda reads streams for nothing
            polls = ASSUMED["pollers"] * ASSUMED["polls a minute"] * MINUTES
            yield Line(f"{queue[1]}: polling", polls, "SQS request")


def _sweeps(template: Mapping[str, Any]) -> Iterator[Line]:
    for rule in of_type(template, "AWS::Events::Rule").values():
        name = rule["Properties"]["Targets"][0]["Arn"]["Fn::GetAtt"][0]
        function = template["Resources"][name]["Properties"]
        runs = MINUTES / every(rule["Properties"]["ScheduleExpression"])
        queries = runs * ASSUMED["shards"] * len(_swept(template, function))
        millis = (
            queries * ASSUMED["milliseconds of a query"] + runs * ASSUMED["milliseconds around"]
        )
        gigabytes = runs * ASSUMED["bytes of a log"] / 1e9
        log = template["Resources"][function["LoggingConfig"]["LogGroup"]["Ref"]]["Properties"]
        yield Line(f"{name}: runs", runs, "Lambda request")
        yield Line(
            f"{name}: time", millis / 1000 * function["MemorySize"] / 1024, "Lambda GB-second"
        )
        yield Line(
            f"{name}: index reads",
            queries * ASSUMED["units of an empty answer"],
            "read request unit",
        )
        yield Line(f"{name}: log", gigabytes, "log GB")
        yield Line(f"{name}: log kept", gigabytes * log["RetentionInDays"] / 30.4, "kept log GB")
        asked = ASSUMED["KMS requests an hour"] * MINUTES / 60
        yield Line(
            f"{name}: table keys", asked * len(_with_keys(template, function)), "KMS request"
        )


def _with_keys(template: Mapping[str, Any], function: Mapping[str, Any]) -> set[str]:
    """The tables that a sweep reads and whose key is asked for at KMS: not those of AWS's own."""
    tables = {
        index.removeprefix("${").partition(".Arn}")[0] for index in _swept(template, function)
    }
    return {
        name for name in tables if "SSESpecification" in template["Resources"][name]["Properties"]
    }


def every(expression: str) -> float:
    """The minutes between two runs of a schedule. Raises ValueError for what is not a rate."""
    rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression)
    if not rate:
        raise ValueError(f"{expression} is not a rate")
    return int(rate[1]) * {"minute": 1, "hour": 60, "day": 1440}[rate[2]]


def _swept(template: Mapping[str, Any], function: Mapping[str, Any]) -> list[str]:
    """The indexes that a sweep looks through: those that its role may query, but for `Seldom`.

    What a statement of that name allows is not asked in a month in which nothing happens.
    """
    return [
        resource["Fn::Sub"]
        for statement in granted(template, function["Role"]["Fn::GetAtt"][0])
        if statement.get("Sid") != SELDOM
        for resource in as_list(statement["Resource"])
        if isinstance(resource, dict) and "/index/" in str(resource.get("Fn::Sub", ""))
    ]


def _tables(template: Mapping[str, Any]) -> Iterator[Line]:
    tables = of_type(template, "AWS::DynamoDB::Table").values()
    kept = ASSUMED["GB kept in tables"]
    yield Line(f"{len(tables)} tables: storage", kept, "table GB")
    recovered = [t for t in tables if "PointInTimeRecoverySpecification" in t["Properties"]]
    share = kept * len(recovered) / len(tables)
    yield Line(f"{len(recovered)} tables: recovery to any second", share, "recovery GB")


def shown(lines: list[Line]) -> str:
    """The bill as text."""
    rows = [
        f"{line.what:<42}{line.units:>14,.3f} {line.unit:<20}{line.dollars:>8.3f}" for line in lines
    ]
    return "\n".join(
        [
            f"An idle month, list prices of us-east-1 on {PRICED_ON}, in US dollars",
            "",
            *rows,
            "",
            f"{'Together':<77}{total(lines):>8.2f}",
            f"{'Together, beyond what is always free':<77}{total_beyond_free(lines):>8.2f}",
            "",
            "Nothing at rest: REST API, Lambda's reading of streams, Cognito, SSM parameters,",
            "schedules, SNS; the metric of alarm lines is paid for in hours that have one.",
        ]
    )


def main() -> int:
    package = packaging.package(Path("build"), "arm64")
    print(shown(bill(package.template())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
