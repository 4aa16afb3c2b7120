"""`python -m sandbox.store --port 12200 --state .run/receiver.json`: the stores' own systems."""

import argparse
import signal
import threading
from pathlib import Path

from sandbox.store.inbox import Inbox
from sandbox.store.server import Receiver


def main() -> None:
    options = _options()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    receiver = Receiver(options.port, Inbox(options.state), say=_say)
    receiver.start()
    _say(f"The stores listen at {receiver.url}, their screens are at {receiver.url}/board")
    stopping.wait()
    receiver.stop()


def _say(line: str) -> None:
    print(line, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.store", description=__doc__)
    parser.add_argument("--port", type=int, default=12200, help="0 takes a free port and prints it")
    parser.add_argument(
        "--state", type=Path, required=True, help="file that keeps everything through a restart"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
