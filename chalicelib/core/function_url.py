"""A Lambda function URL in front of some routes: the same answers as through API Gateway.

A request (payload format 2.0) becomes what API Gateway would have handed over, and is answered by
an application that serves these routes alone: views, rights, errors and limits are those of the
API. https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote

from chalicelib.core import telemetry
from chalicelib.core.web import Api, Ieum

type Event = Mapping[str, Any]


class FunctionUrl:
    """Answers the requests of a function URL with the routes that an API has by now.

    What goes well is said in no log line: these are the routes that are called all the time.
    """

    def __init__(self, api: Api) -> None:
        self._app = Ieum(app_name="url")
        again = Api(__name__)
        for spec in api.specs:
            again.add(spec)
        self._app.serve(again)
        self._patterns = {
            spec.path: re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", spec.path))
            for spec in self._app.specs
        }

    def __call__(self, event: Event, context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
        """The answer to one request. What is not served here is a 404."""
        path = unquote(event["rawPath"])
        resource, parts = self._resource(path)
        with telemetry.quietly():
            return _as_url(self._app(_as_rest(event, path, resource, parts), context))

    def _resource(self, path: str) -> tuple[str, dict[str, str]]:
        for resource, pattern in self._patterns.items():
            if found := pattern.fullmatch(path):
                return resource, found.groupdict()
        return "", {}


def _as_rest(
    event: Event, path: str, resource: str, path_parts: Mapping[str, str]
) -> dict[str, Any]:
    """What API Gateway hands over for the same request (payload format 1.0)."""
    given = event["requestContext"]
    method = given["http"]["method"]
    query = parse_qs(event.get("rawQueryString", ""), keep_blank_values=True)
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": dict(event["headers"]),
        "multiValueHeaders": {name: [value] for name, value in event["headers"].items()},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": dict(path_parts) or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "requestId": given["requestId"],
            "identity": {"sourceIp": given["http"]["sourceIp"]},
            "path": path,
        },
        "body": event.get("body"),
        "isBase64Encoded": event.get("isBase64Encoded", False),
    }


def _as_url(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer as a function URL takes it: a header has one value."""
    several = answer.get("multiValueHeaders", {})
    return {
        "statusCode": answer["statusCode"],
        "headers": {
            **answer["headers"],
            **{name: ", ".join(values) for name, values in several.items()},
        },
        "body": answer["body"],
        "isBase64Encoded": answer.get("isBase64Encoded", False),
    }
