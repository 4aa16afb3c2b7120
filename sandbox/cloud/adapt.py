"""The only differences between the template on AWS and the one in the embedded cloud."""

import copy
from collections.abc import Iterator
from typing import Any

from sandbox.cloud.mappings import is_stream_mapping

MOST_WORKERS = 10

type Template = dict[str, Any]
type Properties = dict[str, Any]


def adapt(template: Template) -> Template:
    """The template as the embedded cloud can run it. The argument stays as it was.

    Each change has a function of its own below, with its reason.
    """
    adapted = copy.deepcopy(template)
    _leave_streams_to_the_pump(adapted)
    _leave_schedules_to_the_ticker(adapted)
    _let_websocket_stages_deploy_themselves(adapted)
    _let_senders_send_batches(adapted)
    _let_few_workers_do(adapted)
    return adapted


def _leave_streams_to_the_pump(template: Template) -> None:
    """Mappings of streams are created disabled.

    The embedded cloud loses records that are reported as failed, retries without end and never
    bisects; the pump (pump.py) serves the mappings with Lambda's own semantics.
    """
    for properties in _events(template, "DynamoDB"):
        properties["Enabled"] = False
    for resource in template["Resources"].values():
        if is_stream_mapping(resource):
            resource["Properties"]["Enabled"] = False


def _leave_schedules_to_the_ticker(template: Template) -> None:
    """Schedules are created disabled.

    The embedded cloud looks at its rules every 10 s only, and the city's clock may run faster
    than the wall's: the ticker (ticker.py) invokes the functions on time.
    """
    for properties in _events(template, "Schedule"):
        properties["Enabled"] = False


def _let_websocket_stages_deploy_themselves(template: Template) -> None:
    """``AWS::ApiGatewayV2::Deployment`` is unknown to the embedded cloud: ``AutoDeploy`` it is."""
    resources = template["Resources"]
    gone = {name for name, it in resources.items() if it["Type"] == "AWS::ApiGatewayV2::Deployment"}
    for name in gone:
        del resources[name]
    for resource in resources.values():
        if resource["Type"] == "AWS::ApiGatewayV2::Stage":
            resource["Properties"].pop("DeploymentId", None)
            resource["Properties"]["AutoDeploy"] = True
        _forget(resource, gone)


def _let_senders_send_batches(template: Template) -> None:
    """Who may send a message may send ten at once.

    On AWS ``sqs:SendMessage`` covers both; the embedded cloud asks for ``sqs:SendMessageBatch``.
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
    """
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::IAM::Role":
            for policy in resource["Properties"].get("Policies", []):
                for statement in policy["PolicyDocument"]["Statement"]:
                    _add_batches(statement)


def _let_few_workers_do(template: Template) -> None:
    """A queue that hands over to two hundred workers at once has few of them.

    Each worker is a process of 50 MB here, which takes seconds to begin; on AWS they cost nothing.
    How many messages each is given stays, since one that waits for a receiver keeps all of them.
    """
    for properties in _events(template, "SQS"):
        scaling = properties.get("ScalingConfig", {})
        if scaling.get("MaximumConcurrency", 0) > MOST_WORKERS:
            properties["ScalingConfig"] = {**scaling, "MaximumConcurrency": MOST_WORKERS}


def _add_batches(statement: dict[str, Any]) -> None:
    actions = statement.get("Action", [])
    actions = [actions] if isinstance(actions, str) else actions
    if "sqs:SendMessage" in actions:
        statement["Action"] = [*actions, "sqs:SendMessageBatch"]


def _forget(resource: dict[str, Any], gone: set[str]) -> None:
    needed = resource.get("DependsOn", [])
    names = {needed} if isinstance(needed, str) else set(needed)
    if names & gone:
        resource["DependsOn"] = sorted(names - gone)


def _events(template: Template, kind: str) -> Iterator[Properties]:
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            for event in resource["Properties"].get("Events", {}).values():
                if event["Type"] == kind:
                    yield event["Properties"]
