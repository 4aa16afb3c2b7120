"""A sandbox of the demo's own: a fresh state, a city clock that stands where the play begins."""

import contextlib
import os
import shutil
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.packaging import package
from sandbox import running
from sandbox.cloud.processes import ChildFailed
from sandbox.demo import opening, waking
from sandbox.demo.plan import Plan
from sandbox.demo.play import Play
from sandbox.ports import Ports
from sandbox.robo.pace import Pace, origin_for
from sandbox.running import Sandbox
from sandbox.stripe.clock import RateClock

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it, mode 700
ROOM = 6 * 2**30  # bytes that must be free there and in memory
OUT = Path("build")

type Say = Callable[[str], None]


@dataclass(frozen=True)
class Staging:
    """Where a play is put on. `run_dir` is emptied first. `starting` is how long that may take."""

    run_dir: Path
    ports: Ports
    seed: int
    say: Say
    starting: float

    @contextmanager
    def up(self, plan: Plan, rate: float) -> Iterator[Play]:
        """A play on a sandbox with these stores and people in it, everything awake.

        Ctrl-C within it stops all in order, and is raised again.
        """
        stopped = True
        clear(self.run_dir)
        origin = origin_for(rate, wall=time.time() + self.starting, city=plan.begins)
        self.run_dir.mkdir(parents=True)
        (self.run_dir / "clock-origin").write_text(f"{origin:.3f}")
        pace = Pace(RateClock(origin, rate))
        with (
            scratch() as folder,
            running.up(
                self.run_dir, self.ports, say=self.say, rate=rate, out=OUT, scratch=folder
            ) as box,
        ):
            _tend(box)
            self.say("Waking every function, opening the stores ...")
            began = time.monotonic()
            waking.wake(box, package(OUT, "local", "ieum"))
            opening.tune(box, rate)
            record = opening.open_city(box, plan, {wish.store for wish in plan.wishes})
            self.say(f"  done in {time.monotonic() - began:.1f} s")
            try:
                yield Play(box, plan, pace, record, self.seed)
            finally:
                pace.end()
            stopped = False
        if stopped:
            raise KeyboardInterrupt


def _tend(box: Sandbox) -> None:
    """Start again what dies. What does not stay up is told by whoever misses it."""

    def tend() -> None:
        with contextlib.suppress(ChildFailed):
            box.supervisor.run()

    threading.Thread(target=tend, name="tending", daemon=True).start()


def clear(folder: Path) -> None:
    """Put a folder aside at once, and remove it while nobody waits."""
    if folder.exists():
        aside = folder.with_name(f".{folder.name}-{uuid.uuid4().hex[:8]}")
        folder.rename(aside)
        _remove(aside)


@contextmanager
def scratch() -> Iterator[Path | None]:
    """Memory for the workers' copies of the code where there is plenty, else None: on the disk."""
    if not _plenty():
        yield None
        return
    folder = SHARED_MEMORY / f"ieum-demo-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _plenty() -> bool:
    memory = Path("/proc/meminfo")
    if not SHARED_MEMORY.is_dir() or not memory.exists():
        return False
    words = next(line for line in memory.read_text().splitlines() if "MemAvailable" in line)
    available = int(words.split()[1]) * 1024
    return min(available, shutil.disk_usage(SHARED_MEMORY).free) > ROOM


def _remove(folder: Path) -> None:
    subprocess.Popen(  # noqa: S603 - our own folder
        ["nice", "rm", "-rf", str(folder.absolute())],  # noqa: S607 - whichever there is
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
