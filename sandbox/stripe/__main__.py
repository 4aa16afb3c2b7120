"""`python -m sandbox.stripe --port 12111 --state .run/stripe.jsonl`: Stripe for this machine."""

import argparse
import signal
import threading
import time
from pathlib import Path

from sandbox.stripe.clock import RateClock
from sandbox.stripe.delivering import Deliverer
from sandbox.stripe.ids import random_ids
from sandbox.stripe.journal import Journal
from sandbox.stripe.model import FakeStripe
from sandbox.stripe.server import Server
from sandbox.stripe.store import Change, Store
from sandbox.stripe.webhooks import Endpoint


def main() -> None:
    options = _options()
    server = Server(options.host, options.port, quiet=options.quiet)
    journal, store = Journal(options.state), Store()
    journal.load(store)
    clock = _clock(store, journal, options)
    woken = threading.Event()
    stopping = threading.Event()

    def changed(changes: list[Change]) -> None:
        journal.append(changes)
        if changes:
            woken.set()

    secrets = tuple(options.webhook_secret or ["whsec_sandbox"])
    fake = FakeStripe(
        clock.now,
        random_ids(),
        wall=time.time,
        endpoints=[Endpoint(url, secrets) for url in options.webhook_url],
        pages=options.public_url or server.url,
        state=store.snapshot(),
        on_change=changed,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    server.start(fake, Deliverer(fake, clock, woken))
    print(f"Stripe sandbox at {server.url}, state in {options.state}", flush=True)
    stopping.wait()
    server.stop()


def _clock(store: Store, journal: Journal, options: argparse.Namespace) -> RateClock:
    """The clock of the first start, kept with the state: its time must not jump back."""
    kept = store.get("meta", "clock")
    if kept is None:
        origin = options.clock_origin or time.time()
        kept = {"origin": origin, "rate": options.wall_rate}
        store.put("meta", "clock", kept)
        journal.append(store.drain())
    if kept["rate"] != options.wall_rate:
        message = (
            f"{options.state} was kept at --wall-rate {kept['rate']:g}: use it, or another file"
        )
        raise SystemExit(message)
    return RateClock(kept["origin"], kept["rate"])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.stripe", description=__doc__)
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on")
    add("--port", type=int, default=12111, help="0 takes a free port and prints it")
    add("--state", type=Path, required=True, help="file that keeps everything through a restart")
    add("--webhook-url", action="append", default=[], help="where events go; may be repeated")
    add("--webhook-secret", action="append", help="whsec_...; a second one while rolling")
    add("--wall-rate", type=float, default=1.0, help="seconds of the account per real second")
    add("--clock-origin", type=float, help="epoch second at which both clocks agree")
    add("--public-url", help="how a browser reaches this server, if not as it listens")
    add("--quiet", action="store_true", help="no line per request")
    return parser.parse_args()


if __name__ == "__main__":
    main()
