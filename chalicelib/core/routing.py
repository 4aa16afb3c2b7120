"""A route, as its function tells it: what it takes, what it gives, who may call it.

The parameters of a view are found by their annotations: `Caller`, `Incoming`, `Served`,
`devices.Device`, `idempotency.Key`, a model named `body` or `query`; what is left are the parts of
the path, as text.
"""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict, Unpack, get_type_hints

from pydantic import BaseModel

from chalicelib.core.devices import Device
from chalicelib.core.errors import ProblemError
from chalicelib.core.idempotency import Key
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller, Right, Role

LARGEST_BODY = 65_536
PATH_NAME = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Incoming:
    """The request as it came over the wire, for what must see every byte (signatures, forms).

    Names of headers are in lower case. `source` is the address that API Gateway saw, `root` where
    the caller found us: what comes before the path.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)
    source: str = "unknown"
    root: str = "https://localhost"


type View = BaseModel | Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Answer[V: View = View]:
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
    by_url: bool
    also: tuple[int, ...]
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
    def asks_device(self) -> bool:
        return Device in self.takes.values()

    @property
    def by_hand(self) -> bool:
        """Whether an operator may do it to others: what couriers may too, all do to themselves."""
        roles = {role for role, _ in self.right.rows}
        return self.method != "GET" and Role.OPERATOR in roles and Role.COURIER not in roles

    @property
    def needs_reason(self) -> bool:
        """Whether an operator has to say why in a header, since the body has no words for it."""
        said = self.body.model_fields.get("reason") if self.body else None
        return self.by_hand and (said is None or said.annotation is not str)

    @property
    def by_operators_alone(self) -> bool:
        return {role for role, _ in self.right.rows} == {Role.OPERATOR}

    @property
    def path_names(self) -> list[str]:
        return PATH_NAME.findall(self.path)


@dataclass(frozen=True, slots=True)
class Hook:
    """What is sent to those who asked for it: a type of event, in words, with a body like this."""

    type: str
    sentence: str
    example: BaseModel = field(compare=False)


@dataclass(frozen=True, eq=False)
class Served:
    """All routes of the application, for the view that describes them, and what it sends."""

    routes: tuple[Route, ...]
    hooks: tuple[Hook, ...] = ()


class Options(TypedDict, total=False):
    """What a route may say beside its path and its right.

    `status` of success (200), the `errors` of its domain, a rate `limit` where a call costs money,
    the `largest` body in bytes (65,536), and `raw`: no sign-in and no search for card numbers,
    because a signature over the body decides. `by_url`: the function behind the stack's TrackUrl
    answers too, for less. `also`: statuses of success beside the first.
    """

    status: int
    errors: Sequence[type[ProblemError]]
    limit: Limit | None
    largest: int
    raw: bool
    by_url: bool
    also: Sequence[int]


def describe(
    method: str, path: str, right: Right, view: Callable[..., Any], **options: Unpack[Options]
) -> Route:
    """The route of a view.

    Raises TypeError where the view takes what nobody can give it, leaves out a part of its path,
    or takes an Idempotency-Key from callers who have no name to scope it to.
    """
    hints = get_type_hints(view, include_extras=True)
    gives = hints.pop("return", None)
    _demand_givable(view, path, hints)
    if right.public and Key in hints.values():
        raise TypeError(f"{view.__name__} is public: an Idempotency-Key needs a principal")
    return Route(
        method=method,
        path=path,
        right=right,
        view=view,
        status=options.get("status", 200),
        errors=tuple(options.get("errors", ())),
        limit=options.get("limit"),
        largest=options.get("largest", LARGEST_BODY),
        raw=options.get("raw", False),
        by_url=options.get("by_url", False),
        also=tuple(options.get("also", ())),
        tag=_tag(view.__module__),
        takes=hints,
        gives=gives,
    )


def _tag(module: str) -> str:
    """The domain whose routes these are; the core itself speaks about the service."""
    domain = module.split(".")[1] if module.startswith("chalicelib.") else module.rpartition(".")[2]
    return "service" if domain == "core" else domain


def _demand_givable(view: Callable[..., Any], path: str, hints: Mapping[str, Any]) -> None:
    names = PATH_NAME.findall(path)
    parameters = inspect.signature(view).parameters
    for name in parameters:
        by_name = name in names or name in {"body", "query"}
        if not by_name and hints.get(name) not in (Caller, Device, Incoming, Key, Served):
            raise TypeError(f"{view.__name__} takes {name}, which a route cannot give")
    missing = [name for name in names if name not in parameters]
    if missing:
        raise TypeError(f"{view.__name__} does not take {', '.join(missing)} of its path")
