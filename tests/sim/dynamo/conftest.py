"""Who is judged by the conformance cases, and what is known to be wrong with whom."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
import pytest
from moto.dynamodb.models import dynamodb_backends

from chalicelib.core import clock
from tests import database, moto_truth
from tests.clocks import StandingClock
from tests.sim.dynamo import definitions, wire
from tests.sim.dynamo.port import DEFINITIONS, Port
from tests.sim.dynamo.service import Service
from tests.tables import ACCOUNT, REGION

DOCUMENTATION = "https://docs.aws.amazon.com/amazondynamodb/latest/"
ENDPOINT = os.environ.get("DYNAMODB_ENDPOINT", "")
JUDGED = ["memory", "moto", *(["endpoint"] if ENDPOINT else [])]

_current: list[Service] = []


@cache
def client_of(name: str) -> Any:  # noqa: ANN401 - botocore builds its clients at run time
    """One client each, since making one costs more than a case does."""
    if name == "endpoint":
        session = boto3.Session(profile_name=os.environ.get("CONFORMANCE_PROFILE"))
        url = None if ENDPOINT == "aws" else ENDPOINT
        return session.client("dynamodb", region_name=REGION, endpoint_url=url)
    client = boto3.client("dynamodb", region_name=REGION)
    if name == "memory":
        client.meta.events.register_first(
            "before-send.dynamodb", lambda request, **_: wire.answer(_current[-1], request)
        )
    return client


@contextmanager
def serving(service: Service) -> Iterator[None]:
    """Let the client of the table in memory talk to this one."""
    _current.append(service)
    try:
        yield
    finally:
        _current.remove(service)


@pytest.fixture
def service(clock_at: StandingClock) -> Iterator[Service]:
    """The table in memory, on the clock under one's hand."""
    assert clock_at
    made = Service(clock.wall_now)
    definitions.lay(made, DEFINITIONS, "expires_at")
    with serving(made):
        yield made


@pytest.fixture
def memory(service: Service) -> Port:
    """Cases that take this port need the hooks: in memory only."""
    return Port("memory", client_of("memory"), service.records)


@pytest.fixture
def moto_instead() -> Iterator[None]:
    """The patched moto answers, of whom the other tests have none."""
    moto_truth.install()
    moto_truth.forget_tokens()
    with database.moto_instead():
        yield


@pytest.fixture(params=JUDGED)
def port(request: pytest.FixtureRequest, memory: Port) -> Port:
    """Cases that take a port hold for all that are judged."""
    for mark in request.node.iter_markers("wrong_in"):
        if request.param in mark.kwargs:
            reason = mark.kwargs[request.param]
            request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    if request.param == "memory":
        return memory
    client = client_of(request.param)
    if request.param == "moto":
        request.getfixturevalue("moto_instead")
        for one in DEFINITIONS:
            client.create_table(**one)
        return Port("moto", client, records_of_moto)
    _lay(client)
    return Port("endpoint", client, _no_records)


def records_of_moto(table: str) -> list[dict[str, Any]]:
    shard = dynamodb_backends[ACCOUNT][REGION].tables[table].stream_shard
    return [record.to_json() for record in shard.items] if shard is not None else []


def _no_records(_: str) -> list[dict[str, Any]]:
    pytest.skip("streams are read through another service")


def _lay(client: Any) -> None:  # noqa: ANN401 - a client
    """Empty tables: made once, then emptied."""
    known = set(client.list_tables()["TableNames"])
    for one in DEFINITIONS:
        name = one["TableName"]
        if name not in known:
            client.create_table(**one)
            client.get_waiter("table_exists").wait(TableName=name)
            continue
        keys = [key["AttributeName"] for key in one["KeySchema"]]
        for item in client.scan(TableName=name)["Items"]:
            client.delete_item(TableName=name, Key={key: item[key] for key in keys})
