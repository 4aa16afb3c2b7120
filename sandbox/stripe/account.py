"""One Stripe account: what it stores, what time it is there, and what it tells its endpoints."""

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sandbox.stripe.errors import no_such
from sandbox.stripe.ids import NewId
from sandbox.stripe.store import Json, Store

API_VERSION = "2026-10-28.endive"

# Given an event and an endpoint, the seconds after which to deliver it: (0,) once and at once,
# (0, 0) twice, (3600,) late, () never.
type DeliveryPlan = Callable[[Json, Json], Sequence[float]]


def deliver_at_once(_event: Json, _endpoint: Json) -> Sequence[float]:
    return (0.0,)


class Account:
    """The state that every endpoint works on. Time and ids come from outside."""

    def __init__(
        self,
        clock: Callable[[], float],
        ids: NewId,
        *,
        pages: str,
        plan: DeliveryPlan,
        search_lag: float,
    ) -> None:
        self.store = Store()
        self.new_id = ids
        self.pages = pages
        self.plan = plan
        self.search_lag = search_lag
        self.version = API_VERSION
        self.cause: Json = {"id": None, "idempotency_key": None}
        self._clock = clock
        self._moment: float | None = None

    def time(self) -> float:
        return self._clock() if self._moment is None else self._moment

    def now(self) -> int:
        return int(self.time())

    @contextmanager
    def moment(self, at: float) -> Iterator[None]:
        """Let what is found late happen at the time when it was due."""
        self._moment = at
        try:
            yield
        finally:
            self._moment = None

    def find(self, kind: str, ident: str | None) -> Json:
        """An object that must exist, because another object of this account names it.

        A copy: what is changed in it counts only when it is saved.
        """
        found = self.store.get(kind, str(ident))
        if found is None:
            raise KeyError(kind, ident)
        return dict(found)

    def named(self, kind: str, ident: str, param: str = "id") -> Json:
        """An object that the caller names. Raises 404 or 400 `resource_missing`."""
        found = self.store.get(kind, ident)
        if found is None:
            raise no_such(kind, ident, param)
        return dict(found)

    def save(self, thing: Json) -> Json:
        self.store.put(thing["object"], thing["id"], thing)
        return thing

    def emit(self, kind: str, thing: Json) -> None:
        """Record an event with the object as it is now, and queue its deliveries.

        https://docs.stripe.com/api/events/object
        """
        listening = [
            endpoint
            for endpoint in self.store.all("webhook_endpoint")
            if endpoint["status"] == "enabled"
            and not {"*", kind}.isdisjoint(endpoint["enabled_events"])
        ]
        event = {
            "id": self.new_id("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now(),
            "data": {"object": copy.deepcopy(thing)},
            "livemode": False,
            "pending_webhooks": len(listening),
            "request": dict(self.cause),
            "type": kind,
        }
        self.save(event)
        for endpoint in listening:
            for delay in self.plan(event, endpoint):
                self.queue(event, endpoint, self.time() + delay)

    def queue(self, event: Json, endpoint: Json, due: float) -> str:
        """One delivery of an event to an endpoint, not before `due`. Returns its id."""
        delivery = {
            "id": self.new_id("dlv"),
            "event": event["id"],
            "endpoint": endpoint["id"],
            "body": json.dumps(event, indent=2),
            "due": due,
            "first_due": due,
            "attempts": 0,
            "state": "waiting",
        }
        self.store.put("delivery", delivery["id"], delivery)
        return str(delivery["id"])

    def after(self, seconds: float, what: str, subject: str) -> None:
        """Let `what` happen to `subject` later; at most one such deadline per subject."""
        entry = {"at": self.time() + seconds, "what": what, "subject": subject}
        self.store.put("deadline", f"{what}:{subject}", entry)

    def never(self, what: str, subject: str) -> None:
        self.store.delete("deadline", f"{what}:{subject}")
