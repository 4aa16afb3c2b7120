import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sandbox.cloud.filters import Json
from sandbox.cloud.lambda_streams import NotInvoked
from sandbox.cloud.mappings import Settings, StreamMapping
from sandbox.cloud.pump import FunctionFailed, StreamReader, as_event, call

NOON = datetime(2027, 1, 15, 12, tzinfo=UTC)
STREAM = "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/1"
MAPPING = StreamMapping(
    name="RingBells",
    function={"Ref": "RingBells"},
    stream={"Fn::GetAtt": ["OrdersTable", "StreamArn"]},
    settings=Settings(
        starting_position="TRIM_HORIZON",
        max_retries=0,
        on_failure={"Fn::GetAtt": ["StreamsDead", "Arn"]},
    ),
)


class TrimmedError(Exception):
    pass


class ExpiredError(Exception):
    pass


class FakeCloud:
    """The few calls of the embedded cloud that the pump makes, with iterators that are positions.

    A restart empties the stream, as it does there, and leaves old iterators valid but meaningless.
    """

    class exceptions:  # noqa: N801 - as boto3 names it
        TrimmedDataAccessException = TrimmedError
        ExpiredIteratorException = ExpiredError

    def __init__(self) -> None:
        self.generation = "1"
        self.records: list[dict[str, Any]] = []
        self.delivered: list[str] = []
        self.dead: list[dict[str, Any]] = []
        self.poison = False
        self.expired = False

    def connect(self, _: str) -> "FakeCloud":
        return self

    def write(self, *numbers: str) -> None:
        self.records += [record(number) for number in numbers]

    def restart(self) -> None:
        self.generation, self.records = self.generation + "1", []

    def describe_stack_resource(self, *, LogicalResourceId: str, **_: str) -> Json:  # noqa: N803
        return {"StackResourceDetail": {"PhysicalResourceId": f"the-{LogicalResourceId}"}}

    def describe_table(self, *, TableName: str) -> Json:  # noqa: N803 - as boto3 names it
        return {"Table": {"TableName": TableName, "LatestStreamArn": STREAM}}

    def describe_stream(self, **_: str) -> Json:
        return {"StreamDescription": {"Shards": [{"ShardId": "shard-1"}]}}

    def get_shard_iterator(
        self,
        *,
        ShardIteratorType: str,  # noqa: N803 - as boto3 names it
        SequenceNumber: str = "",  # noqa: N803 - as boto3 names it
        **_: str,
    ) -> Json:
        position = 0
        if ShardIteratorType == "AFTER_SEQUENCE_NUMBER":
            known = [one["dynamodb"]["SequenceNumber"] for one in self.records]
            if SequenceNumber not in known:
                raise TrimmedError
            position = known.index(SequenceNumber) + 1
        return {"ShardIterator": str(position)}

    def get_records(self, *, ShardIterator: str, **_: object) -> Json:  # noqa: N803
        if self.expired:
            self.expired = False
            raise ExpiredError
        page = self.records[int(ShardIterator) :]
        return {"Records": page, "NextShardIterator": str(int(ShardIterator) + len(page))}

    def invoke(self, *, FunctionName: str, Payload: bytes) -> Json:  # noqa: N803
        assert FunctionName.endswith(":function:the-RingBells")
        if self.poison:
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(b"{}")}
        self.delivered += [
            one["dynamodb"]["SequenceNumber"] for one in json.loads(Payload)["Records"]
        ]
        return {"Payload": io.BytesIO(b"null")}

    def send_message(self, *, QueueUrl: str, MessageBody: str) -> None:  # noqa: N803
        assert QueueUrl == "the-StreamsDead"
        self.dead.append(json.loads(MessageBody))


def record(number: str) -> dict[str, Any]:
    return {
        "eventName": "INSERT",
        "dynamodb": {
            "SequenceNumber": number,
            "ApproximateCreationDateTime": NOON,
            "Keys": {"pk": {"S": number}},
        },
    }


