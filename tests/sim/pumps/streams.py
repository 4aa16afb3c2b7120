"""How Lambda reads a table's stream: `sandbox/cloud/lambda_streams.py` does, shard by shard here.

A lane of ParallelizationFactor is a shard of its own, since both keep an item's records together
and in order; so lanes run at once, as they do on AWS.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from sandbox.cloud.lambda_streams import Record, ShardConsumer, Source
from sandbox.cloud.mappings import Settings
from tests.sim.aws.queues import DEAD
from tests.sim.faults import ARRIVAL, Fault
from tests.sim.gateway import Broken
from tests.sim.pumps.functions import Function

if TYPE_CHECKING:
    from tests.sim.world import World

SHARDS = 2
KEPT = 86_400.0
EVENT = "EVT#"
ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/{}/stream/1"
KINDS = tuple(kind for kind in ARRIVAL if kind is not Fault.REORDERED)


class StreamPump:
    """One table's stream, read for one function."""

    def __init__(self, world: "World", function: Function, table: str, settings: Settings) -> None:
        self._world = world
        self._function = function
        self.table = f"test-{table}"
        self._arn = ARN.format(self.table)
        self._read = 0
        self._lanes = SHARDS * settings.parallel
        self._steps = self._heard = 0
        self._busy = [False] * self._lanes
        self.down = False
        rng = world.chance.stream(f"stream {table}")
        self._consumers = [
            ShardConsumer(
                replace(settings, parallel=1),
                source=Source(self._arn, function.name, f"shardId-{lane}"),
                invoke=self._invoke,
                on_failure=self._give_up,
                now=lambda: world.scheduler.now,
                rng=rng,
            )
            for lane in range(self._lanes)
        ]

    @property
    def name(self) -> str:
        return f"stream {self.table.partition('-')[2]}"

    def ring(self) -> None:
        """Take what is new from the stream, and let every lane that has something go on."""
        if self.down:
            return
        for record in self._fresh():
            keys = json.dumps(record["dynamodb"]["Keys"], sort_keys=True)
            self._consumers[zlib.crc32(keys.encode()) % self._lanes].offer([record])
        for lane, consumer in enumerate(self._consumers):
            due = consumer.due_at
            if due is not None and not self._busy[lane]:
                self._busy[lane] = True
                self._steps += 1
                number = self._steps
                wait = 0.02 + 0.2 * self._world.noise("stream", self.table, number)
                self._world.scheduler.spawn(
                    f"pump {self._function.name} {self.name}#{number}",
                    partial(self._work, lane),
                    after=max(0.0, due - self._world.scheduler.now) + wait,
                )

    def _fresh(self) -> list[dict[str, Any]]:
        """What has come since, as Lambda hands it over. What is older than a day is gone."""
        records = self._world.database.records(self.table, self._read)
        self._read += len(records)
        if self._world.options.deaf:
            records = [record for record in records if not self._misses(record)]
        oldest = self._world.scheduler.now - KEPT
        return [
            {**one, "eventSourceARN": self._arn}
            for one in records
            if one["dynamodb"]["ApproximateCreationDateTime"] >= oldest
        ]

    def _misses(self, record: dict[str, Any]) -> bool:
        """Every second of the events that come in."""
        is_news = record["eventName"] == "INSERT"
        is_event = is_news and record["dynamodb"]["Keys"]["sk"]["S"].startswith(EVENT)
        self._heard += is_event
        return is_event and self._heard % 2 == 0

    def _work(self, lane: int) -> None:
        try:
            if not self.down:
                self._consumers[lane].step()
        finally:
            self._busy[lane] = False
            if not self._world.ended:
                self.ring()

    def _invoke(self, records: Sequence[Record]) -> Any:  # noqa: ANN401 - the function's answer
        site = f"{self.name} -> {self._function.name}"
        fault = self._world.arrival(site, KINDS)
        if fault is Fault.DELAYED:
            self._world.scheduler.pause(1 + 60 * self._world.noise("late", site, self._steps))
        if fault is Fault.FAILS_BEFORE:
            raise Broken("never began")
        event = {"Records": list(records)}
        answer = self._world.invoke(
            self._function.name, lambda: self._function.handler(event, None)
        )
        if fault in {Fault.DUPLICATED, Fault.FAILS_AFTER}:
            raise Broken("ended, and nobody heard of it")
        return answer

    def _give_up(self, record: dict[str, Any]) -> None:
        self._world.queues.send(DEAD, json.dumps(record))
