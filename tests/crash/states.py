"""A world's whole state, taken once and put back for every case: making it anew costs too much."""

import pickle
from dataclasses import dataclass
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import sqs_backends

from tests import moto_truth
from tests.tables import ACCOUNT, REGION
from tests.world import World


@dataclass(frozen=True)
class State:
    """What every stateful thing of a world held at one moment."""

    tables: bytes
    queues: bytes
    stripe: dict[str, Any]
    seconds: float
    read: dict[str, int]


def take(world: World) -> State:
    tables = {
        name: (table.items, table.stream_shard.items if table.stream_shard else None)
        for name, table in dynamodb_backends[ACCOUNT][REGION].tables.items()
    }
    queues = {name: queue._messages for name, queue in _queues().items()}
    return State(
        tables=pickle.dumps(tables),
        queues=pickle.dumps(queues),
        stripe=world.stripe.snapshot(),
        seconds=world.clock.seconds,
        read=dict(world.streams.read),
    )


def put_back(world: World, state: State) -> None:
    stored = dynamodb_backends[ACCOUNT][REGION].tables
    for name, (items, records) in pickle.loads(state.tables).items():  # noqa: S301 - our own bytes
        stored[name].items = items
        if records is not None:
            stored[name].stream_shard.items = records
    for name, messages in pickle.loads(state.queues).items():  # noqa: S301 - our own bytes
        _queues()[name]._messages = messages
    moto_truth.forget_tokens()
    world.stripe.restore(state.stripe)
    world.clock.seconds = state.seconds
    world.streams.read = dict(state.read)
    world.bells.forget()


def _queues() -> Any:  # noqa: ANN401 - moto's own
    return sqs_backends[ACCOUNT][REGION].queues
