"""What happens by itself when its time has come, whether or not anybody asks."""

from collections.abc import Callable

from sandbox.stripe import answering, refunds, settling
from sandbox.stripe.account import Account

EVENTS_KEPT = 30 * 86_400

ACTIONS: dict[str, Callable[[Account, str], None]] = {
    "expire": settling.expire,
    "abandon": answering.abandon,
    "finish": answering.finish,
    "settle_refund": refunds.settle,
    "fail_refund": refunds.fail,
}


def run_due(account: Account) -> None:
    """Carry out all deadlines that have passed, in their order, each at its own time."""
    account.cause = {"id": None, "idempotency_key": None}
    while (first := _first(account)) is not None:
        key, at, what, subject = first
        account.store.delete("deadline", key)
        with account.moment(at):
            ACTIONS[what](account, subject)


def _first(account: Account) -> tuple[str, float, str, str] | None:
    now = account.time()
    passed = [
        (entry["at"], key, entry["what"], entry["subject"])
        for key, entry in account.store.items("deadline")
        if entry["at"] <= now
    ]
    if not passed:
        return None
    at, key, what, subject = min(passed)
    return key, at, what, subject


def prune_events(account: Account) -> None:
    """Stripe lists events of the last 30 days; an undelivered one is given up long before."""
    oldest = account.time() - EVENTS_KEPT
    waiting = {delivery["event"] for delivery in account.store.all("delivery")}
    for ident, event in account.store.items("event"):
        if event["created"] < oldest and ident not in waiting:
            account.store.delete("event", ident)
