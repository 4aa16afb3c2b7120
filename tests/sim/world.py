"""One world: the product's code, and around it everything that it talks to, driven by a seed."""

import itertools
import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, Self
from unittest.mock import patch

from chalicelib.core import telemetry
from sandbox.cloud.phones import Phones
from tests import people
from tests.clocks import NOON
from tests.sim import environment, gateway, rare, state
from tests.sim.aws import database, wire
from tests.sim.aws.queues import Queues
from tests.sim.aws.wire import Wire
from tests.sim.bank import Bank, SimHttp
from tests.sim.calls import Caller, Invocation
from tests.sim.chance import Chance
from tests.sim.faults import Fault, Place, Plan
from tests.sim.gateway import Lambda, Reply
from tests.sim.invariants import promises, registry
from tests.sim.invariants.registry import Violation
from tests.sim.pumps import functions
from tests.sim.pumps.queues import QueuePump
from tests.sim.pumps.schedules import SchedulePump
from tests.sim.pumps.streams import StreamPump
from tests.sim.receivers import Receivers
from tests.sim.scheduler import Scheduler, Stopped, Task
from tests.sim.shadow import Shadow
from tests.sim.trace import Trace

CLIENT = (
    Fault.FAILS_BEFORE, Fault.FAILS_AFTER, Fault.TIMES_OUT, Fault.THROTTLED, Fault.DUPLICATED,
    Fault.DELAYED,
)  # fmt: skip
HELD = 0.03
"""How many answers are compared with the API's document."""

LONGEST_AFTERLIFE = 48 * 3600.0
EXPIRY_EVERY = 7200.0


class Pump(Protocol):
    """What brings something to functions. It can be taken down; rung, it looks for work."""

    down: bool

    def ring(self) -> None: ...


@dataclass(frozen=True)
class Options:
    """What a world is made from. `rate` is the chance of a fault per call."""

    seed: int
    rate: float = 0.05
    spared: frozenset[Place] = frozenset()
    tables: str = "memory"
    steered: bool = False
    """Whether faults that are rare at a call are likelier there."""
    deaf: bool = False
    """Whether streams lose every second event: its bell rings when a sweep finds it."""


@dataclass(frozen=True)
class Alarm:
    """One line that a person must see."""

    at: float
    said: str
    facts: Mapping[str, Any]


