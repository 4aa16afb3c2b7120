"""Schemathesis against the product as it is deployed, on the embedded cloud: `make fuzz-stack`.

Nothing is put back between requests, and limits hold: much is answered 404, 409 or 429. What counts
here is that the whole stack, from the gateway to the tables, answers as its document says.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tests.conftest  # noqa: F401 - the surroundings that the application reads when imported
from app import app
from chalicelib.core.routing import Route
from sandbox import people
from sandbox.people import Person
from tests.e2e.running import free_ports, up
from tests.e2e.town import Town
from tests.fuzz.asking import HEARD, ask
from tests.fuzz.serving import Heard

WHO: dict[str, Person] = {
    "customer": people.CUSTOMERS[0],
    "courier": people.COURIERS[0],
    "merchant": people.OWNER,
    "operator": people.OPERATOR,
}
LIMITED = "[checks]\nmissing_required_header.expected-statuses = [400, 401, 429]\n"
"""Limits hold here: whoever asks too often is told so, whatever their request lacks."""
LEFT_OUT = ("stop_orders",)
"""It would stop everything else: every order after it is answered 503, as the document says."""


def main(given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.stack", description=__doc__)
    parser.add_argument("--examples", default="1")
    asked = parser.parse_args(given)
    with tempfile.TemporaryDirectory() as folder, up(Path(folder) / "run", free_ports()) as box:
        town = Town(box)
        town.people()
        more = ["--max-examples", asked.examples, "--seed", "1", "--request-timeout", "30"]
        for name in LEFT_OUT:
            more += ["--exclude-operation-id", name]
        (Path(folder) / "schemathesis.toml").write_text(LIMITED)
        found = ask(box.api, _known(town), Path(folder), more)
        heard, statuses = _heard(Path(folder) / HEARD)
    good, read = heard.asked_of("positive"), heard.read_of("positive")
    told = ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))
    sys.stdout.write(f"{heard.asked.total()} requests: {told}\n")
    sys.stdout.write(f"{read} of {good} good ones got past authentication and validation\n")
    for line in heard.broken:
        sys.stdout.write(f"broken: {line}\n")
    sys.stdout.write(f"{found or 'Everything was answered as the document says.'}\n")
    return 1 if found or heard.broken else 0


def _heard(lines: Path) -> tuple[Heard, Counter[int]]:
    """What was answered, as the hooks wrote it down; and how often each status."""
    heard, statuses = Heard(), Counter[int]()
    for line in lines.read_text().splitlines():
        told = json.loads(line)
        heard.note(told["kind"], told["said"], told["status"], told["text"])
        statuses[told["status"]] += 1
    return heard, statuses


def _known(town: Town) -> dict[str, Any]:
    """A store, an order and a quote for whoever asks for one; tokens by the roles of routes."""
    store, customer = town.store(), town.customer()
    quote = town.quote(store, customer)
    placed = town.place(customer, quote)
    ids = {
        "store_id": store.id,
        "webhook_id": store.webhook_id,
        "order_id": placed["order_id"],
        "quote_id": town.quote(store, customer)["id"],
        "city": "seoul",
        "position": "1",
    }
    tokens = {route.name: _token(route, town, store.machine) for route in app.served.routes}
    named = {"store_id": store.id, "quote_id": ids["quote_id"], "item_id": "bibimbap"}
    return {"ids": ids, "named": named, "tokens": tokens}


def _token(route: Route, town: Town, machine: str) -> str | None:
    roles = sorted({str(role) for role, _ in route.right.rows} - {"anyone"})
    if not roles:
        return None
    return machine if roles[0] == "store" else town.sign_in(WHO[roles[0]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
