"""What DynamoDB refuses, in its own codes and words.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
"""

from collections.abc import Sequence
from typing import Any

type Item = dict[str, Any]
type Reason = dict[str, Any]

SERVICE = "com.amazonaws.dynamodb.v20120810#"
COMMON = "com.amazon.coral.validate#"
INNOCENT: Reason = {"Code": "None"}


class RefusedError(Exception):
    """The service answers with an error."""

    def __init__(self, code: str, message: str, **more: object) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.more = more

    def body(self) -> dict[str, Any]:
        """The error as it goes over the wire."""
        return {
            "__type": (COMMON if self.code == "ValidationException" else SERVICE) + self.code,
            "message": self.message,
            **self.more,
        }


class InvalidError(RefusedError):
    """The request makes no sense, or makes none for the item that is there."""

    def __init__(self, message: str) -> None:
        super().__init__("ValidationException", message)

    def reason(self) -> Reason:
        """Why a transaction is cancelled, when only the item that is there makes it invalid."""
        return {"Code": "ValidationError", "Message": self.message}


class ConditionFailedError(RefusedError):
    """The condition did not hold. Carries the item that stood in its way, when asked to."""

    def __init__(self, item: Item | None) -> None:
        more = {} if item is None else {"Item": item}
        super().__init__(
            "ConditionalCheckFailedException", "The conditional request failed", **more
        )

    def reason(self) -> Reason:
        return {"Code": "ConditionalCheckFailed", "Message": self.message, **self.more}


def invalid(message: str) -> InvalidError:
    return InvalidError(f"One or more parameter values were invalid: {message}")


def missing_table(name: str) -> RefusedError:
    return RefusedError(
        "ResourceNotFoundException", f"Requested resource not found: Table: {name} not found"
    )


def cancelled(reasons: Sequence[Reason]) -> RefusedError:
    """A transaction's reasons, one for each of its parts in their order."""
    codes = ", ".join(reason["Code"] for reason in reasons)
    message = "Transaction cancelled, please refer cancellation reasons for specific reasons"
    return RefusedError(
        "TransactionCanceledException",
        f"{message} [{codes}]",
        CancellationReasons=list(reasons),
    )
