"""What must be true of every order and its money when the world has come to rest.

The tables are read as they are, past the code under test; Stripe is asked for what it holds.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.core import clock
from tests import database, delivery_laws, wallet_laws
from tests.world import World

ENDED = {"CONCLUDED", "CANCELLED"}
GONE_BACK = {"failed", "canceled"}
TAKEN = {"captured", "partially_refunded", "refunded"}
WITH_THE_STORE = {"CONFIRMED", "PREPARING", "READY_FOR_PICKUP", "DISPATCHED"}

type Row = dict[str, Any]


@dataclass
class Seen:
    """Everything about one order, from every table and from Stripe."""

    head: Row
    events: list[Row]
    payment: Row
    legs: list[Row]
    news: list[Row]
    entries: list[Row]
    intents: list[dict[str, Any]] = field(default_factory=list)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    portions: list[Row] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        return self.head["status"] in ENDED

    @property
    def waits_for_its_day(self) -> bool:
        """Whether it is for later, and all that its customer has to do until then is done."""
        ready = [one["status"] == "authorized" or one.get("stage") == "ready" for one in self.legs]
        waits = self.head["status"] == "PENDING_PAYMENT" and "scheduled_for" in self.head
        return waits and all(ready) and self.head["due_at"] > clock.stamp(clock.now())

    @property
    def captured(self) -> int:
        return sum(int(intent["amount_received"]) for intent in self.intents)

    @property
    def given_back(self) -> int:
        """What Stripe has given back of it."""
        return sum(int(one["amount"]) for one in self.refunds if one["status"] not in GONE_BACK)

    def taken(self, *, tips: bool) -> int:
        """What was taken by all payments that are tips, or by all that are not."""
        return sum(
            int(leg["captured"]) for leg in self.legs if (leg.get("purpose") == "tip") is tips
        )

    def balance(self, account: str) -> int:
        return sum(int(one["amount"]) for one in self.entries if one["account"] == account)


def rows(table: str) -> list[Row]:
    """Every item of a table, as plain values."""
    return database.rows(f"test-{table}")


def orders(world: World) -> list[Seen]:
    """Every order with all that belongs to it."""
    heads, payments, ledger = rows("orders"), rows("payments"), rows("ledger")
    found = []
    for head in heads:
        if head["sk"] != "HEAD":
            continue
        mine = [one for one in payments if one["pk"] == f"PAY#order#{head['id']}"]
        found.append(
            Seen(
                head=head,
                events=_events(heads, head["pk"]),
                payment=next(one for one in mine if one["sk"] == "HEAD"),
                legs=[one for one in mine if one["sk"].startswith("LEG#")],
                news=_events(payments, f"PAY#order#{head['id']}"),
                entries=[one for one in ledger if one["pk"] == f"order#{head['id']}"],
                intents=[one for one in world.intents() if _of(one, head["id"])],
                refunds=[one for one in world.refunds() if _of(one, head["id"])],
                portions=[one for one in mine if "refund_id" in one],
            )
        )
    return found


def _of(thing: Mapping[str, Any], order_id: str) -> bool:
    return bool(thing["metadata"]["subject"] == order_id)


def _events(table: list[Row], key: str) -> list[Row]:
    mine = [one for one in table if one["pk"] == key and one["sk"].startswith("EVT#")]
    return sorted(mine, key=lambda one: str(one["sk"]))


def demand(world: World) -> None:
    """Every law, for every order. A broken one fails the test."""
    for seen in orders(world):
        _demand_order(seen)
        _demand_intents(seen)
        _demand_books(seen)
        if seen.ended:
            _demand_settled(seen)
    used = Counter(row["content"] for row in _contents())
    assert all(times == 1 for times in used.values()), "a quote became two orders"
    waiting = [
        row for table in ("orders", "payments") for row in rows(table) if "bell_shard" in row
    ]
    assert not waiting, "a bell was never rung"
    assert not any(queue.dead for queue in world.queues), "a message died"
    _demand_balances()
    _demand_tips()
    delivery_laws.demand(rows("orders"), rows("couriers"))
    wallet_laws.demand(rows("payments"), world.stripe)


def _demand_balances() -> None:
    """What lies in the accounts of stored value, and what orders hold of it, is what we owe."""
    payments = rows("payments")
    lying: Counter[str] = Counter()
    for row in payments:
        if row["pk"].startswith("BALANCE#") and row["sk"] == "HEAD":
            assert int(row["amount"]) >= 0, "a balance is below zero"
            moved = sum(
                int(one["amount"])
                for one in payments
                if one["pk"] == row["pk"] and one["sk"].startswith("MOVE#")
            )
            assert moved == int(row["amount"]), "a balance is not the sum of its movements"
            lying[row["kind"]] += int(row["amount"])
        if row.get("balance_kind") and row["status"] == "authorized":
            lying[row["balance_kind"]] += int(row["amount"])
    owed: Counter[str] = Counter()
    for entry in rows("ledger"):
        if entry["account"].startswith("stored_value:"):
            owed[entry["account"].partition(":")[2]] -= int(entry["amount"])
    assert {kind: amount for kind, amount in lying.items() if amount} == {
        kind: amount for kind, amount in owed.items() if amount
    }, "stored value is not what the books say"


def _demand_tips() -> None:
    """Every tip that was taken lies whole with who brought the order, once."""
    given = {
        f"tip:{row['id']}": int(row["captured"])
        for row in rows("payments")
        if row.get("purpose") == "tip" and int(row["captured"])
    }
    posted: Counter[str] = Counter()
    for entry in rows("ledger"):
        if entry["transaction"] in given and entry["account"].startswith("payable:courier:"):
            posted[entry["transaction"]] -= int(entry["amount"])
    assert posted == given, "a tip is not its courier's"


def _contents() -> list[Row]:
    import json

    bodies = [json.loads(row["content"]) for row in rows("orders") if row["sk"] == "BODY"]
    return [{"content": one["quote_id"]} for one in bodies if "recipient" not in one]


def _demand_order(seen: Seen) -> None:
    head = seen.head
    rests = head["status"] in ENDED | WITH_THE_STORE or seen.waits_for_its_day
    assert rests, f"it rests as {head['status']}"
    versions = [int(event["version"]) for event in seen.events]
    assert versions == list(range(1, int(head["version"]) + 1)), "an event is missing"
    if head["status"] not in {"CANCELLED", "PENDING_PAYMENT"}:
        held = sum(
            int(leg["amount"]) for leg in seen.legs if leg["status"] in TAKEN | {"authorized"}
        )
        assert held >= int(seen.payment["due"]), "the store cooks for nothing"
    news = [int(event["version"]) for event in seen.news]
    assert news == sorted(set(news))
    assert news[-1] <= int(seen.payment["version"])


def _demand_intents(seen: Seen) -> None:
    legs = Counter(intent["metadata"]["leg"] for intent in seen.intents)
    assert all(times == 1 for times in legs.values()), "a leg has two intents"
    amounts = {leg["id"]: int(leg["amount"]) for leg in seen.legs}
    for intent in seen.intents:
        assert intent["amount"] == amounts[intent["metadata"]["leg"]]
        assert intent["amount_received"] <= intent["amount"]


def _demand_books(seen: Seen) -> None:
    sums: Counter[str] = Counter()
    for entry in seen.entries:
        sums[entry["transaction"]] += int(entry["amount"])
    assert not any(sums.values()), "a transaction does not sum to zero"
    held_by_stripe = seen.captured - seen.given_back
    assert seen.balance("stripe:clearing") == held_by_stripe, "the books differ from Stripe"
    taken = sum(int(leg["captured"]) for leg in seen.legs)
    assert int(seen.payment["captured"]) == taken
    assert int(seen.payment["refunded"]) == sum(int(leg["refunded"]) for leg in seen.legs)
    for leg in seen.legs:
        assert 0 <= int(leg["refunded"]) <= int(leg["captured"]) <= int(leg["amount"])


def _demand_settled(seen: Seen) -> None:
    states = {intent["status"] for intent in seen.intents}
    assert states <= {"succeeded", "canceled"}, f"money is still {states}"
    owed = int(seen.head.get("owed", 0))
    gone = int(seen.payment.get("written_off", 0)) - int(seen.payment.get("returned", 0))
    assert seen.taken(tips=False) + gone == owed, "taken is not what was owed"
    assert seen.balance("receivable:customer") == 0, "somebody still owes"
    failed = sum(int(one["amount"]) for one in seen.portions if one["status"] == "failed")
    assert seen.balance("payable:customer") == -failed, "a refund is neither paid nor parked"
    for leg in seen.legs:
        assert leg["status"] in TAKEN | {"voided", "capture_failed"}
        assert "due_at" not in leg, "a settled leg is still due"
        assert "operation" not in leg
        assert leg.get("stage") in {None, "over"}, "what it was to be charged by is still saved"
