"""Serves the stream mappings of the packaged template in the embedded cloud, as Lambda would.

A process of its own: ``python -m sandbox.cloud.pump --help``. It keeps its position in a file and
can be killed at any time; records are then delivered again, as Lambda promises no more than that.
"""

import argparse
import base64
import json
import random
import signal
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sandbox.cloud import ticker
from sandbox.cloud.lambda_streams import NotInvoked, Record, ShardConsumer, Source
from sandbox.cloud.mappings import StreamMapping, stream_mappings
from sandbox.cloud.ministack import ACCOUNT, REGION, Client, Connect, client
from sandbox.cloud.references import References

_BUSY, _IDLE = 0.05, 0.3
_PAGE = 1000
_LONGEST_FUNCTION = 900.0


class FunctionFailed(Exception):  # noqa: N818 - it names what happened
    """The function ran and ended in an error, or its worker died under it."""


class StreamReader:
    """One mapping: reads the stream's shard, hands it to a ShardConsumer, keeps the position.

    ``generation`` names the running process of the embedded cloud. Stream positions do not
    outlive it (its records do not either), so a change means: from the horizon again.
    """

    def __init__(
        self,
        mapping: StreamMapping,
        *,
        connect: Connect,
        stack: str,
        position: Path,
        generation: Callable[[], str],
    ) -> None:
        self._mapping = mapping
        self._position = position
        self._generation = generation
        self._references = References(connect, stack)
        self._streams = connect("dynamodbstreams")
        self._sqs = connect("sqs")
        self._lambda = connect("lambda")
        self._opened_in: str | None = None
        self._iterator: str | None = None
        self._read_up_to: str | None = None
        self._function = self._stream = ""
        self._consumer: ShardConsumer | None = None

    def poll(self) -> bool:
        """Read once and deliver what is due. Says whether there was anything.

        Raises ClientError or BotoCoreError while the embedded cloud is away.
        """
        generation = self._generation()
        if generation != self._opened_in or self._iterator is None or self._consumer is None:
            self._consumer = self._open(generation)
        consumer, records = self._consumer, []
        if consumer.pending < _PAGE:
            try:
                page = self._streams.get_records(ShardIterator=self._iterator, Limit=_PAGE)
            except self._streams.exceptions.ExpiredIteratorException:
                # They live for 15 minutes, and a laptop may sleep for longer.
                self._iterator = None
                return True
            if self._generation() != generation:
                # Another process may have answered, to whom our iterator means nothing.
                return True
            self._iterator = page.get("NextShardIterator")
            records = [as_event(record, self._stream) for record in page["Records"]]
            consumer.offer(records)
            if records:
                self._read_up_to = records[-1]["dynamodb"]["SequenceNumber"]
        stepped = False
        while consumer.step():
            stepped = True
            self._save(consumer)
        if records:
            self._save(consumer)
        return stepped or bool(records)

    def _open(self, generation: str) -> ShardConsumer:
        name = self._references.name(self._mapping.function)
        self._function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
        self._stream = self._references.stream_arn(self._mapping.stream)
        description = self._streams.describe_stream(StreamArn=self._stream)["StreamDescription"]
        shard = {"StreamArn": self._stream, "ShardId": description["Shards"][0]["ShardId"]}
        self._iterator = self._start(shard, generation)
        self._opened_in = generation
        # What was taken from the stream before a restart of the cloud is still to be delivered.
        return self._consumer or ShardConsumer(
            self._mapping.settings,
            source=Source(self._stream, self._function, shard["ShardId"]),
            invoke=self._invoke,
            on_failure=self._report,
            now=time.time,
            rng=random.SystemRandom(),
        )

    def _start(self, shard: Mapping[str, str], generation: str) -> str:
        if self._opened_in is None:
            kind, after = self._mapping.settings.starting_position, self._saved().get("after")
        else:
            same = generation == self._opened_in
            kind, after = "TRIM_HORIZON", self._read_up_to if same else None
        place: dict[str, str] = {"ShardIteratorType": kind}
        if after:
            place = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": after}
        try:
            answer = self._streams.get_shard_iterator(**shard, **place)
        except self._streams.exceptions.TrimmedDataAccessException:
            answer = self._streams.get_shard_iterator(**shard, ShardIteratorType="TRIM_HORIZON")
        return str(answer["ShardIterator"])

    def _saved(self) -> dict[str, str]:
        if not self._position.exists():
            return {}
        saved: dict[str, str] = json.loads(self._position.read_text())
        return saved if saved["stream"] == self._stream else {}

    def _save(self, consumer: ShardConsumer) -> None:
        if consumer.checkpoint:
            fresh = self._position.with_suffix(".new")
            content = {"stream": self._stream, "after": consumer.checkpoint}
            fresh.write_text(json.dumps(content))
            fresh.replace(self._position)

    def _invoke(self, records: Sequence[Record]) -> Any:  # noqa: ANN401 - the function's own JSON
        payload = json.dumps({"Records": records}).encode()
        return call(self._lambda, self._function, payload)

    def _report(self, record: dict[str, Any]) -> None:
        batch = record["DDBStreamBatchInfo"]
        print(
            f"{self._mapping.name}: gave up {batch['batchSize']} records from "
            f"{batch['startSequenceNumber']}: {record['requestContext']['condition']}",
            flush=True,
        )
        if self._mapping.settings.on_failure:
            url = self._references.queue_url(self._mapping.settings.on_failure)
            self._sqs.send_message(QueueUrl=url, MessageBody=json.dumps(record))


