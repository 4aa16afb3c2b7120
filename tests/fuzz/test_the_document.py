"""Schemathesis sends what the document allows and what it does not, in every phase it has.

`make fuzz EXAMPLES=100` sends more than CI has time for, `make fuzz-stack` to the running stack.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app import app
from chalicelib.core.routing import Route
from tests.accounts.mailbox import open_mailbox
from tests.authorisation import probes
from tests.authorisation.principals import Principal
from tests.authorisation.town import Town, standing
from tests.counting import Count
from tests.fuzz import serving
from tests.fuzz.asking import PHASES, ask
from tests.world import World

EXAMPLES = os.environ.get("EXAMPLES", "2")
GOOD, BAD = "positive", "negative"
LEAST_SHARE = 0.7
WHO = {
    "customer": "customer", "courier": "courier", "merchant": "owner", "operator": "operator",
    "store": "machine",
}  # fmt: skip


@pytest.fixture
def town(world_at: World) -> Iterator[Town]:
    with standing(world_at) as found, open_mailbox():
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


def test_whatever_is_sent_is_answered_as_the_document_says(
    town: Town, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    more = ("--max-examples", EXAMPLES, "--seed", "1")

    with serving.served(town) as (url, heard):
        found = ask(url, _known(town), tmp_path, more)

    for kind in (GOOD, BAD):
        Count(request, f"generated, {kind}", heard.asked_of(kind)).record()
        past = f"generated, {kind}, past authentication and validation"
        Count(request, past, heard.read_of(kind)).record()
    assert heard.broken == []
    assert found is None, found
    assert {kind.split()[0] for kind in heard.asked} == {*PHASES}
    assert heard.read_of(GOOD) >= LEAST_SHARE * heard.asked_of(GOOD)
