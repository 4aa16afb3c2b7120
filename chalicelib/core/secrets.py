"""Secrets: SSM SecureStrings, cached for five minutes, never in the environment.

A secret that cannot be read is an outage (503), never a default.
"""

import json
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.parameters import SSMProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.exceptions import ClientError

from chalicelib.core import aws, clock
from chalicelib.core.errors import UnavailableError
from chalicelib.core.settings import settings

MAX_AGE = 300

_known: dict[str, tuple[float, dict[str, Any]]] = {}
"""Secrets that were read, and until when they count. By our own clock: Powertools has another."""
_absent: dict[str, float] = {}
"""Secrets that were not there, and until when nobody asks for them again."""


@cache
def _provider() -> SSMProvider:
    return SSMProvider(boto3_client=aws.client("ssm"))


def read(name: str) -> dict[str, Any]:
    """The secret of that name: an object with the fields that its user expects."""
    until, known = _known.get(name, (0.0, {}))
    if until > clock.wall_now():
        return known
    path = f"{settings().parameters}/{name}"
    try:
        text = _provider().get(path, decrypt=True, force_fetch=True)
        found = json.loads(str(text))
    except (GetParameterError, ValueError) as error:
        raise UnavailableError from error
    if not isinstance(found, dict):
        raise UnavailableError
    _known[name] = (clock.wall_now() + MAX_AGE, found)
    return found


def find(name: str) -> dict[str, Any] | None:
    """The secret of that name, or None where none was ever stored: for what may be left out.

    Raises UnavailableError for a secret that is there and cannot be read.
    """
    if _absent.get(name, 0) > clock.wall_now():
        return None
    try:
        return read(name)
    except UnavailableError as error:
        if not _is_absence(error.__cause__):
            raise
        _absent[name] = clock.wall_now() + MAX_AGE
        return None


def _is_absence(error: BaseException | None) -> bool:
    """Powertools tells what SSM said only by what it was handling then."""
    said = error.__context__ if isinstance(error, GetParameterError) else None
    return isinstance(said, ClientError) and said.response["Error"]["Code"] == "ParameterNotFound"


def forget() -> None:
    """Read everything anew the next time."""
    _known.clear()
    _absent.clear()
    _provider.cache_clear()
