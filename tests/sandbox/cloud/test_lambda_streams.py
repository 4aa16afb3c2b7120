import random
from collections.abc import Callable, Iterable, Sequence

import pytest

from sandbox.cloud.filters import Json, parse
from sandbox.cloud.lambda_streams import NotInvoked, Record, ShardConsumer, Source
from sandbox.cloud.mappings import Settings

NOON = 1_800_000_000.0
SOURCE = Source(stream_arn="arn:stream", function_arn="arn:ring-bells", shard_id="shard-1")


def record(number: int, *, item: str = "a", sk: str = "EVT#1", at: float = NOON) -> Record:
    return {
        "eventName": "INSERT",
        "dynamodb": {
            "SequenceNumber": f"{number:03d}",
            "ApproximateCreationDateTime": at,
            "Keys": {"pk": {"S": item}},
            "NewImage": {"sk": {"S": sk}},
        },
    }


def records(count: int) -> list[Record]:
    return [record(number) for number in range(1, count + 1)]


def numbers(batch: Iterable[Record]) -> list[int]:
    return [int(one["dynamodb"]["SequenceNumber"]) for one in batch]


def failures(*sequence_numbers: int) -> dict[str, Json]:
    return {"batchItemFailures": [{"itemIdentifier": f"{one:03d}"} for one in sequence_numbers]}


class Shard:
    """A consumer with a function that can be told how to behave, and a clock that jumps."""

    def __init__(
        self, behave: Callable[[list[int]], Json] = lambda _: None, **settings: Json
    ) -> None:
        self.now = NOON
        self.seen: list[list[int]] = []
        self.given_up: list[dict[str, Json]] = []
        self.behave = behave
        self.consumer = ShardConsumer(
            Settings(**settings),
            source=SOURCE,
            invoke=self._invoke,
            on_failure=self.given_up.append,
            now=lambda: self.now,
            rng=random.Random(7),  # noqa: S311 - jitter is no secret
        )

    def _invoke(self, batch: Sequence[Record]) -> Json:
        self.seen.append(numbers(batch))
        return self.behave(self.seen[-1])

    def run(self, *offered: Record, steps: int = 100) -> list[list[int]]:
        """Offer, then step until idle, jumping over the pauses. Returns what was invoked."""
        self.consumer.offer(offered)
        for _ in range(steps):
            due = self.consumer.due_at
            if due is None:
                break
            self.now = max(self.now, due)
            assert self.consumer.step()
        return self.seen

    def lost(self) -> list[tuple[str, str, str]]:
        return [
            (
                one["requestContext"]["condition"],
                one["DDBStreamBatchInfo"]["startSequenceNumber"],
                one["DDBStreamBatchInfo"]["endSequenceNumber"],
            )
            for one in self.given_up
        ]


def raises_on(*poison: int) -> Callable[[list[int]], Json]:
    def behave(batch: list[int]) -> Json:
        if set(poison) & set(batch):
            raise RuntimeError("poison")

    return behave


def reports(*poison: int) -> Callable[[list[int]], Json]:
    return lambda batch: failures(*(one for one in batch if one in poison))


def fails_times(times: int, error: Exception) -> Callable[[list[int]], Json]:
    left = [error] * times

    def behave(_: list[int]) -> Json:
        if left:
            raise left.pop()

    return behave


def test_records_arrive_in_order_in_batches_of_the_size_asked_for() -> None:
    shard = Shard(batch_size=2)

    assert shard.run(*records(5)) == [[1, 2], [3, 4], [5]]
    assert shard.consumer.checkpoint == "005"
    assert shard.consumer.pending == 0


def test_nothing_is_due_without_records() -> None:
    shard = Shard()

    assert shard.consumer.due_at is None
    assert not shard.consumer.step()
    assert shard.consumer.checkpoint is None


def test_filtered_records_never_arrive_but_move_the_checkpoint() -> None:
    pattern = '{"dynamodb": {"NewImage": {"sk": {"S": [{"prefix": "EVT#"}]}}}}'
    shard = Shard(patterns=parse([{"Pattern": pattern}]))

    seen = shard.run(record(1), record(2, sk="HEAD"), record(3), record(4, sk="HEAD"))

    assert seen == [[1, 3]]
    assert shard.consumer.checkpoint == "004"


def test_the_checkpoint_waits_for_the_oldest_open_record() -> None:
    pattern = '{"dynamodb": {"NewImage": {"sk": {"S": ["EVT#1"]}}}}'
    shard = Shard(patterns=parse([{"Pattern": pattern}]))

    shard.consumer.offer([record(1, sk="HEAD"), record(2), record(3, sk="HEAD")])

    assert shard.consumer.checkpoint == "001"
    assert shard.consumer.pending == 1


def test_a_batching_window_gathers_until_it_ends_or_the_batch_is_full() -> None:
    shard = Shard(batch_size=3, window=5)

    shard.consumer.offer(records(2))

    assert not shard.consumer.step()
    assert shard.consumer.due_at == NOON + 5

    shard.consumer.offer([record(3)])

    assert shard.consumer.step()
    assert shard.seen == [[1, 2, 3]]


