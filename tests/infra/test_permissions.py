"""What the code asks of AWS while a whole day is played is what its roles allow.

The embedded cloud enforces roles too, but tells of a missing permission only by a failed call.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import botocore.client
import pytest

from chalicelib.core import events as core_events
from chalicelib.orders import events as order_events
from chalicelib.payments import events as payment_events
from infra.expanded import as_list, granted
from tests import people
from tests import world as the_world
from tests.infra.conftest import Packaged
from tests.infra.test_names import FUNCTIONS
from tests.world import World

type Permission = tuple[str, str]

HANDLERS = {
    "RingBells": (core_events, "ring_bells"),
    "SweepBells": (core_events, "sweep_bells"),
    "SweepOrders": (order_events, "sweep_orders"),
    "SettlePayments": (payment_events, "settle_payments"),
    "SweepPayments": (payment_events, "sweep_payments"),
}
PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"}


def needed(operation: str, said: dict[str, Any]) -> Iterator[Permission]:
    """The permissions that a call asks for, with the resource's name behind the stack's."""
    if operation == "TransactWriteItems":
        for part in said["TransactItems"]:
            [(verb, about)] = part.items()
            yield f"dynamodb:{PARTS.get(verb, 'ConditionCheckItem')}", _table(about)
    elif operation == "GetParameter":
        yield "ssm:GetParameter", said["Name"].rpartition("/")[2]
    elif "QueueUrl" in said:
        yield f"sqs:{operation.removesuffix('Batch')}", said["QueueUrl"].rpartition("/")[2]
    else:
        index = f"/index/{said['IndexName']}" if "IndexName" in said else ""
        yield f"dynamodb:{operation}", _table(said) + index


def _table(said: dict[str, Any]) -> str:
    return str(said["TableName"].partition("-")[2])


def allowed(packaged: Packaged, function: str) -> set[Permission]:
    """What a function's role allows, under the same names."""
    return {
        (action, _name(packaged, resource))
        for statement in granted(packaged.expanded, FUNCTIONS[function])
        for action in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    }


def _name(packaged: Packaged, resource: dict[str, Any]) -> str:
    """A resource of a statement, by the name that calls use."""
    if "Fn::GetAtt" in resource:
        logical = resource["Fn::GetAtt"][0]
        table = packaged.resource(logical).get("TableName", {}).get("Fn::Sub")
        return table.partition("-")[2] if table else str(logical)
    text = str(resource["Fn::Sub"])
    if "/index/" in text:
        logical, _, index = text.removeprefix("${").partition(".Arn}")
        return _name(packaged, {"Fn::GetAtt": [logical]}) + index
    return text.rpartition("/")[2]


class Recorder:
    """Notes what is asked of AWS, and by which function."""

    def __init__(self) -> None:
        self.running = ""
        self.asked: dict[str, set[Permission]] = {name: set() for name in FUNCTIONS}

    def calling(self, call: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(call)
        def noted(client: object, operation: str, said: dict[str, Any]) -> Any:  # noqa: ANN401 - botocore's answer
            if self.running:
                self.asked[self.running].update(needed(operation, said))
            return call(client, operation, said)

        return noted

    def playing(self, function: str, handler: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: object) -> Any:  # noqa: ANN401 - the handler's answer
            self.running = function
            try:
                return handler(*given)
            finally:
                self.running = ""

        return run


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    made = Recorder()
    client = botocore.client.BaseClient
    monkeypatch.setattr(client, "_make_api_call", made.calling(client._make_api_call))  # type: ignore[attr-defined] # private
    for function, (module, name) in HANDLERS.items():
        monkeypatch.setattr(module, name, made.playing(function, getattr(module, name)))
    api = made.playing("APIHandler", the_world.app)  # type: ignore[attr-defined] # its own import
    api.specs = the_world.app.specs  # type: ignore[attr-defined] # routes are looked up there
    monkeypatch.setattr(the_world, "app", api)
    return made


def play_a_day(world_at: World) -> None:
    """Orders that are collected, cancelled, rejected, forgotten and never paid, and the looks."""
    store_id = world_at.store()
    collected = world_at.paid_order(store_id)
    steps = ("confirm", "preparing", "ready", "picked-up")
    assert world_at.command(collected, *steps, store_id=store_id).status == 200
    cancelled, rejected = (world_at.paid_order(store_id, user) for user in ("jun", "yuna"))
    jun = world_at.customer("jun")
    given_up = world_at.post(f"/v1/orders/{cancelled}/cancel", {"code": "other"}, token=jun)
    assert given_up.status == 200
    till = people.machine(store_id)
    assert world_at.post(f"/v1/orders/{rejected}/reject", {}, token=till).status == 200
    world_at.paid_order(store_id, "sora")
    hana = world_at.customer("hana")
    world_at.place(hana, world_at.quote(store_id, hana))
    look_around(world_at, store_id, collected)
    world_at.pump()
    world_at.pass_time(26 * 3600, step=3600)


def look_around(world_at: World, store_id: str, order_id: str) -> None:
    """What people read and keep in order on such a day."""
    merchant, operator = people.person("merchant", "owner"), people.person("operator", "op")
    mina = world_at.customer()
    for path in ("/v1/orders", f"/v1/orders/{order_id}", f"/v1/orders/{order_id}/payments"):
        world_at.get(path, mina)
    for path in ("/v1/stores?city=seoul", f"/v1/stores/{store_id}", f"/v1/stores/{store_id}/menu"):
        world_at.get(path)
    for path in (f"/v1/stores/{store_id}/orders", f"/v1/stores/{store_id}/staff"):
        world_at.get(path, merchant)
    world_at.get(f"/v1/orders/{order_id}/ledger", operator)
    ari = f"/v1/stores/{store_id}/staff/ari"
    assert world_at.call("PUT", ari, {"role": "till"}, token=merchant).status < 300
    assert world_at.call("DELETE", ari, token=merchant).status < 300


def test_a_whole_day_asks_for_nothing_that_a_role_does_not_allow(
    packaged: Packaged, recorder: Recorder, world_at: World
) -> None:
    play_a_day(world_at)

    refused = {
        function: asked - allowed(packaged, function) for function, asked in recorder.asked.items()
    }
    assert {function: asked for function, asked in refused.items() if asked} == {}


def test_the_day_makes_every_function_work_that_it_can_reach(
    recorder: Recorder, world_at: World
) -> None:
    play_a_day(world_at)

    working = {function for function, asked in recorder.asked.items() if asked}
    assert working == {"APIHandler", *HANDLERS}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_is_compared_by_names_that_calls_use(packaged: Packaged, function: str) -> None:
    names = {name for action, name in allowed(packaged, function) if "dynamodb:" in action}

    tables = {name.partition("/")[0].removesuffix("Table") for name in names}
    assert tables <= {
        "orders", "quotes", "catalog", "payments", "ledger", "integrations", "control",
    }  # fmt: skip
