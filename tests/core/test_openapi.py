"""Whatever routes the application serves, its document describes them truly."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from chalice.test import Client
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from app import app
from chalicelib.core import openapi, openapi_errors, openapi_examples
from chalicelib.core.rights import Role
from chalicelib.core.routing import Route, Served
from chalicelib.integrations.schemas import EVENT_TYPES

DOCUMENT: dict[str, Any] = openapi.document(app.served)
ROUTES = pytest.mark.parametrize("route", app.specs, ids=lambda route: route.name)


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = DOCUMENT["paths"][route.path][route.method.lower()]
    return operation


def _validate(example: object, schema: Mapping[str, Any]) -> None:
    whole = {**schema, "components": DOCUMENT["components"]}
    checker = Draft202012Validator.FORMAT_CHECKER
    Draft202012Validator(whole, format_checker=checker).validate(example)


def _media(operation: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from operation.get("requestBody", {}).get("content", {}).values()
    for response in operation["responses"].values():
        yield from response.get("content", {}).values()


def test_the_document_is_valid() -> None:
    validate(DOCUMENT)


def test_the_document_is_served_and_may_be_kept_for_a_while() -> None:
    with Client(app) as client:
        response = client.http.get("/openapi.json")

    assert response.json_body == json.loads(json.dumps(DOCUMENT))
    assert response.headers["Cache-Control"] == "public, max-age=300"


def test_the_same_routes_give_the_same_document() -> None:
    again = openapi.document(Served(tuple(reversed(app.specs)), app.served.hooks))

    assert json.dumps(again) == json.dumps(DOCUMENT)


def test_every_operation_has_its_own_name() -> None:
    names = [route.name for route in app.specs]

    assert sorted(names) == sorted(set(names))


def test_nothing_is_described_that_is_not_served() -> None:
    described = {
        (method.upper(), path) for path, item in DOCUMENT["paths"].items() for method in item
    }

    assert described == {(route.method, route.path) for route in app.specs}


def test_every_type_of_event_is_described_with_an_example_of_its_own() -> None:
    described = DOCUMENT["webhooks"]

    assert [*described] == [*EVENT_TYPES]
    for event_type, item in described.items():
        [media] = item["post"]["requestBody"]["content"].values()
        _validate(media["example"], media["schema"])
        assert media["example"]["type"] == event_type
        assert media["example"]["v"] == 1


def test_every_schema_is_used() -> None:
    text = json.dumps(DOCUMENT)

    unused = [
        name
        for name in DOCUMENT["components"]["schemas"]
        if f'"#/components/schemas/{name}"' not in text
    ]
    assert unused == []


@ROUTES
def test_a_route_says_what_it_does(route: Route) -> None:
    operation = _operation(route)

    assert route.view.__doc__
    assert operation["operationId"] == route.name
    assert operation["summary"].endswith(".")
    assert operation["tags"] == [route.tag]


@ROUTES
def test_every_example_is_valid(route: Route) -> None:
    for media in _media(_operation(route)):
        examples = [one["value"] for one in media.get("examples", {}).values()]
        for example in [*examples, *([media["example"]] if "example" in media else [])]:
            _validate(example, media["schema"])


@ROUTES
def test_every_example_of_a_body_is_what_the_route_takes(route: Route) -> None:
    if route.body is None:
        return
    [media] = _operation(route)["requestBody"]["content"].values()

    assert route.body.model_validate_json(json.dumps(media["example"]))


@ROUTES
def test_a_parameter_is_described_and_its_examples_are_valid(route: Route) -> None:
    parameters = [one for one in _operation(route)["parameters"] if "$ref" not in one]

    assert [one["name"] for one in parameters if one["in"] == "path"] == route.path_names
    for parameter in parameters:
        for example in parameter["schema"].get("examples", []):
            _validate(example, parameter["schema"])


@ROUTES
def test_every_error_of_a_route_is_listed_under_its_status(route: Route) -> None:
    responses = _operation(route)["responses"]

    for error in openapi_errors.raised(route):
        content = responses[str(error.status)]["content"]
        if error.oauth:
            media = content["application/json"]
            assert error.code in media["schema"]["properties"]["error"]["enum"]
            assert media["examples"][error.code]["value"]["error"] == error.code
        else:
            media = content["application/problem+json"]
            assert error.code in media["schema"]["allOf"][1]["properties"]["code"]["enum"]
            assert media["examples"][error.code]["value"]["status"] == error.status


@ROUTES
def test_who_may_call_is_said_as_the_table_of_rights_has_it(route: Route) -> None:
    security = _operation(route)["security"]
    roles = {role for role, _ in route.right.rows}

    assert ({"stores": []} in security) == (Role.STORE in roles and not route.raw)
    assert (security == []) == (route.right.public or route.raw)
    if security:
        assert {"401", "403"} <= _operation(route)["responses"].keys()


@ROUTES
def test_a_route_that_takes_a_key_says_so(route: Route) -> None:
    operation = _operation(route)
    key = {"$ref": "#/components/parameters/IdempotencyKey"}

    assert (key in operation["parameters"]) == route.needs_key
    if route.needs_key:
        assert {"409", "422"} <= operation["responses"].keys()


# --- examples ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        ({"type": "string", "examples": ["a", "b"]}, "a"),
        ({"enum": ["x", "y"]}, "x"),
        ({"const": 7}, 7),
        ({"type": "string", "default": "d"}, "d"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}, "text"),
        ({"type": "boolean"}, True),
        ({"type": "null"}, None),
        ({"type": "integer"}, 0),
        ({"type": "integer", "minimum": 3}, 3),
        ({"type": "string"}, "text"),
        ({"type": "string", "pattern": "^a$"}, openapi_examples.NONE),
        ({"type": "object"}, openapi_examples.NONE),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, None),
        ({"anyOf": [{"type": "number"}]}, openapi_examples.NONE),
        ({"$ref": "#/components/schemas/Named"}, "named"),
        ({"$ref": "#/components/schemas/Named", "examples": ["mine"]}, "mine"),
        ({"type": "array", "items": {"type": "boolean"}}, [True]),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2}, [True, True]),
        ({"type": "array", "items": {"type": "number"}}, []),
        ({"type": "array", "items": {"type": "number"}, "minItems": 1}, openapi_examples.NONE),
        ({"type": "array", "prefixItems": [{"const": 1}, {"const": 2}]}, [1, 2]),
        ({"type": "array", "prefixItems": [{"type": "number"}]}, openapi_examples.NONE),
        (
            {"type": "object", "properties": {"a": {"const": 1}, "b": {"type": "number"}}},
            {"a": 1},
        ),
        (
            {"type": "object", "properties": {"b": {"type": "number"}}, "required": ["b"]},
            openapi_examples.NONE,
        ),
    ],
)
def test_an_example_is_put_together_from_what_the_schema_says(
    schema: dict[str, Any], example: object
) -> None:
    schemas = {"Named": {"type": "string", "examples": ["named"]}}

    assert openapi_examples.of(schema, schemas) == example
