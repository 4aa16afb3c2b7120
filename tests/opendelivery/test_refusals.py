"""Whatever goes wrong with an operation is told by a status and a shape of the protocol's file."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.core.errors import (
    BadRequestError,
    BusyError,
    ConflictError,
    ForbiddenError,
    GoneError,
    InvalidError,
    NotFoundError,
    ProblemError,
    TooManyError,
    UnauthenticatedError,
    UnavailableError,
)
from chalicelib.integrations.opendelivery import errors, serving
from chalicelib.integrations.opendelivery.operations import Call, Operation, Said
from tests.opendelivery import protocol
from tests.opendelivery.desk import Desk

OPERATIONS = {one.id: one for one in serving.OPERATIONS.values()}
WRONG: tuple[ProblemError, ...] = (
    BadRequestError("What?"),
    InvalidError(errors=[{"pointer": "/code", "detail": "missing"}]),
    UnauthenticatedError(),
    ForbiddenError(),
    NotFoundError(),
    ConflictError("Not so.", current_status="CREATED", allowed_commands=["confirm"]),
    GoneError(),
    BusyError(),
    TooManyError(retry_after=7),
    UnavailableError(),
)
SOMEWHERE = "01935f0e-0000-7000-8000-000000000000"


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_tells_everything_that_its_file_documents_and_nothing_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    operation, told = OPERATIONS[name], set()
    method, path = operation.method, "/" + operation.path.replace("*", SOMEWHERE)

    for error in WRONG:
        _fail_with(monkeypatch, operation, error)
        answer = desk.call(method, path, {} if method != "GET" else None)
        assert answer.json["title"]
        told.add(answer.status)

    assert told == operation.refusals
    assert protocol.exercised[name] >= operation.refusals


def _fail_with(monkeypatch: pytest.MonkeyPatch, operation: Operation, error: ProblemError) -> None:
    def fail(_: Call) -> Said:
        raise error

    failing: dict[tuple[str, str], Any] = {
        (operation.method, operation.path): replace(operation, do=fail)
    }
    monkeypatch.setattr(serving, "OPERATIONS", {**serving.OPERATIONS, **failing})


@pytest.mark.parametrize("error", WRONG, ids=lambda one: type(one).__name__)
def test_a_refusal_keeps_what_helps_and_says_when_to_come_again(error: ProblemError) -> None:
    told = errors.told(error, OPERATIONS["confirmOrder"])

    assert set(told.facts) == set(error.facts)
    assert told.retry_after == error.retry_after
