"""Bring the packaged template into the embedded cloud: the stack AWS would get, see adapt.py."""

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from infra.packaging import Package
from sandbox.cloud import afterwards
from sandbox.cloud.adapt import adapt
from sandbox.cloud.ministack import Client, Cloud

STACK = "ieum-sandbox"
_BUCKET = "ieum-sandbox-packages"
_NOTHING_TO_DO = "No updates are to be performed"
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]


class DeployFailed(Exception):  # noqa: N818 - it names what happened
    """The stack did not come up. The message names the resource and its reason."""


@dataclass(frozen=True)
class Deployment:
    """What the stack holds now. Names are by the template's logical ids."""

    endpoint: str
    stack: str
    api_url: str
    stage: str
    outputs: Mapping[str, str]
    tables: Mapping[str, str]
    queues: Mapping[str, str]
    functions: Mapping[str, str]
    pool_id: str
    client_ids: Mapping[str, str]
    physical: Mapping[str, str]
    parameters_path: str


def deploy(
    cloud: Cloud,
    package: Package,
    *,
    stack: str = STACK,
    parameters: Mapping[str, str] | None = None,
    secrets: Mapping[str, Mapping[str, Any]] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Deployment:
    """Create or update the stack in place: ids and data stay.

    ``parameters`` are the template's; one that the template does not know is an error.
    ``secrets`` go to SSM as SecureStrings of JSON under ``/ieum/<stack>/<name>`` before the first
    function can run; the signing key is made once and kept, unless given here as ``signing``.
    Raises DeployFailed.
    """
    path = f"/ieum/{stack}"
    packaged = package.template()
    _expect_whole(packaged)
    template = adapt(packaged)
    unknown = (parameters or {}).keys() - template.get("Parameters", {}).keys()
    if unknown:
        raise DeployFailed(f"The template has no parameter {', '.join(sorted(unknown))}.")
    afterwards.put_secrets(cloud, path, secrets or {})
    _point_to_code(template, _upload(cloud, package))
    _apply(cloud, stack, _upload_template(cloud, template), parameters or {}, say)
    deployment = _describe(cloud, stack, template, path)
    afterwards.set_time_to_live(cloud, template, deployment.tables)
    afterwards.answer_preflights(cloud, template, deployment.physical)
    afterwards.answer_for_the_gateway(cloud, template, deployment.physical)
    return deployment


def _expect_whole(template: Mapping[str, Any]) -> None:
    """A misspelt name in the overlay merges silently, into a resource that is of no type."""
    halves = sorted(name for name, it in template["Resources"].items() if "Type" not in it)
    if halves:
        raise DeployFailed(
            f"infra/template.yaml names {', '.join(halves)}, but app.py has no such handler."
        )


def _upload(cloud: Cloud, package: Package) -> str:
    """Keyed by content, so that unchanged code leaves the functions and their workers alone."""
    s3 = cloud.client("s3")
    content = package.zip.read_bytes()
    key = f"code/{hashlib.sha256(content).hexdigest()[:20]}.zip"
    # After a loss of its state the embedded cloud still finds the bucket on its disk.
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=_BUCKET)
    s3.put_object(Bucket=_BUCKET, Key=key, Body=content)
    return f"s3://{_BUCKET}/{key}"


def _upload_template(cloud: Cloud, template: dict[str, Any]) -> str:
    # A template in the request itself ends at 51,200 bytes, on AWS as here.
    s3 = cloud.client("s3")
    s3.put_object(Bucket=_BUCKET, Key="template.json", Body=json.dumps(template).encode())
    return f"{cloud.endpoint}/{_BUCKET}/template.json"


def _point_to_code(template: dict[str, Any], code_uri: str) -> None:
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = code_uri


def _apply(
    cloud: Cloud,
    stack: str,
    template_url: str,
    parameters: Mapping[str, str],
    say: Callable[[str], None],
) -> None:
    cloudformation = cloud.client("cloudformation")
    exists = _exists(cloudformation, stack)
    request = {
        "StackName": stack,
        "TemplateURL": template_url,
        "Capabilities": _CAPABILITIES,
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
        ],
    }
    say("updating the stack" if exists else "creating the stack")
    try:
        if exists:
            cloudformation.update_stack(**request)
        else:
            cloudformation.create_stack(**request)
    except ClientError as error:
        if _NOTHING_TO_DO in str(error):
            return
        raise DeployFailed(f"The template was refused: {error}") from error
    waiter = cloudformation.get_waiter(f"stack_{'update' if exists else 'create'}_complete")
    try:
        waiter.wait(StackName=stack, WaiterConfig={"Delay": 0.2, "MaxAttempts": 600})
    except WaiterError as error:
        raise DeployFailed(_reason(cloudformation, stack)) from error


def _exists(cloudformation: Client, stack: str) -> bool:
    try:
        [found] = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error):
            return False
        raise
    if found["StackStatus"] in {"ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_FAILED"}:
        # A stack that never came up can only be removed.
        cloudformation.delete_stack(StackName=stack)
        cloudformation.get_waiter("stack_delete_complete").wait(
            StackName=stack, WaiterConfig={"Delay": 0.2, "MaxAttempts": 300}
        )
        return False
    return True


def _reason(cloudformation: Client, stack: str) -> str:
    """The first failure, which is the cause: the later ones are only cancelled by it."""
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    for event in reversed(events):
        reason = event.get("ResourceStatusReason", "")
        if event["ResourceStatus"].endswith("_FAILED") and "cancelled" not in reason:
            return f"{event['LogicalResourceId']} ({event['ResourceType']}) failed: {reason}"
    return f"{stack} failed without a reason."


def _describe(cloud: Cloud, stack: str, template: dict[str, Any], path: str) -> Deployment:
    cloudformation = cloud.client("cloudformation")
    [found] = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    resources = [one for page in pages for one in page["StackResourceSummaries"]]

    def of(kind: str) -> dict[str, str]:
        return _by_logical_id(one for one in resources if one["ResourceType"] == kind)

    physical = _by_logical_id(resources)
    stage = template["Resources"]["RestAPI"]["Properties"]["StageName"]
    return Deployment(
        endpoint=cloud.endpoint,
        stack=stack,
        api_url=f"{cloud.endpoint}/restapis/{physical['RestAPI']}/{stage}/_user_request_",
        stage=stage,
        outputs={one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])},
        tables=of("AWS::DynamoDB::Table"),
        queues=of("AWS::SQS::Queue"),
        functions=of("AWS::Lambda::Function"),
        pool_id=next(iter(of("AWS::Cognito::UserPool").values()), ""),
        client_ids=of("AWS::Cognito::UserPoolClient"),
        physical=physical,
        parameters_path=path,
    )


def _by_logical_id(resources: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in resources}
