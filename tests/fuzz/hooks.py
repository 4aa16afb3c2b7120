"""What Schemathesis is told of the town: who may call what, and the ids of what is there.

Good requests name what exists, bad ones stay as bad as they were made. Runs in the process of
Schemathesis, which hands over nothing but the environment.
"""

import json
import os
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.core.parameters import ParameterLocation

KNOWN: dict[str, Any] = json.loads(Path(os.environ["FUZZED_TOWN"]).read_text())
HEARD = os.environ.get("FUZZED_HEARD")
KIND = "X-Generated"


@schemathesis.auth(refresh_interval=None)
class WhoMay:
    """The token of somebody who may, by the operation."""

    def get(self, case: Any, _: Any) -> str | None:  # noqa: ANN401 - Schemathesis's own
        token: str | None = KNOWN["tokens"].get(case.operation.definition.raw["operationId"])
        return token

    def set(self, case: Any, token: str, _: Any) -> None:  # noqa: ANN401
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}


@schemathesis.hook
def before_call(_: Any, case: Any, kwargs: Any) -> None:  # noqa: ANN401, ARG001 - its names
    """Name what exists where a request should be good, and say how it came about."""
    meta = case.meta
    if meta is None:
        return
    phase, mode = str(meta.phase.name), str(meta.generation.mode)
    if phase != "stateful":
        if _is_good(meta, ParameterLocation.PATH) and case.path_parameters:
            ids = KNOWN["ids"]
            case.path_parameters = {
                name: ids.get(name, value) for name, value in case.path_parameters.items()
            }
        if _is_good(meta, ParameterLocation.BODY):
            case.body = _named(case.body)
    case.headers = {**(case.headers or {}), KIND: f"{phase} {mode}"}


@schemathesis.hook
def after_call(_: Any, case: Any, response: Any) -> None:  # noqa: ANN401 - its names
    """Write down what was answered, a line each, where somebody wants to count."""
    if HEARD is None:
        return
    told = {
        "kind": (case.headers or {}).get(KIND, "stateful"),
        "said": f"{case.method} {case.formatted_path}",
        "status": response.status_code,
        "text": response.content.decode("utf-8", "replace")[:2000],
    }
    with Path(HEARD).open("a") as lines:
        lines.write(f"{json.dumps(told)}\n")


def _is_good(meta: Any, where: ParameterLocation) -> bool:  # noqa: ANN401
    found = meta.components.get(where)
    return found is not None and str(found.mode) == "positive"


def _named(body: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(body, dict):
        return {
            name: KNOWN["named"][name]
            if name in KNOWN["named"] and isinstance(value, str)
            else _named(value)
            for name, value in body.items()
        }
    return [_named(one) for one in body] if isinstance(body, list) else body
