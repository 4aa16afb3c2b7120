"""Who asks what of AWS, and what a role allows: both under the names that calls use."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from infra.expanded import as_list, granted
from tests.infra.conftest import Packaged
from tests.infra.test_names import FUNCTIONS

type Permission = tuple[str, str]

OWN, OWN_NAME = "test", "${AWS::StackName}"
"""The name of a platform application: the stack's own."""

PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"}


S3 = {"HeadObject": "GetObject"}
"""What a call of S3 needs where that is not named as the call."""


def needed(operation: str, said: dict[str, Any]) -> Iterator[Permission]:
    """The permissions that a call asks for, with the resource's name behind the stack's."""
    if operation == "TransactWriteItems":
        for part in said["TransactItems"]:
            [(verb, about)] = part.items()
            yield f"dynamodb:{PARTS.get(verb, 'ConditionCheckItem')}", _table(about)
    elif operation == "BatchGetItem":
        for table in said["RequestItems"]:
            yield "dynamodb:BatchGetItem", _table({"TableName": table})
    elif operation == "GetParameter":
        yield "ssm:GetParameter", said["Name"].rpartition("/")[2]
    elif arn := _of_messages(said):
        service = "ses" if "FromEmailAddress" in said else "sns"
        yield f"{service}:{operation}", arn
    elif "UserPoolId" in said:
        yield f"cognito-idp:{operation}", "UserPool"
    elif "Bucket" in said:
        yield f"s3:{S3.get(operation, operation)}", said["Key"].partition("/")[0]
    elif "QueueUrl" in said:
        yield f"sqs:{operation.removesuffix('Batch')}", said["QueueUrl"].rpartition("/")[2]
    else:
        index = f"/index/{said['IndexName']}" if "IndexName" in said else ""
        yield f"dynamodb:{operation}", _table(said) + index


def _of_messages(said: dict[str, Any]) -> str | None:
    """What a call of SNS or SES is about: an address, a phone, the application of a platform."""
    if said.keys() & {"PhoneNumber", "FromEmailAddress"}:
        return "*"
    if arn := said.get("TargetArn") or said.get("EndpointArn"):
        return "*" if f"/{OWN}/" in arn else str(arn)
    if arn := said.get("PlatformApplicationArn"):
        return OWN_NAME if arn.endswith(f"/{OWN}") else str(arn)
    return None


def _table(said: dict[str, Any]) -> str:
    return str(said["TableName"].partition("-")[2])


def allowed(packaged: Packaged, function: str) -> set[Permission]:
    """What a function's role allows, under the same names."""
    return {
        (action, _name(packaged, resource))
        for statement in granted(packaged.expanded, FUNCTIONS[function])
        if statement["Effect"] == "Allow"
        for action in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    }


def _name(packaged: Packaged, resource: dict[str, Any] | str) -> str:
    """A resource of a statement, by the name that calls use."""
    if isinstance(resource, str):
        return resource
    if "Fn::GetAtt" in resource:
        logical = resource["Fn::GetAtt"][0]
        table = packaged.resource(logical).get("TableName", {}).get("Fn::Sub")
        return table.partition("-")[2] if table else str(logical)
    text = str(resource["Fn::Sub"])
    if "/index/" in text:
        logical, _, index = text.removeprefix("${").partition(".Arn}")
        return _name(packaged, {"Fn::GetAtt": [logical]}) + index
    if text.startswith("${ImagesBucket.Arn}"):
        return text.split("/")[1]
    return text.rpartition("/")[2]


class Recorder:
    """Notes what is asked of AWS, and by which function."""

    def __init__(self) -> None:
        self.running = ""
        self.asked: dict[str, set[Permission]] = {name: set() for name in FUNCTIONS}

    def calling(self, call: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(call)
        def noted(client: object, operation: str, said: dict[str, Any]) -> Any:  # noqa: ANN401 - botocore's answer
            if self.running:
                self.asked[self.running].update(needed(operation, said))
            return call(client, operation, said)

        return noted

    def signing(self, sign: Callable[..., str], call: str = "PutObject") -> Callable[..., str]:
        """What is signed for somebody else is done under the permissions of who signs."""

        @wraps(sign)
        def noted(key: str, *given: object) -> str:
            said = {"Bucket": "b", "Key": key}
            self.asked[self.running].update(needed(call, said))
            return sign(key, *given)

        return noted

    def playing(self, function: str, handler: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: object) -> Any:  # noqa: ANN401 - the handler's answer
            self.running = function
            try:
                return handler(*given)
            finally:
                self.running = ""

        return run
