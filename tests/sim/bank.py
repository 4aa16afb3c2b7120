"""Stripe in this process: the way to it, what goes wrong on it, and the events that come back."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import stripe

from sandbox.stripe import faults as broken
from sandbox.stripe import webhooks
from sandbox.stripe.client import CaseInsensitive, lost_connection
from sandbox.stripe.faults import Fault as Answered
from sandbox.stripe.ids import counted_ids
from sandbox.stripe.model import FakeStripe
from sandbox.stripe.webhooks import Delivery, Endpoint
from tests import people
from tests.sim.calls import Call, Caller
from tests.sim.chance import Chance
from tests.sim.faults import CALL, Fault
from tests.sim.scheduler import Scheduler

HOOK = "http://hooks.test/v1/stripe/events"
SECRET_KEY = {"Authorization": "Bearer sk_test_x"}
PUBLISHABLE_KEY = {"Authorization": "Bearer pk_test_x"}
PATIENCE = 6.0
IDENT = re.compile(r"/(?:pi|seti|cus|pm|re|ch|evt|txn|sub|mandate)_\w+")
DAY = 86_400.0
PASSING = frozenset({409, 429})
"""A no of these says only: not now."""
REFUSED = Answered(402, "card_error", "processing_error", "Try again later", saved=True)
"""A definitive no, which Stripe keeps under its key."""

type Wired = tuple[str, int, Mapping[str, str]]


class Bank:
    """The fake Stripe with its temper."""

    def __init__(self, scheduler: Scheduler, chance: Chance, *, rough: float) -> None:
        self._scheduler = scheduler
        self._chance = chance
        self._rough = rough
        self._planned = 0
        self.calm = False
        self.tardy: Callable[[str], None] = lambda _: None
        """Told of what was done to an event: duplicated, reordered, delayed."""
        self.fake = FakeStripe(
            lambda: scheduler.now,
            counted_ids(),
            endpoints=(Endpoint(HOOK, (people.STRIPE_SECRET,)),),
            delivery_plan=self._plan,
            fault=self._meet,
        )
        self._pending: dict[int, Answered] = {}
        self._on_the_way: set[str] = set()
        self.noes: Counter[str] = Counter()
        """How often Stripe has said a definitive no: by the object, or by our name of a refund."""
        self.moved: Callable[[], None] = lambda: None
        """Told whenever there may be something new to send."""

    # --- what the product asks -------------------------------------------------------------------

    def _meet(self, stage: str, call: broken.Call) -> Answered | None:
        """Between taking a key and the effect another request may find the key in use."""
        if stage != "before" or self._scheduler.current is None:
            return None
        if call.idempotency_key and not self.calm:
            odds = self._chance.at("in use", call.request_id)
            if odds < self._rough:
                self._scheduler.pause(0.3 * odds / self._rough)
        return self._pending.pop(id(self._scheduler.current), None)

    def fail_next(self, answered: Answered) -> None:
        """The next request of whoever runs is answered so, instead of being done."""
        self._pending[id(self._scheduler.current)] = answered

    def note_no(self, path: str, form: str) -> None:
        """Stripe has refused for good what was asked of it."""
        ident = path.split("/")[3:4] or parse_qs(form).get("metadata[refund]", [""])
        self.noes[ident[0]] += 1

    # --- events ----------------------------------------------------------------------------------

    def _plan(self, _: Mapping[str, Any], __: Mapping[str, Any]) -> Sequence[float]:
        """When an event is sent: soon; or twice, late, much later than those after it."""
        self._planned += 1
        soon = 0.05 + 2 * self._chance.at("event soon", self._planned)
        if self.calm:
            return (soon,)
        odds = self._chance.at("event", self._planned) / max(self._rough, 1e-9)
        noise = self._chance.at("event late", self._planned)
        if odds < 0.3:
            self.tardy(Fault.DUPLICATED)
            return (soon, soon + 30 * noise)
        if odds < 0.6:
            self.tardy(Fault.REORDERED)
            return (soon + 20 * noise,)
        if odds < 0.9:
            self.tardy(Fault.DELAYED)
            return (60 + noise**6 * 3 * DAY,)
        if odds < 1:
            self.tardy(Fault.LOST)
            return ()
        return (soon,)

    def due(self) -> list[Delivery]:
        """What Stripe sends now: each once, until it is settled."""
        found = [one for one in self.fake.due_deliveries() if one.id not in self._on_the_way]
        self._on_the_way.update(one.id for one in found)
        return found

    def next_due(self) -> float | None:
        """When Stripe next has something to do or to send that is not on its way yet."""
        store = self.fake._account.store
        waiting = webhooks.waiting(self.fake._account)
        sends = [one["due"] for one in waiting if one["id"] not in self._on_the_way]
        return min([*sends, *(one["at"] for one in store.all("deadline"))], default=None)

    def settle(self, delivery: Delivery, status: int | None) -> None:
        self._on_the_way.discard(delivery.id)
        self.fake.settle_delivery(delivery.id, status)
        self.moved()

    # --- what people see -------------------------------------------------------------------------

    def ask(self, method: str, path: str, form: str = "", *, secret: bool = False) -> Any:  # noqa: ANN401 - any JSON
        """A request that no function of the product makes: the status and the body."""
        headers = SECRET_KEY if secret else PUBLISHABLE_KEY
        status, _, body = self.fake.request(method, path, headers, form)
        self.moved()
        return status, body

    def intents(self) -> list[dict[str, Any]]:
        """Every intent as it is, past all requests."""
        return self.fake._account.store.all("payment_intent")


class SimHttp(stripe.HTTPClient):
    """The official library's way to the fake, through everything that may go wrong."""

    name = "sim"

    def __init__(self, bank: Bank, caller: Caller, pause: Callable[[float], None]) -> None:
        super().__init__()
        self._bank = bank
        self._caller = caller
        self._pause = pause

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,  # noqa: ANN401 - the signature that is overridden
        *,
        _usage: list[str] | None = None,
    ) -> Wired:
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        site = IDENT.sub("/{id}", parts.path)

        def effect() -> Wired:
            status, told, body = self._bank.fake.request(
                method.upper(), path, headers or {}, post_data or ""
            )
            self._bank.moved()
            if status // 100 == 4 and status not in PASSING:
                self._bank.note_no(parts.path, str(post_data or ""))
            return json.dumps(body), status, CaseInsensitive(told)

        def answered(how: Answered) -> Callable[[], Wired]:
            def answer() -> Wired:
                self._bank.fail_next(how)
                return effect()

            return answer

        return self._caller.perform(
            Call("stripe", f"{method.upper()} {site}", writes=method.upper() != "GET"),
            effect,
            (*CALL, Fault.CONFLICT) if parts.path.endswith("/capture") else CALL,
            {
                Fault.CONFLICT: answered(REFUSED),
                Fault.THROTTLED: answered(broken.RATE_LIMITED),
                Fault.INTERNAL: answered(broken.Fault(saved=False)),
            },
            {
                Fault.FAILS_BEFORE: lost_connection,
                Fault.FAILS_AFTER: lost_connection,
                Fault.TIMES_OUT: lost_connection,
            },
            PATIENCE,
        )

    def _sleep_time_seconds(self, num_retries: int, *_: object) -> float:
        """The library's pause before it tries again passes on the world's clock."""
        self._pause(0.5 * 2**num_retries)
        return 0

    def close(self) -> None:
        """Nothing is open."""
