"""Requests as a Lambda function URL hands them over (payload format 2.0)."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from chalicelib.couriers import tracking
from tests.world import Reply


def event(
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    text: str | None = None,
    request_id: str = "req-url",
) -> dict[str, Any]:
    """https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html."""
    path, _, query = path.partition("?")
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": quote(path),
        "rawQueryString": query,
        "headers": {name.lower(): value for name, value in (headers or {}).items()},
        "requestContext": {
            "accountId": "anonymous",
            "http": {
                "method": method, "path": path, "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1", "userAgent": "phone",
            },
            "requestId": request_id,
            "routeKey": "$default",
            "stage": "$default",
        },
        "isBase64Encoded": False,
    }  # fmt: skip
    if text is not None:
        made["body"] = text
    return made


def ask(
    method: str,
    path: str,
    body: object = None,
    *,
    token: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """What the function behind the URL of tracking answers."""
    given = {"content-type": "application/json", **(headers or {})}
    if token:
        given["authorization"] = f"Bearer {token}"
    text = json.dumps(body) if body is not None else None
    answer: dict[str, Any] = tracking.track(event(method, path, headers=given, text=text), None)
    return Reply(answer["statusCode"], answer["headers"], answer["body"])
