"""`python -m bench.webhooks`: what receivers that never answer cost those that do. Virtual time.

The product's own consumer, lanes and ladder, on the tests' DynamoDB. A queue hands one bell to one
worker, of which there are as many as the template allows; who answers takes a tenth of a second,
who does not is waited for ten seconds. An invocation costs 50 ms beside that.
"""

import json
import random
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from bench import environment

if TYPE_CHECKING:
    from chalicelib.core.egress import Reply

OUT = Path("build")
START = 1_795_348_800.0
ANSWER, SILENCE, INVOCATION, BELL = 0.1, 10.0, 0.05, 0.1
MOST_P99, MOST_APART = 2.0, 0.05


@dataclass(frozen=True, slots=True)
class Load:
    """So many endpoints, of which a share is dead, and so many events a second for so long."""

    endpoints: int = 1_000
    dead: float = 0.1
    events_per_second: float = 100
    seconds: float = 30
    afterwards: float = 30


@dataclass
class Run:
    """What came of it: seconds from each event to its first attempt, by endpoint."""

    load: Load
    workers: int
    first: dict[str, list[float]] = field(default_factory=dict)
    calls: int = 0
    silent: int = 0
    most_busy: int = 0

    def healthy(self, names: Sequence[str]) -> list[float]:
        return sorted(one for name in names for one in self.first.get(name, ()))


