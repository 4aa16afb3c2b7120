"""Every operation of the protocol file that Ieum hosts: its path, who may, what it may refuse with.

https://abrasel-nacional.github.io/docs/ (version 1.7.0)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.core.rights import Caller, Right
from chalicelib.core.routing import Incoming

EVERYWHERE = frozenset({400, 401, 403, 404, 503})
COMMANDS = EVERYWHERE | {422}


@dataclass(frozen=True, slots=True)
class Call:
    """One request to an operation: who asks, for which store, and what stands in its path."""

    caller: Caller
    store_id: str
    named: str
    incoming: Incoming


@dataclass(frozen=True, slots=True)
class Said:
    """What is answered: a status, and JSON or nothing."""

    status: int
    body: Any = None


type Do = Callable[[Call], Said]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `right` is the row that lets a store's machine do it; None: anybody may."""

    id: str
    method: str
    path: str
    right: Right | None
    do: Do
    refusals: frozenset[int] = EVERYWHERE


type Table = Mapping[tuple[str, str], Operation]


def table(*operations: Operation) -> Table:
    """The operations by method and path, `*` for what a path names."""
    return {(one.method, one.path): one for one in operations}


def find(known: Table, method: str, steps: tuple[str, ...]) -> tuple[Operation, str] | None:
    """The operation of a path, and what it names: the step that is an id, if one is."""
    path = "/".join(steps)
    if (method, path) in known:
        return known[method, path], ""
    for place, step in enumerate(steps):
        wild = "/".join((*steps[:place], "*", *steps[place + 1 :]))
        if (method, wild) in known:
            return known[method, wild], step
    return None