class World:
    """Everything of one run. Use it as a context: what is global in this process is put back."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.chance = Chance(options.seed)
        self.scheduler = Scheduler(NOON.timestamp())
        self.trace = Trace(self.scheduler.now)
        self.plan = Plan(self.chance, options.rate, options.spared)
        if options.steered:
            self.plan.wanted = rare.wanted()
        self.caller = Caller(self.scheduler, self.plan, self.trace, self)
        self.queues = Queues(lambda: self.scheduler.now)
        self.phones = Phones(now=lambda: self.scheduler.now)
        self.bank = Bank(self.scheduler, self.chance, rough=min(1.0, 5 * options.rate))
        self.receivers = Receivers(self.caller, lambda: self.scheduler.now)
        self.lambdas = Lambda(self.scheduler, self.noise)
        self.alarms: list[Alarm] = []
        self.broken: Violation | None = None
        self.error: BaseException | None = None
        self.ended = False
        self.memory: dict[str, Any] = {}
        """What invariants remember from step to step."""
        self._numbers = itertools.count(1)
        self._next_events = 0.0
        self._looks = 0
        self._stack = ExitStack()

    # --- life ------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        if wire.install():
            state.forget_clients()
        self._stack.enter_context(environment.dressed())
        bits = self.chance.stream("ids").getrandbits
        self._stack.enter_context(
            state.apart(
                time=self.scheduler.time,
                pause=self._pause,
                bits=bits,
                numbers=lambda: next(self._numbers),
                http=SimHttp(self.bank, self.caller, self._pause),
                post=self.receivers.post,
            )
        )
        self._stack.enter_context(patch.object(telemetry, "_write", self._said))
        self.database = database.MAKERS[self.options.tables](environment.PREFIX, self)
        self._stack.callback(self.database.close)
        self.shadow = Shadow(self.database.peek)
        self._connect()
        return self

    def _connect(self) -> None:
        line = Wire(self.caller, self.database, self.queues, self.phones, self._parameters())
        line.written = self._written
        wire.connect(line)
        self._stack.callback(wire.disconnect, line)
        found = functions.functions()
        self.queue_pumps = {one.queue: QueuePump(self, one) for one in found if one.kind == "queue"}
        self.schedules = [SchedulePump(self, one) for one in found if one.kind == "schedule"]
        self.streams = [
            StreamPump(self, one, table, settings)
            for one in found
            if one.kind == "stream"
            for table, settings in one.streams
        ]
        self.pumps: list[Pump] = [*self.queue_pumps.values(), *self.streams, *self.schedules]
        self.queues.rung = self._rung
        self.bank.moved = self._deliver_events
        self.shadow.due_changed = self._ring_schedules
        self._ring_schedules()
        self._expire()

    def _parameters(self) -> dict[str, str]:
        held = {
            "stripe": {"api_key": "sk_test_x", "webhook_secrets": [people.STRIPE_SECRET]},
            "signing": {"keys": [{"kid": "own-1", "private_key": state.machine_key()}]},
            "push": {
                "fcm": self.phones.create_application("test", "GCM"),
                "apns": self.phones.create_application("test", "APNS"),
            },
        }
        return {f"/ieum/test/{name}": json.dumps(value) for name, value in held.items()}

    def __exit__(self, *_: object) -> None:
        self.ended = True
        self.scheduler.end()
        self._stack.close()

    # --- time ------------------------------------------------------------------------------------

    def run(self, seconds: float) -> None:
        """Let so much time pass, unless a law is broken before. Raises what broke the world."""
        self._deliver_events()
        self.scheduler.run(self.scheduler.now + seconds, self._is_over)
        if self.error is not None:
            raise self.error

    def _is_over(self) -> bool:
        return self.broken is not None or self.error is not None

    def _pause(self, seconds: float) -> None:
        if self.scheduler.current is not None:
            self.scheduler.pause(seconds)

    def noise(self, concern: str, *place: object) -> float:
        return self.chance.at(concern, *place)

    # --- what the tables do of themselves --------------------------------------------------------

    def lag(self, table: str, index: str) -> int:
        """An index is behind by some changes now and then: nobody may rely on what it says."""
        if self.plan.calm or not self.plan.rate or self.scheduler.current is None:
            return 0
        self._looks += 1
        odds = self.noise("lag", table, index, self._looks) / max(2 * self.plan.rate, 1e-9)
        site = self.caller.site
        wanted = (Fault.REORDERED,) in self.plan.wanted.get(site, ())
        if wanted and self.plan.steers(site, "lag", self._looks):
            odds %= 1
        if odds >= 1:
            return 0
        self.plan.hits[self.caller.site, Fault.REORDERED] += 1
        return 1 + int(4 * odds)

    def forgets(self, table: str, item: Mapping[str, Any]) -> bool:
        """What has expired is removed within two days, each at its own time."""
        lingers = LONGEST_AFTERLIFE * self.noise("forgets", table, item["pk"], item["sk"])
        return self.scheduler.now > float(item["expires_at"]) + lingers

    def _expire(self) -> None:
        self.database.expire()
        for stream in self.streams:
            stream.ring()
        self.scheduler.at(self.scheduler.now + EXPIRY_EVERY, self._expire)

    # --- what surrounds the functions ------------------------------------------------------------

    def arrival(self, site: str, kinds: tuple[Fault, ...]) -> Fault | None:
        """What happens to something on its way to a function. Asked by the task that brings it."""
        task = self.scheduler.current
        assert task is not None
        fault = self.plan.draw(site, task.name, 0, kinds)
        self.trace.add(self.scheduler.now, task.name, site, fault or "")
        if fault:
            self.plan.hit(site, task.name, 0, fault)
        return fault

    def invoke(self, function: str, work: Callable[[], object]) -> Any:  # noqa: ANN401 - its answer
        """Run a function and wait. Raises gateway.Broken where it failed or was killed."""
        timeout = next(one.timeout for one in functions.functions() if one.name == function)
        task = self.lambdas.start(function, function, work, timeout=timeout)
        answer = self.lambdas.wait(task)
        self.judge_fully()
        return answer

    def _rung(self, name: str) -> None:
        if name in self.queue_pumps:
            self.queue_pumps[name].ring()

    def _ring_schedules(self) -> None:
        for one in self.schedules:
            one.ring()

    def _written(self, keys: list[tuple[str, str, str]]) -> None:
        self.shadow.note(keys)
        written = {table for table, _, _ in keys}
        for stream in self.streams:
            if stream.table in written:
                stream.ring()

    def _deliver_events(self) -> None:
        """Stripe sends what is due, and is asked again when the next is."""
        if self.ended:
            return
        scheduler = self.scheduler
        for delivery in self.bank.due():
            name = f"stripe {delivery.event_id}.{delivery.attempt}"
            scheduler.spawn(name, partial(self._bring, delivery))
        due = self.bank.next_due()
        later = scheduler.now + 3600 if due is None else max(due, scheduler.now + 0.05)
        self._next_events = later
        scheduler.at(later, lambda: self._deliver_events() if self._next_events == later else None)

    def _bring(self, delivery: Any) -> None:  # noqa: ANN401 - Stripe's delivery
        reply = self.request(
            "stripe", "POST", "/v1/stripe/events", raw=delivery.body, headers=delivery.headers
        )
        if reply and reply.status == 200:
            self.memory.setdefault("acknowledged", set()).add(delivery.event_id)
        self.bank.settle(delivery, reply.status if reply else None)

    # --- the API ---------------------------------------------------------------------------------

    def request(
        self,
        who: str,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        raw: bytes | None = None,
        by_url: bool = False,
    ) -> Reply | None:
        """One request of the running actor. None: no answer came, whatever has happened.

        `by_url` goes to the function of its own that positions are sent to.
        """
        task = self.scheduler.current
        assert task is not None
        resource, _ = gateway.resource_of(method, path.partition("?")[0])
        site = f"client -> {method} {resource}"
        number = task.facts.calls if isinstance(task.facts, Invocation) else 0
        if isinstance(task.facts, Invocation):
            task.facts.calls += 1
        fault = self.plan.draw(site, task.name, number, CLIENT)
        self.trace.add(self.scheduler.now, task.name, site, fault or "")
        if fault:
            self.plan.hit(site, task.name, number, fault)
        content = (
            raw if raw is not None else json.dumps(body).encode() if body is not None else None
        )
        noise = self.noise("client", task.name, number)
        if fault is Fault.FAILS_BEFORE:
            self.scheduler.pause(0.2 + noise)
            return None
        if fault is Fault.THROTTLED:
            return Reply(429, {"Retry-After": "1"}, '{"code": "too_many_requests"}')
        if fault is Fault.DELAYED:
            self.scheduler.pause(1 + 20 * noise)
        started = [
            self._start(who, method, path, content, headers or {}, None if by_url else resource)
            for _ in range(2 if fault is Fault.DUPLICATED else 1)
        ]
        patience = 0.01 + 0.3 * noise if fault is Fault.TIMES_OUT else 29.0
        replies = [self._reply(one, patience) for one in started]
        if fault is Fault.FAILS_AFTER:
            return None
        if len(replies) > 1:
            self.memory.setdefault("twice", []).append((method, resource, replies))
        return replies[0]

    def _start(
        self,
        who: str,
        method: str,
        path: str,
        content: bytes | None,
        headers: Mapping[str, str],
        resource: str | None,
    ) -> Task:
        if resource is None:
            return self._start_by_url(who, method, path, content, headers)
        event = gateway.rest_event(method, path, content, headers, f"req-{next(self._numbers)}")
        name = f"{who} {method} {resource}"
        held = self.noise("held", name, self.lambdas.invocations) < HELD
        function = f"{method} {resource}"
        work = lambda: gateway.serve(event, held=held)  # noqa: E731 - what the task does
        return self.lambdas.start(name, function, work, timeout=gateway.API_SECONDS)

    def _start_by_url(
        self, who: str, method: str, path: str, content: bytes | None, headers: Mapping[str, str]
    ) -> Task:
        event = gateway.url_event(method, path, content, headers, f"req-{next(self._numbers)}")
        timeout = float(environment.function_of("track").get("Timeout", 10))
        name, work = f"{who} track", lambda: gateway.serve_url(event)
        return self.lambdas.start(name, "track", work, timeout=timeout)

    def _reply(self, task: Task, patience: float) -> Reply | None:
        if not self.scheduler.join(task, patience):
            return None
        if task.error is not None:
            gateway.raise_if_ours(task.error)
            return None if not isinstance(task.error, Exception) else Reply(502, {}, "{}")
        reply = task.result
        assert isinstance(reply, Reply)
        self.judge_fully()
        registry.answered(self, task.name, reply)
        try:
            promises.busy_is_somebody_else(self, task.name, reply)
        except Violation as violation:
            self.stop(violation)
        return reply

    # --- actors ----------------------------------------------------------------------------------

    def act(self, name: str, work: Callable[[], object], after: float = 0.0) -> Task:
        """Let somebody do something, on a stack of their own."""

        def run() -> None:
            try:
                work()
            except Violation as violation:
                self.stop(violation)
            except Stopped:
                raise
            except BaseException as error:  # noqa: BLE001 - the world itself is broken: tell it
                self.error = error

        return self.scheduler.spawn(name, run, after=after, facts=Invocation("client"))

    # --- laws ------------------------------------------------------------------------------------

    def after_step(self) -> None:
        """Judge what the last call has changed. Raises Stopped where a law is broken."""
        news, self.shadow.news = self.shadow.news, []
        try:
            registry.after_step(self, news)
        except Violation as violation:
            self.stop(violation)

    def judge_fully(self) -> None:
        """Judge everything that was touched since the last time."""
        try:
            registry.after_invocation(self)
        except Violation as violation:
            self.stop(violation)

    def stop(self, violation: Violation) -> None:
        """The end: a law is broken."""
        self.broken = self.broken or violation
        raise Stopped

    def _said(self, level: str, sentence: str, facts: Mapping[str, Any]) -> None:
        if level == telemetry.ERROR:
            self.alarms.append(Alarm(self.scheduler.now, sentence, dict(facts)))
