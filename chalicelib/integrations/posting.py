"""One call to a receiver, and what its answer means."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import cache

from chalicelib.core import clock
from chalicelib.core.egress import Egress, Refused, Reply, Unreachable
from chalicelib.core.settings import settings
from chalicelib.integrations.message_schemas import Attempt

TOTAL_SECONDS = 10.0
SHOWN_CHARACTERS = 200
UNPRINTABLE = re.compile(r"[^\x20-\x7e]")
GONE = 410
NOT_ECHOED = "not_echoed"

type Post = Callable[[str, Mapping[str, str], bytes], Reply]
"""Posts a body with headers to a URL. Raises Refused and Unreachable, as the egress does."""


class Verdict(StrEnum):
    """What an answer means for a message."""

    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call. `retry_after` is in wall seconds, since it is the receiver's."""

    verdict: Verdict
    attempt: Attempt
    retry_after: float | None = None


@cache
def _egress() -> Egress:
    return Egress(allow=settings().egress_allow)


def _out(url: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """The way out of production."""
    return _egress().request("POST", url, headers=headers, body=body, total=TOTAL_SECONDS)


_ways: list[Post] = [_out]


def post(url: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """Post to a receiver. Raises Refused and Unreachable."""
    return _ways[-1](url, headers, body)


@contextmanager
def posting_through(way: Post) -> Iterator[None]:
    """Reach receivers in another way: the seam of tests and of the simulated world."""
    _ways.append(way)
    try:
        yield
    finally:
        _ways.remove(way)


def call(
    post: Post, url: str, headers: Mapping[str, str], body: bytes, *, echo: str | None = None
) -> Outcome:
    """Post once and judge the answer. No answer is an outcome too: nothing is raised for it.

    What has to `echo` a token and does not has failed.
    """
    at, began = clock.now(), clock.wall_now()
    try:
        reply = post(url, headers, body)
    except (Refused, Unreachable) as error:
        millis = round(1000 * (clock.wall_now() - began))
        return Outcome(Verdict.FAILED, Attempt(at=at, code=error.code, millis=max(0, millis)))
    attempt = Attempt(
        at=at,
        status=reply.status,
        millis=round(1000 * reply.seconds),
        answer=_beginning(reply.body),
    )
    verdict = judge(reply.status)
    if verdict is Verdict.ACKNOWLEDGED and echo is not None and not is_echoed(reply.body, echo):
        attempt = attempt.model_copy(update={"code": NOT_ECHOED})
        verdict = Verdict.FAILED
    return Outcome(verdict, attempt, retry_after(reply.headers.get("retry-after")))


def judge(status: int) -> Verdict:
    """2xx is an acknowledgement, 410 a farewell; all else, a redirect too, is a failure."""
    if status == GONE:
        return Verdict.GONE
    return Verdict.ACKNOWLEDGED if status // 100 == 2 else Verdict.FAILED  # noqa: PLR2004 - 2xx


def is_echoed(answer: bytes, token: str) -> bool:
    """Whether an answer is the token, or a JSON object whose `challenge` it is. Pure.

    What sends back all it is sent does not pass: the token lies deeper there.
    """
    try:
        said = answer.decode().strip()
        known = json.loads(said) if said.startswith("{") else said
    except (ValueError, RecursionError):
        return False
    return token == (known.get("challenge") if isinstance(known, dict) else known)


def retry_after(header: str | None) -> float | None:
    """Wall seconds that a Retry-After header asks for (RFC 9110, 10.2.3); None for none."""
    if header is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}", header):
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, aware.timestamp() - clock.wall_now())


def _beginning(body: bytes) -> str:
    """The first printable characters, so that a log shows no control codes."""
    text = UNPRINTABLE.sub(" ", body[: 4 * SHOWN_CHARACTERS].decode("utf-8", "replace"))
    return text[:SHOWN_CHARACTERS]
