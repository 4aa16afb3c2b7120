import copy
from typing import Any

from sandbox.cloud.adapt import adapt
from sandbox.cloud.mappings import stream_mappings

STREAM = {
    "Stream": {"Fn::GetAtt": ["OrdersTable", "StreamArn"]},
    "StartingPosition": "TRIM_HORIZON",
}


def function(**events: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON of a template
    return {"Type": "AWS::Serverless::Function", "Properties": {"Events": events}}


def template(**resources: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON of a template
    return {"Resources": resources}


def test_stream_events_are_disabled() -> None:
    given = template(RingBells=function(Orders={"Type": "DynamoDB", "Properties": STREAM}))

    adapted = adapt(given)

    event = adapted["Resources"]["RingBells"]["Properties"]["Events"]["Orders"]
    assert event["Properties"] == {**STREAM, "Enabled": False}


def test_stream_mappings_of_their_own_are_disabled_and_those_of_queues_are_not() -> None:
    stream = {"EventSourceArn": "stream", "FunctionName": "f", "StartingPosition": "LATEST"}
    queue = {"EventSourceArn": "queue", "FunctionName": "f"}
    kind = "AWS::Lambda::EventSourceMapping"

    adapted = adapt(
        template(
            A={"Type": kind, "Properties": stream},
            B={"Type": kind, "Properties": queue},
        )
    )

    assert adapted["Resources"]["A"]["Properties"]["Enabled"] is False
    assert adapted["Resources"]["B"]["Properties"] == queue


def test_schedules_are_disabled() -> None:
    schedule = {"Type": "Schedule", "Properties": {"Schedule": "rate(1 minute)"}}

    adapted = adapt(template(Sweep=function(Every=schedule)))

    event = adapted["Resources"]["Sweep"]["Properties"]["Events"]["Every"]
    assert event["Properties"]["Enabled"] is False


def test_websocket_stages_deploy_themselves() -> None:
    given = template(
        Deployment={"Type": "AWS::ApiGatewayV2::Deployment", "Properties": {}},
        Stage={
            "Type": "AWS::ApiGatewayV2::Stage",
            "Properties": {"DeploymentId": {"Ref": "Deployment"}, "StageName": "v1"},
            "DependsOn": ["Deployment", "Api"],
        },
    )

    adapted = adapt(given)

    assert adapted["Resources"] == {
        "Stage": {
            "Type": "AWS::ApiGatewayV2::Stage",
            "Properties": {"StageName": "v1", "AutoDeploy": True},
            "DependsOn": ["Api"],
        }
    }


def test_nothing_else_changes_and_the_given_template_stays() -> None:
    given = template(
        Table={"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "x"}, "DependsOn": "Q"},
        Settle=function(Queue={"Type": "SQS", "Properties": {"Queue": "arn"}}),
        Sweep=function(Every={"Type": "Schedule", "Properties": {"Schedule": "rate(1 minute)"}}),
    )
    before = copy.deepcopy(given)

    adapted = adapt(given)

    assert given == before
    for untouched in ("Table", "Settle"):
        assert adapted["Resources"][untouched] == before["Resources"][untouched]


def test_the_pump_reads_both_kinds_of_mappings_from_the_template_as_packaged() -> None:
    own = {"EventSourceArn": {"Fn::GetAtt": ["P", "StreamArn"]}, "FunctionName": {"Ref": "F"}}
    given = template(
        RingBells=function(
            Orders={"Type": "DynamoDB", "Properties": STREAM},
            Off={"Type": "DynamoDB", "Properties": {**STREAM, "Enabled": False}},
            Queue={"Type": "SQS", "Properties": {"Queue": "arn"}},
        ),
        Payments={
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {**own, "StartingPosition": "TRIM_HORIZON"},
        },
    )

    found = list(stream_mappings(given))

    assert [one.name for one in found] == ["RingBells/Orders", "Payments"]
    assert found[0].function == {"Ref": "RingBells"}
    assert found[1].stream == own["EventSourceArn"]


def test_who_may_send_a_message_may_send_a_batch_of_them() -> None:
    def role(*actions: str | list[str]) -> dict[str, Any]:
        statements = [{"Effect": "Allow", "Action": action} for action in actions]
        policy = {"PolicyDocument": {"Statement": statements}}
        return {"Type": "AWS::IAM::Role", "Properties": {"Policies": [policy]}}

    given = template(Ring=role("sqs:SendMessage", ["sqs:ReceiveMessage"], ["sqs:SendMessage"]))

    adapted = adapt(given)

    [policy] = adapted["Resources"]["Ring"]["Properties"]["Policies"]
    batches = ["sqs:SendMessage", "sqs:SendMessageBatch"]
    actions = [one["Action"] for one in policy["PolicyDocument"]["Statement"]]
    assert actions == [batches, ["sqs:ReceiveMessage"], batches]


def test_a_queue_with_two_hundred_workers_gets_by_with_few() -> None:
    wide = {"Queue": "q", "BatchSize": 1, "ScalingConfig": {"MaximumConcurrency": 200}}
    usual = {"Queue": "q", "BatchSize": 10, "ScalingConfig": {"MaximumConcurrency": 10}}
    events = [{"Type": "SQS", "Properties": one} for one in (wide, usual)]

    adapted = adapt(template(Wide=function(Q=events[0]), Usual=function(Q=events[1])))

    found = {
        name: it["Properties"]["Events"]["Q"]["Properties"]
        for name, it in adapted["Resources"].items()
    }
    assert found["Usual"] == usual
    assert found["Wide"] == {
        "Queue": "q", "BatchSize": 1, "ScalingConfig": {"MaximumConcurrency": 10},
    }  # fmt: skip
