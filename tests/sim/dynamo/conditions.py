"""Conditions and filters: read into a tree, then compiled into a function of item and values.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.sim.dynamo.syntax import Path, Reader

MOST_OPTIONS = 100
COMPARATORS = frozenset({"=", "<>", "<", "<=", ">", ">="})
ARGUMENTS = {
    "attribute_exists": 1, "attribute_not_exists": 1, "attribute_type": 2, "begins_with": 2,
    "contains": 2, "size": 1,
}  # fmt: skip
ON_PATHS = frozenset({"attribute_exists", "attribute_not_exists"})


@dataclass(frozen=True, slots=True)
class At:
    """What is at a path."""

    path: Path


@dataclass(frozen=True, slots=True)
class Given:
    """A value that came with the request."""

    name: str


@dataclass(frozen=True, slots=True)
class Size:
    """The size of an operand."""

    of: "Operand"


@dataclass(frozen=True, slots=True)
class Compare:
    sign: str
    left: "Operand"
    right: "Operand"


@dataclass(frozen=True, slots=True)
class Between:
    what: "Operand"
    low: "Operand"
    high: "Operand"


@dataclass(frozen=True, slots=True)
class OneOf:
    what: "Operand"
    options: "tuple[Operand, ...]"


@dataclass(frozen=True, slots=True)
class Ask:
    """A function that is true or false."""

    function: str
    arguments: "tuple[Operand, ...]"


@dataclass(frozen=True, slots=True)
class Both:
    left: "Tree"
    right: "Tree"


@dataclass(frozen=True, slots=True)
class Either:
    left: "Tree"
    right: "Tree"


@dataclass(frozen=True, slots=True)
class Not:
    inner: "Tree"


type Operand = At | Given | Size
type Tree = Compare | Between | OneOf | Ask | Both | Either | Not


def read(reader: Reader) -> Tree:
    """The whole expression as a tree. Raises InvalidError."""
    tree = _either(reader)
    reader.end()
    return tree


def _chain(
    reader: Reader,
    word: str,
    read_one: Callable[[Reader], Tree],
    made: Callable[[Tree, Tree], Tree],
) -> Tree:
    tree = read_one(reader)
    while reader.accept(word):
        tree = made(tree, read_one(reader))
    return tree


def _either(reader: Reader) -> Tree:
    return _chain(reader, "OR", _both, Either)


def _both(reader: Reader) -> Tree:
    return _chain(reader, "AND", _maybe_not, Both)


def _maybe_not(reader: Reader) -> Tree:
    if reader.accept("NOT"):
        return Not(_maybe_not(reader))
    if reader.accept("("):
        tree = _either(reader)
        reader.expect(")")
        return tree
    return _statement(reader)


def _statement(reader: Reader) -> Tree:
    if reader.peek(1) == "(" and reader.peek() != "size":
        return _ask(reader)
    left = operand(reader)
    if reader.peek() in COMPARATORS:
        sign = reader.take()
        right = operand(reader)
        _distinct(reader, sign, (left, right))
        return Compare(sign, left, right)
    if reader.accept("BETWEEN"):
        low = operand(reader)
        reader.expect("AND")
        return Between(left, low, operand(reader))
    reader.expect("IN")
    reader.expect("(")
    options = _arguments(reader)
    if len(options) > MOST_OPTIONS:
        raise reader.wrong(
            "The IN operator is provided with too many operands; number of operands:"
            f" {len(options)}"
        )
    return OneOf(left, options)


def _ask(reader: Reader) -> Tree:
    function = reader.take()
    if function not in ARGUMENTS:
        raise reader.wrong(f"Invalid function name; function: {function}")
    reader.expect("(")
    arguments = _arguments(reader)
    if len(arguments) != ARGUMENTS[function]:
        raise reader.wrong(
            "Incorrect number of operands for operator or function; operator or function:"
            f" {function}, number of operands: {len(arguments)}"
        )
    if function in ON_PATHS and not isinstance(arguments[0], At):
        raise reader.wrong(
            f"Operator or function requires a document path; operator or function: {function}"
        )
    _distinct(reader, function, arguments)
    return Ask(function, arguments)


def _distinct(reader: Reader, function: str, operands: tuple[Operand, ...]) -> None:
    paths = [one for one in operands if isinstance(one, At)]
    if len(paths) != len(set(paths)):
        raise reader.wrong(
            "The first operand must be distinct from the remaining operands for this operator or"
            f" function; operator: {function}"
        )


def _arguments(reader: Reader) -> tuple[Operand, ...]:
    found = [operand(reader)]
    while reader.accept(","):
        found.append(operand(reader))
    reader.expect(")")
    return tuple(found)


def operand(reader: Reader) -> Operand:
    if reader.peek().startswith(":"):
        return Given(reader.value())
    if reader.peek() == "size" and reader.peek(1) == "(":
        reader.take()
        reader.take()
        of = operand(reader)
        reader.expect(")")
        return Size(of)
    return At(reader.path())


def attributes(tree: Tree | Operand) -> Iterator[str]:
    """The top-level attributes that a tree looks at."""
    if isinstance(tree, At):
        yield str(tree.path[0])
    for one in _below(tree):
        yield from attributes(one)


def _below(tree: Tree | Operand) -> tuple[Tree | Operand, ...]:
    match tree:
        case Size(inner) | Not(inner):
            return (inner,)
        case Both(left, right) | Either(left, right) | Compare(_, left, right):
            return left, right
        case Between(what, low, high):
            return what, low, high
        case OneOf(what, options):
            return what, *options
        case Ask(_, arguments):
            return arguments
    return ()
