"""What is said at the end: for people, and as build/demo.json."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.demo import books, figures
from sandbox.demo.beside import Beside
from sandbox.demo.books import Books
from sandbox.robo.scripts import CASTINGS
from sandbox.robo.story import Story
from sandbox.robo.till_kitchen import Told

PLACES = 2

type Json = dict[str, Any]


@dataclass(frozen=True)
class Traffic:
    """What the actors have sent and met, and how late they heard of things (city seconds)."""

    calls: int
    retries: int
    lost: int
    cut_short: int
    server_errors: int
    webhooks: int
    pushes: int
    lags: Sequence[float] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """A play that is over."""

    takes: str
    stories: Sequence[Story]
    books: Books
    traffic: Traffic
    rate: float
    seconds: float
    rehearsed: Sequence[Story] = ()
    """Orders from before the play: audited, and not counted."""
    chaos: Sequence[str] = ()
    trouble: Sequence[str] = ()
    till: Told | None = None
    """What the till that speaks Open Delivery was told, where a store has one."""
    beside: Beside | None = None
    """The same orders in the evaluator's world, of a published day."""

    @property
    def server_errors(self) -> int:
        """What the actors met, or more, if the functions themselves have logged more."""
        return max(self.traffic.server_errors, self.books.logged_5xx)


def as_json(report: Report) -> Json:
    """The figures. Money is in minor units, summed where there is one currency only."""
    told, kept, ends = report.traffic, report.books, figures.ends(report.stories)
    door = figures.click_to_door(report.stories)
    paid, owed = sum(kept.paid.values()), sum(kept.owed.values())
    return {
        "takes": report.takes,
        "orders": len(report.stories),
        "delivered": ends.get("DELIVERED", 0),
        "picked_up": ends.get("PICKED_UP", 0),
        "cancelled": ends.get("CANCELLED", 0),
        "scripted_otherwise": figures.scripted_otherwise(report.stories),
        "not_as_scripted": [_named(story) for story in report.stories if not story.as_scripted],
        "captured": sum(kept.captured.values()),
        "refunded": sum(kept.refunded.values()),
        "ledger_sum": sum(kept.ledger.values()),
        "ledger_clearing": sum(kept.clearing.values()),
        "owed": owed,
        "paid": paid,
        "owed_difference": owed - paid,
        "tips": sum(kept.tips.values()),
        "accounts": kept.accounts,
        "dead_letters": sum(kept.dead_letters.values()),
        "server_errors": report.server_errors,
        "logged_5xx": kept.logged_5xx,
        "failed_invocations": kept.failed_invocations,
        "calls": told.calls,
        "retries": told.retries,
        "lost_connections": told.lost,
        "cut_short_by_chaos": told.cut_short,
        "webhooks": told.webhooks,
        "pushes": told.pushes,
        "click_to_door_minutes": _spread(door),
        "stage_minutes": {
            name: _spread(one) for name, one in figures.stages(report.stories).items()
        },
        "evaluator": _beside(report.beside),
        "rate": report.rate,
        "lag_minutes": {
            f"p{percent}": _round(figures.percentile(told.lags, percent) / figures.MINUTE)
            for percent in (50, 99)
        },
        "open_delivery": report.till.events if report.till else {},
        "chaos": list(report.chaos),
        "seconds": _round(report.seconds),
    }


def as_text(report: Report) -> str:
    """For the terminal."""
    told, said = report.traffic, as_json(report)
    lag = said["lag_minutes"]
    lines = [
        "",
        f"{report.takes}.",
        "",
        (
            f"  orders        {said['orders']}: {said['delivered']} delivered, "
            f"{said['picked_up']} picked up, {said['cancelled']} cancelled "
            f"({said['scripted_otherwise']} scripted to end otherwise than delivered)"
        ),
        *_scripts(report.stories),
        "",
        "  minutes                     mean    p90  orders",
        *(
            f"    {name:<24}{one.mean:6.1f} {one.p90:6.1f} {one.count:7d}"
            for name, one in _minutes(report).items()
        ),
        *_compared(report.beside),
        "",
        (
            f"  money         Stripe captured {books.by_currency(report.books.captured)}, "
            f"refunded {books.by_currency(report.books.refunded)};"
        ),
        (
            f"                orders owe {books.by_currency(report.books.owed)}, "
            f"{books.by_currency(report.books.paid)} was paid by card, wallet, stored value "
            f"and cash;"
        ),
        (
            f"                tips {books.by_currency(report.books.tips)}; "
            f"the ledger sums to {said['ledger_sum']}"
        ),
        *(
            f"    {account:<24}{books.by_currency(sums):>18}"
            for account, sums in sorted(report.books.accounts.items())
        ),
        "",
        (
            f"  traffic       {told.calls} API calls, {told.webhooks} webhooks, "
            f"{told.pushes} pushes; {told.retries} retries, {told.lost} lost connections, "
            f"{told.cut_short} cut short by chaos"
        ),
        (
            f"  not wanted    {said['server_errors']} server errors, {said['dead_letters']} dead "
            f"letters, {said['failed_invocations']} failed invocations"
        ),
        (
            f"  the machine   {report.rate:g} city seconds a second; an event took {lag['p50']} "
            f"city minutes to be heard (p99 {lag['p99']}); {report.seconds:.0f} s in all"
        ),
        *_by_till(report),
        *(f"  chaos         {line}" for line in report.chaos),
    ]
    return "\n".join(lines)


def _by_till(report: Report) -> list[str]:
    if report.till is None:
        return []
    types = ", ".join(f"{name} {count}" for name, count in sorted(report.till.events.items()))
    parcels = f"; {len(report.till.parcels)} of its own parcels" if report.till.parcels else ""
    return [f"  Open Delivery {report.till.orders} orders by a till that polls: {types}{parcels}"]


def _minutes(report: Report) -> dict[str, figures.Spread]:
    by_stage = figures.stages(report.stories)
    return {**by_stage, "click to door": figures.click_to_door(report.stories)}


def _compared(beside: Beside | None) -> list[str]:
    if beside is None:
        return []
    told = {"the same orders, here": beside.here, "in the evaluator's world": beside.there}
    return [
        "",
        *(
            f"    {name:<24}{one.mean:6.1f} {one.p90:6.1f} {one.count:7d}"
            for name, one in told.items()
        ),
    ]


def _beside(beside: Beside | None) -> Json | None:
    if beside is None:
        return None
    return {
        "orders": beside.here.count,
        "here": _spread(beside.here),
        "there": _spread(beside.there),
    }


def _scripts(stories: Sequence[Story]) -> list[str]:
    lines = []
    for script in CASTINGS:
        played = [story for story in stories if story.wish.script is script]
        if played:
            right = sum(story.as_scripted for story in played)
            lines.append(f"    {script:<24}{right:4d} of {len(played)} as scripted")
    return lines


def _named(story: Story) -> Json:
    return {
        "number": story.wish.number,
        "order": story.order_id,
        "script": str(story.wish.script),
        "status": story.status,
        "code": story.code,
        "trouble": story.trouble,
    }


def _spread(one: figures.Spread) -> Json:
    return {"mean": _round(one.mean), "p90": _round(one.p90)}


def _round(value: float) -> float:
    return round(value, PLACES)
