"""Child processes that are started whole and ended whole.

Each child leads a process group of its own, so that Ctrl-C in the terminal reaches only the
sandbox, which then ends its children in order, and so that what a child has started ends with it.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_POLL = 0.05


class ChildFailed(Exception):  # noqa: N818 - it names what happened
    """A child did not start or does not stay up. The message is for the person at the terminal."""


def _nothing() -> None:
    pass


@dataclass(frozen=True)
class Child:
    """How to start, recognise as ready, and stop one process. Times are in seconds."""

    name: str
    command: Sequence[str]
    run_dir: Path
    environment: Mapping[str, str] | None = None
    prepare: Callable[[], None] = _nothing
    ready: Callable[[], bool] = lambda: True
    cleanup: Callable[[], None] = _nothing
    ready_within: float = 30.0
    stop_within: float = 4.0

    @property
    def log(self) -> Path:
        """What the child writes, as it writes it; begun anew with each run of the sandbox."""
        return self.run_dir / f"{self.name}.log"

    @property
    def pid_file(self) -> Path:
        """Names the process that now serves; written before the process can answer anybody."""
        return self.run_dir / f"{self.name}.pid"


class Process:
    """One running child."""

    def __init__(self, child: Child, *, again: bool = False) -> None:
        """Start it. ``again``: after a death, so the log goes on."""
        self.child = child
        self.began = time.monotonic()
        child.run_dir.mkdir(parents=True, exist_ok=True)
        child.prepare()
        with child.log.open("ab" if again else "wb") as log:
            self._popen = subprocess.Popen(  # noqa: S603 - the sandbox's own command lines
                [*_leash(), *child.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=None if child.environment is None else dict(child.environment),
                start_new_session=True,
            )
        child.pid_file.write_text(str(self._popen.pid))

    @property
    def pid(self) -> int:
        return self._popen.pid

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code (negative: the signal), or None when it still runs after ``timeout``."""
        try:
            return self._popen.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def wait_until_ready(self, progress: Callable[[float], None] = lambda _: None) -> float:
        """Seconds that it took. ``progress`` hears the seconds so far.

        Raises ChildFailed, with the child's last words, when it dies or takes too long.
        """
        while not self.child.ready():
            code = self.wait(_POLL)
            if code is not None:
                raise ChildFailed(f"{self.child.name} {ending(code)}. {self._last_words()}")
            waited = time.monotonic() - self.began
            if waited > self.child.ready_within:
                self.stop()
                raise ChildFailed(
                    f"{self.child.name} was not ready within {self.child.ready_within:.0f} s. "
                    f"{self._last_words()}"
                )
            progress(waited)
        return time.monotonic() - self.began

    def stop(self) -> None:
        """Ask it to end; after ``stop_within`` end it and all that it started."""
        with contextlib.suppress(ProcessLookupError):
            self._popen.terminate()
        self.wait(self.child.stop_within)
        self.bury()
        self.child.cleanup()

    def bury(self) -> None:
        """End what is left of the group, so that nothing outlives the child."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait()
        self.child.pid_file.unlink(missing_ok=True)

    def _last_words(self) -> str:
        lines = self.child.log.read_text(errors="replace").strip().splitlines()
        return f"It said last: {lines[-1]} ({self.child.log})" if lines else "It said nothing."


def ending(code: int) -> str:
    """In words, how a process came to its end."""
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"


def _leash() -> list[str]:
    # On Linux the kernel tells the child when the sandbox itself is killed, so that even then the
    # embedded cloud saves its state and nothing is left running.
    return ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