def test_a_failed_batch_is_tried_again_and_holds_back_what_follows() -> None:
    shard = Shard(fails_times(2, RuntimeError()), batch_size=2)

    assert shard.run(*records(4)) == [[1, 2], [1, 2], [1, 2], [3, 4]]
    assert shard.given_up == []


def test_pauses_between_tries_grow_and_have_an_end() -> None:
    shard = Shard(raises_on(1))
    pauses = []

    shard.consumer.offer(records(1))
    for _ in range(12):
        shard.consumer.step()
        assert not shard.consumer.step()
        pauses.append((shard.consumer.due_at or 0) - shard.now)
        shard.now += pauses[-1]

    assert 0.05 <= pauses[0] <= 0.1
    assert 5 <= pauses[-1] <= 10


def test_after_the_last_retry_the_batch_is_given_up_and_the_shard_goes_on() -> None:
    shard = Shard(raises_on(1), batch_size=2, max_retries=2)

    assert shard.run(*records(3)) == [[1, 2], [1, 2], [1, 2], [3]]
    assert shard.lost() == [("RetryAttemptsExhausted", "001", "002")]
    assert shard.consumer.checkpoint == "003"


def test_no_retries_means_one_invocation() -> None:
    shard = Shard(raises_on(1), max_retries=0)

    assert shard.run(*records(1)) == [[1]]
    assert shard.lost() == [("RetryAttemptsExhausted", "001", "001")]


def test_the_on_failure_record_holds_metadata_only() -> None:
    shard = Shard(raises_on(1), max_retries=1)

    shard.run(record(1, at=NOON - 60), record(2, at=NOON - 30))

    [given_up] = shard.given_up
    assert given_up.pop("timestamp").startswith("2027-01-15T08:00:00.")
    assert len(given_up["requestContext"].pop("requestId")) == 36
    assert given_up == {
        "requestContext": {
            "functionArn": "arn:ring-bells",
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": 2,
        },
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
        },
        "version": "1.0",
        "DDBStreamBatchInfo": {
            "shardId": "shard-1",
            "startSequenceNumber": "001",
            "endSequenceNumber": "002",
            "approximateArrivalOfFirstRecord": "2027-01-15T07:59:00Z",
            "approximateArrivalOfLastRecord": "2027-01-15T07:59:30Z",
            "batchSize": 2,
            "streamArn": "arn:stream",
        },
    }


def test_bisecting_isolates_one_poison_record() -> None:
    shard = Shard(raises_on(3), bisect=True, max_retries=1)

    assert shard.run(*records(4)) == [[1, 2, 3, 4], [1, 2], [3, 4], [3], [3], [4]]
    assert shard.lost() == [("RetryAttemptsExhausted", "003", "003")]
    assert shard.consumer.checkpoint == "004"


def test_splitting_a_batch_costs_no_retry() -> None:
    shard = Shard(raises_on(2), bisect=True, max_retries=0)

    assert shard.run(*records(4)) == [[1, 2, 3, 4], [1, 2], [1], [2], [3, 4]]
    assert shard.lost() == [("RetryAttemptsExhausted", "002", "002")]


def test_a_partial_response_restarts_at_the_lowest_reported_record() -> None:
    answers = [failures(4, 2), None]
    shard = Shard(lambda _: answers.pop(0), reports_failures=True)

    assert shard.run(*records(4)) == [[1, 2, 3, 4], [2, 3, 4]]
    assert shard.given_up == []


def test_what_precedes_the_reported_record_is_done() -> None:
    shard = Shard(reports(3), reports_failures=True)

    shard.run(*records(4), steps=1)

    assert shard.consumer.checkpoint == "002"


def test_a_partial_response_that_goes_on_costs_retries_without_bisecting() -> None:
    shard = Shard(reports(2), reports_failures=True, max_retries=2)

    assert shard.run(*records(3)) == [[1, 2, 3], [2, 3], [2, 3]]
    assert shard.lost() == [("RetryAttemptsExhausted", "002", "003")]


def test_a_reported_failure_leaves_no_function_error_in_the_record() -> None:
    shard = Shard(reports(1), reports_failures=True, max_retries=0)

    shard.run(*records(1))

    assert shard.given_up[0]["responseContext"] == {
        "statusCode": 200,
        "executedVersion": "$LATEST",
    }


def test_with_bisecting_a_partial_response_splits_at_the_reported_record() -> None:
    shard = Shard(reports(3), reports_failures=True, bisect=True, max_retries=0)

    assert shard.run(*records(5)) == [[1, 2, 3, 4, 5], [3, 4, 5], [3], [4, 5]]
    assert shard.lost() == [("RetryAttemptsExhausted", "003", "003")]


