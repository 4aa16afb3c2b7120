"""The law of what is owed (M7): the quoted price, or the published fee of that very moment."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tests.sim.invariants.facts import Case, cases
from tests.sim.invariants.registry import at_rest, demand, step
from tests.sim.shadow import Change, Row

if TYPE_CHECKING:
    from tests.sim.world import World

COMMISSION = ("platform", "commission")
OF_DELIVERY = ("delivery_fee", "small_order_fee", "delivery_discount", "delivery_tax", "tip")
BROUGHT_IN_VAIN = "undeliverable"


@step("M7")
def a_cancellation_costs_what_its_status_costs(_: "World", news: Sequence[Change]) -> None:
    """Who gives up pays the fee of the status that the order leaves, by its own snapshot."""
    for change in news:
        if change.table != "orders" or change.key[1] != "HEAD":
            continue
        before, now = change.old or {}, change.new or {}
        if now.get("status") != "CANCELLED" or before.get("status") in {None, "CANCELLED"}:
            continue
        record = _loads(now["cancellation"])
        if record["code"] == BROUGHT_IN_VAIN or "errand" in now:
            continue
        pays = record["initiated_by"] == record["liable_party"] == "customer"
        fee = int(_loads(before["fees"]).get(before["status"], 0)) if pays else 0
        charged = int(now["owed"])
        said = f"{now['id']} was {before['status']}: {charged} is owed, the fee is {fee}"
        demand("M7", charged == fee, said)


@at_rest("M7")
def what_is_owed_is_what_was_quoted(world: "World") -> None:
    """The price is worked out again from the order's own snapshot; a fee from its table.

    Who collects what nobody could bring owes nothing for the bringing.
    """
    for case in cases(world):
        if "errand" in case.head:
            continue
        priced = _priced(case.body)
        items = sum(one["unit_price"] * one["quantity"] for one in priced["lines"])
        parts = [(one["kind"], one["amount"]) for one in priced["price"]]
        demand("M7", ("items", items) in parts, f"{case.id}: the items are {items}")
        spared = OF_DELIVERY if case.was("order.fulfilment_changed") else ()
        total = sum(amount for kind, amount in parts if kind not in spared)
        base = items - _sponsored(priced["price"])
        _demand_commission(case, base, int(priced["commission_basis_points"]))
        demand("M7", int(case.head["total"]) == total, f"{case.id}: the total is not {total}")
        owed = case.head.get("owed")
        if owed is not None:
            _demand_owed(case, int(owed), total)


def _sponsored(price: Sequence[Any]) -> int:
    """What the merchant itself bears of what promotions take off its items."""
    sponsors = [one.get("sponsors") or () for one in price if one["kind"] == "discount"]
    return sum(one["amount"] for those in sponsors for one in those if one["by"] == "merchant")


def _demand_owed(case: Case, owed: int, total: int) -> None:
    if case.head["status"] != "CANCELLED":
        demand("M7", owed == total, f"{case.id}: {owed} is owed of {total}")
        return
    record = _loads(case.head["cancellation"])
    if record["code"] == BROUGHT_IN_VAIN:
        demand("M7", owed in {0, total}, f"{case.id}: {owed} is owed of {total}")
        return
    highest = max([0, *(int(fee) for fee in _loads(case.head["fees"]).values())])
    demand("M7", owed == int(record["fee"]) <= highest, f"{case.id}: a fee of {owed}")
    if record["initiated_by"] != "customer":
        demand("M7", not owed, f"{case.id}: {owed} is owed though no customer cancelled")


def _demand_commission(case: Case, items: int, basis_points: int) -> None:
    """Whole hundredths of a per cent, halves away from zero: worked out in integers."""
    exact = (2 * items * basis_points + 10_000) // 20_000
    shares = _loads(case.head["shares"])
    kept = sum(one["amount"] for one in shares if (one["to"], one["why"]) == COMMISSION)
    demand("M7", kept == exact, f"{case.id}: the commission on {items} is {kept}, not {exact}")


def _priced(body: Row) -> Any:  # noqa: ANN401 - any JSON
    return _loads(body["content"])["priced"]


def _loads(text: Any) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(text) if isinstance(text, str) else text
