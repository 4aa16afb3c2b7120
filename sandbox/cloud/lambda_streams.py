"""How Lambda reads a DynamoDB stream, as a pure class: records in, invocations out.

The pump of the sandbox and the in-process simulator both run this; neither the network nor the
clock is in here. What it promises is what Lambda promises: per item in order, at least once, the
partial response, bisecting, the cap on retries and on age, the on-failure record.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html,
.../services-ddb-batchfailurereporting.html, .../services-dynamodb-errors.html
"""

import random
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sandbox.cloud import filters
from sandbox.cloud.filters import Json
from sandbox.cloud.mappings import Settings

type Record = Mapping[str, Any]
"""One record as the function sees it in ``event["Records"]``."""

RETRIES_EXHAUSTED = "RetryAttemptsExhausted"
TOO_OLD = "RecordAgeExceeded"

_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 10.0


class NotInvoked(Exception):  # noqa: N818 - it names what happened, as the errors of the product do
    """The function could not be reached or was throttled: tried again, at no cost in retries."""


@dataclass(frozen=True)
class Source:
    """Where the records come from and go to, as the on-failure record names it."""

    stream_arn: str
    function_arn: str
    shard_id: str = "shardId-00000000000000000000-00000000"


@dataclass(frozen=True)
class Batch:
    """Records that go to the function together, and what it has cost so far."""

    records: tuple[Record, ...]
    retries: int = 0
    invocations: int = 0
    pauses: int = 0
    due_at: float = 0.0


@dataclass
class _Lane:
    """One of ParallelizationFactor queues: an item's records always take the same one."""

    waiting: deque[tuple[float, Record]] = field(default_factory=deque)
    batches: deque[Batch] = field(default_factory=deque)


