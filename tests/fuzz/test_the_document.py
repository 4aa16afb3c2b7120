"""Schemathesis sends what the document allows and what it does not, in every phase it has.

`make fuzz EXAMPLES=100` sends more than CI has time for.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from app import app
from chalicelib.core.routing import Route
from tests import contract
from tests.authorisation import probes
from tests.authorisation.principals import Principal
from tests.authorisation.town import Town, standing
from tests.counting import Count
from tests.fuzz import serving
from tests.world import World

ROOT = Path(__file__).parents[2]
EXAMPLES = os.environ.get("EXAMPLES", "2")
PHASES = ("examples", "coverage", "fuzzing", "stateful")
GOOD, BAD = "positive", "negative"
LEAST_SHARE = 0.7
WHO = {
    "customer": "customer", "courier": "courier", "merchant": "owner", "operator": "operator",
    "store": "machine",
}  # fmt: skip
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


@pytest.fixture
def town(world_at: World) -> Iterator[Town]:
    with standing(world_at) as found:
        yield found


def _token(route: Route, town: Town) -> str | None:
    roles = sorted({str(role) for role, _ in route.right.rows} - {"anyone"})
    return town.token(Principal(WHO[roles[0]])) if roles else None


def _known(town: Town) -> dict[str, Any]:
    """What the hooks are told."""
    named = {
        "store_id": town.store, "merchant_id": town.merchant, "quote_id": town.quote,
        "item_id": "bibimbap", "balance_id": town.balance, "method_id": town.method,
    }  # fmt: skip
    tokens = {route.name: _token(route, town) for route in app.served.routes}
    return {"ids": probes.ids(town), "named": named, "tokens": tokens}


def _run(url: str, town: Town, place: Path, more: Sequence[str]) -> str | None:
    """Let Schemathesis run. What it found, or None."""
    (place / "openapi.json").write_text(json.dumps(contract.DOCUMENT))
    (place / "town.json").write_text(json.dumps(_known(town)))
    told = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks",
        "FUZZED_TOWN": str(place / "town.json"),
        "PYTHONPATH": str(ROOT),
    }
    asked = [
        sys.executable, "-m", "schemathesis.cli", "run", str(place / "openapi.json"), "--url", url,
        "--no-color", "--warnings", "off", "--checks", ",".join(CHECKS), *more,
    ]  # fmt: skip
    done = subprocess.run(asked, cwd=place, env=told, capture_output=True, text=True, check=False)  # noqa: S603 - ourselves
    return f"{done.stdout[-20_000:]}{done.stderr[-3000:]}" if done.returncode else None


def test_whatever_is_sent_is_answered_as_the_document_says(
    town: Town, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    more = ("--phases", ",".join(PHASES), "--max-examples", EXAMPLES, "--seed", "1")

    with serving.served(town) as (url, heard):
        found = _run(url, town, tmp_path, more)

    for kind in (GOOD, BAD):
        Count(request, f"generated, {kind}", heard.asked_of(kind)).record()
        past = f"generated, {kind}, past authentication and validation"
        Count(request, past, heard.read_of(kind)).record()
    assert heard.broken == []
    assert found is None, found
    assert {kind.split()[0] for kind in heard.asked} == {*PHASES}
    assert heard.read_of(GOOD) >= LEAST_SHARE * heard.asked_of(GOOD)
