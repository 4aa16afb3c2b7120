"""A sandbox for tests: ports of its own, its dead brought back, every function awake."""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sandbox import running
from sandbox.cloud.ministack import HOST
from sandbox.cloud.processes import ChildFailed
from sandbox.demo.waking import BELL, NO_RECORDS, TICK, request
from sandbox.ports import PORTS, Ports
from sandbox.running import Sandbox
from tests.e2e import logs

EVENTS = {
    "RingBells": NO_RECORDS,
    "SettlePayments": BELL,
    "DispatchCouriers": BELL,
    "SendWebhooks": BELL,
    "PushNotifications": BELL,
    "Track": request("/"),
}


@contextmanager
def up(run_dir: Path, ports: Ports, *, rate: float = 1.0) -> Iterator[Sandbox]:
    """The product, running and awake. What dies is started again, as `make run` does it."""
    with running.up(run_dir, ports, say=lambda _: None, rate=rate) as box:
        threading.Thread(target=_tend, args=(box,), name="tending", daemon=True).start()
        logs.running.append(box)
        try:
            wake(box)
            yield box
        finally:
            logs.running.remove(box)


def _tend(box: Sandbox) -> None:
    with contextlib.suppress(ChildFailed):  # the tests notice, and their logs say why
        box.supervisor.run()


def wake(box: Sandbox) -> None:
    """Start a worker of every function, all at once: a cold start is bound by the processor."""
    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = [pool.submit(invoke, box, name) for name in box.deployment.functions]
    for answer in answers:
        answer.result()


def invoke(box: Sandbox, function: str) -> None:
    """Run a function with nothing to do but what it finds by itself."""
    if function == "APIHandler":
        running.healthy(box)
        return
    event = EVENTS.get(function, TICK)
    answer = box.cloud.client("lambda", read_timeout=120).invoke(
        FunctionName=box.deployment.functions[function], Payload=json.dumps(event).encode()
    )
    assert "FunctionError" not in answer, answer["Payload"].read()


def free_ports() -> Ports:
    """Ports that nobody listens on. They are held until all are known."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in PORTS]
        for one in sockets:
            one.bind((HOST, 0))
        numbers = [one.getsockname()[1] for one in sockets]
    return Ports(**dict(zip(PORTS, numbers, strict=True)))
