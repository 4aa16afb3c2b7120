"""What one delivered order costs: counted units at the prices of infra/cost.py."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench import model
from bench.meter import Call, Invocation
from bench.model import Function
from infra.cost import PRICES
from infra.expanded import as_list

GOAL = 0.30
"""Dollars for a thousand delivered orders."""
API, URL = "APIHandler", "Track"
QUEUE_FUNCTIONS = frozenset(
    {"SettlePayments", "SendWebhooks", "DispatchCouriers", "PushNotifications"}
)
POSITIONS = "Positions, every 15 s"
VIEWS = "The customer's view, every 15 s"
TRACKED = {"POST /v1/positions": POSITIONS, "GET /v1/orders/{order_id}/tracking": VIEWS}
ROUTES = {
    "/v1/stripe": "Stripe's events, taken in",
    "/v1/deliveries": "Couriers: offers and steps",
    "/v1/offers": "Couriers: offers and steps",
}
FUNCTIONS = {
    "RingBells": "Bells of events",
    "SettlePayments": "Payments, behind the queue",
    "SendWebhooks": "Webhooks to the store",
    "DispatchCouriers": "Dispatch",
    "PushNotifications": "Pushes",
}
WATCH = "Dispatch: watching the zone"
OTHERS = "Customers and the store"
SWEEPS = "Sweeps: work for this order"
SECRETS = "Secrets, read every five minutes"


@dataclass
class Group:
    """Some of an order's cost: units by the name of their price, and how many runs."""

    units: Counter[str] = field(default_factory=Counter)
    runs: int = 0

    @property
    def dollars(self) -> float:
        return priced(self.units)


def priced(units: Mapping[str, float]) -> float:
    """Dollars at list prices, as if nothing were free."""
    return sum(count * PRICES[unit].dollars for unit, count in units.items())


def of(run: Invocation) -> str:
    """The group of a run."""
    if run.purpose == "sweep":
        return SWEEPS
    if run.purpose in TRACKED:
        return TRACKED[run.purpose]
    if run.purpose == "zone.wake":
        return WATCH
    if run.function in FUNCTIONS:
        return FUNCTIONS[run.function]
    path = run.purpose.partition(" ")[2]
    return next((name for start, name in ROUTES.items() if path.startswith(start)), OTHERS)


def units_of(run: Invocation, function: Function) -> Counter[str]:
    """What one run is billed for.

    Of a sweep, only what it does for the order: that it runs and looks is the cost at rest.
    """
    if run.purpose == "sweep":
        work = [call for call in run.calls if call.kind != "DynamoDB Query"]
        duration: float = model.millis_of(work, function, around=False)
        return _of_calls(work) + Counter(
            {"Lambda GB-second": model.gigabyte_seconds(duration, function)}
        )
    duration = model.millis(run, function) + model.COLD_SHARE * model.INIT_MS
    found: Counter[str] = Counter(
        {
            "Lambda request": 1,
            "Lambda GB-second": model.gigabyte_seconds(duration, function),
            "log GB": model.log_bytes(run, function) / 1e9,
        }
    )
    if run.function == API:
        found["REST call"] = 1
    if run.function in QUEUE_FUNCTIONS:
        found["SQS request"] = 2  # received and deleted
    return found + _of_calls(run.calls)


def _of_calls(calls: Sequence[Call]) -> Counter[str]:
    found: Counter[str] = Counter()
    for call in calls:
        found["write request unit"] += sum(call.written.values())
        found["read request unit"] += sum(call.read.values())  # type: ignore[assignment]  # half units too
        found["SQS request"] += call.kind == "SQS send"
        found["push"] += call.kind == "push"
    return +found


def bill(
    runs: Sequence[Invocation], functions: Mapping[str, Function], secrets: int
) -> dict[str, Group]:
    """An order's cost by group, the dearest first. `secrets` are pairs of a function and a secret."""
    groups: dict[str, Group] = {}
    for run in runs:
        group = groups.setdefault(of(run), Group())
        group.units += units_of(run, functions[run.function])
        group.runs += run.purpose != "sweep"
    read = secrets * model.ENVIRONMENTS * model.REFRESHES_AN_HOUR / model.ORDERS_AN_HOUR
    groups[SECRETS] = Group(Counter({"KMS request": read}))  # type: ignore[dict-item]  # a share of one
    return dict(sorted(groups.items(), key=lambda pair: -pair[1].dollars))


def together(groups: Mapping[str, Group]) -> Group:
    """The sum of all groups."""
    found = Group()
    for group in groups.values():
        found.units += group.units
        found.runs += group.runs
    return found


def secrets_of(template: Mapping[str, Any], names: set[str]) -> int:
    """How many pairs of a function (of those that ran) and a secret its role may read."""
    count = 0
    for name in names:
        role = template["Resources"].get("ApiHandlerRole" if name == API else f"{name}Role", {})
        for policy in role.get("Properties", {}).get("Policies", ()):
            for statement in policy["PolicyDocument"]["Statement"]:
                if "ssm:GetParameter" in as_list(statement["Action"]):
                    count += len(as_list(statement["Resource"]))
    return count


def written_by_item(runs: Sequence[Invocation]) -> Counter[str]:
    """Write units by table (or index) and kind of item, the most first."""
    found: Counter[str] = Counter()
    for run in runs:
        for call in run.calls:
            found.update(call.written)
    return Counter(dict(found.most_common()))
