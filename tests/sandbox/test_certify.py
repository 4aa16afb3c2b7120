"""What certifies a store's endpoint: a good one passes, and each fault fails its own scenario."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from sandbox.certify.__main__ import BAD, GOOD, NOBODY, certify, main
from sandbox.certify.scenarios import LOST, OTHER_SECRET, SCENARIOS, Pace
from sandbox.snippets import SECRET
from sandbox.store.inbox import Inbox
from sandbox.store.server import Receiver

AT_ONCE = 2
HURRIED = 0.1
NOW_AND_THEN = Pace(burst=8, pieces=2, pause=0.0)
HALTING = Pace(burst=8, pieces=2, pause=3 * HURRIED)

type Json = dict[str, Any]


class Store:
    """A receiver with one fault, which is named as the scenario that should find it."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        self.kept: dict[str, Json] = {}
        self.begun: set[str] = set()
        self.last = 0
        self.hands = threading.Semaphore(AT_ONCE)
        self.turned_away = threading.Event()

    def has(self, fault: str) -> bool:
        return self.fault == fault

    def hear(self, headers: Any, body: bytes) -> tuple[int, bytes]:  # noqa: ANN401 - HTTP's own
        if not self._is_signed(headers, body):
            return 401, b""
        said: Json = json.loads(body)
        ident = headers["webhook-id"]
        wrong = self._is_misjudged(ident, said, len(body))
        self.last = max(self.last, int(said["position"]))
        if wrong:
            return 409, b""
        self.kept[ident] = said
        token = said["data"].get("challenge")
        if token and not self.has("challenge"):
            return 200, json.dumps({"challenge": token}).encode()
        return 204, b""

    def _is_signed(self, headers: Any, body: bytes) -> bool:  # noqa: ANN401 - HTTP's own
        at = int(headers["webhook-timestamp"])
        age = time.time() - at
        if (age > 300 and not self.has("old timestamp")) or (
            age < -300 and not self.has("future timestamp")
        ):
            return False
        bodies = [body.decode()]
        if self.has("altered body"):
            bodies.append(json.dumps({**json.loads(body), "sequence": 2}, separators=(",", ":")))
        given: list[str] = headers["webhook-signature"].split(" ")
        given = given[:1] if self.has("two signatures") else given
        secrets = [SECRET, OTHER_SECRET] if self.has("wrong signature") else [SECRET]
        moment = datetime.fromtimestamp(at, UTC)
        return any(
            str(Webhook(one).sign(headers["webhook-id"], moment, text)) in given
            for one in secrets
            for text in bodies
        )

    def _is_misjudged(self, ident: str, said: Json, size: int) -> bool:
        about = said["subject"]["id"]
        before = [one for one in self.kept.values() if one["subject"]["id"] == about]
        kinds = {one["type"] for one in before}
        is_older = any(said["sequence"] < one["sequence"] for one in before)
        begun, is_new = ident in self.begun, ident not in self.kept
        faulty: dict[str, bool] = {
            "valid": said["type"] == "order.created" and not before,
            "duplicate id": not is_new,
            "out of order": is_older and "order.preparing" in kinds,
            "cancelled before created": is_older and "order.cancelled" in kinds,
            "gap in position": said["position"] > self.last + LOST,
            "unknown type": said["type"] == "order.sung_about",
            "unknown field": "weather" in said,
            "unknown version": said["v"] != 1,
            "big body": size > 64 * 1024,
            "ping": said["type"] == "webhook.ping",
            "again after breaking off": begun and is_new,
        }
        return faulty.get(self.fault, False)


@contextmanager
def listening(store: Store) -> Iterator[str]:
    """The address of a receiver, as somebody writes one who reads half of the guide."""

    class Handler(BaseHTTPRequestHandler):
        timeout = HURRIED if store.has("slow line") else None

        def do_POST(self) -> None:
            size, ident = int(self.headers["content-length"]), self.headers["webhook-id"]
            body = self.rfile.read(size)
            if len(body) < size:
                store.begun.add(ident)
                return
            if not store.has("burst"):
                self._answer(*store.hear(self.headers, body))
            elif store.hands.acquire(blocking=False):
                store.turned_away.wait(HURRIED)
                self._answer(*store.hear(self.headers, body))
                store.hands.release()
            else:
                self._answer(503, b"")
                store.turned_away.set()

        def do_GET(self) -> None:
            self._answer(200 if store.has("wrong method") else 405, b"")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer if store.has("burst") else HTTPServer):  # type: ignore[misc]
        request_queue_size = 32

    server = Server(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever, args=(0.01,))
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}/ieum"
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.mark.parametrize("fault", ["", *(scenario.name for scenario in SCENARIOS)])
def test_a_receiver_with_one_fault_fails_that_scenario_and_no_other(fault: str) -> None:
    pace = HALTING if fault == "slow line" else NOW_AND_THEN
    with listening(Store(fault)) as url:
        found = certify(url, SECRET, pace=pace)

    assert set(found) == ({fault} if fault else set())


def test_the_sandboxs_own_receiver_passes_and_a_broken_one_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.certify.__main__.Pace", lambda: NOW_AND_THEN)
    inbox = Inbox(tmp_path / "inbox.json")
    inbox.register("sto_x", SECRET)
    receiver = Receiver(0, inbox, say=lambda _: None)
    receiver.start()
    codes = [main(["--url", f"{receiver.url}/hooks/{store}"]) for store in ("sto_x", "sto_y")]
    receiver.stop()
    codes.append(main(["--url", f"{receiver.url}/hooks/sto_x", "--secret", SECRET]))

    assert codes == [GOOD, BAD, NOBODY]
    assert main(["--url", "localhost"]) == NOBODY
    said = capsys.readouterr().out
    assert (len(SCENARIOS), f"{len(SCENARIOS)} of {len(SCENARIOS)} are good." in said) == (20, True)
    assert "BAD   valid                      taken with 2xx" in said
