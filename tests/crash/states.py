"""A world's whole state, taken once and put back for every case: making it anew costs too much."""

import hashlib
import json
import pickle
from dataclasses import dataclass
from typing import Any

from moto.sqs.models import sqs_backends

from tests import database, laws
from tests.database import Kept
from tests.tables import ACCOUNT, REGION, definitions
from tests.world import World


@dataclass(frozen=True)
class State:
    """What every stateful thing of a world held at one moment."""

    tables: Kept
    queues: bytes
    bells: bytes
    stripe: dict[str, Any]
    seconds: float
    read: dict[str, int]


def take(world: World) -> State:
    queues = {name: queue._messages for name, queue in _queues().items()}
    return State(
        tables=database.keep(),
        queues=pickle.dumps(queues),
        bells=pickle.dumps([queue.under_way() for queue in world.queues]),
        stripe=world.stripe.snapshot(),
        seconds=world.clock.seconds,
        read=dict(world.streams.read),
    )


def put_back(world: World, state: State) -> None:
    database.lay_out(state.tables)
    for name, messages in pickle.loads(state.queues).items():  # noqa: S301 - our own bytes
        _queues()[name]._messages = messages
    world.stripe.restore(state.stripe)
    world.clock.seconds = state.seconds
    world.streams.read = dict(state.read)
    for queue, messages in zip(world.queues, pickle.loads(state.bells), strict=True):  # noqa: S301 - our own bytes
        queue.take_up(messages)


def digest(world: World) -> str:
    """Equal for states that cannot come to differ: all that is stored, queued and under way."""
    names = [one["TableName"].removeprefix("test-") for one in definitions("test")]
    held = {
        "tables": {name: _lasting(name) for name in names},
        "queues": {
            name: [one.body for one in queue._messages] for name, queue in _queues().items()
        },
        "bells": [
            [(one.body, one.received, one.visible_at) for one in some]
            for queue in world.queues
            for some in queue.under_way()
        ],
        "stripe": world.stripe.snapshot(),
        "read": world.streams.read,
    }
    return hashlib.sha256(json.dumps(held, sort_keys=True, default=str).encode()).hexdigest()


def _lasting(table: str) -> list[laws.Row]:
    """The rows of a table, but counts of a quarter of a second, which soon mean nothing."""
    return [row for row in laws.rows(table) if not str(row["pk"]).startswith("LIMIT#pace#")]


def _queues() -> Any:  # noqa: ANN401 - moto's own
    return sqs_backends[ACCOUNT][REGION].queues