@pytest.mark.parametrize(
    "response",
    [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}],
)
def test_an_empty_response_is_a_success(response: Json) -> None:
    shard = Shard(lambda _: response, reports_failures=True)

    assert shard.run(*records(2)) == [[1, 2]]
    assert shard.consumer.checkpoint == "002"


@pytest.mark.parametrize(
    "response",
    [
        {"batchItemFailures": [{"itemIdentifier": ""}]},
        {"batchItemFailures": [{"itemIdentifier": None}]},
        {"batchItemFailures": [{"itemidentifier": "002"}]},
        {"batchItemFailures": [{"itemIdentifier": "999"}]},
        {"batchItemFailures": ["002"]},
        "done",
    ],
)
def test_an_identifier_that_says_nothing_fails_the_whole_batch(response: Json) -> None:
    shard = Shard(lambda _: response, reports_failures=True, max_retries=1)

    assert shard.run(*records(2)) == [[1, 2], [1, 2]]
    assert shard.lost() == [("RetryAttemptsExhausted", "001", "002")]


def test_without_the_response_type_the_response_means_nothing() -> None:
    shard = Shard(reports(1))

    assert shard.run(*records(2)) == [[1, 2]]
    assert shard.consumer.checkpoint == "002"


def test_an_unreachable_function_costs_no_retry() -> None:
    shard = Shard(fails_times(5, NotInvoked()), max_retries=0)

    assert len(shard.run(*records(1))) == 6
    assert shard.given_up == []


def test_an_unreachable_function_does_not_split_the_batch() -> None:
    shard = Shard(fails_times(1, NotInvoked()), bisect=True)

    assert shard.run(*records(2)) == [[1, 2], [1, 2]]


def test_a_failing_record_that_grows_too_old_is_given_up() -> None:
    shard = Shard(raises_on(1), max_age=60)

    shard.run(*records(1))

    assert shard.lost() == [("RecordAgeExceeded", "001", "001")]
    assert shard.now > NOON + 60


def test_records_too_old_before_the_first_invocation_never_arrive() -> None:
    shard = Shard(max_age=60)

    seen = shard.run(record(1, at=NOON - 61), record(2, at=NOON - 60))

    assert seen == [[2]]
    assert shard.given_up[0]["requestContext"]["approximateInvokeCount"] == 0
    assert "responseContext" not in shard.given_up[0]
    assert shard.consumer.checkpoint == "002"


def test_a_batch_wholly_too_old_invokes_nothing() -> None:
    shard = Shard(max_age=60)

    assert shard.run(record(1, at=NOON - 90)) == []
    assert shard.consumer.checkpoint == "001"


def test_parallel_lanes_keep_the_order_of_each_item() -> None:
    shard = Shard(parallel=4, batch_size=3)
    items = {number: f"item-{number % 5}" for number in range(1, 41)}

    seen = shard.run(*[record(number, item=item) for number, item in items.items()])

    flat = [number for batch in seen for number in batch]
    assert sorted(flat) == list(items)
    for item in set(items.values()):
        mine = [number for number in flat if items[number] == item]
        assert mine == sorted(mine)
    assert shard.consumer.checkpoint == "040"


def test_a_blocked_lane_does_not_hold_back_the_others() -> None:
    shard = Shard(raises_on(1), parallel=4, batch_size=1)
    offered = [record(number, item=f"item-{number}") for number in range(1, 21)]

    shard.consumer.offer(offered)
    while shard.consumer.step():
        pass

    seen = {number for batch in shard.seen for number in batch}
    assert len(seen) > 10
    assert shard.consumer.checkpoint is None


def test_settings_come_from_the_template_with_lambdas_defaults() -> None:
    properties = {
        "Stream": {"Fn::GetAtt": ["OrdersTable", "StreamArn"]},
        "StartingPosition": "TRIM_HORIZON",
        "BatchSize": 10,
        "BisectBatchOnFunctionError": True,
        "MaximumRetryAttempts": 8,
        "MaximumRecordAgeInSeconds": 3600,
        "MaximumBatchingWindowInSeconds": 1,
        "ParallelizationFactor": 2,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "FilterCriteria": {"Filters": [{"Pattern": '{"eventName": ["INSERT"]}'}]},
        "DestinationConfig": {"OnFailure": {"Type": "SQS", "Destination": {"Ref": "Dead"}}},
    }

    assert Settings.of(properties) == Settings(
        batch_size=10,
        starting_position="TRIM_HORIZON",
        bisect=True,
        max_retries=8,
        max_age=3600,
        window=1,
        parallel=2,
        reports_failures=True,
        patterns=({"eventName": ["INSERT"]},),
        on_failure={"Ref": "Dead"},
    )
    assert Settings.of({"Stream": "arn"}) == Settings(batch_size=100, max_retries=-1, max_age=-1)


def test_a_setting_that_is_not_simulated_is_refused() -> None:
    with pytest.raises(ValueError, match="TumblingWindowInSeconds"):
        Settings.of({"Stream": "arn", "TumblingWindowInSeconds": 5})
