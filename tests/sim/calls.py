"""One call to the outside: the baton goes back, time passes, and something may go wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from tests.sim.faults import Fault, Plan
from tests.sim.scheduler import Crash, Scheduler, Task
from tests.sim.trace import Trace

FASTEST, SLOWEST = 0.001, 0.012
HICCUP = 0.03
"""How many calls take up to half a second though nothing is wrong."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is called. A call site is this, within the function that calls."""

    service: str
    what: str
    writes: bool


@dataclass
class Invocation:
    """What a task is at: its function, by when it is killed, and how often it has called."""

    function: str
    until: float | None = None
    calls: int = 0


class Judge(Protocol):
    """Whoever looks at the world after each step."""

    def after_step(self) -> None:
        """Raise Stopped where a law is broken."""
        ...


class Caller:
    """Through this every function of the product reaches everything outside."""

    def __init__(self, scheduler: Scheduler, plan: Plan, trace: Trace, judge: Judge) -> None:
        self._scheduler = scheduler
        self._plan = plan
        self._trace = trace
        self._judge = judge
        self.count = 0
        self.site = ""
        self.down: set[str] = set()

    def perform[T](
        self,
        call: Call,
        effect: Callable[[], T],
        kinds: tuple[Fault, ...],
        answers: Mapping[Fault, Callable[[], T]],
        errors: Mapping[Fault, Callable[[], Exception]],
        patience: float,
        habit: Fault | None = None,
    ) -> T:
        """Make a call: its answer, or what the caller sees when it goes wrong.

        `habit` is how whoever is called treats everybody, for want of a fault of this call's own.
        """
        task = self._scheduler.current
        if task is None:
            return effect()
        work, number = self._begin(task)
        site = f"{work.function} -> {call.service} {call.what}"
        fault = self._plan.draw(site, task.name, number, kinds)
        if call.service in self.down:
            fault = Fault.FAILS_BEFORE
        self._trace.add(self._scheduler.now, task.name, site, fault or "")
        if fault:
            self._plan.hit(site, task.name, number, fault)
        fault = fault or habit
        self._scheduler.pause(self._takes(task, number, fault, patience))
        self._demand_alive(work)
        if fault is Fault.CRASH_BEFORE:
            raise Crash
        if fault is Fault.FAILS_BEFORE:
            raise errors[fault]()  # noqa: RSE102 - the error is made by the call
        if fault is not None and fault in answers:
            return answers[fault]()
        self.site = site
        answer = effect()
        self._judge.after_step()
        if fault is Fault.CRASH_AFTER:
            raise Crash
        if fault is Fault.TIMES_OUT:
            self._scheduler.pause(patience)
            self._demand_alive(work)
        if fault is not None and fault in errors:
            raise errors[fault]()  # noqa: RSE102 - the error is made by the call
        return answer

    def _begin(self, task: Task) -> tuple[Invocation, int]:
        work = task.facts
        assert isinstance(work, Invocation), task.name
        work.calls += 1
        self.count += 1
        return work, work.calls

    def _takes(self, task: Task, number: int, fault: Fault | None, patience: float) -> float:
        noise = self._plan.chance.at("takes", task.name, number)
        if fault is Fault.DELAYED:
            return patience * (0.2 + 0.75 * noise)
        if noise < HICCUP:
            return noise / HICCUP / 2
        return FASTEST + (SLOWEST - FASTEST) * noise

    def _demand_alive(self, work: Invocation) -> None:
        """Lambda kills what runs for longer than its time."""
        if work.until is not None and self._scheduler.now > work.until:
            raise Crash
