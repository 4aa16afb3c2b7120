"""What stands behind the play: Stripe's account, the tables, the queues, the functions' own logs.

The check alone may look here. Actors never do.
"""

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.request import Request, urlopen

from boto3.dynamodb.types import TypeDeserializer

from sandbox.robo.pace import seconds_of
from sandbox.robo.tally import DISTURBED
from sandbox.running import FAKE_KEY, Sandbox

ENDED = frozenset({"DELIVERED", "PICKED_UP", "CONCLUDED", "CANCELLED"})
CLEARING = "stripe:clearing"
FAILED = re.compile(r"Task timed out|Traceback|Runtime\.\w+Error|The invocation failed")
PAUSE = 1.0

type Json = dict[str, Any]
type Sums = dict[str, int]
"""Minor units by currency."""


@dataclass
class Books:
    """The whole of what was stored, summed. Every sum is by currency."""

    orders: dict[str, str] = field(default_factory=dict)
    """The status of every order that is stored, by its id."""
    captured: Sums = field(default_factory=dict)
    refunded: Sums = field(default_factory=dict)
    held: int = 0
    """Payments at Stripe that hold money which nobody has taken or let go."""
    ledger: Sums = field(default_factory=dict)
    clearing: Sums = field(default_factory=dict)
    owed: Sums = field(default_factory=dict)
    paid: Sums = field(default_factory=dict)
    """What was taken for what orders owe, by whatever was paid with. Tips are beside it."""
    tips: Sums = field(default_factory=dict)
    accounts: dict[str, Sums] = field(default_factory=dict)
    dead_letters: dict[str, int] = field(default_factory=dict)
    logged_5xx: int = 0
    failed_invocations: int = 0

    @property
    def balanced(self) -> bool:
        """Whether what Stripe took is what the ledger holds, and what orders owe was taken."""
        return all(
            self.taken[currency] == self.clearing.get(currency, 0)
            and self.paid.get(currency, 0) == self.owed.get(currency, 0)
            and not self._open(currency)
            for currency in self.taken
        ) and not any(self.ledger.values())

    def _open(self, currency: str) -> int:
        """What customers still owe us, and we them: nothing, once all has come to rest."""
        accounts = ("receivable:customer", "payable:customer")
        return sum(abs(self.accounts.get(name, {}).get(currency, 0)) for name in accounts)

    @property
    def taken(self) -> Sums:
        """Captured less refunded, for each currency that occurs anywhere."""
        sums = (self.captured, self.refunded, self.clearing, self.owed, self.paid)
        currencies = {currency for one in sums for currency in one}
        return {
            currency: self.captured.get(currency, 0) - self.refunded.get(currency, 0)
            for currency in sorted(currencies)
        }


def read(box: Sandbox) -> Books:
    """Everything as it stands now."""
    books = Books()
    _add_orders(books, box)
    _add_payments(books, box)
    _add_ledger(books, box)
    _add_stripe(books, box)
    books.dead_letters = _dead_letters(box)
    return books


def read_settled(box: Sandbox, within: float) -> Books:
    """Everything, once the money has come to rest, or as it stands after so many wall seconds."""
    deadline = time.monotonic() + within
    books = read(box)
    while time.monotonic() < deadline and not (books.balanced and not books.held):
        time.sleep(PAUSE)
        books = read(box)
    return books


def add_logs(books: Books, box: Sandbox, disturbed: Callable[[float], bool]) -> None:
    """What the functions themselves have logged: answers of 5xx, invocations that failed.

    `disturbed` says whether chaos was at work at a moment (city seconds since the epoch).
    """
    for name in box.deployment.functions:
        for line in _lines(box, name):
            books.logged_5xx += is_server_error(line, disturbed)
            books.failed_invocations += bool(FAILED.search(line))


