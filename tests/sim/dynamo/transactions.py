"""Transactions: all of it or nothing, once for each token.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.sim.dynamo import writes
from tests.sim.dynamo.errors import (
    INNOCENT,
    ConditionFailedError,
    InvalidError,
    Reason,
    RefusedError,
    cancelled,
)
from tests.sim.dynamo.expressions import Expressions
from tests.sim.dynamo.keys import of_request
from tests.sim.dynamo.paths import only
from tests.sim.dynamo.storage import Stored, Table
from tests.sim.dynamo.writes import Write

if TYPE_CHECKING:
    from tests.sim.dynamo.service import Service

type Body = dict[str, Any]

MOST = 100
LARGEST = 4 * 1024 * 1024
TOKEN_SECONDS = 600
LONGEST_TOKEN = 36


@dataclass(frozen=True, slots=True)
class Done:
    """A transaction that succeeded under a token."""

    at: float
    asked: list[Body]
    answer: Body


type Tokens = dict[str, Done]


def write(service: "Service", body: Body) -> Body:
    """Raises RefusedError: nothing has happened then."""
    asked: list[Body] = body["TransactItems"]
    token: str | None = body.get("ClientRequestToken")
    before = _done_before(service, token, asked)
    if before is not None:
        return before
    planned = _plan(service, asked)
    service.commit(zip(planned, _decide(planned), strict=True))
    for one in planned:
        service.writes[one.table.name, f"Transact{one.verb}"] += 1
    answer = _capacity(body, planned)
    if token:
        service.tokens[token] = Done(service.clock(), asked, answer)
    return answer


def _done_before(service: "Service", token: str | None, asked: list[Body]) -> Body | None:
    if token is None:
        return None
    if not 1 <= len(token) <= LONGEST_TOKEN:
        raise InvalidError(
            f"1 validation error detected: Value '{token}' at 'clientRequestToken' failed to"
            " satisfy constraint: Member must have length less than or equal to 36"
        )
    done = service.tokens.get(token)
    if done is None or service.clock() - done.at > TOKEN_SECONDS:
        return None
    if done.asked != asked:
        raise RefusedError(
            "IdempotentParameterMismatchException",
            "Request parameters do not match those of the earlier request with this token",
        )
    return done.answer


def _plan(service: "Service", asked: list[Body]) -> list[Write]:
    _check_number(asked)
    planned = []
    for one in asked:
        if len(one) != 1:
            raise InvalidError("TransactItems can only contain one of Check, Put, Update or Delete")
        ((verb, said),) = one.items()
        planned.append(writes.plan(verb, service.table(said["TableName"]), said, alone=False))
    if len({(id(one.table), one.key) for one in planned}) < len(planned):
        raise InvalidError("Transaction request cannot include multiple operations on one item")
    if sum(one.size for one in planned) > LARGEST:
        raise InvalidError("Transaction request size has exceeded the maximum of 4 MB")
    return planned


def _check_number(asked: list[Body]) -> None:
    if not 1 <= len(asked) <= MOST:
        limit = "greater than or equal to 1" if not asked else "less than or equal to 100"
        raise InvalidError(
            "1 validation error detected: Value at 'transactItems' failed to satisfy constraint:"
            f" Member must have length {limit}"
        )


def _decide(planned: list[Write]) -> list[Stored | None]:
    """What each item is to be. Raises the reasons if any part cannot be done."""
    decided: list[Stored | None] = []
    reasons: list[Reason] = []
    for one in planned:
        try:
            decided.append(one.decide())
            reasons.append(INNOCENT)
        except (ConditionFailedError, InvalidError) as refused:
            reasons.append(refused.reason())
    if len(decided) < len(planned):
        raise cancelled(reasons)
    return decided


def get(service: "Service", body: Body) -> Body:
    """Items as they are at one moment."""
    asked: list[Body] = body["TransactItems"]
    _check_number(asked)
    seen: set[tuple[int, object]] = set()
    answers: list[Body] = []
    for one in asked:
        said = one["Get"]
        table: Table = service.table(said["TableName"])
        service.reads[table.name, "TransactGet"] += 1
        expressions = Expressions(said)
        projection = expressions.projection()
        expressions.finish()
        key = of_request(table, said["Key"])
        if (id(table), key) in seen:
            raise InvalidError("Transaction request cannot include multiple operations on one item")
        seen.add((id(table), key))
        item = table.get(key)
        answers.append({} if item is None else {"Item": only(item, projection or _all(item))})
    return {"Responses": answers}


def _all(item: Stored) -> list[tuple[str]]:
    return [(name,) for name in item]


def _capacity(body: Body, planned: list[Write]) -> Body:
    """A transaction costs twice: it is prepared, then done."""
    if body.get("ReturnConsumedCapacity", "NONE") == "NONE":
        return {}
    units: dict[str, float] = {}
    for one in planned:
        size = one.table.get(one.key)
        cost = 2.0 * writes.units(size.size if size else one.size)
        units[one.table.name] = units.get(one.table.name, 0.0) + cost
    return {
        "ConsumedCapacity": [
            {"TableName": name, "CapacityUnits": total} for name, total in units.items()
        ]
    }
