"""Counts what the product asks of AWS and of Stripe, call by call, while it runs in this process.

Sits where botocore sends a request, and compares DynamoDB's items before and after it. A call that
it does not know fails the measurement, so that nothing is free by oversight.
"""

import io
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import botocore.handlers

from bench import units
from bench.units import Index, Raw
from sandbox.stripe.faults import Call as StripeCall
from tests import database

type Tables = Mapping[str, tuple[Index, ...]]

VERBS = {"PutItem": "Put", "UpdateItem": "Update", "DeleteItem": "Delete"}


@dataclass(slots=True)
class Call:
    """One request: what it was, and its units by what was written or read.

    `limits`: it only counts calls, for a rate limit or for Stripe's.
    """

    kind: str
    written: Counter[str] = field(default_factory=Counter)
    read: dict[str, float] = field(default_factory=dict)
    limits: bool = False


@dataclass(slots=True)
class Invocation:
    """One run of one function: what for, what it asked for, what it printed, what it worked.

    `worked_ms` is this machine's processor time without that of the fakes: a check of the model,
    never a figure of the bill. `sent_bytes` went to whoever asked over the internet.
    """

    function: str
    purpose: str
    calls: list[Call] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    worked_ms: float = 0.0
    sent_bytes: int = 0


class UnknownCallError(AssertionError):
    """The meter has no price for this call."""


class Meter:
    """What was invoked, in order."""

    def __init__(self, tables: Tables) -> None:
        self.invocations: list[Invocation] = []
        self._tables = tables
        self._now: Invocation | None = None
        self._fakes = 0.0

    @contextmanager
    def invocation(self, function: str, purpose: str) -> Iterator[Invocation]:
        """Everything inside is asked for by one run of a function."""
        made = Invocation(function, purpose)
        self.invocations.append(made)
        self._now, self._fakes, began = made, 0.0, time.process_time()
        printed = io.StringIO()
        try:
            with redirect_stdout(printed):
                yield made
        finally:
            made.worked_ms = 1000 * (time.process_time() - began - self._fakes)
            made.lines = printed.getvalue().splitlines()
            self._now = None

    def on_aws(self, event_name: str, request: Any = None, **more: Any) -> Any:  # noqa: ANN401 - botocore's
        """The hook in botocore's `before-send`."""
        if self._now is None:
            return None
        began = time.process_time()
        service, operation = event_name.removeprefix("before-send.").split(".")
        if service == "dynamodb":
            answer = self._dynamodb(
                operation, request, lambda: database.answer(event_name, request, **more)
            )
        else:
            self._now.calls.append(Call(_kind(service, operation)))
            answer = database.answer(event_name, request, **more)
        request.url = "https://nowhere.test/"  # botocore asks others too: not this a second time
        self._fakes += time.process_time() - began
        return answer

    def on_stripe(self, stage: str, _: StripeCall) -> None:
        """The hook of the fake Stripe."""
        if self._now is not None and stage == "before":
            self._now.calls.append(Call("Stripe"))

    def on_posting(self) -> None:
        """Something was posted to somebody's server."""
        if self._now is not None:
            self._now.calls.append(Call("post"))

    def _dynamodb(self, operation: str, request: Any, send: Callable[[], Any]) -> Any:  # noqa: ANN401
        body = json.loads(request.body)
        limits = str(body.get("Key", {}).get("pk", {}).get("S", "")).startswith("LIMIT#")
        call = Call(f"DynamoDB {operation}", limits=limits)
        assert self._now is not None
        self._now.calls.append(call)
        if operation in VERBS or operation == "TransactWriteItems":
            return self._write(call, operation, body, send)
        answer = send()
        if answer.status_code != 200:
            raise UnknownCallError(f"{operation} failed: {answer.content!r}")
        self._read(call, operation, body, json.loads(answer.content))
        return answer

    def _write(self, call: Call, operation: str, body: Any, send: Callable[[], Any]) -> Any:  # noqa: ANN401
        alone = operation in VERBS
        parts = [body] if alone else [next(iter(part.values())) for part in body["TransactItems"]]
        before = [_held(part) for part in parts]
        answer = send()
        for part, old in zip(parts, before, strict=True):
            table, new = _short(part["TableName"]), _held(part)
            factor = 1 if alone else units.TRANSACTION
            call.written[f"{table} {_what(part)}"] += units.written(old, new, factor=factor)
            for index in self._tables[part["TableName"]]:
                if counted := units.index_writes(index, old, new):
                    call.written[f"{table}/{index.name} {_what(part)}"] += counted
        return answer

    def _read(self, call: Call, operation: str, body: Any, answer: Any) -> None:  # noqa: ANN401
        if "ProjectionExpression" in body or "FilterExpression" in body:
            raise UnknownCallError("what is read is not what is returned")
        if operation == "BatchGetItem":
            for table, asked in body["RequestItems"].items():
                consistent = bool(asked.get("ConsistentRead"))
                sizes = map(units.size, answer["Responses"][table])
                read = sum(units.read(one, consistent=consistent) for one in sizes)
                call.read[_short(table)] = read
            return
        if operation == "GetItem":
            found = units.size(answer.get("Item"))
        elif operation == "Query":
            found = sum(map(units.size, answer["Items"]))
        else:
            raise UnknownCallError(operation)
        place = "/".join(filter(None, (_short(body["TableName"]), body.get("IndexName"))))
        consistent = bool(body.get("ConsistentRead"))
        call.read[place] = units.read(found, consistent=consistent)


def _kind(service: str, operation: str) -> str:
    known = {
        ("sqs", "SendMessageBatch"): "SQS send",
        ("sqs", "SendMessage"): "SQS send",
        ("sns", "Publish"): "push",
        ("sns", "CreatePlatformEndpoint"): "device",
        ("sns", "GetEndpointAttributes"): "device",
        ("ssm", "GetParameter"): "secret",
    }
    if (service, operation) not in known:
        raise UnknownCallError(f"{service}.{operation}")
    return known[service, operation]


def _short(table: str) -> str:
    return table.partition("-")[2]


def _what(part: Mapping[str, Any]) -> str:
    """What kind of item a key is of: EVT, HEAD, OFFER."""
    sort_key: str = (part.get("Key") or part["Item"])["sk"]["S"]
    return re.split("[#:]", sort_key)[0]


def _held(part: Mapping[str, Any]) -> Raw | None:
    """The item that a request is about, as it is held at this moment."""
    key = part.get("Key") or part["Item"]
    return database.item(part["TableName"], key)


@contextmanager
def counting(tables: Tables) -> Iterator[Meter]:
    """Count with a meter. Clients that were made before are not counted."""
    meter = Meter(tables)
    hook = ("before-send", meter.on_aws)
    botocore.handlers.BUILTIN_HANDLERS.insert(0, hook)
    try:
        with patch("boto3.DEFAULT_SESSION", None):
            yield meter
    finally:
        botocore.handlers.BUILTIN_HANDLERS.remove(hook)
