"""The functions of the product, as Chalice registers them and the template sets them up."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Literal

from chalice.app import ScheduledEventConfig, SQSEventConfig

from app import app
from sandbox.cloud.mappings import Settings
from tests.sim import environment

SCHEDULE = {
    "version": "0", "account": "123456789012", "region": "us-east-1", "detail": {}, "source": "s",
    "detail-type": "Scheduled Event", "time": "t", "id": "1", "resources": [],
}  # fmt: skip

SECONDS = {"MINUTE": 60.0, "HOUR": 3600.0, "DAY": 86_400.0}

type Kind = Literal["stream", "queue", "schedule"]


@dataclass(frozen=True)
class Function:
    """One function with what wakes it."""

    name: str
    kind: Kind
    handler: Callable[[dict[str, Any], None], Any]
    timeout: float
    events: tuple[dict[str, Any], ...]
    period: float = 60.0
    """Seconds from one run of a schedule to the next."""

    @property
    def batch(self) -> int:
        return int(self.events[0].get("BatchSize", 10))

    @property
    def concurrency(self) -> int:
        return int(self.events[0].get("ScalingConfig", {}).get("MaximumConcurrency", 10))

    @property
    def queue(self) -> str:
        """The logical name of the queue that it empties."""
        return str(self.events[0]["Queue"]).removeprefix("${").removesuffix(".Arn}")

    @property
    def streams(self) -> list[tuple[str, Settings]]:
        """The logical names of the tables whose streams it reads, each with its settings."""
        found = []
        for event in self.events:
            properties = {name: value for name, value in event.items() if name != "Stream"}
            table = str(event["Stream"]).partition(".")[0].partition("Table")[0].lower()
            found.append((table, Settings.of({**properties, "Stream": table})))
        return found


@cache
def functions() -> tuple[Function, ...]:
    """Every function that something other than a request wakes."""
    return tuple(_function(config) for config in app.event_sources)


def _function(config: Any) -> Function:  # noqa: ANN401 - Chalice's own
    module, _, attribute = config.handler_string.rpartition(".")
    said = environment.function_of(config.name)
    kind: Kind = "stream"
    period = 60.0
    if isinstance(config, SQSEventConfig):
        kind = "queue"
    elif isinstance(config, ScheduledEventConfig):
        kind = "schedule"
        rate: Any = config.schedule_expression  # a Rate: we have no others
        period = float(rate.value) * SECONDS[rate.unit.rstrip("S")]
    return Function(
        config.name,
        kind,
        getattr(import_module(module), attribute),
        float(said.get("Timeout", 60)),
        tuple(event["Properties"] for event in said.get("Events", {}).values()),
        period,
    )
