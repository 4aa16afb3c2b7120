"""The API's document (OpenAPI 3.1), made of the routes and their models: it cannot say otherwise.

https://spec.openapis.org/oas/v3.1.1.html
"""

import inspect
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from types import NoneType
from typing import Any, cast, get_args

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from chalicelib.core import openapi_errors, openapi_examples, openapi_hooks
from chalicelib.core.errors import PreconditionError
from chalicelib.core.reading import ID_PATTERN
from chalicelib.core.rights import Role
from chalicelib.core.routing import Answer, Hook, Incoming, Route, Served
from chalicelib.core.schemas import Problem

VERSION = "0.1.0"
REF = "#/components/schemas/{model}"
EXAMPLE_ID = "01JDB6Y0Q4ZJ8W6N3V5K7M9P2R"
JSON = "application/json"
NO_CONTENT = 204

type Json = dict[str, Any]
type Refs = Mapping[tuple[type[BaseModel], JsonSchemaMode], Json]

DESCRIPTION = """\
Ordering and delivery: stores and their menus, quotes, orders and payments.

Amounts are whole minor units of the currency (1500 is KRW 1,500 and USD 15.00). Moments are RFC
3339 in UTC. Errors are RFC 9457 problem+json with a stable `code`. Whatever costs money takes an
`Idempotency-Key`: one key, one effect, one answer, for 24 hours."""

SECURITY: Json = {
    "people": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The access token of the user pool; groups say the role.",
    },
    "stores": {
        "type": "oauth2",
        "description": "A store's own systems, with the client that the store made for them.",
        "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {}}},
    },
}

SERVERS: list[Json] = [
    {"url": "/"},
    {
        "url": "{track_url}",
        "description": "The same at a function's own address: for what is asked all the time.",
        "variables": {
            "track_url": {
                "default": "https://track.example.com",
                "description": "The output TrackUrl of the stack, without its last slash.",
            }
        },
    },
]

HEADERS: Json = {
    "X-Request-Id": {"description": "Name it when you ask for help.", "schema": {"type": "string"}},
    "ETag": {"description": "Send it back as If-None-Match.", "schema": {"type": "string"}},
    "RateLimit": {
        "description": "What is left, and the seconds until it is whole again.",
        "schema": {"type": "string"},
        "example": '"quotes";r=57;t=12',
    },
    "RateLimit-Policy": {
        "description": "So many calls in so many seconds.",
        "schema": {"type": "string"},
        "example": '"quotes";q=60;w=60',
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
    "WWW-Authenticate": {"description": "Bearer.", "schema": {"type": "string"}},
}

PARAMETERS: Json = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "Made once per intention, sent again with every repetition.",
        "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,255}$"},
        "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
    },
    "DeviceId": {
        "name": "Device-Id",
        "in": "header",
        "description": (
            "A UUID that the installation made when it was first opened, and keeps. Limits of "
            "devices count by it; a guest without one has a stricter limit. Only a keyed hash of "
            "it is kept."
        ),
        "schema": {"type": "string", "format": "uuid", "minLength": 36, "maxLength": 36},
        "example": "5b2f0e1c-6d2a-4c37-9a0f-3f1de7a5c884",
    },
    "OperatorReason": {
        "name": "Operator-Reason",
        "in": "header",
        "description": (
            "Why an operator does it, percent-encoded: kept in the record. Nobody else is asked; "
            "an operator must say it where the body has no words for it."
        ),
        "schema": {"type": "string", "maxLength": 1800},
        "example": "Agreed%20by%20phone.",
    },
    "OperatorReasonNeeded": {
        "name": "Operator-Reason",
        "in": "header",
        "required": True,
        "description": "Why the operator does it, percent-encoded: kept in the record.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 1800},
        "example": "Agreed%20by%20phone.",
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag of what was seen: 412 if it is another by now.",
        "schema": {"type": "string"},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag of what is known already: 304 if it is still so.",
        "schema": {"type": "string"},
    },
}


@cache
def document(served: Served) -> Json:
    """The whole document. The same routes give the same document, in the same order."""
    refs, schemas = _schemas(served.routes, served.hooks)
    paths: dict[str, Json] = {}
    for route in sorted(served.routes, key=lambda route: (route.path, route.method)):
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, refs, schemas)
    for model in {route.query for route in served.routes if route.query}:
        schemas.pop(_name(refs[model, "validation"]), None)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Ieum",
            "version": VERSION,
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in sorted({route.tag for route in served.routes})],
        "paths": paths,
        "webhooks": {
            one.type: {"post": openapi_hooks.operation(one, refs)} for one in served.hooks
        },
        "components": {
            "schemas": schemas,
            "parameters": PARAMETERS,
            "headers": HEADERS,
            "securitySchemes": SECURITY,
        },
    }


