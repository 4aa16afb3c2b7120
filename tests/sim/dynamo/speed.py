"""How much faster than moto, by processor time: `python -m tests.sim.dynamo.speed`."""

import os
import sys
import time
from collections.abc import Callable
from typing import Any

KEYS = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1"}
ROUNDS = 300


def _calls(client: Any, model: Any) -> dict[str, Callable[[int], object]]:  # noqa: ANN401 - clients
    from tests.sim.dynamo.port import THINGS, part, putting, raw

    def put(number: int) -> object:
        item = raw({"pk": f"p{number % 50}", "sk": "1", "n": number, "board": "x", "at": "1"})
        return client.put_item(TableName=THINGS, Item=item)

    def get(number: int) -> object:
        key = raw({"pk": f"p{number % 50}", "sk": "1"})
        return client.get_item(TableName=THINGS, Key=key, ConsistentRead=True)

    def update(number: int) -> object:
        return client.update_item(
            **part(f"p{number % 50}", "SET n = n + :v", {":v": 1}),
            ConditionExpression="attribute_exists(pk)",
        )

    def transact(number: int) -> object:
        parts = [{"Put": putting(f"t{number}", str(one), n=1)} for one in range(4)]
        return client.transact_write_items(TransactItems=parts)

    def query(_: int) -> object:
        return client.query(
            TableName=THINGS,
            IndexName="by_board",
            KeyConditionExpression="board = :b",
            ExpressionAttributeValues=raw({":b": "x"}),
            Limit=10,
        )

    return {
        "boto3 put": put,
        "boto3 get": get,
        "boto3 update": update,
        "boto3 transaction of 4": transact,
        "boto3 query of 10": query,
        "PynamoDB save": lambda number: model(f"m{number % 50}", "1", n=number).save(),
        "PynamoDB get": lambda number: model.get(f"m{number % 50}", "1", consistent_read=True),
    }


def _measured(act: Callable[[int], object]) -> float:
    for number in range(20):
        act(number)
    start = time.process_time()
    for number in range(ROUNDS):
        act(number)
    return ROUNDS / (time.process_time() - start)


def main() -> None:
    os.environ.update(KEYS)
    import boto3
    from moto import mock_aws
    from pynamodb.attributes import NumberAttribute, UnicodeAttribute
    from pynamodb.models import Model

    from tests import moto_truth
    from tests.sim.dynamo import definitions, wire
    from tests.sim.dynamo.port import DEFINITIONS, THINGS
    from tests.sim.dynamo.quick import quicken
    from tests.sim.dynamo.service import Service

    class Thing(Model):
        class Meta:
            table_name = THINGS
            region = "us-east-1"

        pk = UnicodeAttribute(hash_key=True)
        sk = UnicodeAttribute(range_key=True)
        n = NumberAttribute()

    moto_truth.install()
    service = Service(time.time)
    hook: Any = wire.hook(service)
    definitions.lay(service, DEFINITIONS, None)
    speeds: dict[str, dict[str, float]] = {}
    with mock_aws():
        for name in ("moto", "memory"):
            Thing._connection = None
            pynamo = Thing._get_connection().connection.client
            client = boto3.client("dynamodb")
            if name == "memory":
                for one in (client, pynamo):
                    one.meta.events.register_first("before-send.dynamodb", hook)
                    quicken(one)
            else:
                for one in DEFINITIONS:
                    client.create_table(**one)
            calls = _calls(client, Thing)
            speeds[name] = {call: _measured(act) for call, act in calls.items()}
    sys.stdout.write(f"{'calls per second':24} {'moto':>7} {'memory':>7} {'times':>6}\n")
    for call, slow in speeds["moto"].items():
        fast = speeds["memory"][call]
        sys.stdout.write(f"{call:24} {slow:7.0f} {fast:7.0f} {fast / slow:6.1f}\n")


if __name__ == "__main__":
    main()
