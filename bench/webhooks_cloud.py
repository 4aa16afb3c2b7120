"""`python -m bench.webhooks --cloud`: the same on the embedded cloud, at half of what it sustains.

The packaged template, its stream, queue and workers; real HTTP to receivers in this process. First
so many events at once to receivers that all answer: how many a second are told of is the rate that
is sustained. Then half that rate, by turns with nobody dead and with a tenth of the receivers
silent: they take the connection and never answer. An event here is one that webhooks alone hear.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import environment
from bench.webhooks import OUT, percentile
from sandbox import running
from sandbox.cloud.ministack import HOST
from sandbox.running import Sandbox
from tests.e2e.running import free_ports

HEARD_BY_WEBHOOKS_ALONE = "order.preparing"
ENDPOINTS, DEAD = 100, 0.1
AT_ONCE, WRITERS = 200, 4
ROUNDS, SECONDS = 3, 60.0
WAKING = (4, 8, 16, 32)
PATIENCE = 300.0
MOST_P99, MOST_RATIO = 5.0, 1.2
SILENT_FOR = 15.0
"""Longer than an answer is waited for."""


class LostError(Exception):
    """Somebody was not told."""


@dataclass
class Heard:
    """When which order was told of first: seconds of a clock that this process alone reads."""

    silent: set[str] = field(default_factory=set)
    first: dict[str, float] = field(default_factory=dict)
    calls: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def note(self, order_id: str) -> None:
        with self._changed:
            self.calls += 1
            self.first.setdefault(order_id, time.monotonic())
            self._changed.notify_all()

    def await_all(self, orders: Sequence[str]) -> None:
        """Wait until all of these were told of. Raises LostError where they are not in minutes."""
        wanted = set(orders)
        with self._changed:
            if not self._changed.wait_for(lambda: self.first.keys() >= wanted, PATIENCE):
                missing = len(wanted - self.first.keys())
                raise LostError(f"{missing} of {len(wanted)} events were told to nobody")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    heard: Heard


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.note(json.loads(body)["subject"]["id"])
        if self.path.removeprefix("/") in self.server.heard.silent:
            time.sleep(SILENT_FOR)
            self.close_connection = True
            return
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - overridden
        """Nothing."""


@dataclass
class Street:
    """The running cloud, and those who listen."""

    heard: Heard
    names: list[str]
    _orders: "count[int]" = field(default_factory=count)

    def happen(self, name: str) -> tuple[str, float]:
        """An event of a store: its order, and when it was written."""
        from tests.integrations import given

        order_id = f"ord_{next(self._orders):026d}"
        given.placed_order(order_id, f"sto_{name}", HEARD_BY_WEBHOOKS_ALONE)
        return order_id, time.monotonic()

    def wake(self) -> None:
        """Let workers begin, a few more each time: all at once would take longer than they live."""
        for events in WAKING:
            self.sustained(events)

    def sustained(self, events: int) -> float:
        """Events a second that are told of while there are more than enough."""
        names = [self.names[number % len(self.names)] for number in range(events)]
        with ThreadPoolExecutor(WRITERS) as writers:
            made = dict(writers.map(self.happen, names))
        self.heard.await_all(list(made))
        told = sorted(self.heard.first[one] for one in made)
        middle = told[len(told) // 5 : -len(told) // 10]
        return (len(middle) - 1) / max(middle[-1] - middle[0], 0.001)

    def paced(self, rate: float, healthy: Sequence[str]) -> list[float]:
        """So many a second for a minute, to each in turn: how late those who live heard first."""
        began, made = time.monotonic(), {}
        with ThreadPoolExecutor(WRITERS) as writers:
            asked = []
            for number in range(round(rate * SECONDS)):
                time.sleep(max(0.0, began + number / rate - time.monotonic()))
                name = self.names[number % len(self.names)]
                asked.append((name, writers.submit(self.happen, name)))
            for name, one in asked:
                order_id, at = one.result()
                if name in healthy:
                    made[order_id] = at
        self.heard.await_all(list(made))
        return [self.heard.first[one] - at for one, at in made.items()]


@contextmanager
def opened() -> Iterator[Street]:
    """The sandbox, with a street of receivers that all answer."""
    heard = Heard()
    server = _Server((HOST, 0), _Handler)
    server.heard = heard
    threading.Thread(target=server.serve_forever, name="receivers", daemon=True).start()
    url = f"http://{HOST}:{server.server_address[1]}"
    with TemporaryDirectory(prefix="ieum-bench-", ignore_cleanup_errors=True) as run_dir:
        reachable = (url.removeprefix("http://"),)
        with running.up(Path(run_dir), free_ports(), reachable=reachable) as box:
            _become(box)
            from tests.integrations import given

            names = [f"{number:026d}" for number in range(ENDPOINTS)]
            for name in names:
                given.listening(name, url)
            yield Street(heard, names)
    server.shutdown()


def _become(box: Sandbox) -> None:
    """Write what the function that sends webhooks would find, where it would find it."""
    function = box.deployment.functions["SendWebhooks"]
    found = box.cloud.client("lambda").get_function_configuration(FunctionName=function)
    os.environ.update(found["Environment"]["Variables"])
    os.environ.update(
        {
            "AWS_ENDPOINT_URL": box.cloud.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }
    )


def measured(street: Street) -> dict[str, float]:
    """What it sustains; then, at half of it, those who live with and without the dead."""
    street.wake()
    most = street.sustained(AT_ONCE)
    print(f"{most:.1f} events/s are sustained", flush=True)
    rate = most / 2
    dead = street.names[: round(DEAD * ENDPOINTS)]
    alive = street.names[len(dead) :]
    without: list[float] = []
    with_dead: list[float] = []
    for _ in range(ROUNDS):
        street.heard.silent.clear()
        without += street.paced(rate, alive)
        street.heard.silent.update(dead)
        with_dead += street.paced(rate, alive)
    calm, p99 = (percentile(sorted(one), 0.99) for one in (without, with_dead))
    return {
        "sustained": most, "rate": rate, "endpoints": ENDPOINTS, "dead": len(dead),
        "first_attempts": len(with_dead), "p50": percentile(sorted(with_dead), 0.5), "p99": p99,
        "p50_without": percentile(sorted(without), 0.5), "p99_without": calm,
        "ratio": p99 / calm, "calls": street.heard.calls,
    }  # fmt: skip


def shown(found: dict[str, float]) -> str:
    return (
        f"the embedded cloud sustains {found['sustained']:.1f} events/s with all healthy\n"
        f"at half of it, {found['rate']:.1f} events/s to {found['endpoints']:.0f} endpoints, "
        f"{ROUNDS} x {SECONDS:g} s each, {found['first_attempts']:.0f} first attempts:\n"
        f"  nobody dead: p50 {found['p50_without']:.2f} s, p99 {found['p99_without']:.2f} s\n"
        f"  {found['dead']:.0f} dead: p50 {found['p50']:.2f} s, p99 {found['p99']:.2f} s, "
        f"ratio {found['ratio']:.2f}"
    )


def faults(found: dict[str, float]) -> list[str]:
    """What is not as promised."""
    said = []
    if found["p99"] > MOST_P99:
        said.append(f"p99 is {found['p99']:.2f} s")
    if found["ratio"] > MOST_RATIO:
        said.append(f"p99 is {found['ratio']:.2f} times that without the dead")
    return said


def main() -> int:
    """Play, print, and write build/webhooks-cloud.json. 1: not as promised."""
    environment.prepare()
    with opened() as street:
        found = measured(street)
    wrong = faults(found)
    print("\n".join([shown(found), *wrong]))
    OUT.mkdir(exist_ok=True)
    (OUT / "webhooks-cloud.json").write_text(json.dumps(found, indent=2) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
