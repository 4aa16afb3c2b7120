"""The protocol over HTTP, as its file says it. Nothing here knows Ieum."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

SECONDS = 10
UNAUTHORIZED = 401
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What was answered: a status, and JSON or None."""

    status: int
    body: Any = None


@dataclass
class Api:
    """An Ordering Application, as a till reaches it. A token that is over is renewed once."""

    url: str
    client_id: str
    client_secret: str
    token: str = ""
    calls: list[tuple[str, str, int]] = field(default_factory=list)

    def call(self, method: str, path: str, body: object = None) -> Answer:
        if not self.token:
            self.sign_in()
        answer = self._send(method, path, body)
        if answer.status == UNAUTHORIZED:
            self.sign_in()
            answer = self._send(method, path, body)
        self.calls.append((method, path, answer.status))
        return answer

    def sign_in(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        request = Request(  # noqa: S310 - an address of the sandbox's own
            f"{self.url}/oauth/token",
            urlencode(form).encode(),
            {"Content-Type": FORM},
            method="POST",
        )
        self.token = _answered(request).body["access_token"]

    def _send(self, method: str, path: str, body: object) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        sent = None if body is None else json.dumps(body).encode()
        return _answered(Request(f"{self.url}{path}", sent, headers, method=method))  # noqa: S310 - the same


def _answered(request: Request) -> Answer:
    try:
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - the same
            return Answer(answer.status, _json(answer.read()))
    except HTTPError as refused:
        with refused:
            return Answer(refused.code, _json(refused.read()))


def _json(text: bytes) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(text) if text else None
