"""What queues and event sources promise, read back from the packaged template."""

import json
from typing import Any

import pytest

from chalicelib.payments import events as payment_events
from tests.infra.conftest import Packaged
from tests.infra.test_names import SWEEPS

LIVE = {
    "PaymentBells": "SettlePayments",
    "CourierBells": "DispatchCouriers",
    "WebhookBells": "SendWebhooks",
    "PushBells": "PushNotifications",
}
DEAD = "BellsDead"
STREAMS = {"NewsTable", "OrdersTable", "PaymentsTable", "CouriersTable"}
FORTNIGHT = 14 * 24 * 3600


def sources(packaged: Packaged, function: str) -> list[dict[str, Any]]:
    found = packaged.of_type("AWS::Lambda::EventSourceMapping").values()
    return [source for source in found if source["FunctionName"] == {"Ref": function}]


def streams(packaged: Packaged) -> list[dict[str, Any]]:
    found = sources(packaged, "RingBells")
    assert len(found) == len(STREAMS)
    return found


@pytest.mark.parametrize("name", [*LIVE, DEAD])
def test_a_queue_is_encrypted(packaged: Packaged, name: str) -> None:
    assert packaged.resource(name)["SqsManagedSseEnabled"] is True


def test_what_was_given_up_is_kept_for_a_fortnight(packaged: Packaged) -> None:
    assert packaged.resource(DEAD)["MessageRetentionPeriod"] == FORTNIGHT


@pytest.mark.parametrize("name", LIVE)
def test_a_message_is_given_up_after_five_attempts(packaged: Packaged, name: str) -> None:
    redrive = packaged.resource(name)["RedrivePolicy"]

    dead = {"Fn::GetAtt": [DEAD, "Arn"]}
    assert redrive == {"deadLetterTargetArn": dead, "maxReceiveCount": 5}


@pytest.mark.parametrize(("name", "function"), LIVE.items())
def test_a_message_is_hidden_for_six_times_its_functions_time_out(
    packaged: Packaged, name: str, function: str
) -> None:
    hidden = packaged.resource(name)["VisibilityTimeout"]

    assert hidden == 6 * packaged.resource(function)["Timeout"]


@pytest.mark.parametrize(("name", "function"), LIVE.items())
def test_a_queue_has_one_consumer_that_says_which_messages_failed(
    packaged: Packaged, name: str, function: str
) -> None:
    [source] = sources(packaged, function)

    assert source["EventSourceArn"] == {"Fn::Sub": f"${{{name}.Arn}}"}
    alone = name == "WebhookBells"  # who does not answer must hold up no other's message
    assert source["BatchSize"] == (1 if alone else 10)
    assert source["MaximumBatchingWindowInSeconds"] == 0
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert 2 <= source["ScalingConfig"]["MaximumConcurrency"] <= (200 if alone else 20)


def test_every_stream_rings_bells(packaged: Packaged) -> None:
    heard = {source["EventSourceArn"]["Fn::GetAtt"][0] for source in streams(packaged)}

    assert heard == STREAMS


def test_a_stream_is_read_from_its_beginning_in_batches_without_waiting(packaged: Packaged) -> None:
    for source in streams(packaged):
        assert source["StartingPosition"] == "TRIM_HORIZON"
        assert source["BatchSize"] == 100
        assert source["MaximumBatchingWindowInSeconds"] == 0
        assert source["ParallelizationFactor"] == 2


def test_one_bad_record_is_set_apart_and_given_up_in_the_end(packaged: Packaged) -> None:
    for source in streams(packaged):
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert source["BisectBatchOnFunctionError"] is True
        assert source["MaximumRetryAttempts"] == 8
        assert source["MaximumRecordAgeInSeconds"] == 6 * 3600
        destination = source["DestinationConfig"]["OnFailure"]["Destination"]
        assert destination == {"Fn::GetAtt": [DEAD, "Arn"]}


def test_only_new_events_wake_the_bell_ringer(packaged: Packaged) -> None:
    for source in streams(packaged):
        [pattern] = source["FilterCriteria"]["Filters"]
        assert json.loads(pattern["Pattern"]) == {
            "eventName": ["INSERT"],
            "dynamodb": {"NewImage": {"sk": {"S": [{"prefix": "EVT#"}]}}},
        }


def test_the_comparison_with_stripe_is_woken_every_hour_and_ends_before_it_is_cut_off(
    packaged: Packaged,
) -> None:
    rules = packaged.of_type("AWS::Events::Rule").values()
    function = {"Fn::GetAtt": ["ReconcilePayments", "Arn"]}

    [rule] = [r for r in rules if r["Targets"][0]["Arn"] == function]

    assert rule["ScheduleExpression"] == "rate(1 hour)"
    seconds = packaged.functions["ReconcilePayments"]["Timeout"]
    assert seconds >= payment_events.RECONCILING_SECONDS + 60


@pytest.mark.parametrize("name", SWEEPS)
def test_a_sweep_runs_every_minute_and_is_not_tried_again(packaged: Packaged, name: str) -> None:
    rules = packaged.of_type("AWS::Events::Rule").values()
    again = packaged.of_type("AWS::Lambda::EventInvokeConfig")[f"{name}EventInvokeConfig"]

    [rule] = [r for r in rules if r["Targets"][0]["Arn"] == {"Fn::GetAtt": [name, "Arn"]}]
    assert rule["ScheduleExpression"] == "rate(1 minute)"
    assert again["MaximumRetryAttempts"] == 0
    assert again["MaximumEventAgeInSeconds"] == 60
