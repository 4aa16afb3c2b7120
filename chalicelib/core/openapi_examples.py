"""One example of a schema, put together from the examples of its fields."""

from collections.abc import Mapping
from typing import Any, Final

NONE: Final = object()

type Json = Mapping[str, Any]


def of(schema: Json, schemas: Json) -> Any:  # noqa: ANN401 - an example is any JSON
    """An example that the schema allows, or NONE where its fields do not tell enough."""
    if "$ref" in schema:
        named = schemas[schema["$ref"].rpartition("/")[2]]
        return of({**named, **{name: schema[name] for name in schema if name != "$ref"}}, schemas)
    for said in ("examples", "enum"):
        if schema.get(said):
            return schema[said][0]
    for said in ("const", "default"):
        if schema.get(said) is not None:
            return schema[said]
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return _first_of(schema[choice], schemas)
    return _by_type(schema, schemas)


def _first_of(choices: list[Json], schemas: Json) -> Any:  # noqa: ANN401 - an example is any JSON
    found = (of(choice, schemas) for choice in choices)
    return next((example for example in found if example is not NONE), NONE)


def _by_type(schema: Json, schemas: Json) -> Any:  # noqa: ANN401 - an example is any JSON
    kind = schema.get("type")
    if kind == "object" and "properties" in schema:
        return _object(schema, schemas)
    if kind == "array":
        return _array(schema, schemas)
    plain = {"boolean": True, "null": None}
    if kind in plain:
        return plain[kind]
    if kind == "integer":
        return max(schema.get("minimum", 0), 0)
    bounded = schema.keys() & {"pattern", "format", "maxLength", "minLength"}
    return "text" if kind == "string" and not bounded else NONE


def _object(schema: Json, schemas: Json) -> Any:  # noqa: ANN401 - an example is any JSON
    made: dict[str, Any] = {}
    required = schema.get("required", ())
    for name, field in schema["properties"].items():
        example = of(field, schemas)
        if example is not NONE:
            made[name] = example
        elif name in required:
            return NONE
    return made


def _array(schema: Json, schemas: Json) -> Any:  # noqa: ANN401 - an example is any JSON
    if "prefixItems" in schema:
        parts = [of(item, schemas) for item in schema["prefixItems"]]
        return NONE if NONE in parts else parts
    one = of(schema.get("items", {}), schemas)
    if one is NONE:
        return NONE if schema.get("minItems") else []
    return [one] * max(1, schema.get("minItems", 1))
