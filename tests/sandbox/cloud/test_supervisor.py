import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from sandbox.cloud.processes import Child, ChildFailed
from sandbox.cloud.supervisor import AlreadyRunning, Supervisor

PATIENCE = 10.0
WAITS = "import signal; signal.pause()"
SAYS_SO_AND_WAITS = "import signal; print('up', flush=True); signal.pause()"
STUBBORN = (
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('up', flush=True); [signal.pause() for _ in iter(int, 1)]"
)
WITH_A_CHILD = (
    "import subprocess, sys, signal;"
    "other = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()']);"
    "print(other.pid, flush=True); signal.pause()"
)


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    return tmp_path / ".run"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(run_dir: Path, said: list[str]) -> Iterator[Supervisor]:
    with Supervisor(run_dir, say=said.append) as supervisor:
        yield supervisor


def child(run_dir: Path, program: str, name: str = "child", *, stop_within: float = 5.0) -> Child:
    """Ready as soon as it has written something; a program that only waits is ready at once."""
    log = run_dir / f"{name}.log"
    speaks = "print" in program or "raise" in program
    return Child(
        name=name,
        command=[sys.executable, "-c", program],
        run_dir=run_dir,
        ready=lambda: not speaks or (log.exists() and log.stat().st_size > 0),
        ready_within=PATIENCE,
        stop_within=stop_within,
    )


def eventually(holds: Callable[[], bool]) -> bool:
    """Waits on a child process that ends at the deadline, so no test sleeps."""
    deadline = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < deadline:
        subprocess.run([sys.executable, "-S", "-c", ""], check=True)
    return holds()


def is_gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return True
    return state == "Z"


def test_a_child_killed_with_kill_9_is_started_again_and_told(
    run_dir: Path, supervisor: Supervisor, said: list[str]
) -> None:
    restarts: list[str] = []
    supervisor.start(child(run_dir, SAYS_SO_AND_WAITS), on_restart=lambda: restarts.append("again"))
    first = supervisor.pid("child")

    os.kill(first, signal.SIGKILL)
    supervisor.tend()

    assert supervisor.pid("child") != first
    assert not is_gone(supervisor.pid("child"))
    assert restarts == ["again"]
    assert len(said) == 1
    assert said[0].startswith("child was ended by SIGKILL; it is up again")


def test_the_pid_file_names_the_process_that_serves_now(
    run_dir: Path, supervisor: Supervisor
) -> None:
    supervisor.start(child(run_dir, WAITS))

    os.kill(supervisor.pid("child"), signal.SIGKILL)
    supervisor.tend()

    assert (run_dir / "child.pid").read_text() == str(supervisor.pid("child"))


def test_what_a_dead_child_had_started_does_not_outlive_it(
    run_dir: Path, supervisor: Supervisor
) -> None:
    supervisor.start(child(run_dir, WITH_A_CHILD))
    grandchild = int((run_dir / "child.log").read_text())

    os.kill(supervisor.pid("child"), signal.SIGKILL)
    supervisor.tend()

    assert eventually(lambda: is_gone(grandchild))


def test_leaving_stops_every_child_even_one_that_ignores_the_request(run_dir: Path) -> None:
    with Supervisor(run_dir) as supervisor:
        supervisor.start(child(run_dir, SAYS_SO_AND_WAITS, "polite"))
        supervisor.start(child(run_dir, STUBBORN, "stubborn", stop_within=0.1))
        pids = supervisor.pid("polite"), supervisor.pid("stubborn")

    assert all(is_gone(pid) for pid in pids)
    assert not list(run_dir.glob("*.pid"))


def test_children_stop_in_the_opposite_order_of_their_start(run_dir: Path) -> None:
    stopped: list[str] = []
    with Supervisor(run_dir) as supervisor:
        for name in ("cloud", "pump", "stripe"):
            waits = child(run_dir, WAITS, name)
            supervisor.start(replace(waits, cleanup=partial(stopped.append, name)))

    assert stopped == ["stripe", "pump", "cloud"]


def test_a_child_that_does_not_start_is_told_with_its_last_words(
    run_dir: Path, supervisor: Supervisor
) -> None:
    broken = child(run_dir, "raise SystemExit('no database here')")
    never = replace(broken, ready=lambda: False)

    with pytest.raises(ChildFailed, match=r"child ended with code 1. It said last: no database"):
        supervisor.start(never)


def test_a_child_that_is_never_ready_is_stopped(run_dir: Path, supervisor: Supervisor) -> None:
    waits = child(run_dir, WAITS, "slow")
    never = replace(waits, ready=lambda: False, ready_within=0.1)

    with pytest.raises(ChildFailed, match="slow was not ready within 0 s"):
        supervisor.start(never)

    assert is_gone(supervisor.pid("slow"))


def test_a_child_that_dies_again_and_again_ends_the_sandbox(
    run_dir: Path, supervisor: Supervisor
) -> None:
    supervisor.start(child(run_dir, "pass"))

    with pytest.raises(ChildFailed, match="child does not stay up"):
        supervisor.run()


def test_a_second_sandbox_in_the_same_checkout_is_refused_with_a_sentence(
    run_dir: Path, supervisor: Supervisor
) -> None:
    del supervisor

    with (
        pytest.raises(AlreadyRunning, match=rf"already runs .*\(process {os.getpid()}\)"),
        Supervisor(run_dir),
    ):
        pass


def test_after_the_end_the_next_sandbox_may_start(run_dir: Path) -> None:
    with Supervisor(run_dir):
        pass

    with Supervisor(run_dir):
        pass


SANDBOX = """
import sys
from pathlib import Path
from sandbox.cloud.processes import Child
from sandbox.cloud.supervisor import Supervisor

run_dir = Path(sys.argv[1])
waits = [sys.executable, "-c", "import signal; signal.pause()"]
with Supervisor(run_dir) as supervisor:
    supervisor.start(Child("child", waits, run_dir))
    print(supervisor.pid("child"), flush=True)
    supervisor.run()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_sandbox_in_order(run_dir: Path, number: signal.Signals) -> None:
    with subprocess.Popen(  # noqa: S603 - the program above
        [sys.executable, "-c", SANDBOX, str(run_dir)], stdout=subprocess.PIPE, text=True
    ) as sandbox:
        assert sandbox.stdout
        pid = int(sandbox.stdout.readline())

        sandbox.send_signal(number)

        assert sandbox.wait(PATIENCE) == 0
    assert is_gone(pid)
