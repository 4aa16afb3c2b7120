"""`python -m sandbox run`: what `make run` does, for a person at a terminal."""

import contextlib
import os
import sys
from pathlib import Path

from infra.packaging import PackagingFailed
from sandbox import opening, running
from sandbox.cloud.deploying import DeployFailed
from sandbox.cloud.ministack import PortTaken
from sandbox.cloud.processes import ChildFailed
from sandbox.cloud.supervisor import AlreadyRunning
from sandbox.ports import PortInUse, ports_from

USAGE = "usage: python -m sandbox run"
EXPECTED = (AlreadyRunning, ChildFailed, DeployFailed, PackagingFailed, PortInUse, PortTaken)


def run() -> int:
    """Bring everything up, open the city, print what to do, and stay until Ctrl-C."""
    run_dir = Path(os.environ.get("RUN_DIR", ".run"))
    try:
        with (
            contextlib.suppress(KeyboardInterrupt),
            running.up(run_dir, ports_from(os.environ), say=_say) as box,
        ):
            opening.open_city(box, say=_say)
            print(opening.welcome(box), flush=True)
            box.supervisor.run()
    except EXPECTED as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    _say("Stopped. The state is kept.")
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


def main(arguments: list[str]) -> int:
    if arguments != ["run"]:
        print(USAGE, file=sys.stderr)
        return 2
    return run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