@pytest.fixture
def cloud() -> FakeCloud:
    return FakeCloud()


def reader(cloud: FakeCloud, folder: Path) -> StreamReader:
    return StreamReader(
        MAPPING,
        connect=cloud.connect,
        stack="ieum",
        position=folder / "position.json",
        generation=lambda: cloud.generation,
    )


def test_records_are_delivered_once_while_all_is_well(cloud: FakeCloud, tmp_path: Path) -> None:
    pump = reader(cloud, tmp_path)
    cloud.write("1", "2")

    answers = [pump.poll(), pump.poll()]
    cloud.write("3")
    pump.poll()

    assert answers == [True, False]
    assert cloud.delivered == ["1", "2", "3"]


def test_another_pump_goes_on_where_the_first_was_killed(cloud: FakeCloud, tmp_path: Path) -> None:
    cloud.write("1", "2")
    reader(cloud, tmp_path).poll()

    cloud.write("3")
    reader(cloud, tmp_path).poll()

    assert cloud.delivered == ["1", "2", "3"]


def test_after_a_restart_of_the_cloud_the_stream_is_read_from_its_horizon(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    pump = reader(cloud, tmp_path)
    cloud.write("1", "2")
    pump.poll()

    cloud.restart()
    cloud.write("3", "4", "5")
    pump.poll()

    assert cloud.delivered == ["1", "2", "3", "4", "5"]


def test_a_position_that_the_cloud_has_lost_falls_back_to_the_horizon(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    cloud.write("1", "2")
    reader(cloud, tmp_path).poll()

    cloud.restart()
    cloud.write("3")
    reader(cloud, tmp_path).poll()

    assert cloud.delivered == ["1", "2", "3"]


def test_an_expired_iterator_repeats_nothing(cloud: FakeCloud, tmp_path: Path) -> None:
    pump = reader(cloud, tmp_path)
    cloud.write("1")
    pump.poll()

    cloud.expired = True
    cloud.write("2")
    pump.poll()
    pump.poll()

    assert cloud.delivered == ["1", "2"]


def test_an_answer_from_a_process_that_came_meanwhile_is_not_believed(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    pump = reader(cloud, tmp_path)
    cloud.write("1", "2")
    pump.poll()
    generations = iter(["1", "2"])

    def restarted_during_the_read() -> str:
        return next(generations, "2")

    pump._generation = restarted_during_the_read
    cloud.records = [record("3"), record("4"), record("5")]
    pump.poll()
    pump.poll()

    assert cloud.delivered == ["1", "2", "3", "4", "5"]


def test_what_is_given_up_goes_to_the_queue_of_the_mapping(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    cloud.poison = True
    cloud.write("1")

    reader(cloud, tmp_path).poll()

    [dead] = cloud.dead
    assert dead["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert dead["DDBStreamBatchInfo"]["streamArn"] == STREAM


def test_a_record_takes_the_shape_in_which_lambda_hands_it_over() -> None:
    given = record("1")
    given["dynamodb"]["NewImage"] = {"photo": {"B": b"\x00\x01"}}

    event = as_event(given, STREAM)

    assert event["eventSourceARN"] == STREAM
    assert event["dynamodb"]["ApproximateCreationDateTime"] == NOON.timestamp()
    assert event["dynamodb"]["NewImage"] == {"photo": {"B": "AAE="}}


def test_a_function_error_is_told_apart_from_a_function_that_never_ran(cloud: FakeCloud) -> None:
    from botocore.exceptions import EndpointConnectionError

    class Away(FakeCloud):
        def invoke(self, **_: object) -> Json:
            raise EndpointConnectionError(endpoint_url="http://127.0.0.1")

    cloud.poison = True

    with pytest.raises(FunctionFailed):
        call(cloud, "x:function:the-RingBells", b"{}")
    with pytest.raises(NotInvoked):
        call(Away(), "x:function:the-RingBells", b"{}")
