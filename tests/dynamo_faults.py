"""What the network and DynamoDB may do to a call, injected below the SDK's own retries.

An exception raised in botocore's `before-send` is a network error to the SDK; a response returned
there is the service's answer.
"""

import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from moto.core.botocore_stubber import MockRawResponse

from tests import database

type Fault = Callable[[str, AWSPreparedRequest], AWSResponse | None]


class Faults:
    """A plan: the fault of each call in turn, then none. Knows which operations were sent."""

    def __init__(self) -> None:
        self.plan: deque[Fault | None] = deque()
        self.always: Fault | None = None
        self.planned_for: dict[str, deque[Fault]] = {}
        self.sent: list[str] = []
        self.bodies: list[dict[str, Any]] = []

    def come(self, *faults: Fault | None) -> None:
        self.plan.extend(faults)

    def come_to(self, operation: str, *faults: Fault) -> None:
        """The faults of the next calls of one operation, such as UpdateItem."""
        self.planned_for.setdefault(operation, deque()).extend(faults)

    def before_send(
        self, request: AWSPreparedRequest, event_name: str, **_: object
    ) -> AWSResponse | None:
        operation = event_name.rpartition(".")[2]
        self.sent.append(operation)
        self.bodies.append(json.loads(cast("bytes", request.body)))
        plan = self.planned_for.get(operation) or self.plan
        fault = plan.popleft() if plan else self.always
        return fault(event_name, request) if fault else None


def unreachable(_: str, request: AWSPreparedRequest) -> AWSResponse | None:
    """The connection breaks before anything has happened."""
    raise ConnectionClosedError(endpoint_url=request.url)


def lost_answer(event_name: str, request: AWSPreparedRequest) -> AWSResponse | None:
    """It happens, and the answer never comes."""
    database.answer(event_name, request)
    raise ReadTimeoutError(endpoint_url=request.url)


def after(act: Callable[[], object], then: Fault) -> Fault:
    """Somebody else acts just before this fault."""

    def acting(event_name: str, request: AWSPreparedRequest) -> AWSResponse | None:
        act()
        return then(event_name, request)

    return acting


def lost_then(act: Callable[[], object]) -> Fault:
    """It happens, then somebody else acts, and the answer never comes."""

    def acting(event_name: str, request: AWSPreparedRequest) -> AWSResponse | None:
        database.answer(event_name, request)
        act()
        raise ReadTimeoutError(endpoint_url=request.url)

    return acting


def said(body: Mapping[str, object]) -> Fault:
    """The service answers with this, whatever it was asked."""

    def answering(_: str, request: AWSPreparedRequest) -> AWSResponse:
        raw = MockRawResponse(json.dumps(body).encode())
        answer = AWSResponse(request.url, 200, HTTPHeaders(), raw)
        request.url = "https://nowhere.test/"  # botocore asks others too: not this
        return answer

    return answering


def refused(code: str, *, status: int = 400, reasons: Sequence[str] = ()) -> Fault:
    """The service refuses with a code, and for a transaction with a reason per part."""

    def refusing(_: str, request: AWSPreparedRequest) -> AWSResponse:
        body: dict[str, Any] = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": ""}
        if reasons:
            body["CancellationReasons"] = [{"Code": reason} for reason in reasons]
        raw = MockRawResponse(json.dumps(body).encode())
        answer = AWSResponse(request.url, status, HTTPHeaders(), raw)
        request.url = "https://nowhere.test/"  # botocore asks others too: not this
        return answer

    return refusing


def cancelled(*reasons: str) -> Fault:
    return refused("TransactionCanceledException", reasons=reasons)
