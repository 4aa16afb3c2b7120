"""Who runs when: greenlets, of which one runs at a time, and a clock that only this moves.

A task runs until it pauses, which it does at every call to the outside. What is next is decided
by virtual time alone, so the same seed gives the same order of everything. A greenlet has a stack
and context variables of its own, as a thread has, and to go from one to the next is far cheaper:
https://greenlet.readthedocs.io/en/stable/
"""

import heapq
import itertools
from collections.abc import Callable
from functools import partial

from greenlet import getcurrent, greenlet


class Crash(BaseException):
    """The function was killed here. No handler may catch it."""


class Stopped(BaseException):
    """The world has come to its end, and whoever still waits goes with it."""


class Task:
    """One line of work. `facts` is whatever the world wants to know about it."""

    __slots__ = (
        "done", "error", "facts", "name", "result", "runs", "skew", "ticket", "waiting", "work",
    )  # fmt: skip

    def __init__(self, name: str, work: Callable[[], object], skew: float, facts: object) -> None:
        self.name = name
        self.work = work
        self.skew = skew
        self.facts = facts
        self.runs: greenlet | None = None
        self.done = False
        self.ticket = 0
        self.result: object = None
        self.error: BaseException | None = None
        self.waiting: list[tuple[Task, int]] = []


class Scheduler:
    """Virtual time, and whose turn it is. Only whoever made it may call `run`."""

    def __init__(self, start: float) -> None:
        self.now = start
        self.current: Task | None = None
        self.passes = 0
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._main = getcurrent()
        self._alive: dict[int, Task] = {}
        self._ending = False

    # --- what the world asks for -----------------------------------------------------------------

    def at(self, when: float, do: Callable[[], None]) -> None:
        """Do something at a moment, on nobody's stack: it must not pause."""
        heapq.heappush(self._heap, (max(when, self.now), next(self._order), do))

    def spawn(
        self,
        name: str,
        work: Callable[[], object],
        *,
        after: float = 0.0,
        skew: float = 0.0,
        facts: object = None,
    ) -> Task:
        """Let something run on a stack of its own."""
        task = Task(name, work, skew, facts)
        self._alive[id(task)] = task
        self.at(self.now + after, lambda: self._give(task))
        return task

    def run(self, until: float, done: Callable[[], bool] = lambda: False) -> None:
        """Let everything happen up to a moment, or until `done`."""
        heap = self._heap
        while heap and heap[0][0] <= until and not done():
            self.now, _, do = heapq.heappop(heap)
            do()
        if not done():
            self.now = max(self.now, until)

    def end(self) -> None:
        """Nobody goes on from where they are."""
        self._ending = True
        self._heap.clear()
        for task in list(self._alive.values()):
            if task.runs is not None and not task.done:
                self._give(task)
        self._alive.clear()

    @property
    def busy(self) -> int:
        """How many tasks are under way."""
        return len(self._alive)

    # --- what a task does ------------------------------------------------------------------------

    def time(self) -> float:
        """What the clock of whoever runs says."""
        return self.now + self.current.skew if self.current else self.now

    def pause(self, seconds: float) -> None:
        """Let others run, and go on after so many seconds."""
        task = self._running()
        ticket = task.ticket
        self.at(self.now + seconds, lambda: self._wake(task, ticket))
        self._hand_back(task)

    def join(self, other: Task, patience: float | None = None) -> bool:
        """Wait until another has ended, or for as long as patience lasts. Says whether it has."""
        if other.done:
            return True
        task = self._running()
        other.waiting.append((task, task.ticket))
        if patience is not None:
            ticket = task.ticket
            self.at(self.now + patience, lambda: self._wake(task, ticket))
        self._hand_back(task)
        return other.done

    # --- whose turn it is ------------------------------------------------------------------------

    def _running(self) -> Task:
        if self.current is None:
            raise RuntimeError("only a task of the world can wait")
        return self.current

    def _wake(self, task: Task, ticket: int) -> None:
        if task.ticket == ticket and not task.done:
            self._give(task)

    def _give(self, task: Task) -> None:
        if task.done:
            return
        self.current = task
        self.passes += 1
        if task.runs is None:
            task.runs = greenlet(partial(self._run_task, task), self._main)
        task.runs.switch()
        self.current = None

    def _hand_back(self, task: Task) -> None:
        self._main.switch()
        task.ticket += 1
        if self._ending:
            raise Stopped

    def _run_task(self, task: Task) -> None:
        try:
            task.result = task.work()
        except BaseException as error:  # noqa: BLE001 - whoever waits for it decides what it means
            task.error = error
        task.done = True
        self._alive.pop(id(task), None)
        if not self._ending:
            for waiter, ticket in task.waiting:
                self.at(self.now, partial(self._wake, waiter, ticket))
