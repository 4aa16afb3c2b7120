"""What the laws ask of the world: orders with their payments, intents, deliveries."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tests.sim.shadow import Row

if TYPE_CHECKING:
    from tests.sim.world import World

LEG, EVENT = "LEG#", "EVT#"
CLEARING = "stripe:clearing"


@dataclass(frozen=True)
class Case:
    """One order with all that belongs to it."""

    world: "World"
    id: str

    @cached_property
    def head(self) -> Row:
        return self.world.shadow.get("orders", f"ORDER#{self.id}") or {}

    @cached_property
    def body(self) -> Row:
        return self.world.shadow.get("orders", f"ORDER#{self.id}", "BODY") or {}

    @cached_property
    def events(self) -> list[Row]:
        return events(self.world, "orders", f"ORDER#{self.id}")

    @cached_property
    def payment(self) -> Row:
        return self.world.shadow.get("payments", f"PAY#order#{self.id}") or {}

    @cached_property
    def legs(self) -> list[Row]:
        return legs_of(self.world, f"PAY#order#{self.id}")

    @cached_property
    def entries(self) -> list[Row]:
        return list(self.world.shadow.partition("ledger", f"order#{self.id}").values())

    @cached_property
    def intents(self) -> list[dict[str, Any]]:
        return intents_of(self.world, self.id)

    def balance(self, account: str) -> int:
        return sum(int(one["amount"]) for one in self.entries if one["account"] == account)

    def was(self, event_type: str) -> bool:
        return any(one["type"] == event_type for one in self.events)


def cases(world: "World") -> Iterator[Case]:
    for pk, partition in world.shadow.partitions("orders", "ORDER#"):
        if "HEAD" in partition:
            yield Case(world, pk.removeprefix("ORDER#"))


def events(world: "World", table: str, pk: str) -> list[Row]:
    partition = world.shadow.partition(table, pk)
    return [partition[sk] for sk in sorted(partition) if sk.startswith(EVENT)]


def legs_of(world: "World", pk: str) -> list[Row]:
    partition = world.shadow.partition("payments", pk)
    return [partition[sk] for sk in sorted(partition) if sk.startswith(LEG)]


def intents_of(world: "World", subject: str) -> list[dict[str, Any]]:
    return [one for one in world.bank.intents() if one["metadata"].get("subject") == subject]


def intent_of(world: "World", ident: object) -> dict[str, Any] | None:
    return world.bank.fake._account.store.get("payment_intent", str(ident))


def refunded(world: "World", intent: dict[str, Any]) -> int:
    """What has gone back of an intent, or is on its way."""
    return sum(
        one["amount"]
        for one in world.bank.fake._account.store.all("refund")
        if one["payment_intent"] == intent["id"] and one["status"] not in {"failed", "canceled"}
    )


def is_tip(leg: Row) -> bool:
    return leg.get("purpose") == "tip"


def sums(entries: list[Row]) -> Counter[tuple[str, str]]:
    """The sum of each transaction in each currency."""
    found: Counter[tuple[str, str]] = Counter()
    for one in entries:
        found[str(one["transaction"]), str(one["currency"])] += int(one["amount"])
    return found
