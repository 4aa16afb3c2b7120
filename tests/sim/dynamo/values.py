"""Attribute values: checked, in one canonical form, measured, ordered.

Once canonical (numbers without noise, sets sorted), two values are equal exactly when their plain
dictionaries are. Values are never changed in place, so items may share them.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException, Inexact, InvalidOperation
from functools import lru_cache
from typing import Any

from tests.sim.dynamo.errors import InvalidError, invalid

type Value = dict[str, Any]
type Item = dict[str, Value]

DIGITS = 38
DEEPEST = 32
LARGEST = Decimal("9.9999999999999999999999999999999999999E+125")
SMALLEST = Decimal("1E-130")
_PLAIN_INTEGER = re.compile(r"-?[1-9][0-9]{0,37}|0")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_ARITHMETIC = Context(prec=DIGITS, rounding=ROUND_HALF_UP, traps=[Inexact, InvalidOperation])
_SETS = {"SS": "string", "NS": "number", "BS": "binary"}


def normal(value: Value, depth: int = 0) -> tuple[Value, int]:
    """The canonical form of a value, and its size in bytes. Raises InvalidError."""
    if len(value) != 1:
        amount = "is empty" if not value else "has more than one datatypes set"
        raise InvalidError(
            f"Supplied AttributeValue {amount}, must contain exactly one of the supported datatypes"
        )
    ((kind, inner),) = value.items()
    if kind == "S":
        return value, len(inner) if inner.isascii() else len(inner.encode())
    if kind == "N":
        text = canonical(inner)
        return (value if text == inner else {"N": text}), number_size(text)
    if kind in {"M", "L"}:
        return _nested(kind, inner, depth + 1)
    return _other(kind, inner, value)


def _nested(kind: str, inner: Any, depth: int) -> tuple[Value, int]:  # noqa: ANN401 - list or map
    if depth > DEEPEST:
        raise invalid("Nesting Levels have exceeded supported limits")
    if kind == "L":
        listed = [normal(one, depth) for one in inner]
        return {"L": [one for one, _ in listed]}, 3 + sum(size + 1 for _, size in listed)
    made: Item = {}
    total = 3
    for name, one in inner.items():
        made[name], size = normal(one, depth)
        total += len(name.encode()) + size + 1
    return {"M": made}, total


def _other(kind: str, inner: Any, value: Value) -> tuple[Value, int]:  # noqa: ANN401 - any type
    if kind == "BOOL":
        return value, 1
    if kind == "NULL":
        if inner is not True:
            raise invalid("Null attribute value types must have the value of true")
        return value, 1
    if kind == "B":
        return value, len(raw_bytes(inner))
    if kind not in _SETS:
        raise InvalidError(
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
        )
    if not inner:
        raise invalid(f"An {_SETS[kind]} set  may not be empty")
    made = as_set(kind, inner)
    if len(made[kind]) != len(inner):
        raise invalid(f"Input collection {inner} contains duplicates.")
    return made, sum(normal({kind[0]: one})[1] for one in inner)


def as_set(kind: str, members: Iterable[str]) -> Value:
    """A set in its canonical order."""
    if kind == "NS":
        return {kind: sorted({canonical(one) for one in members}, key=Decimal)}
    return {kind: sorted(set(members))}


def normal_item(item: Item) -> tuple[Item, int]:
    made: Item = {}
    total = 0
    for name, value in item.items():
        made[name], size = normal(value)
        total += size + (len(name) if name.isascii() else len(name.encode()))
    return made, total


def raw_bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidError("Invalid base64 in a binary value") from error


@lru_cache(maxsize=65536)
def canonical(text: str) -> str:
    """A number as DynamoDB gives it back: exact, of 38 digits, without noise."""
    if _PLAIN_INTEGER.fullmatch(text):
        return text
    if not _NUMBER.fullmatch(text):
        raise InvalidError(f"The parameter cannot be converted to a numeric value: {text}")
    return written(Decimal(text))


def written(number: Decimal) -> str:
    """A number as text. Raises InvalidError outside of what DynamoDB can hold."""
    if not number:
        return "0"
    digits = "".join(map(str, number.as_tuple().digits)).strip("0")
    if len(digits) > DIGITS:
        raise InvalidError("Attempting to store more than 38 significant digits in a Number")
    if abs(number) > LARGEST:
        raise InvalidError(
            "Number overflow. Attempting to store a number with magnitude larger than supported"
            " range"
        )
    if abs(number) < SMALLEST:
        raise InvalidError(
            "Number underflow. Attempting to store a number with magnitude smaller than supported"
            " range"
        )
    return format(number.normalize(Context(prec=DIGITS)), "f")


def added(left: str, right: str, *, sign: int = 1) -> str:
    """The exact sum (or difference) of two numbers."""
    try:
        return written(_ARITHMETIC.fma(Decimal(right), Decimal(sign), Decimal(left)))
    except DecimalException as error:
        raise InvalidError("Attempting to store more than 38 significant digits in a Number") from (
            error
        )


def number_size(text: str) -> int:
    """About one byte for two significant digits, and one more."""
    return (len(text.strip("-0.").replace(".", "")) + 1) // 2 + 1


ORDERS: dict[str, Callable[[Any], Any]] = {"S": str, "N": Decimal, "B": raw_bytes}


def order(value: Value) -> Any:  # noqa: ANN401 - str, Decimal or bytes
    """What a scalar sorts by: text by its UTF-8 bytes (which is by code points), numbers by size.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
    """
    ((kind, inner),) = value.items()
    return inner if kind == "S" else ORDERS[kind](inner)


def plain(value: Value) -> Any:  # noqa: ANN401 - whatever is stored
    """A value as Python has it: whole numbers as int, others as Decimal."""
    ((kind, inner),) = value.items()
    return _PLAIN[kind](inner)


_PLAIN: dict[str, Callable[[Any], Any]] = {
    "S": str,
    "BOOL": bool,
    "NULL": lambda _: None,
    "B": raw_bytes,
    "N": lambda text: Decimal(text) if "." in text else int(text),
    "M": lambda inside: {name: plain(one) for name, one in inside.items()},
    "L": lambda listed: [plain(one) for one in listed],
    "SS": set,
    "NS": lambda numbers: {plain({"N": one}) for one in numbers},
    "BS": lambda members: {raw_bytes(one) for one in members},
}
