"""A fake Stripe that keeps Stripe's promises: one model, in-process for tests, behind HTTP here.

Nothing in it reads a real clock or a global random source: with the same clock, ids and requests
it answers the same, byte for byte.
"""

import threading
from collections.abc import Callable, Mapping, Sequence

from sandbox.stripe import answering, refunds, settling, setups, webhooks
from sandbox.stripe.account import Account, DeliveryPlan, deliver_at_once
from sandbox.stripe.api import Answer, Api, detached
from sandbox.stripe.deadlines import prune_events, run_due
from sandbox.stripe.faults import FaultHook, no_faults
from sandbox.stripe.ids import NewId
from sandbox.stripe.store import Change, Json
from sandbox.stripe.webhooks import Delivery, Endpoint

PRUNE_EVERY = 3600


def ignore_changes(_changes: list[Change]) -> None:
    """What happens to changes when nobody keeps them."""


class FakeStripe:
    """One Stripe account in test mode.

    `clock` gives epoch seconds; `wall` those that signatures carry, where they differ; `ids` a new
    identifier for a prefix. `state` is an earlier `snapshot`; `on_change` sees what a request
    changed before it is answered.
    """

    def __init__(  # noqa: PLR0913 - each is one door to the outside, most with a default
        self,
        clock: Callable[[], float],
        ids: NewId,
        *,
        wall: Callable[[], float] | None = None,
        endpoints: Sequence[Endpoint] = (),
        pages: str = "http://127.0.0.1:12111",
        fault: FaultHook = no_faults,
        delivery_plan: DeliveryPlan = deliver_at_once,
        search_lag: float = 0,
        state: Json | None = None,
        on_change: Callable[[list[Change]], None] = ignore_changes,
    ) -> None:
        self._account = Account(clock, ids, pages=pages, plan=delivery_plan, search_lag=search_lag)
        self._wall = wall or clock
        self._lock = threading.RLock()
        self._api = Api(self._account, self._lock, fault, self._changed)
        self._on_change = on_change
        self._endpoints = tuple(endpoints)
        self._pruned_at = clock()
        self._account.store.restore(state or {})
        self._configure()

    def request(self, method: str, path: str, headers: Mapping[str, str], form_body: str) -> Answer:
        """Answer a request as api.stripe.com would: status, headers, JSON.

        `path` may carry a query, `form_body` is form-encoded. Raises only what `fault` raises.
        """
        return self._api.request(method, path, headers, form_body)

    def set_fault(self, fault: FaultHook) -> None:
        """From now on consult this hook before and after the effect of each request."""
        self._api.fault = fault

    # Time and webhooks -------------------------------------------------------------------------

    def advance(self) -> None:
        """Let everything happen whose time has come: expiries, late refunds, closed pages."""
        with self._lock:
            run_due(self._account)
            if self._account.time() - self._pruned_at >= PRUNE_EVERY:
                self._pruned_at = self._account.time()
                self._api.keys.prune()
                prune_events(self._account)
            self._changed()

    def due_deliveries(self, now: float | None = None) -> list[Delivery]:
        """Signed webhook requests to send by now. Each is due until it is settled."""
        self.advance()
        with self._lock:
            moment = self._account.time() if now is None else now
            return webhooks.due(self._account, moment, self._wall())

    def settle_delivery(self, delivery_id: str, status: int | None) -> None:
        """Tell what the endpoint answered; None when it did not."""
        with self._lock:
            webhooks.settle(self._account, delivery_id, status)
            self._changed()

    def next_due(self) -> float | None:
        """When the next delivery or deadline is due, in epoch seconds of `clock`."""
        with self._lock:
            deliveries = [delivery["due"] for delivery in webhooks.waiting(self._account)]
            deadlines = [entry["at"] for entry in self._account.store.all("deadline")]
            return min([*deliveries, *deadlines], default=None)

    # What a simulator may do to deliveries -------------------------------------------------------

    def deliveries(self) -> list[Json]:
        """All that are waiting or given up: id, event, endpoint, due, attempts, state."""
        with self._lock:
            return [detached(delivery) for delivery in self._account.store.all("delivery")]

    def drop_delivery(self, delivery_id: str) -> None:
        """Lose it for good."""
        with self._lock:
            self._account.store.delete("delivery", delivery_id)
            self._changed()

    def postpone_delivery(self, delivery_id: str, due: float) -> None:
        """Send it later, or earlier: the way to reorder."""
        with self._lock:
            delivery = self._account.find("delivery", delivery_id)
            self._account.store.put("delivery", delivery_id, {**delivery, "due": due})
            self._changed()

    def resend_event(self, event_id: str, due: float | None = None) -> list[str]:
        """Queue an event once more for every endpoint, delivered before or not."""
        with self._lock:
            account = self._account
            event = account.find("event", event_id)
            at = account.time() if due is None else due
            endpoints = account.store.all("webhook_endpoint")
            queued = [account.queue(event, endpoint, at) for endpoint in endpoints]
            self._changed()
        return queued

    # What people and banks do --------------------------------------------------------------------

    def answer_challenge(self, intent_id: str, *, approved: bool) -> Json:
        """The customer passes or fails 3-D Secure. Returns the intent."""
        if intent_id.startswith("seti_"):
            return self._outside(lambda: setups.answer(self._account, intent_id, approved=approved))
        return self._outside(
            lambda: answering.answer_challenge(self._account, intent_id, approved=approved)
        )

    def answer_wallet(self, intent_id: str, outcome: str) -> Json:
        """On the wallet's page: approve, decline, processing (a slow yes) or leave."""
        if intent_id.startswith("seti_"):
            approved = outcome == "approve"
            return self._outside(lambda: setups.answer(self._account, intent_id, approved=approved))
        return self._outside(lambda: answering.answer_wallet(self._account, intent_id, outcome))

    def lose_authorization(self, intent_id: str) -> None:
        """The bank drops its hold before the time: as when it expires."""
        self._outside(lambda: settling.expire(self._account, intent_id))

    def fail_refund(self, refund_id: str, reason: str = "expired_or_canceled_card") -> None:
        """The customer's bank returns a refund."""
        self._outside(lambda: refunds.fail(self._account, refund_id, reason))

    def read(self, kind: str, ident: str) -> Json | None:
        """A copy of an object, for pages and for tests: no request, no fault, no key."""
        with self._lock:
            run_due(self._account)
            self._changed()
            found = self._account.store.get(kind, ident)
            return None if found is None else detached(found)

    def _outside[T](self, happen: Callable[[], T]) -> T:
        """Something that no API request causes."""
        with self._lock:
            run_due(self._account)
            try:
                result = happen()
            finally:
                self._changed()
            return detached(result)

    # State ---------------------------------------------------------------------------------------

    def snapshot(self) -> Json:
        """Everything, as JSON. Requests under way are not part of it."""
        with self._lock:
            return self._account.store.snapshot()

    def restore(self, state: Json) -> None:
        with self._lock:
            self._account.store.restore(state)
            self._configure()

    def _configure(self) -> None:
        for endpoint in self._endpoints:
            webhooks.configure(self._account, endpoint)
        self._changed()

    def _changed(self) -> None:
        self._on_change(self._account.store.drain())
