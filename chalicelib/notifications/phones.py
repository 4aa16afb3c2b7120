"""The border to SNS mobile push: devices become endpoints, messages go to them.

An application per push service is made by hand, since CloudFormation knows no such resource; where
they are stands in the parameter `push`. Without it nobody is pushed to, and nothing else suffers.
https://docs.aws.amazon.com/sns/latest/dg/mobile-push-send-devicetoken.html
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core import aws, secrets
from chalicelib.core.errors import UnavailableError
from chalicelib.core.telemetry import log, name_of
from chalicelib.notifications.errors import TokenRefusedError
from chalicelib.notifications.payloads import Letter

INVALID = "InvalidParameter"
GONE = frozenset({"EndpointDisabled", "NotFound"})
NO_ENDPOINT = "No endpoint found"
TAKEN = re.compile(r"Endpoint (arn:\S+:endpoint/\S+) already exists")
"""SNS tells of the endpoint that has a token already in words alone."""


def applications() -> Mapping[str, str]:
    """The ARNs of the platform applications by platform; empty where there are none yet."""
    return secrets.find("push") or {}


def enlist(platform: str, token: str, known: str | None = None) -> str | None:
    """The endpoint of a token, enabled; None where the platform has no application.

    As the guide has it: create (or take the one that is known), look, set right. Safe to repeat.
    Raises TokenRefusedError (400) for what the push service would never give out, and
    UnavailableError (503).
    """
    application = applications().get(platform)
    if application is None:
        return None
    try:
        return _enlisted(application, token, known)
    except ClientError as error:
        if _code(error) == INVALID:
            raise TokenRefusedError from error
        raise UnavailableError from error
    except BotoCoreError as error:
        raise UnavailableError from error


def _enlisted(application: str, token: str, known: str | None) -> str:
    arn = known or _create(application, token)
    held = _held(arn)
    if held is None:
        arn = _create(application, token)
        held = _held(arn) or {}
    if held.get("Token") != token or held.get("Enabled", "").lower() != "true":
        arn = _or_whose_it_is(lambda: _set_right(arn, token)) or arn
    return arn


def _create(application: str, token: str) -> str:
    made: dict[str, str] = {}

    def create() -> None:
        made.update(
            _sns().create_platform_endpoint(PlatformApplicationArn=application, Token=token)
        )

    return _or_whose_it_is(create) or made["EndpointArn"]


def _set_right(arn: str, token: str) -> None:
    _sns().set_endpoint_attributes(EndpointArn=arn, Attributes={"Token": token, "Enabled": "true"})


def _or_whose_it_is(act: Callable[[], None]) -> str | None:
    """Act. The endpoint that has the token already, where that is why SNS refuses."""
    try:
        act()
    except ClientError as error:
        taken = TAKEN.search(error.response["Error"].get("Message", ""))
        if _code(error) != INVALID or taken is None:
            raise
        return taken[1]
    return None


def _held(arn: str) -> Mapping[str, str] | None:
    try:
        attributes: dict[str, str] = _sns().get_endpoint_attributes(EndpointArn=arn)["Attributes"]
    except ClientError as error:
        if _code(error) != "NotFound":
            raise
        return None
    return attributes


def dismiss(arn: str) -> None:
    """Forget an endpoint. One that stays behind is told nothing, since nobody names it any more."""
    try:
        _sns().delete_endpoint(EndpointArn=arn)
    except (BotoCoreError, ClientError) as error:
        log("An endpoint stayed behind", code=name_of(error))


def push(arn: str, letter: Letter) -> bool:
    """Hand a message to an endpoint. False: its device is gone.

    Raises UnavailableError for whatever may be otherwise the next time: a throttle, an outage.
    """
    try:
        _sns().publish(
            TargetArn=arn,
            MessageStructure="json",
            Message=letter.message,
            MessageAttributes=letter.attributes,
        )
    except ClientError as error:
        if _is_gone(error):
            return False
        raise UnavailableError from error
    except BotoCoreError as error:
        raise UnavailableError from error
    return True


def _is_gone(error: ClientError) -> bool:
    """Of a deleted endpoint SNS says either that it is not found, or that its ARN is invalid."""
    missing = NO_ENDPOINT in error.response["Error"].get("Message", "")
    return _code(error) in GONE or (_code(error) == INVALID and missing)


def _code(error: ClientError) -> str:
    return str(error.response["Error"].get("Code", ""))


def _sns() -> Any:  # noqa: ANN401 - boto3 builds its clients at run time
    return aws.client("sns")
