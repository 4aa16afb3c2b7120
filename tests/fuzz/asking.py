"""Lets Schemathesis ask whoever answers at an address, and tells what it found."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests import contract

ROOT = Path(__file__).parents[2]
HEARD = "heard.jsonl"
"""What was answered, a line each, in the folder that `ask` is given."""
PHASES = ("examples", "coverage", "fuzzing", "stateful")
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "ignored_auth",
    "use_after_free",
    "ensure_resource_availability",
)
"""All that judge the product. Not: what is not routed, which API Gateway answers by itself; and
that whatever the document allows is accepted, since no schema knows which zones a store has."""


def ask(url: str, known: Mapping[str, Any], place: Path, more: Sequence[str]) -> str | None:
    """Let Schemathesis run; `known` is what its hooks are told. What it found, or None."""
    (place / "openapi.json").write_text(json.dumps(contract.DOCUMENT))
    (place / "town.json").write_text(json.dumps(known))
    told = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks",
        "FUZZED_TOWN": str(place / "town.json"),
        "FUZZED_HEARD": str(place / HEARD),
        "PYTHONPATH": str(ROOT),
    }
    asked = [
        sys.executable, "-m", "schemathesis.cli", "run", str(place / "openapi.json"), "--url", url,
        "--no-color", "--warnings", "off", "--checks", ",".join(CHECKS),
        "--phases", ",".join(PHASES), *more,
    ]  # fmt: skip
    done = subprocess.run(asked, cwd=place, env=told, capture_output=True, text=True, check=False)  # noqa: S603 - ourselves
    return f"{done.stdout[-20_000:]}{done.stderr[-3000:]}" if done.returncode else None
