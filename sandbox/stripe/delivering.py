"""Sends due webhooks, one after another, to receivers on this machine only."""

import ipaddress
import threading
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from sandbox.stripe.clock import RateClock
from sandbox.stripe.model import FakeStripe
from sandbox.stripe.webhooks import Delivery

# https://docs.stripe.com/webhooks#acknowledge-events-immediately: an endpoint should answer fast;
# a test receiver that does not answer in 5 s will not answer.
ANSWER_WITHIN = 5.0
# The longest sleep, so that a clock that was set is noticed.
LONGEST_WAIT = 1.0


class Deliverer:
    """A thread that sleeps until the next due time, or until `woken` is set by a change."""

    def __init__(self, fake: FakeStripe, clock: RateClock, woken: threading.Event) -> None:
        self._fake = fake
        self._clock = clock
        self._woken = woken
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="deliverer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end and wait half a second: a request under way is not worth more."""
        self._stopping.set()
        self._woken.set()
        self._thread.join(timeout=0.5)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            for delivery in self._fake.due_deliveries():
                if self._stopping.is_set():
                    return
                self._fake.settle_delivery(delivery.id, send(delivery))
            self._woken.wait(self._pause())

    def _pause(self) -> float:
        due = self._fake.next_due()
        if due is None:
            return LONGEST_WAIT
        return min(LONGEST_WAIT, max(0, self._clock.wall_seconds(due - self._clock.now())))


def send(delivery: Delivery) -> int | None:
    """POST it; the receiver's status, or None when there was no answer."""
    parts = urlsplit(delivery.url)
    if not parts.hostname or not _is_here(parts.hostname):
        print(f"webhook {delivery.event_id} not sent: {parts.hostname} is not on this machine")
        return None
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = connect(parts.hostname, parts.port, timeout=ANSWER_WITHIN)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        connection.request("POST", target, delivery.body, delivery.headers)
        return connection.getresponse().status
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
