"""What must hold when a play is over. Each thing that does not is said in a sentence."""

from collections.abc import Iterator

from sandbox.demo import figures
from sandbox.demo.books import ENDED, Books, by_currency
from sandbox.demo.report import Report
from sandbox.robo.scripts import CASTINGS, End
from sandbox.robo.story import Story
from sandbox.robo.till_kitchen import Told

ENOUGH = 0.95
BROUGHT = frozenset({"ORDER_DELIVERED", "DELIVERY_FINISHED"})
REFUSALS = frozenset({422, 503})
"""What a till may be answered: it was too late, or it should come later."""


def faults(report: Report) -> list[str]:
    """Everything that is wrong; nothing where all is well."""
    return [
        *_open_orders(report),
        *_not_delivered(report),
        *_money(report.books),
        *_machine(report),
    ]


def remarks(report: Report) -> list[str]:
    """What should be known and is no fault: orders that went another way, a machine too slow."""
    late = figures.percentile(report.traffic.lags, 99) / figures.MINUTE
    slow = (
        f"it took {late:.2f} city minutes (p99) until an event was heard, more than one: this "
        f"machine is too busy for {report.rate:g} city seconds a second"
    )
    return [
        *(_named(story) for story in report.stories if not story.as_scripted or story.trouble),
        *([slow] if late > 1 and not report.chaos else []),
    ]


def _named(story: Story) -> str:
    why = f" {story.code}" if story.code else ""
    said = f": {'; '.join(story.trouble)}" if story.trouble else ""
    standing = story.status or "not placed"
    return (
        f"order {story.wish.number} ({story.wish.script}) is {standing}{why} {story.order_id}{said}"
    )


def _open_orders(report: Report) -> Iterator[str]:
    """Asked of the tables, so that an order which no actor knows of is found, too."""
    for order_id, status in report.books.orders.items():
        if status not in ENDED:
            yield f"Order {order_id} has not ended: it is {status}."
    ours = [*report.stories, *report.rehearsed]
    known = {story.order_id for story in ours if story.order_id}
    known |= report.till.parcels.keys() if report.till else set()
    for order_id in report.books.orders.keys() - known:
        yield f"Order {order_id} was placed by nobody: a request was carried out twice."
    for order_id in known - report.books.orders.keys():
        yield f"Order {order_id} was placed, and is not there any more."


def _not_delivered(report: Report) -> Iterator[str]:
    meant = [story for story in report.stories if _is_to_be_delivered(story)]
    there = sum(figures.ends([story]) == {"DELIVERED": 1} for story in meant)
    if meant and there < ENOUGH * len(meant):
        yield f"Of {len(meant)} orders that should be delivered only {there} were."


def _is_to_be_delivered(story: Story) -> bool:
    return CASTINGS[story.wish.script].ends is End.DELIVERED


def _money(books: Books) -> Iterator[str]:
    for currency, taken in books.taken.items():
        booked = books.clearing.get(currency, 0)
        if booked != taken:
            yield (
                f"Stripe took {taken} {currency} (captured less refunded), the ledger has {booked}."
            )
        owed, paid = books.owed.get(currency, 0), books.paid.get(currency, 0)
        if owed != paid:
            yield f"The orders owe {owed} {currency}, {paid} was taken for them."
        for account in ("receivable:customer", "payable:customer"):
            left = books.accounts.get(account, {}).get(currency, 0)
            if left:
                yield f"The account {account} is left with {left} {currency}."
    if any(books.ledger.values()):
        yield f"The ledger does not sum to zero: {by_currency(books.ledger)}."
    if books.held:
        yield f"{books.held} payments hold money that nobody took and nobody let go."


def _machine(report: Report) -> Iterator[str]:
    for queue, letters in report.books.dead_letters.items():
        if letters:
            yield f"{letters} messages lie in {queue}."
    yield from _till(report.till)
    if report.server_errors:
        yield f"{report.server_errors} answers at the gateway were server errors."
    for story in report.stories:
        for oddity in story.oddities:
            yield f"Order {story.order_id} ({story.wish.script}): {oddity}"
    for trouble in report.trouble:
        yield f"An actor could not go on: {trouble}"


def _till(told: Told | None) -> Iterator[str]:
    """What is wrong with what the till that speaks Open Delivery was told."""
    if told is None:
        return
    if told.events.get("CREATED", 0) < told.orders:
        yield "The till that speaks Open Delivery was not told of the beginning of every order."
    for order_id, last in told.parcels.items():
        if last not in BROUGHT | {"REJECTED"}:
            yield f"A parcel of the till's ({order_id}) has not arrived: it is {last}."
    for status in sorted(set(told.refused) - REFUSALS):
        yield f"The till that speaks Open Delivery was answered {status}."
