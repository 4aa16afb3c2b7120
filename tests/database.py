"""The DynamoDB of the tests: in memory, behind boto3's door. The rest of AWS is moto's.

The same conformance cases judge both (`tests/sim/dynamo`); this one is several times as fast.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import botocore
import botocore.handlers
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.useragent import UserAgentString
from moto.core.models import botocore_stubber

from chalicelib.core import clock
from tests import tables
from tests.sim.dynamo import definitions, wire
from tests.sim.dynamo.service import Change, Service
from tests.sim.dynamo.storage import Partitions, Stored
from tests.sim.dynamo.streams import Record
from tests.sim.dynamo.values import normal

type Raw = dict[str, dict[str, Any]]
type Row = dict[str, Any]

MOTOS = ("before-send", botocore_stubber)
OURS = "before-send.dynamodb."

_lock = threading.RLock()
_services: list[Service] = []


@dataclass(frozen=True)
class Kept:
    """All that the database held at one moment. Items are never changed, so they are shared."""

    tables: dict[str, dict[str, Partitions]]
    streams: dict[str, list[Record]]
    changes: list[Change]


def install() -> None:
    """Before any client is made: in the place of moto's hook, which we ask ourselves."""
    handlers = botocore.handlers.BUILTIN_HANDLERS
    if MOTOS in handlers:
        handlers.remove(MOTOS)
        handlers.append(("before-send", _on_send))


def quicken() -> None:
    """Once: leave out of each request what nobody reads here, a third of a test."""
    handlers = botocore.handlers.BUILTIN_HANDLERS
    handlers.append(("choose-signer.dynamodb", _unsigned))
    setattr(UserAgentString, "to_string", lambda _: "tests")  # noqa: B010 - mypy


def answer(event_name: str, request: Any, **more: Any) -> AWSResponse | None:  # noqa: ANN401 - botocore's hook
    """Answer a request to AWS, whoever of us knows the service."""
    if event_name.startswith(OURS) and _services:
        with _lock:
            return wire.answer(_services[-1], request)
    found: AWSResponse | None = botocore_stubber(event_name, request, **more)
    return found


def _on_send(event_name: str, request: AWSPreparedRequest, **more: object) -> AWSResponse | None:
    """Botocore asks everybody: what was answered before us is not answered twice."""
    if request.url == wire.NOWHERE:
        return None
    return answer(event_name, request, **more)


def _unsigned(**_: object) -> object:
    """No signature where the tables are ours: the embedded cloud looks at them."""
    return botocore.UNSIGNED if _services else None


@contextmanager
def open_with(prefix: str) -> Iterator[Service]:
    """Empty tables of a stack of that name, as the template declares them."""
    made = Service(clock.wall_now)
    definitions.lay(made, tables.definitions(prefix), "expires_at")
    with serving(made):
        yield made


@contextmanager
def serving(service: Service) -> Iterator[None]:
    _services.append(service)
    try:
        yield
    finally:
        _services.remove(service)


@contextmanager
def moto_instead() -> Iterator[None]:
    """Let moto answer, with its tables of that name: to judge it."""
    aside, _services[:] = list(_services), []
    try:
        yield
    finally:
        _services[:] = aside


def current() -> Service:
    return _services[-1]


def names() -> list[str]:
    return list(current().tables)


def rows(table: str) -> list[Row]:
    """Every item of a table as plain values, past the code under test. Only look."""
    return current().rows(table)


def raw(table: str) -> list[Raw]:
    """Every item of a table as it goes over the wire. Only look."""
    return list(current().tables[table].items())


def records(table: str, since: int = 0) -> list[dict[str, Any]]:
    """The records of a table's stream but for the first ones."""
    return current().records(table, since)


def recorded(table: str) -> int:
    """How many records a table's stream has."""
    return len(current().streams.get(table, ()))


def item(table: str, key: Raw) -> Stored | None:
    """The item of a key, or None."""
    stored = current().tables[table]
    return stored.get(stored.key_of(key))


def remove(table: str, key: Raw) -> None:
    """Make an item vanish, without anybody noticing."""
    stored = current().tables[table]
    stored.put(stored.key_of(key), None)


def keep() -> Kept:
    """All that is held now."""
    service = current()
    return Kept(
        tables={
            name: {
                "": _copied(table.partitions),
                **{one.name: _copied(one.partitions) for one in table.indexes.values()},
            }
            for name, table in service.tables.items()
        },
        streams={name: list(said) for name, said in service.streams.items()},
        changes=list(service.changes),
    )


def lay_out(kept: Kept, *, streams: bool = True) -> None:
    """Hold again what was held then. Tokens of transactions are forgotten."""
    service = current()
    for name, held in kept.tables.items():
        table = service.tables[name]
        table.partitions, table.log = _copied(held[""]), []
        for index in table.indexes.values():
            index.partitions, index.log = _copied(held[index.name]), []
    service.tokens = {}
    service.streams = {name: list(said) for name, said in kept.streams.items()} if streams else {}
    service.changes = list(kept.changes)


def _copied(partitions: Partitions) -> Partitions:
    return {value: one.copy() for value, one in partitions.items()}


def lay(table: str, item: Raw) -> None:
    """Let an item stand in a table as if it had been written: for many, without a request each."""
    stored = current().tables[table]
    sizes = sum(len(name.encode()) + normal(value)[1] for name, value in item.items())
    stored.put(stored.key_of(item), Stored(item, sizes))
