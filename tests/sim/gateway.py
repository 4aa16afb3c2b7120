"""API Gateway and Lambda: requests become invocations, each on a stack of its own."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app import app
from chalicelib.couriers import tracking
from tests.sim import environment
from tests.sim.calls import Invocation
from tests.sim.scheduler import Crash, Scheduler, Task

SKEW = 0.4
API_SECONDS = float(environment.function_of("API-handler").get("Timeout", 20))


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON
        return json.loads(self.text) if self.text else None

    @property
    def code(self) -> str:
        """The code of a problem; empty for none."""
        body = self.json
        return str(body.get("code", "")) if isinstance(body, dict) else ""


class Broken(Exception):  # noqa: N818 - it names what happened
    """The invocation ended in an error, or was killed."""


_PATTERNS = [
    (spec.path, re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", spec.path)), spec.method)
    for spec in app.specs
]


def resource_of(method: str, path: str) -> tuple[str, dict[str, str]]:
    """The route that serves a path. Raises LookupError where none does."""
    for resource, pattern, served in _PATTERNS:
        if served == method and (found := pattern.fullmatch(path)):
            return resource, found.groupdict()
    raise LookupError(f"{method} {path}")


class Lambda:
    """Starts invocations. Each has a clock of its own, which is a little wrong."""

    def __init__(self, scheduler: Scheduler, noise: Callable[..., float]) -> None:
        self._scheduler = scheduler
        self._noise = noise
        self._numbers: dict[str, int] = {}
        self.invocations = 0

    def start(
        self, name: str, function: str, work: Callable[[], object], *, timeout: float
    ) -> Task:
        """Invoke: the task's result, or its error when it broke."""
        number = self._numbers[name] = self._numbers.get(name, 0) + 1
        label = f"{name}#{number}"
        self.invocations += 1
        skew = SKEW * (2 * self._noise("skew", label) - 1)
        facts = Invocation(function, self._scheduler.now + timeout)
        return self._scheduler.spawn(label, work, skew=skew, facts=facts)

    def wait(self, task: Task) -> Any:  # noqa: ANN401 - whatever the function returns
        """Wait for an invocation. Raises Broken where it ended otherwise than by returning."""
        self._scheduler.join(task)
        if task.error is not None:
            raise_if_ours(task.error)
            raise Broken(type(task.error).__name__) from (
                task.error if isinstance(task.error, Exception) else None
            )
        return task.result


def raise_if_ours(error: BaseException) -> None:
    """A broken world is no broken function."""
    if not isinstance(error, Exception | Crash):
        raise error


def rest_event(
    method: str, path: str, body: bytes | None, headers: Mapping[str, str], request_id: str
) -> dict[str, Any]:
    """One request, as API Gateway hands it over."""
    path, _, query = path.partition("?")
    resource, parts = resource_of(method, path)
    pairs = [pair.split("=", 1) for pair in query.split("&") if pair]
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": {"content-type": "application/json", **headers},
        "multiValueHeaders": {},
        "queryStringParameters": dict(pairs) or None,
        "multiValueQueryStringParameters": {name: [value] for name, value in pairs} or None,
        "pathParameters": parts,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "requestId": request_id,
            "identity": {"sourceIp": "192.0.2.1"},
            "path": path,
        },
        "body": body.decode() if body is not None else None,
        "isBase64Encoded": False,
    }


def url_event(
    method: str, path: str, body: bytes | None, headers: Mapping[str, str], request_id: str
) -> dict[str, Any]:
    """One request, as a function URL hands it over (payload format 2.0)."""
    path, _, query = path.partition("?")
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"content-type": "application/json", **_lower(headers)},
        "requestContext": {
            "requestId": request_id,
            "http": {"method": method, "path": path, "sourceIp": "192.0.2.1"},
        },
        "body": body.decode() if body is not None else None,
        "isBase64Encoded": False,
    }


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def serve_url(event: dict[str, Any]) -> Reply:
    """Answer a request to the function that positions are sent to."""
    answer = tracking.track(event, None)
    return Reply(answer["statusCode"], answer["headers"], answer["body"] or "")


def serve(event: dict[str, Any], *, held: bool) -> Reply:
    """Answer a request; `held` compares the answer with the API's own document."""
    answer = app(event, None)
    if held:
        from tests import contract

        contract.hold(
            event["httpMethod"],
            event["resource"],
            answer["statusCode"],
            answer["headers"],
            answer["body"],
        )
    return Reply(answer["statusCode"], answer["headers"], answer["body"])