def _schemas(routes: tuple[Route, ...], hooks: tuple[Hook, ...]) -> tuple[Refs, Json]:
    wanted: set[tuple[type[BaseModel], JsonSchemaMode]] = {(Problem, "serialization")}
    wanted |= {(type(one.example), "serialization") for one in hooks}
    for route in routes:
        wanted |= {(model, "validation") for model in (route.body, route.query) if model}
        wanted |= {(model, "serialization") for model in _given(route)}
    in_order = sorted(wanted, key=lambda pair: (pair[0].__module__, pair[0].__name__, pair[1]))
    refs, found = models_json_schema(in_order, ref_template=REF)
    return cast("Refs", refs), dict(sorted(found["$defs"].items()))


def _given(route: Route) -> list[type[BaseModel]]:
    """The models that a view may answer with, out of `Answer` and unions."""
    found: list[type[BaseModel]] = []
    waiting = [route.gives]
    while waiting:
        hint = waiting.pop(0)
        if isinstance(hint, type) and issubclass(hint, BaseModel):
            found.append(hint)
        waiting += [] if hint is Answer else get_args(hint)
    return found


def _name(ref: Json) -> str:
    return str(ref["$ref"]).rpartition("/")[2]


def _operation(route: Route, refs: Refs, schemas: Json) -> Json:
    summary, _, description = (inspect.getdoc(route.view) or route.name).partition("\n")
    operation: Json = {
        "operationId": route.name,
        "summary": summary,
        "tags": [route.tag],
        "security": _security(route),
        "parameters": _parameters(route, refs, schemas),
        "responses": {
            **_success(route, refs, schemas),
            **_also(route, refs, schemas),
            **openapi_errors.responses(route, refs[Problem, "serialization"]),
        },
    }
    if description.strip():
        operation["description"] = description.strip()
    if route.by_url:
        operation["servers"] = SERVERS
    if route.body:
        content = _content(refs[route.body, "validation"], schemas)
        operation["requestBody"] = {"required": True, "content": content}
    elif Incoming in route.takes.values() and route.method != "DELETE":
        operation["requestBody"] = {"required": True, "content": {"*/*": {"schema": {}}}}
    return operation


def _security(route: Route) -> list[Json]:
    if route.right.public or route.raw:
        return []
    roles = {role for role, _ in route.right.rows}
    people: list[Json] = [{"people": []}] if roles - {Role.STORE} else []
    return [*people, *([{"stores": []}] if Role.STORE in roles else [])]


def _parameters(route: Route, refs: Refs, schemas: Json) -> list[Json]:
    found = [_path_parameter(name, route.takes[name]) for name in route.path_names]
    if route.query:
        model = schemas[_name(refs[route.query, "validation"])]
        required = model.get("required", [])
        for name, schema in model.get("properties", {}).items():
            found.append({"name": name, "in": "query", "required": name in required})
            found[-1]["schema"] = schema
    if route.needs_key:
        found.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if route.asks_device:
        found.append({"$ref": "#/components/parameters/DeviceId"})
    if route.by_hand:
        alone = route.needs_reason and route.by_operators_alone
        name = "OperatorReasonNeeded" if alone else "OperatorReason"
        found.append({"$ref": f"#/components/parameters/{name}"})
    if PreconditionError in route.errors:
        found.append({"$ref": "#/components/parameters/IfMatch"})
    if route.method == "GET":
        found.append({"$ref": "#/components/parameters/IfNoneMatch"})
    return found


def _path_parameter(name: str, hint: Any) -> Json:  # noqa: ANN401 - an annotation may be anything
    schema = TypeAdapter(hint).json_schema()
    if name.endswith("_id"):
        schema.setdefault("pattern", f"^{ID_PATTERN.pattern}$")
        schema.setdefault("examples", [f"{name[:3]}_{EXAMPLE_ID}"])
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _success(route: Route, refs: Refs, schemas: Json) -> Json:
    status = NO_CONTENT if route.gives in (None, NoneType) else route.status
    names = ["X-Request-Id"]
    tagged = route.method == "GET" or PreconditionError in route.errors
    names += ["ETag"] if tagged and status != NO_CONTENT else []
    names += ["RateLimit", "RateLimit-Policy"] if route.limit else []
    answer: Json = {
        "description": HTTPStatus(status).phrase,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
    }
    if status != NO_CONTENT:
        given = [refs[model, "serialization"] for model in _given(route)]
        schema = given[0] if len(given) == 1 else {"anyOf": given} if given else {"type": "object"}
        answer["content"] = _content(schema, schemas)
    known = {"304": {"description": "It is still so."}} if route.method == "GET" else {}
    return {str(status): answer, **known}


def _also(route: Route, refs: Refs, schemas: Json) -> Json:
    first = next(iter(_success(route, refs, schemas).values()))
    empty = {name: value for name, value in first.items() if name != "content"}
    return {
        str(status): {
            **(empty if status == NO_CONTENT else first),
            "description": HTTPStatus(status).phrase,
        }
        for status in route.also
    }


def _content(schema: Json, schemas: Json) -> Json:
    media: Json = {"schema": schema}
    example = openapi_examples.of(schema, schemas)
    if example is not openapi_examples.NONE:
        media["example"] = example
    return {JSON: media}
