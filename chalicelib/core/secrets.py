"""Secrets: SSM SecureStrings, cached for five minutes, never in the environment.

A secret that cannot be read is an outage (503), never a default.
"""

import json
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.parameters import SSMProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

from chalicelib.core import aws
from chalicelib.core.errors import UnavailableError
from chalicelib.core.settings import settings

MAX_AGE = 300


@cache
def _provider() -> SSMProvider:
    return SSMProvider(boto3_client=aws.client("ssm"))


def read(name: str) -> dict[str, Any]:
    """The secret of that name: an object with the fields that its user expects."""
    try:
        text = _provider().get(f"{settings().parameters}/{name}", max_age=MAX_AGE, decrypt=True)
        found = json.loads(str(text))
    except (GetParameterError, ValueError) as error:
        raise UnavailableError from error
    if not isinstance(found, dict):
        raise UnavailableError
    return found


def forget() -> None:
    """Read everything anew the next time."""
    _provider.cache_clear()
