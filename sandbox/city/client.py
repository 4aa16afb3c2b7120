"""The public API as any program would call it: JSON over HTTP, patient where that is safe."""

import json
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import quote, urlsplit

TIMEOUT = 30.0
TRIES = 6
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
BUSY = frozenset({429, 502, 503, 504})

type Json = dict[str, Any]


class Refused(Exception):  # noqa: N818 - it names what happened
    """The API said no. `code` is the problem's own, where it gave one."""

    def __init__(self, method: str, path: str, status: int, problem: Json) -> None:
        self.status = status
        self.problem = problem
        self.code = str(problem.get("code", ""))
        detail = problem.get("detail") or problem.get("title") or "no reason given"
        errors = problem.get("errors") or ""
        super().__init__(f"{method} {path}: {status} {self.code}: {detail} {errors}".rstrip())


class Api:
    """One caller of the API. Every call may be repeated: reads, PUTs, commands, keyed POSTs."""

    def __init__(
        self, url: str, token: str = "", *, pause: Callable[[float], None] = time.sleep
    ) -> None:
        """`url` is where the API begins, a path included; `token` is an access token."""
        self._url = urlsplit(url.rstrip("/"))
        self._token = token
        self._pause = pause

    def call(
        self, method: str, path: str, body: object = None, *, key: str = "", why: str = ""
    ) -> Json:
        """The answer, {} where there is none. `why` is what an operator says of it.

        Tries again where the API is busy or does not answer. Raises Refused for any other no, and
        OSError where nobody answered at all.
        """
        for attempt in range(1, TRIES):
            try:
                return self._once(method, path, body, key, why)
            except Refused as refused:
                if refused.status not in BUSY and refused.code != "busy":
                    raise
            except (OSError, HTTPException):
                pass
            self._pause(min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt))
        return self._once(method, path, body, key, why)

    def _once(self, method: str, path: str, body: object, key: str, why: str) -> Json:
        connection = HTTPConnection(self._url.netloc, timeout=TIMEOUT)
        try:
            content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
            connection.request(method, self._url.path + path, content, self._headers(key, why))
            return _read(method, path, connection.getresponse())
        finally:
            connection.close()

    def _headers(self, key: str, why: str) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if key:
            headers["Idempotency-Key"] = key
        if why:
            headers["Operator-Reason"] = quote(why)
        return headers


def _read(method: str, path: str, answer: HTTPResponse) -> Json:
    text = answer.read()
    try:
        said = json.loads(text) if text else {}
    except ValueError:
        said = {"detail": text[:200].decode("utf-8", "replace")}
    body: Json = said if isinstance(said, dict) else {}
    if answer.status >= 400:  # noqa: PLR2004 - HTTP's own border
        raise Refused(method, path, answer.status, body)
    return body
