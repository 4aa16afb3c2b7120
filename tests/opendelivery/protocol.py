"""The protocol's own file, and whether an answer is as it says.

`openapi-v1.7.0.yaml` is Abrasel's, under the Apache License 2.0, unchanged:
https://github.com/Abrasel-Nacional/docs
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]
from jsonschema import FormatChecker
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT4

FILE = Path(__file__).parent / "openapi-v1.7.0.yaml"
NAME = "urn:open-delivery"
OURS = "/opendelivery"
exercised: dict[str, set[int]] = {}
"""What was answered in this process: operations by their names in the file, and the statuses."""


@cache
def document() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Any] = yaml.load(FILE.read_text(), loader)  # noqa: S506 - a safe one
    return found


@cache
def _registry() -> Registry[Any]:
    found: Registry[Any] = Registry()
    made: Registry[Any] = found.with_resource(NAME, DRAFT4.create_resource(document()))
    return made


@cache
def operations() -> Mapping[str, tuple[str, str]]:
    """Method and path of every operation, by its name."""
    found = {
        one["operationId"]: (method.upper(), path)
        for path, methods in document()["paths"].items()
        for method, one in methods.items()
    }
    return found | {"menuUpdated": ("POST", "/v1/merchantUpdate")}


def responses(name: str) -> dict[str, Any]:
    """What an operation may answer. Its webhooks stand apart in the file."""
    method, path = operations()[name]
    if path in document()["paths"]:
        found: dict[str, Any] = document()["paths"][path][method.lower()]["responses"]
        return found
    hook: dict[str, Any] = document()["x-webhooks"][f"/v1/{name}"]["post"]["responses"]
    return hook


def named(method: str, path: str) -> str:
    """The operation that a path of ours is, by its name in the file."""
    plain = path.partition("?")[0].removeprefix(OURS)
    for name, (known, template) in operations().items():
        pattern = re.sub(r"{\w+}", "[^/]+", template)
        if known == method and re.fullmatch(pattern, plain):
            return name
    raise LookupError(f"{method} {path}")


def hold(method: str, path: str, status: int, headers: Mapping[str, str], text: str) -> None:
    """Raises AssertionError where an answer is not as the protocol's file says."""
    name = named(method, path)
    exercised.setdefault(name, set()).add(status)
    known = responses(name)
    assert str(status) in known, f"{name} answered {status}: undocumented\n{text}"
    response = _resolved(known[str(status)])
    content = response.get("content")
    if content is None:
        assert text in {"", "{}"}, f"{name} answered {status} with a body: {text}"
        return
    sent = headers.get("Content-Type", "").partition(";")[0]
    assert sent in content, f"{name} answered {status} as {sent}"
    faults = errors(content[sent]["schema"], json.loads(text))
    assert not faults, f"{name} {status} is not as documented:\n{faults[0]}\n{text}"


def demand(schema: str, value: object) -> None:
    """Raises AssertionError where a value is not what a schema of the file says."""
    faults = errors({"$ref": f"#/components/schemas/{schema}"}, value)
    assert not faults, f"no {schema}: {faults[0]}"


def errors(schema: Mapping[str, Any], value: object) -> list[str]:
    whole = _anchored(schema)
    validator = OAS30Validator(whole, registry=_registry(), format_checker=_formats())
    return [
        f"{list(one.absolute_path)}: {one.message[:300]}" for one in validator.iter_errors(value)
    ]


@cache
def _formats() -> FormatChecker:
    """Its `time` has a Z in the file's own examples, which no checker of that name allows."""
    made = FormatChecker(())
    known = oas30_format_checker.checkers.items()
    made.checkers = {name: check for name, check in known if name != "time"}
    return made


def _anchored(schema: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(schema, dict):
        return {
            name: NAME + value if name == "$ref" else _anchored(value)
            for name, value in schema.items()
        }
    return [_anchored(one) for one in schema] if isinstance(schema, list) else schema


def _resolved(response: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in response:
        return response
    name = response["$ref"].rpartition("/")[2]
    found: Mapping[str, Any] = document()["components"]["responses"][name]
    return found
