"""Whose turn it is: one at a time, in the order of virtual time, the same every time."""

from collections.abc import Callable

import pytest

from tests.sim.scheduler import Crash, Scheduler, Stopped, Task


def three_who_pause(scheduler: Scheduler, said: list[str]) -> None:
    def walk(name: str, pause: float) -> Callable[[], None]:
        def go() -> None:
            for number in range(3):
                said.append(f"{name}{number} at {scheduler.now:g}")
                scheduler.pause(pause)

        return go

    for name, pause in (("a", 2.0), ("b", 3.0), ("c", 2.0)):
        scheduler.spawn(name, walk(name, pause))


def test_tasks_run_in_the_order_of_time_and_of_asking() -> None:
    said: list[str] = []
    scheduler = Scheduler(0.0)
    three_who_pause(scheduler, said)

    scheduler.run(100)

    assert said == [
        "a0 at 0", "b0 at 0", "c0 at 0", "a1 at 2", "c1 at 2", "b1 at 3", "a2 at 4", "c2 at 4",
        "b2 at 6",
    ]  # fmt: skip
    assert scheduler.busy == 0


def test_whoever_waits_for_another_goes_on_when_it_has_ended() -> None:
    scheduler = Scheduler(0.0)
    found: list[object] = []

    def work() -> str:
        scheduler.pause(5)
        return "done"

    def wait() -> None:
        other = scheduler.spawn("worker", work)
        found.extend([scheduler.join(other, patience=1), scheduler.join(other), other.result])
        found.append(scheduler.now)

    scheduler.spawn("waiter", wait)
    scheduler.run(100)

    assert found == [False, True, "done", 5.0]


def test_a_crash_ends_the_one_task_and_nothing_catches_it() -> None:
    scheduler = Scheduler(0.0)

    def work() -> None:
        try:
            raise Crash  # noqa: TRY301 - it stands for a kill in the middle
        except Exception:  # noqa: BLE001 - what handlers do
            pytest.fail("a handler caught the crash")

    task = scheduler.spawn("worker", work)
    scheduler.run(1)

    assert task.done
    assert isinstance(task.error, Crash)


def test_at_the_end_everybody_goes_home() -> None:
    scheduler = Scheduler(0.0)
    gone: list[str] = []

    def sleep() -> None:
        try:
            scheduler.pause(1000)
        except Stopped:
            gone.append("home")
            raise

    tasks: list[Task] = [scheduler.spawn(f"sleeper {number}", sleep) for number in range(3)]
    scheduler.run(10)
    scheduler.end()

    assert gone == ["home"] * 3
    assert all(task.done for task in tasks)


def test_only_a_task_can_wait() -> None:
    with pytest.raises(RuntimeError):
        Scheduler(0.0).pause(1)
