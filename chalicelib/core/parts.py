"""Parts and `commit`: things that must agree change in one conditional transaction.

A domain's write side returns parts; the topmost domain concerned composes and commits them. Each
part carries the error that its failed condition means.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core import clock, dynamo, ids
from chalicelib.core.dynamo import Item, Raw
from chalicelib.core.errors import BusyError, UnavailableError

type Failure = Exception | Callable[[Raw | None], Exception]

LARGEST_TRANSACTION = 100
TRIES = 5
CONFLICT_TRIES = 10
"""So often where another transaction is at an item: fifty at once then all have their turn."""
FIRST_PAUSE = 0.025
LONGEST_PAUSE = 1.0
ALL_OLD = "ALL_OLD"
CARRIERS = frozenset({"Put", "Update"})
FAILED = "ConditionalCheckFailed"
FAILED_ALONE = "ConditionalCheckFailedException"
CANCELLED = "TransactionCanceledException"
CONFLICT = "TransactionConflict"
CONFLICT_ALONE = "TransactionConflictException"
PASSING_REASONS = frozenset({"None", CONFLICT, "ThrottlingError", "ProvisionedThroughputExceeded"})
PASSING_CODES = frozenset(
    {
        "InternalServerError",
        "InternalFailure",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        CONFLICT_ALONE,
        "TransactionInProgressException",
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    """One conditional write, and the error that its failed condition means."""

    verb: Literal["Put", "Update", "Delete", "ConditionCheck"]
    item: Item
    failure: Failure
    condition: Condition | None = None
    actions: tuple[Action, ...] = ()


def put(item: Item, failure: Failure, condition: Condition | None = None) -> Part:
    """Write an item that must not exist yet, or must meet the condition."""
    return Part(
        "Put", item, failure, type(item).pk.does_not_exist() if condition is None else condition
    )


def overwrite(item: Item) -> Part:
    """Write an item whatever was there: for what may be lost or written twice without harm."""
    return Part("Put", item, BusyError())


def update(item: Item, actions: Sequence[Action], failure: Failure, condition: Condition) -> Part:
    return Part("Update", item, failure, condition, tuple(actions))


def upsert(item: Item, actions: Sequence[Action]) -> Part:
    """Change an item whatever it holds, or make it: for what no condition guards, as a counter."""
    return Part("Update", item, BusyError(), None, (type(item).v.set(item.VERSION), *actions))


def delete(item: Item, failure: Failure, condition: Condition) -> Part:
    return Part("Delete", item, failure, condition)


def forget(item: Item) -> Part:
    """Remove an item, if it is there: for what only helps to find something else."""
    return Part("Delete", item, BusyError())


def check(item: Item, failure: Failure, condition: Condition) -> Part:
    """Demand that an item meets a condition, without writing it."""
    return Part("ConditionCheck", item, failure, condition)


def commit(*parts: Part) -> None:
    """Apply all parts or none.

    Raises the error of the first part whose condition failed, and UnavailableError (503) when
    DynamoDB did not answer within the tries, in which case the outcome is unknown. Conflicts and
    throttles are retried with the same token. A write that had in truth succeeded before its answer
    was lost counts as the success that it is, since every item names the commit that wrote it.
    """
    if not 1 <= len(parts) <= LARGEST_TRANSACTION:
        raise ValueError(f"a commit takes 1 to {LARGEST_TRANSACTION} parts, not {len(parts)}")
    token = ids.token(160)
    tries = TRIES
    for attempt in range(CONFLICT_TRIES):
        if attempt >= tries:
            break
        if attempt:
            clock.pause(ids.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt)))
        try:
            _send(parts, token)
        except ClientError as error:
            if _is_settled(error, parts, token, retried=attempt > 0):
                return
            tries = CONFLICT_TRIES if _has_conflicted(error) else TRIES
        except BotoCoreError:
            tries = TRIES
        else:
            return
    raise UnavailableError("The database does not answer. Ask again: it may have happened.")


def _send(parts: Sequence[Part], token: str) -> None:
    """One write that carries the token goes alone, at half the price. A delete cannot carry it."""
    client = dynamo.client()
    if len(parts) == 1 and parts[0].verb in CARRIERS:
        part = parts[0]
        getattr(client, f"{part.verb.lower()}_item")(**_operation(part, token))
        return
    client.transact_write_items(
        ClientRequestToken=token,
        TransactItems=[{part.verb: _operation(part, token)} for part in parts],
    )


def _operation(part: Part, token: str) -> dict[str, Any]:
    item = part.item
    if part.verb == "Put":
        item.tx = token
        return item.get_save_kwargs_from_instance(part.condition, ALL_OLD)
    if part.verb == "Update":
        actions = [*part.actions, type(item).tx.set(token)]
        return item.get_update_kwargs_from_instance(actions, part.condition, ALL_OLD)
    return item.get_delete_kwargs_from_instance(part.condition, ALL_OLD)


def _is_settled(error: ClientError, parts: Sequence[Part], token: str, *, retried: bool) -> bool:
    """True: our own success, whose answer was lost. False: try again. Raises what is final."""
    response: dict[str, Any] = dict(error.response)
    reasons: list[dict[str, Any]] = response.get("CancellationReasons", [])
    if _will_pass(response["Error"]["Code"], reasons):
        return False
    failed = _failed(response, parts, reasons)
    if not failed:
        raise error
    retried = retried or response["ResponseMetadata"].get("RetryAttempts", 0) > 0
    if any(dynamo.raw_text(old, "tx") == token for _, old in failed):
        return True
    if retried and _was_ours(parts, token):
        return True
    part, old = failed[0]
    raise part.failure(old) if callable(part.failure) else part.failure


def _will_pass(code: str, reasons: Sequence[dict[str, Any]]) -> bool:
    if code == CANCELLED:
        return {reason["Code"] for reason in reasons} <= PASSING_REASONS
    return code in PASSING_CODES


def _has_conflicted(error: ClientError) -> bool:
    """Whether another transaction was at one of the items: then nothing of ours has happened."""
    response: dict[str, Any] = dict(error.response)
    codes = {reason["Code"] for reason in response.get("CancellationReasons", [])}
    return CONFLICT in codes or response["Error"]["Code"] == CONFLICT_ALONE


def _failed(
    response: dict[str, Any], parts: Sequence[Part], reasons: Sequence[dict[str, Any]]
) -> list[tuple[Part, Raw | None]]:
    """The parts whose condition failed, each with the item that stood in its way."""
    if response["Error"]["Code"] == FAILED_ALONE:
        return [(parts[0], response.get("Item"))]
    return [
        (part, reason.get("Item"))
        for part, reason in zip(parts, reasons, strict=False)
        if reason["Code"] == FAILED
    ]


def _was_ours(parts: Sequence[Part], token: str) -> bool:
    """Whether the first item that was put (or else updated) is there with our token: then all are.

    What was put is the better witness, since others rather update than put.
    """
    carriers = [part for part in parts if part.verb in CARRIERS]
    if not carriers:
        return False
    witness = min(carriers, key=lambda part: part.verb)
    found = dynamo.get(type(witness.item), witness.item.pk, witness.item.sk)
    return found is not None and found.tx == token
