"""Form-encoded, nested request parameters, and what each of them may be.

https://docs.stripe.com/api/metadata shows the nesting: `metadata[order]=ord_1`, `expand[]=charge`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from sandbox.stripe.errors import missing, refused

type Params = dict[str, Any]
type Reader = Callable[[Any, str], Any]
type Spec = Mapping[str, Reader]

MAX_METADATA_KEYS = 50
MAX_METADATA_KEY = 40
MAX_METADATA_VALUE = 500
_PARTS = re.compile(r"\[([^\]]*)\]")


def parse_form(encoded: str) -> Params:
    """Turn `a[b]=1&c[]=2&c[]=3` into `{"a": {"b": "1"}, "c": ["2", "3"]}`."""
    root: Params = {}
    for key, value in parse_qsl(encoded, keep_blank_values=True):
        _place(root, [key.split("[", 1)[0], *_PARTS.findall(key)], value)
    return {name: _listed(value) for name, value in root.items()}


def _place(node: Params, path: list[str], value: str) -> None:
    for part in path[:-1]:
        node = node.setdefault(part or str(len(node)), {})
        if not isinstance(node, dict):
            raise refused(f"Invalid parameter: {path[0]}", param=path[0])
    node[path[-1] or str(len(node))] = value


def _listed(value: Any) -> Any:  # noqa: ANN401 - a form value has whatever shape the caller sent
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_listed(value[key]) for key in sorted(value, key=int)]
    return {key: _listed(inner) for key, inner in value.items()}


def read(raw: Params, spec: Spec, required: tuple[str, ...] = (), prefix: str = "") -> Params:
    """Check every parameter against `spec`; the error names the first that is wrong.

    An empty string unsets a parameter, so it reads as None.
    """
    values: Params = {}
    for name, value in raw.items():
        full = f"{prefix}[{name}]" if prefix else name
        if name not in spec:
            message = f"Received unknown parameter: {full}"
            raise refused(message, code="parameter_unknown", param=full)
        values[name] = None if value == "" else spec[name](value, full)
    for name in required:
        if values.get(name) is None:
            raise missing(f"{prefix}[{name}]" if prefix else name)
    return values


def text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise refused(f"Invalid string: {name}", param=name)
    return value


def integer(value: object, name: str) -> int:
    digits = text(value, name)
    if not re.fullmatch(r"-?\d{1,18}", digits):
        message = f"Invalid integer: {digits}"
        raise refused(message, code="parameter_invalid_integer", param=name)
    return int(digits)


def boolean(value: object, name: str) -> bool:
    if value not in {"true", "false"}:
        raise refused(f"Invalid boolean: {value}", param=name)
    return value == "true"


def web_address(value: object, name: str) -> str:
    address = text(value, name)
    if not re.match(r"https?://[^/\s]+", address):
        raise refused("Not a valid URL", code="url_invalid", param=name)
    return address


def one_of(*choices: str) -> Reader:
    def reader(value: object, name: str) -> str:
        if value not in choices:
            allowed = ", ".join(choices)
            raise refused(f"Invalid {name}: must be one of {allowed}", param=name)
        return str(value)

    return reader


def hash_of(spec: Spec, *required: str) -> Reader:
    def reader(value: object, name: str) -> Params:
        if not isinstance(value, dict):
            raise refused(f"Invalid object: {name}", param=name)
        return read(value, spec, required, prefix=name)

    return reader


def list_of(item: Reader) -> Reader:
    def reader(value: object, name: str) -> list[Any]:
        if not isinstance(value, list):
            raise refused("Invalid array", param=name)
        return [item(inner, f"{name}[{place}]") for place, inner in enumerate(value)]

    return reader


def free_hash(value: object, name: str) -> Params:
    """A hash whose inside this model only carries, such as an address."""
    if not isinstance(value, dict):
        raise refused(f"Invalid object: {name}", param=name)
    return value


def metadata(value: object, name: str) -> Params:
    """Up to 50 keys of 40 characters, values of 500. https://docs.stripe.com/api/metadata."""
    pairs = free_hash(value, name)
    if len(pairs) > MAX_METADATA_KEYS:
        raise refused("Metadata may have at most 50 keys", param=name)
    for key, inner in pairs.items():
        if len(key) > MAX_METADATA_KEY or len(text(inner, name)) > MAX_METADATA_VALUE:
            raise refused(f"Metadata key or value too long: {key[:40]}", param=f"{name}[{key}]")
    return pairs


def merged_metadata(old: Params, new: Params | None) -> Params:
    """What an update leaves: a new value replaces, an empty one removes its key."""
    both = {**old, **(new or {})}
    return {key: value for key, value in both.items() if value != ""}


def time_range(value: object, name: str) -> Params:
    """`created=5` or `created[gte]=5`: bounds by name."""
    if isinstance(value, dict):
        return read(value, dict.fromkeys(("gt", "gte", "lt", "lte"), integer), prefix=name)
    return {"gte": (exact := integer(value, name)), "lte": exact}
