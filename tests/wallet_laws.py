"""What must be true of what people have saved to pay with, when the world has come to rest."""

import json
from collections import Counter

from sandbox.stripe.model import FakeStripe
from sandbox.stripe.store import Json

SECRET_KEY = {"Authorization": "Bearer sk_test_x"}
LOOKS = {"brand", "last4", "exp_month", "exp_year", "instrument"}
AT_REST = {"saved", "removed"}


def demand(payments: list[Json], stripe: FakeStripe) -> None:
    """Every law, for every wallet. `payments` are the rows of that table."""
    wallets = [row for row in payments if row["pk"].startswith("WALLET#")]
    methods = [row for row in wallets if row["sk"].startswith("METHOD#")]
    assert {row["status"] for row in methods} <= AT_REST, "a method was forgotten on its way"
    for row in methods:
        assert row["status"] == "saved" or not LOOKS & row.keys(), "a removed method is kept"
        assert "due_at" not in row, "somebody looks for ever"
    heads = {row["pk"]: row for row in wallets if row["sk"] == "HEAD"}
    later = {
        row["instrument"]: row["customer"]
        for row in payments
        if row["sk"].startswith("LEG#") and row.get("stage") == "ready" and "instrument" in row
    }
    _demand_stripes(heads, methods, later, stripe)
    for pk, head in heads.items():
        saved = {row["id"] for row in methods if row["pk"] == pk and row["status"] == "saved"}
        assert bool(saved) == ("default" in head), "there is a default if there is a choice"
        assert head.get("default") in {None, *saved}, "the default is gone"
        _demand_news(head, [row for row in wallets if row["pk"] == pk])


def _demand_stripes(
    heads: dict[str, Json], methods: list[Json], later: dict[str, str], stripe: FakeStripe
) -> None:
    persons = Counter(one["metadata"]["person"] for one in _listed(stripe, "customers"))
    assert all(times == 1 for times in persons.values()), "a person has two customers"
    attached = {
        one["id"]: one["customer"]
        for one in _listed(stripe, "payment_methods")
        if one["customer"] is not None
    }
    saved = {
        row["instrument"]: heads[row["pk"]]["customer"]
        for row in methods
        if row["status"] == "saved"
    }
    assert saved | later == attached, "what is saved here is not what Stripe keeps"
    for setup in _listed(stripe, "setup_intents"):
        assert setup["status"] in {"succeeded", "canceled"}, "a setup is open for ever"


def _demand_news(head: Json, rows: list[Json]) -> None:
    told = Counter(
        (row["type"], json.loads(row["data"])["method_id"]) for row in rows if "type" in row
    )
    assert all(times == 1 for times in told.values()), "something was told twice"
    versions = [int(row["version"]) for row in rows if "type" in row]
    assert all(version <= int(head["version"]) for version in versions)
    for row in rows:
        if row["sk"].startswith("METHOD#") and "saved_at" in row:
            assert told["payment_method.saved", row["id"]] == 1, "a method was saved in silence"
            gone = int(row["status"] == "removed")
            assert told["payment_method.removed", row["id"]] == gone


def _listed(stripe: FakeStripe, what: str) -> list[Json]:
    path = f"/v1/{what}?limit=100"
    listed: list[Json] = stripe.request("GET", path, SECRET_KEY, "")[2]["data"]
    return listed