def is_server_error(line: str, disturbed: Callable[[float], bool]) -> bool:
    """Whether a log line tells of an answer of 5xx that chaos does not explain."""
    if '"http_status":5' not in line:
        return False
    told = json.loads(line)
    return told["http_status"] not in DISTURBED or not disturbed(seconds_of(told["at"]))


def _add_orders(books: Books, box: Sandbox) -> None:
    for item in _scan(box, "orders"):
        if item["pk"].startswith("ORDER#") and item["sk"] == "HEAD":
            order_id = item["pk"].removeprefix("ORDER#")
            books.orders[order_id] = item["status"]
            _add(books.owed, str(item["currency"]), int(item.get("owed") or 0))


def _add_payments(books: Books, box: Sandbox) -> None:
    for item in _scan(box, "payments"):
        if item["sk"].startswith("LEG#"):
            sums = books.tips if item.get("purpose") == "tip" else books.paid
            _add(sums, str(item["currency"]), int(item["captured"]))


def _add_ledger(books: Books, box: Sandbox) -> None:
    for item in _scan(box, "ledger"):
        currency, amount = str(item["currency"]), int(item["amount"])
        _add(books.ledger, currency, amount)
        _add(books.accounts.setdefault(_kind(item["account"]), {}), currency, amount)
        if item["account"] == CLEARING:
            _add(books.clearing, currency, amount)


def _kind(account: str) -> str:
    """Of `payable:courier:<id>` the first two words: a report names no persons."""
    return ":".join(account.split(":")[:2])


def _add_stripe(books: Books, box: Sandbox) -> None:
    states: Counter[str] = Counter()
    for intent in _listed(box, "/v1/payment_intents"):
        states[intent["status"]] += 1
        _add(books.captured, intent["currency"].upper(), intent["amount_received"])
    for refund in _listed(box, "/v1/refunds"):
        if refund["status"] in {"succeeded", "pending"}:
            _add(books.refunded, refund["currency"].upper(), refund["amount"])
    books.held = states["requires_capture"]


def _add(sums: Sums, currency: str, amount: int) -> None:
    sums[currency] = sums.get(currency, 0) + amount


def _scan(box: Sandbox, table: str) -> Iterator[Json]:
    dynamodb, plain = box.cloud.client("dynamodb"), TypeDeserializer()
    name = f"{box.deployment.stack}-{table}"
    for page in dynamodb.get_paginator("scan").paginate(TableName=name):
        for item in page["Items"]:
            yield {key: plain.deserialize(value) for key, value in item.items()}


def _listed(box: Sandbox, path: str) -> Iterator[Json]:
    """Every object of a list of Stripe's, page by page."""
    after = ""
    while True:
        page = _get(f"{box.stripe}{path}?limit=100{after}")
        yield from page["data"]
        if not page["has_more"]:
            return
        after = f"&starting_after={page['data'][-1]['id']}"


def _get(url: str) -> Json:
    request = Request(url, headers={"Authorization": f"Bearer {FAKE_KEY}"})  # noqa: S310 - loopback
    with urlopen(request, timeout=30) as answer:  # noqa: S310 - the sandbox's own Stripe
        said: Json = json.loads(answer.read())
    return said


def _dead_letters(box: Sandbox) -> dict[str, int]:
    sqs, name = box.cloud.client("sqs"), "ApproximateNumberOfMessages"
    found = {}
    for queue, url in box.deployment.queues.items():
        if queue.endswith("Dead"):
            answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])
            found[queue] = int(answer["Attributes"][name])
    return found


def _lines(box: Sandbox, function: str) -> Iterator[str]:
    logs = box.cloud.client("logs")
    group = f"/aws/lambda/{box.deployment.functions[function]}"
    try:
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group):
            yield from (event["message"] for event in page["events"])
    except logs.exceptions.ResourceNotFoundException:
        return


def by_currency(sums: Mapping[str, int]) -> str:
    """For people: `KRW 1,250,000`."""
    return ", ".join(f"{currency} {amount:,}" for currency, amount in sorted(sums.items())) or "0"
