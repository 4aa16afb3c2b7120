"""Keeps the sandbox's processes up: starts them in order, restarts what dies, stops them all."""

import fcntl
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, NoReturn, Self

from sandbox.cloud.processes import Child, ChildFailed, Process, ending

_STOPS = (signal.SIGINT, signal.SIGTERM)
_SHORT_LIFE = 2.0
_SHORT_LIVES = 5


class AlreadyRunning(Exception):  # noqa: N818 - it names what happened
    """Another sandbox runs in the same checkout."""


class Supervisor:
    """A context manager: whatever happens inside, at its end no child is left.

    Within it Ctrl-C and SIGTERM both raise KeyboardInterrupt in the main thread, which ends the
    block, at whatever point, and goes no further.
    Raises AlreadyRunning when another supervisor holds the same run directory.
    """

    def __init__(self, run_dir: Path, *, say: Callable[[str], None] = print) -> None:
        self._run_dir = run_dir
        self._say = say
        self._running: dict[str, _Supervised] = {}
        self._died: SimpleQueue[_Supervised] = SimpleQueue()
        self._lock: IO[str] | None = None
        self._before: dict[signal.Signals, Any] = {}
        self._stopping = False

    def __enter__(self) -> Self:
        self._run_dir.mkdir(parents=True, exist_ok=True)
        self._lock = _take_lock(self._run_dir / "lock")
        for number in _STOPS:
            self._before[number] = signal.signal(number, signal.default_int_handler)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        # A second Ctrl-C must not interrupt the orderly stop: the cloud is saving its state.
        for number in _STOPS:
            signal.signal(number, signal.SIG_IGN)
        try:
            self.stop()
        finally:
            for number, before in self._before.items():
                signal.signal(number, before)
            if self._lock:
                self._lock.close()
        return kind is not None and issubclass(kind, KeyboardInterrupt)

    def start(self, child: Child, *, on_restart: Callable[[], None] | None = None) -> float:
        """Start a child and wait until it is ready; seconds that it took.

        ``on_restart`` runs after each later restart, once the child is ready again.
        Raises ChildFailed, with the child's last words.
        """
        supervised = _Supervised(Process(child), on_restart)
        self._running[child.name] = supervised
        took = supervised.process.wait_until_ready()
        self._watch(supervised)
        return took

    def run(self) -> NoReturn:
        """Restart whatever dies, until Ctrl-C or SIGTERM.

        Raises ChildFailed when a child dies again and again right after its start.
        """
        while True:
            self.tend()

    def tend(self) -> None:
        """Wait for the next death and repair it."""
        supervised = self._died.get()
        child, process = supervised.process.child, supervised.process
        code = process.wait() or 0
        process.bury()
        lived = time.monotonic() - process.began
        supervised.short_lives = supervised.short_lives + 1 if lived < _SHORT_LIFE else 0
        took = self._revive(supervised)
        if supervised.on_restart:
            supervised.on_restart()
        self._say(f"{child.name} {ending(code)}; it is up again after {took:.1f} s")

    def _revive(self, supervised: "_Supervised") -> float:
        child = supervised.process.child
        while supervised.short_lives < _SHORT_LIVES:
            supervised.process = Process(child, again=True)
            try:
                took = supervised.process.wait_until_ready()
            except ChildFailed:
                supervised.process.bury()
                supervised.short_lives += 1
            else:
                self._watch(supervised)
                return took
        raise ChildFailed(f"{child.name} does not stay up: see {child.log}")

    def pid(self, name: str) -> int:
        return self._running[name].process.pid

    def stop(self) -> None:
        """End all children, the last started first. Waits until they are gone."""
        self._stopping = True
        while self._running:
            _, supervised = self._running.popitem()
            supervised.process.stop()

    def _watch(self, supervised: "_Supervised") -> None:
        process = supervised.process

        def wait_for_death() -> None:
            process.wait()
            if not self._stopping:
                self._died.put(supervised)

        threading.Thread(target=wait_for_death, name=process.child.name, daemon=True).start()


class _Supervised:
    def __init__(self, process: Process, on_restart: Callable[[], None] | None) -> None:
        self.process = process
        self.on_restart = on_restart
        self.short_lives = 0


def _take_lock(path: Path) -> IO[str]:
    lock = path.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise AlreadyRunning(
            f"A sandbox already runs in this checkout (process {holder}). Stop it with Ctrl-C "
            f"where it runs, or with: kill {holder}"
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock
