"""Starts the embedded cloud with one thing mended. Run by the interpreter of its own environment.

With ``-P``: the folder of this file must not be searched, since it has a ministack of ours.

Where a worker of a function cannot start, ministack ends all workers of that function, also those
that are just starting; they fail for that, and end the others: with two callers it never comes to
rest. On AWS the failure of one execution environment is its own, and so it is here.
"""

import importlib
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

type Invoke = Callable[..., dict[str, Any]]


def contained(invoke: Invoke) -> Invoke:
    """An invocation whose worker breaks is an error of its caller's, and nobody else's."""

    @wraps(invoke)
    def invoke_alone(*args: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - ministack's own
        try:
            return invoke(*args, **kwargs)
        except (OSError, RuntimeError, ValueError) as error:
            return {"status": "error", "error": f"The worker could not start: {error}"}

    return invoke_alone


def main() -> int:
    worker = importlib.import_module("ministack.core.lambda_runtime").Worker
    worker.invoke = contained(worker.invoke)
    code: int | None = importlib.import_module("ministack.app").main()
    return code or 0


if __name__ == "__main__":
    sys.exit(main())
