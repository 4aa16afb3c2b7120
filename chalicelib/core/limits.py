"""Rate limits where a route costs money: fixed windows, counted in one conditional write.

Headers follow the IETF draft `RateLimit`/`RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers).
"""

import math
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core import clock, dynamo
from chalicelib.core.errors import TooManyError, UnavailableError
from chalicelib.core.settings import settings


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls of one principal in so many wall seconds."""

    name: str
    calls: int
    seconds: int

    @property
    def policy(self) -> str:
        return f'"{self.name}";q={self.calls};w={self.seconds}'


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of a limit, and the seconds until it is whole again."""

    limit: Limit
    left: int
    resets_in: int

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Policy": self.limit.policy,
            "RateLimit": f'"{self.limit.name}";r={self.left};t={self.resets_in}',
        }


def spend(limit: Limit, principal: str) -> Standing:
    """Count one call.

    Raises TooManyError (429) above the limit, and UnavailableError (503) when the counter cannot be
    reached: a route that costs money fails closed.
    """
    window = int(clock.wall_now() // limit.seconds)
    ends = (window + 1) * limit.seconds
    try:
        answer = dynamo.client().update_item(
            TableName=settings().table("control"),
            Key={"pk": {"S": f"LIMIT#{limit.name}#{principal}"}, "sk": {"S": f"W#{window}"}},
            UpdateExpression="ADD calls :one SET expires_at = :forget, v = :v",
            ExpressionAttributeValues={
                ":one": {"N": "1"},
                ":v": {"N": "1"},
                ":forget": {"N": str(ends + limit.seconds)},
            },
            ReturnValues="UPDATED_NEW",
        )
    except (BotoCoreError, ClientError) as error:
        raise UnavailableError from error
    calls = int(answer["Attributes"]["calls"]["N"])
    resets_in = max(1, math.ceil(ends - clock.wall_now()))
    if calls > limit.calls:
        raise TooManyError(retry_after=resets_in)
    return Standing(limit, limit.calls - calls, resets_in)