class ShardConsumer:
    """One shard read for one function. Not thread-safe.

    ``invoke`` gets the batch and returns the function's response. NotInvoked means that the
    function never ran; any other exception is the function's own failure. ``on_failure`` gets the
    metadata of every batch that is given up, never the records. ``now`` is in epoch seconds.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        source: Source,
        invoke: Callable[[Sequence[Record]], Any],
        on_failure: Callable[[dict[str, Any]], None],
        now: Callable[[], float],
        rng: random.Random,
    ) -> None:
        self._settings = settings
        self._source = source
        self._invoke = invoke
        self._on_failure = on_failure
        self._now = now
        self._rng = rng
        self._lanes = [_Lane() for _ in range(settings.parallel)]
        self._turn = 0
        self._order: deque[str] = deque()
        self._settled: set[str] = set()
        self._checkpoint: str | None = None

    @property
    def checkpoint(self) -> str | None:
        """The sequence number up to which nothing is open. A restart goes on after it."""
        return self._checkpoint

    @property
    def pending(self) -> int:
        """How many records were taken from the stream and are not settled."""
        return len(self._order) - len(self._settled)

    @property
    def due_at(self) -> float | None:
        """When ``step`` next has something to do (epoch seconds); None: only with new records."""
        return min(
            (due for lane in self._lanes if (due := self._due(lane)) is not None), default=None
        )

    def offer(self, records: Iterable[Record]) -> None:
        """Take the next records of the shard, in the shard's order."""
        for record in records:
            self._order.append(_sequence(record))
            if filters.passes(self._settings.patterns, record):
                self._lane_of(record).waiting.append((self._now(), record))
            else:
                self._settle([record])

    def step(self) -> bool:
        """Invoke the function once, if a batch is due. Says whether there was one."""
        lane = self._next_lane()
        if lane is None:
            return False
        batch = self._without_the_too_old(self._batch_of(lane))
        if not batch.records:
            return True
        try:
            response = self._invoke(batch.records)
        except NotInvoked:
            lane.batches.appendleft(self._later(batch))
        except Exception:  # noqa: BLE001 - the border: whatever a handler raises is its failure
            self._retry(lane, replace(batch, invocations=batch.invocations + 1), "Unhandled")
        else:
            self._accept(lane, replace(batch, invocations=batch.invocations + 1), response)
        return True

    def _next_lane(self) -> _Lane | None:
        for offset in range(len(self._lanes)):
            lane = self._lanes[(self._turn + offset) % len(self._lanes)]
            due = self._due(lane)
            if due is not None and due <= self._now():
                self._turn = (self._turn + offset + 1) % len(self._lanes)
                return lane
        return None

    def _due(self, lane: _Lane) -> float | None:
        if lane.batches:
            return lane.batches[0].due_at
        if not lane.waiting:
            return None
        full = len(lane.waiting) >= self._settings.batch_size
        return lane.waiting[0][0] + (0 if full else self._settings.window)

    def _batch_of(self, lane: _Lane) -> Batch:
        if lane.batches:
            return lane.batches.popleft()
        size = min(self._settings.batch_size, len(lane.waiting))
        return Batch(tuple(lane.waiting.popleft()[1] for _ in range(size)))

    def _lane_of(self, record: Record) -> _Lane:
        keys = repr(sorted(record["dynamodb"]["Keys"].items()))
        return self._lanes[zlib.crc32(keys.encode()) % len(self._lanes)]

    def _without_the_too_old(self, batch: Batch) -> Batch:
        if self._settings.max_age < 0:
            return batch
        oldest = self._now() - self._settings.max_age
        old = tuple(record for record in batch.records if _arrival(record) < oldest)
        if old:
            self._give_up(replace(batch, records=old), TOO_OLD, None)
        return replace(batch, records=batch.records[len(old) :])

    def _accept(self, lane: _Lane, batch: Batch, response: Json) -> None:
        failed = (
            _first_failure(response, batch.records) if self._settings.reports_failures else None
        )
        if failed is None:
            self._settle(batch.records)
            return
        self._settle(batch.records[:failed])
        rest = replace(batch, records=batch.records[failed:])
        if failed and self._settings.bisect:
            # Split at the reported record; a split costs no retry.
            lane.batches.appendleft(self._later(rest))
        else:
            self._retry(lane, rest, None)

    def _retry(self, lane: _Lane, batch: Batch, error: str | None) -> None:
        middle = len(batch.records) // 2
        if self._settings.bisect and middle:
            halves = batch.records[:middle], batch.records[middle:]
            first, second = (replace(batch, records=half) for half in halves)
            lane.batches.extendleft((second, self._later(first)))
            return
        if 0 <= self._settings.max_retries <= batch.retries:
            self._give_up(batch, RETRIES_EXHAUSTED, error)
            return
        lane.batches.appendleft(self._later(replace(batch, retries=batch.retries + 1)))

    def _later(self, batch: Batch) -> Batch:
        """Exponential pauses with full jitter, so that a sick function is not hammered."""
        ceiling = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**batch.pauses)
        due_at = self._now() + self._rng.uniform(ceiling / 2, ceiling)
        return replace(batch, pauses=min(batch.pauses + 1, 16), due_at=due_at)

    def _give_up(self, batch: Batch, condition: str, error: str | None) -> None:
        self._on_failure(self._failure_record(batch, condition, error))
        self._settle(batch.records)

    def _settle(self, records: Iterable[Record]) -> None:
        self._settled.update(_sequence(record) for record in records)
        while self._order and self._order[0] in self._settled:
            self._checkpoint = self._order.popleft()
            self._settled.remove(self._checkpoint)

    def _failure_record(self, batch: Batch, condition: str, error: str | None) -> dict[str, Any]:
        """The invocation record that AWS documents for DynamoDB streams: metadata only."""
        first, last = batch.records[0], batch.records[-1]
        record: dict[str, Any] = {
            "requestContext": {
                "requestId": str(UUID(int=self._rng.getrandbits(128), version=4)),
                "functionArn": self._source.function_arn,
                "condition": condition,
                "approximateInvokeCount": batch.invocations,
            },
            "version": "1.0",
            "timestamp": _iso(self._now(), "milliseconds"),
            "DDBStreamBatchInfo": {
                "shardId": self._source.shard_id,
                "startSequenceNumber": _sequence(first),
                "endSequenceNumber": _sequence(last),
                "approximateArrivalOfFirstRecord": _iso(_arrival(first), "seconds"),
                "approximateArrivalOfLastRecord": _iso(_arrival(last), "seconds"),
                "batchSize": len(batch.records),
                "streamArn": self._source.stream_arn,
            },
        }
        if batch.invocations:
            record["responseContext"] = {"statusCode": 200, "executedVersion": "$LATEST"}
            if error:
                record["responseContext"]["functionError"] = error
        return record


def _first_failure(response: Json, records: Sequence[Record]) -> int | None:
    """Index of the lowest record that the response reports; None: all of the batch is done.

    A null or empty response and a null or empty list are success. An identifier that is empty,
    null, under a wrong key or of no record in the batch fails the whole batch.
    """
    if response is None:
        return None
    if not isinstance(response, dict):
        return 0
    reported = response.get("batchItemFailures") or []
    index = {_sequence(record): position for position, record in enumerate(records)}
    positions = [
        index.get(item.get("itemIdentifier") or "", 0) if isinstance(item, dict) else 0
        for item in reported
    ]
    return min(positions, default=None)


def _sequence(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])


def _arrival(record: Record) -> float:
    return float(record["dynamodb"]["ApproximateCreationDateTime"])


def _iso(at: float, precision: str) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec=precision).replace("+00:00", "Z")
