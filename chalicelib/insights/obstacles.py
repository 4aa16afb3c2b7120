"""What is in the way of forgetting somebody: others still need them."""

from collections.abc import Iterator

from chalicelib.catalog import forgetting as catalog
from chalicelib.couriers import forgetting as couriers
from chalicelib.orders import reading as orders
from chalicelib.payments import forgetting as payments

MOST_SHOWN = 20
RECENT = 50

LIVE_ORDER = "Wait until this order is there, or cancel it."
UNPAID = "What this order costs is not collected yet: pay it, or wait."
ON_DUTY = "Finish your jobs and go off duty."
ONLY_OWNER = "Make somebody else an owner of this store, or have it taken off the list."
MONEY_LEFT = "Spend what is left of this balance, or say that you give it up."


def of(person_id: str, *, forfeits: bool) -> list[dict[str, str]]:
    """What is in the way, the first twenty of it: a code, the id of what it is, and what to do."""
    found: list[dict[str, str]] = []
    for code, subject, detail in _all(person_id, forfeits=forfeits):
        found.append({"code": code, "id": subject, "detail": detail})
        if len(found) == MOST_SHOWN:
            break
    return found


def _all(person_id: str, *, forfeits: bool) -> Iterator[tuple[str, str, str]]:
    live = orders.of_customer(person_id, limit=MOST_SHOWN, cursor=None, when="active")
    yield from (("live_order", order.id, LIVE_ORDER) for order in live.items)
    past = orders.of_customer(person_id, limit=RECENT, cursor=None, when="past")
    for order in past.items:
        if not payments.is_settled(order):
            yield "unpaid_order", order.id, UNPAID
    if couriers.is_on_duty(person_id):
        yield "on_duty", person_id, ON_DUTY
    for store_id in catalog.left_alone(person_id):
        yield "only_owner", store_id, ONLY_OWNER
    if not forfeits:
        for balance_id in payments.left_over(person_id):
            yield "balance_left", balance_id, MONEY_LEFT
