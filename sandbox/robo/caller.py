"""Somebody who calls an API and does not give up lightly.

What was not answered is sent again, as it was: reads, commands that are idempotent by state, and
what creates something under the same Idempotency-Key.
"""

import json
import random
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import quote, urlencode

from sandbox.city.client import Refused
from sandbox.robo.line import TIMEOUT, Json, Line, Lost, Reply
from sandbox.robo.pace import Pace
from sandbox.robo.tally import Tally

PATIENCE = 40  # tries; with the pauses about two minutes, more than a restart of the cloud takes
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 4.0
AGAIN = frozenset({429, 500, 502, 503, 504})
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


class Caller:
    """One caller. `token` is asked for an access token, anew where the last was refused."""

    def __init__(
        self,
        line: Line,
        pace: Pace,
        tally: Tally,
        *,
        token: Callable[[bool], str] = lambda _: "",
    ) -> None:
        self._line = line
        self._pace = pace
        self._tally = tally
        self._token = token

    def get(self, path: str) -> Json:
        return self.call("GET", path)

    def post(self, path: str, body: object = None, *, key: str = "", why: str = "") -> Json:
        return self.call("POST", path, body, key=key, why=why)

    def call(
        self, method: str, path: str, body: object = None, *, key: str = "", why: str = ""
    ) -> Json:
        """The answer, {} where there is none. Raises Refused, Lost after long patience, Over.

        `why` is what an operator says of it.
        """
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": JSON, **({"Idempotency-Key": key} if key else {})}
        headers |= {"Operator-Reason": quote(why)} if why else {}
        return self._patiently(method, path, content, headers)

    def form(self, path: str, fields: dict[str, str]) -> Json:
        """A form, as Stripe takes it. A 402 is an answer, not a refusal: the body tells."""
        headers = {"Content-Type": FORM, "Accept": JSON}
        return self._patiently("POST", path, urlencode(fields).encode(), headers)

    def _patiently(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> Json:
        refused_token = False
        for attempt in range(PATIENCE):
            reply = self._once(method, path, content, headers, fresh=refused_token)
            if reply is not None and reply.status == HTTPStatus.UNAUTHORIZED and not refused_token:
                refused_token = True
                continue
            if reply is not None and not _worth_repeating(reply):
                return _read(method, path, reply)
            self._tally.retried()
            self._pace.rest(_pause(attempt, reply))
        raise Lost(f"{method} {path}: no answer after {PATIENCE} tries")

    def _once(
        self, method: str, path: str, content: bytes, headers: dict[str, str], *, fresh: bool
    ) -> Reply | None:
        try:
            token = self._token(fresh)
            given = {**headers, "Authorization": f"Bearer {token}"} if token else headers
            reply = self._line.ask(method, path, content, given, TIMEOUT)
        except Lost:
            self._tally.lost_connection()
            return None
        self._tally.answered(method, path, reply.status, str(reply.body.get("code", "")))
        return reply


def _worth_repeating(reply: Reply) -> bool:
    return reply.status in AGAIN or reply.body.get("retryable") is True


def _pause(attempt: int, reply: Reply | None) -> float:
    asked = reply.headers.get("retry-after", "") if reply else ""
    grown = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempt, 10))
    wait = max(grown, float(asked)) if asked.isdigit() else grown
    return random.uniform(0.7 * wait, wait)  # noqa: S311 - so that not all come back at once


def _read(method: str, path: str, reply: Reply) -> Json:
    if reply.status >= HTTPStatus.BAD_REQUEST and reply.status != HTTPStatus.PAYMENT_REQUIRED:
        raise Refused(method, path, reply.status, reply.body)
    return reply.body