def workers(template: Mapping[str, Any]) -> int:
    """How many invocations the template allows at once."""
    source = template["Resources"]["SendWebhooks"]["Properties"]["Events"]
    return int(
        source["SendWebhooksSqsEventSource"]["Properties"]["ScalingConfig"]["MaximumConcurrency"]
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share does not exceed."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0.0


class Street:
    """Receivers, the queue, and whoever works for it, all on one clock."""

    def __init__(self, load: Load, most: int) -> None:
        from tests.sim.scheduler import Scheduler

        self.time = Scheduler(START)
        self.run = Run(load, most)
        self.names = [f"{number:026d}" for number in range(load.endpoints)]
        self.silent = set(self.names[: round(load.endpoints * load.dead)])
        self._waiting: list[dict[str, Any]] = []
        self._busy = 0
        self._made: dict[str, float] = {}
        self._seen: set[str] = set()

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> "Reply":
        """The way out of the product."""
        from chalicelib.core.egress import Reply, Unreachable

        name = url.rpartition("/")[2]
        self.run.calls += 1
        if headers["webhook-id"] not in self._seen:
            self._seen.add(headers["webhook-id"])
            made = self._made[json.loads(body)["subject"]["id"]]
            self.run.first.setdefault(name, []).append(self.time.now - made)
        if name in self.silent:
            self.run.silent += 1
            self.time.pause(SILENCE)
            raise Unreachable("timeout")
        self.time.pause(ANSWER)
        return Reply(200, {}, b"", ANSWER)

    def send_all(self, _: str, messages: Sequence[Mapping[str, Any]], *, delay: int = 0) -> None:
        for message in messages:
            self.time.at(self.time.now + delay + BELL, partial(self._ring, dict(message)))

    def happen(self, order_id: str, store_id: str) -> None:
        """An order is placed and paid, and its bell rings."""
        from tests.integrations import given

        given.placed_order(order_id, store_id)
        self._made[order_id] = self.time.now
        bell = {"kind": "order", "subject": order_id, "version": 1, "type": "order.created"}
        self.send_all("", [bell])

    def _ring(self, message: dict[str, Any]) -> None:
        self._waiting.append(message)
        self._hand_over()

    def _hand_over(self) -> None:
        while self._waiting and self._busy < self.run.workers:
            self._busy += 1
            self.run.most_busy = max(self.run.most_busy, self._busy)
            message = self._waiting.pop(0)
            self.time.spawn("worker", partial(self._work, message))

    def _work(self, message: dict[str, Any]) -> None:
        from chalicelib.integrations import events

        self.time.pause(INVOCATION)
        record = {"messageId": "1", "receiptHandle": "r", "body": json.dumps(message)}
        answer = events.send_webhooks({"Records": [record]}, None)
        self._busy -= 1
        if answer["batchItemFailures"]:  # hidden for a while, then handed over again
            self.time.at(self.time.now + 180, lambda: self._ring(message))
        self._hand_over()


def play(load: Load, most: int) -> Run:
    """One run. The environment must name the stack."""
    from chalicelib.core import aws, clock, dynamo
    from chalicelib.integrations import events, posting
    from tests import database
    from tests.integrations import given
    from tests.surroundings import SCHEDULE

    street, chance = Street(load, most), random.Random(7)  # noqa: S311 - a bench's
    database.install()
    with ExitStack() as inside:
        dynamo.forget_connections()
        inside.enter_context(clock.running_on(street.time.time))
        inside.enter_context(clock.pausing_with(street.time.pause))
        inside.enter_context(database.open_with(environment.STACK))
        inside.enter_context(posting.posting_through(street.post))
        inside.enter_context(patch.object(aws, "send_all", street.send_all))
        inside.enter_context(patch("sys.stdout.write", lambda _: 0))
        for name in street.names:
            given.listening(name)
        count = round(load.events_per_second * load.seconds)
        for number in range(count):
            order, store = f"ord_{number:026d}", f"sto_{chance.choice(street.names)}"
            when = number / load.events_per_second
            street.time.spawn("order", partial(street.happen, order, store), after=when)
        ends = load.seconds + load.afterwards
        for minute in range(1, int(ends // 60) + 1):
            street.time.spawn(
                "sweep", lambda: events.sweep_webhooks(SCHEDULE, None), after=60.0 * minute
            )
        street.time.run(START + ends)
        street.time.end()
    return street.run


def compared(load: Load, most: int) -> dict[str, float]:
    """The same events with the dead and with all of them alive: what those that live saw."""
    with_dead = play(load, most)
    without = play(
        Load(load.endpoints, 0, load.events_per_second, load.seconds, load.afterwards), most
    )
    alive = [
        f"{number:026d}" for number in range(round(load.endpoints * load.dead), load.endpoints)
    ]
    one, other = with_dead.healthy(alive), without.healthy(alive)
    p99, calm = percentile(one, 0.99), percentile(other, 0.99)
    return {
        "healthy": len(one), "healthy_without": len(other),
        "p50": percentile(one, 0.5), "p99": p99, "most": one[-1] if one else 0.0,
        "p99_without": calm, "ratio": p99 / calm if calm else 0.0,
        "calls": with_dead.calls, "silent": with_dead.silent, "busy": with_dead.most_busy,
        "busy_without": without.most_busy, "workers": most,
    }  # fmt: skip


def faults(found: Mapping[str, float]) -> list[str]:
    """What is not as promised."""
    said = []
    if found["healthy"] != found["healthy_without"] or not found["healthy"]:
        said.append(
            f"{found['healthy']} were told, and {found['healthy_without']} without the dead"
        )
    if found["p99"] > MOST_P99:
        said.append(f"p99 is {found['p99']:.2f} s")
    if abs(found["ratio"] - 1) > MOST_APART:
        said.append(f"p99 is {found['ratio']:.3f} times that without the dead")
    return said


def shown(load: Load, found: Mapping[str, float]) -> str:
    return (
        f"{load.endpoints} endpoints, {load.dead:.0%} never answer, {load.events_per_second:g} "
        f"events/s for {load.seconds:g} s, {found['workers']:.0f} workers\n"
        f"  first attempts at those that answer: {found['healthy']:.0f}, p50 {found['p50']:.3f} s, "
        f"p99 {found['p99']:.3f} s, most {found['most']:.3f} s\n"
        f"  the same with nobody dead: p99 {found['p99_without']:.3f} s, "
        f"ratio {found['ratio']:.3f}\n"
        f"  calls {found['calls']:.0f}, of which {found['silent']:.0f} into silence; at most "
        f"{found['busy']:.0f} workers at once, {found['busy_without']:.0f} with nobody dead"
    )


def main() -> int:
    """Play, print, and write build/webhooks.json. 1: not as promised.

    `--cloud` plays on the embedded cloud instead (`webhooks_cloud.py`).
    """
    if "--cloud" in sys.argv[1:]:
        from bench import webhooks_cloud

        return webhooks_cloud.main()
    environment.prepare()
    from tests import tables

    load = Load()
    found = compared(load, workers(tables.template()))
    wrong = faults(found)
    print("\n".join([shown(load, found), *wrong]))
    OUT.mkdir(exist_ok=True)
    (OUT / "webhooks.json").write_text(json.dumps(found, indent=2) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
