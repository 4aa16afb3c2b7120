"""The figures as text for a person, and as JSON for a machine."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from bench import bill, model
from bench.bill import GOAL, Group
from bench.imports import Import
from bench.meter import Invocation
from bench.model import Function
from infra.cost import PRICED_ON, PRICES

COLUMNS = {
    "REST": ("REST call",),
    "Lambda": ("Lambda request", "Lambda GB-second"),
    "writes": ("write request unit",),
    "reads": ("read request unit",),
    "queues": ("SQS request",),
    "pushes": ("push",),
    "logs": ("log GB",),
    "keys": ("KMS request",),
}
BESIDE = (
    "Identity: nothing for 10,000 people a month, then $0.0055 for each (Cognito Lite)",
    "SMS and e-mail: none is sent",
    "Stripe: its own fee for each payment, by country and card; $2.90 + 30 cents on $100 in the US",
)


def table(groups: Mapping[str, Group]) -> Iterator[str]:
    """Dollars for a thousand orders, by group and by what they are paid for."""
    yield (
        f"{'dollars for 1,000 orders':<36}{'runs':>5}"
        + "".join(f"{c:>8}" for c in COLUMNS)
        + (f"{'all':>9}")
    )
    for name, group in [*groups.items(), ("Together", bill.together(groups))]:
        cells = [_thousand(group, units) for units in COLUMNS.values()]
        said = "".join(f"{cell:>8.3f}" if cell else f"{'':>8}" for cell in cells)
        yield f"{name:<36}{group.runs:>5}{said}{1000 * group.dollars:>9.3f}"


def _thousand(group: Group, units: Sequence[str]) -> float:
    return 1000 * bill.priced({unit: group.units[unit] for unit in units})


def counted(groups: Mapping[str, Group]) -> Iterator[str]:
    """The units of one order."""
    for unit, count in sorted(bill.together(groups).units.items()):
        shown = f"{count:,.1f}" if count >= 1 else f"{count:.6f}"
        yield f"  {shown:>12}  {unit:<20} at ${PRICES[unit].dollars:.10f}".rstrip("0")


def dearest_items(runs: Sequence[Invocation], most: int = 12) -> Iterator[str]:
    """What is written most, by table or index and kind of item."""
    for name, count in bill.written_by_item(runs).most_common(most):
        yield f"  {count:>6}  {name}"


def checked(runs: Sequence[Invocation], functions: Mapping[str, Function]) -> Iterator[str]:
    """What the model takes for a run, beside the processor time that this machine needed."""
    by_function: dict[str, list[Invocation]] = {}
    for run in runs:
        by_function.setdefault(run.function, []).append(run)
    for name, its in by_function.items():
        modelled = median(model.processor_ms(run.calls) for run in its)
        here = median(run.worked_ms for run in its)
        billed = median(model.millis(run, functions[name]) for run in its)
        memory = functions[name].memory_mb
        yield f"  {name:<18}{memory:>6} MB{billed:>7.0f} ms{modelled:>9.1f} ms{here:>9.1f} ms"


def imported(times: Mapping[str, Import]) -> Iterator[str]:
    """Import times, as ratios."""
    for name, one in times.items():
        yield f"  {name:<36}{one.millis:>8.0f} ms{one.ratio:>7.2f}"


def report(
    groups: Mapping[str, Group],
    shared: Mapping[str, Group],
    runs: Sequence[Invocation],
    functions: Mapping[str, Function],
    times: Mapping[str, Import],
    at_rest: float,
    sent_bytes: int,
) -> str:
    """Everything that `make bench` says."""
    lone = 1000 * bill.together(groups).dollars
    busy = 1000 * bill.together(shared).dollars
    transfer = 1000 * sent_bytes / 1e9 * PRICES["transferred GB"].dollars
    return "\n".join(
        [
            f"One order, to the door, at list prices of us-east-1 on {PRICED_ON}",
            "",
            *table(groups),
            "",
            f"1,000 delivered orders (goal ${GOAL:.2f}): ${lone:.3f} each alone in its zone,",
            f"${busy:.3f} where {model.JOBS_AT_ONCE} are carried at once",
            "",
            "Units of one order",
            *counted(groups),
            "",
            "Write units of one order, the most first",
            *dearest_items(runs),
            "",
            f"{'The model':<22}{'memory':>7}{'billed':>10}{'processor':>12}{'here':>12}",
            *checked(runs, functions),
            "",
            f"At rest: ${at_rest:.2f} a month (python -m infra.cost)",
            "",
            "Beside it, not in it",
            *(f"  {line}" for line in BESIDE),
            f"  Data sent out: {sent_bytes / 1000:.0f} KB an order, nothing for 100 GB a month,",
            f"  then ${transfer:.3f} for 1,000 orders",
            "",
            "Imports, in processor time of this machine, and as a ratio to a bare application",
            *imported(times),
        ]
    )


def as_json(
    groups: Mapping[str, Group],
    shared: Mapping[str, Group],
    runs: Sequence[Invocation],
    times: Mapping[str, Import],
    at_rest: float,
    sent_bytes: int,
) -> dict[str, Any]:
    """The same for a machine."""
    whole = bill.together(groups)
    return {
        "priced_on": PRICED_ON,
        "goal": GOAL,
        "dollars_per_1000_orders": round(1000 * whole.dollars, 4),
        "dollars_per_1000_orders_in_a_busy_zone": round(1000 * bill.together(shared).dollars, 4),
        "dollars_at_rest": round(at_rest, 2),
        "units_of_an_order": dict(whole.units),
        "groups": {
            name: {
                "runs": group.runs,
                "dollars_per_1000_orders": round(1000 * group.dollars, 4),
                "units": dict(group.units),
            }
            for name, group in groups.items()
        },
        "write_units": dict(bill.written_by_item(runs)),
        "bytes_sent_per_order": sent_bytes,
        "imports": {
            name: {"ms": round(one.millis), "ratio": round(one.ratio, 2)}
            for name, one in times.items()
        },
    }