def call(functions: Client, name: str, payload: bytes) -> Any:  # noqa: ANN401 - the function's own JSON
    """Invoke and wait. Raises NotInvoked when it never ran, FunctionFailed when it did."""
    try:
        answer = functions.invoke(FunctionName=name, Payload=payload)
    except (BotoCoreError, ClientError) as error:
        raise NotInvoked(str(error)) from error
    content = answer["Payload"].read()
    if answer.get("FunctionError"):
        print(f"{name} failed: {content.decode(errors='replace')[:500]}", flush=True)
        raise FunctionFailed(content.decode(errors="replace"))
    return json.loads(content or b"null")


def as_event(record: Mapping[str, Any], stream_arn: str) -> dict[str, Any]:
    """A record of the Streams API in the shape in which Lambda hands it to a function."""
    event: dict[str, Any] = json.loads(json.dumps(record, default=_plain))
    return event | {"eventSourceARN": stream_arn}


def _plain(value: object) -> float | str:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"no JSON for {value!r}")


def pump(readers: Iterable[StreamReader], stop: threading.Event) -> list[threading.Thread]:
    """Read each stream in a thread of its own, so that a slow function delays only its own."""
    threads = [threading.Thread(target=_read, args=(reader, stop)) for reader in readers]
    for thread in threads:
        thread.start()
    return threads


def _read(reader: StreamReader, stop: threading.Event) -> None:
    pause = _BUSY
    while not stop.wait(pause):
        try:
            busy = reader.poll()
        except (BotoCoreError, ClientError, LookupError) as error:
            print(f"the embedded cloud is away: {error}", flush=True)
            busy = False
        pause = _BUSY if busy else min(_IDLE, pause * 1.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--stack", required=True)
    parser.add_argument("--template", required=True, type=Path, help="the packaged sam.json")
    parser.add_argument("--run-dir", required=True, type=Path)
    parser.add_argument("--rate", default=1.0, type=float, help="the city's seconds per second")
    given = parser.parse_args()
    template = json.loads(given.template.read_text())
    connect = partial(client, given.endpoint, read_timeout=_LONGEST_FUNCTION)
    positions = given.run_dir / "pump"
    positions.mkdir(parents=True, exist_ok=True)
    pid_file = given.run_dir / "cloud.pid"
    readers = [
        StreamReader(
            mapping,
            connect=connect,
            stack=given.stack,
            position=positions / f"{mapping.name.replace('/', '-')}.json",
            generation=lambda: pid_file.read_text() if pid_file.exists() else "",
        )
        for mapping in stream_mappings(template)
    ]
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    threads = pump(readers, stop)
    threads += ticker.tick(
        ticker.schedules(template),
        connect=connect,
        stack=given.stack,
        rate=given.rate,
        stop=stop,
    )
    print(f"ready: {len(readers)} streams", flush=True)
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
