"""Between botocore and the table: what its hook `before-send` is given, and may return.

https://botocore.amazonaws.com/v1/documentation/api/latest/topics/events.html
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from tests.sim.dynamo.errors import RefusedError, cancelled
from tests.sim.dynamo.service import Service

type Body = dict[str, Any]
type Hook = Callable[..., AWSResponse]

NOWHERE = "https://nowhere.test/"
_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def asked(request: AWSPreparedRequest) -> tuple[str, Body]:
    """The operation and the body of a request."""
    target = request.headers["X-Amz-Target"]
    name = target.decode() if isinstance(target, bytes) else str(target)
    body: Body = json.loads(request.body or b"{}")  # type: ignore[arg-type] # bytes, for DynamoDB
    return name.rpartition(".")[2], body


def answered(request: AWSPreparedRequest, status: int, body: Body) -> AWSResponse:
    """A response for the hook to return. Nobody else, such as moto, shall know the request."""
    headers = {"content-type": "application/x-amz-json-1.0", "x-amzn-requestid": "SIM"}
    response = AWSResponse(request.url, status, headers, None)  # type: ignore[arg-type] # never read
    response._content = _encode(body).encode()  # type: ignore[attr-defined] # its own cache
    request.url = NOWHERE
    return response


def answer(service: Service, request: AWSPreparedRequest) -> AWSResponse:
    """Let the service answer a request."""
    return answered(request, *service.handle(*asked(request)))


def hook(service: Service) -> Hook:
    """The service as a handler of `before-send.dynamodb`."""

    def before_send(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        return answer(service, request)

    return before_send


def refused(request: AWSPreparedRequest, code: str, reasons: Sequence[str] = ()) -> AWSResponse:
    """A refusal that the caller injects, for a transaction with a reason for each part."""
    if reasons:
        error = cancelled([{"Code": reason} for reason in reasons])
    else:
        error = RefusedError(code, "injected")
    return answered(request, 500 if code == "InternalServerError" else 400, error.body())


def touched(operation: str, body: Body) -> list[tuple[str, str]]:
    """Which items a write is about, each as table and key: for conflicts between transactions."""
    if operation == "TransactWriteItems":
        parts = [part for one in body["TransactItems"] for part in one.values()]
    else:
        parts = [body]
    return [
        (part["TableName"], _encode([key.get("pk"), key.get("sk")]))
        for part in parts
        for key in [part.get("Key") or part.get("Item") or {}]
        if key
    ]
