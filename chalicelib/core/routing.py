"""A route, as its function tells it: what it takes, what it gives, who may call it.

The parameters of a view are found by their annotations: `Caller`, `Incoming`, `idempotency.Key`, a
model named `body` or `query`; what is left are the parts of the path, as text.
"""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_type_hints

from pydantic import BaseModel

from chalicelib.core.errors import ProblemError
from chalicelib.core.idempotency import Key
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller, Right

LARGEST_BODY = 65_536


@dataclass(frozen=True, slots=True)
class Incoming:
    """The request as it came over the wire, for what must see every byte (signatures, forms)."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer[V]:
    """A view with another status or more headers than the route's own."""

    view: V
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path."""

    method: str
    path: str
    right: Right
    view: Callable[..., Any]
    status: int
    errors: tuple[type[ProblemError], ...]
    limit: Limit | None
    largest: int
    raw: bool
    tag: str
    takes: Mapping[str, Any]
    gives: Any

    @property
    def name(self) -> str:
        return self.view.__name__

    @property
    def body(self) -> type[BaseModel] | None:
        return self.takes.get("body")

    @property
    def query(self) -> type[BaseModel] | None:
        return self.takes.get("query")

    @property
    def needs_key(self) -> bool:
        return Key in self.takes.values()

    @property
    def path_names(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)


def describe(
    method: str,
    path: str,
    right: Right,
    view: Callable[..., Any],
    *,
    status: int,
    errors: Sequence[type[ProblemError]],
    limit: Limit | None,
    largest: int,
    raw: bool,
) -> Route:
    """The route of a view. Raises TypeError where the view takes what nobody can give it."""
    hints = get_type_hints(view, include_extras=True)
    gives = hints.pop("return", None)
    names = re.findall(r"{(\w+)}", path)
    for name in inspect.signature(view).parameters:
        hint = hints.get(name)
        given = name in names or name in {"body", "query"} or hint in (Caller, Incoming, Key)
        if not given:
            raise TypeError(f"{view.__name__} takes {name}, which a route cannot give")
    return Route(
        method=method,
        path=path,
        right=right,
        view=view,
        status=status,
        errors=tuple(errors),
        limit=limit,
        largest=largest,
        raw=raw,
        tag=view.__module__.split(".")[1] if "." in view.__module__ else "ieum",
        takes=hints,
        gives=gives,
    )
