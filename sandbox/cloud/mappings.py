"""Event source mappings as the packaged template writes them down: the stream ones.

Source: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from sandbox.cloud import filters

type Template = Mapping[str, Any]


@dataclass(frozen=True)
class Settings:
    """The settings of one event source mapping, with Lambda's own defaults. -1 means no limit."""

    batch_size: int = 100
    starting_position: str = "LATEST"
    bisect: bool = False
    max_retries: int = -1
    max_age: int = -1
    window: int = 0
    parallel: int = 1
    reports_failures: bool = False
    patterns: tuple[filters.Pattern, ...] = ()
    on_failure: Any = None

    @classmethod
    def of(cls, properties: Mapping[str, Any]) -> Self:
        """From the properties of the mapping in the template.

        Raises ValueError for a property that this class does not honour: what is not simulated
        must not be thought to be tested. ``on_failure`` stays as the template has it.
        """
        unknown = properties.keys() - _KNOWN
        if unknown:
            raise ValueError(f"the pump does not know {', '.join(sorted(unknown))}")
        return cls(
            batch_size=int(properties.get("BatchSize", 100)),
            starting_position=properties.get("StartingPosition", "LATEST"),
            bisect=bool(properties.get("BisectBatchOnFunctionError", False)),
            max_retries=int(properties.get("MaximumRetryAttempts", -1)),
            max_age=int(properties.get("MaximumRecordAgeInSeconds", -1)),
            window=int(properties.get("MaximumBatchingWindowInSeconds", 0)),
            parallel=int(properties.get("ParallelizationFactor", 1)),
            reports_failures="ReportBatchItemFailures"
            in properties.get("FunctionResponseTypes", ()),
            patterns=filters.parse(properties.get("FilterCriteria", {}).get("Filters", ())),
            on_failure=properties.get("DestinationConfig", {})
            .get("OnFailure", {})
            .get("Destination"),
        )


_KNOWN = frozenset(
    {
        "BatchSize",
        "BisectBatchOnFunctionError",
        "DestinationConfig",
        "Enabled",
        "EventSourceArn",
        "FilterCriteria",
        "FunctionName",
        "FunctionResponseTypes",
        "MaximumBatchingWindowInSeconds",
        "MaximumRecordAgeInSeconds",
        "MaximumRetryAttempts",
        "ParallelizationFactor",
        "StartingPosition",
        "Stream",
    }
)


@dataclass(frozen=True)
class StreamMapping:
    """A function that reads a table's stream, both named as the template names them."""

    name: str
    function: Any
    stream: Any
    settings: Settings


def stream_mappings(template: Template) -> Iterator[StreamMapping]:
    """Every enabled stream mapping of the template: SAM events and mappings of their own."""
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            for event_name, event in properties.get("Events", {}).items():
                if event["Type"] == "DynamoDB" and event["Properties"].get("Enabled", True):
                    stream = event["Properties"]["Stream"]
                    settings = Settings.of(event["Properties"])
                    yield StreamMapping(f"{name}/{event_name}", {"Ref": name}, stream, settings)
        elif is_stream_mapping(resource) and properties.get("Enabled", True):
            settings = Settings.of(properties)
            source, function = properties["EventSourceArn"], properties["FunctionName"]
            yield StreamMapping(name, function, source, settings)


def is_stream_mapping(resource: Mapping[str, Any]) -> bool:
    """A mapping of its own is a stream's when it says where to start: queues cannot."""
    return (
        resource["Type"] == "AWS::Lambda::EventSourceMapping"
        and "StartingPosition" in resource["Properties"]
    )
