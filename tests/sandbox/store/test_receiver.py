"""The stores' webhook receiver: whom it believes, what it keeps, how it misbehaves when told."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from standardwebhooks import Webhook

from sandbox.store.inbox import MOST_MESSAGES, Forged, Inbox, Message, Mode
from sandbox.store.server import Receiver

STORE = "sto_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R"
ORDER = "ord_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER_SECRET = "whsec_aGVsbG8gZnJvbSBzb21lYm9keSBlbHNl"
JSON = {"Content-Type": "application/json"}


class Client:
    """Talks to the receiver as Ieum does, and as the sandbox does."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url).netloc

    def send(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[HTTPResponse, str]:
        connection = HTTPConnection(self._address, timeout=10)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer, text

    def tell(self, path: str, **told: str) -> int:
        answer, _ = self.send("POST", path, json.dumps(told).encode(), JSON)
        return answer.status

    def hook(self, message_id: str, **changed: Any) -> int:  # noqa: ANN401 - any part of a message
        secret, age = changed.pop("secret", SECRET), changed.pop("age", timedelta())
        body = event(message_id, **changed)
        headers = signed(message_id, body, secret=secret, age=age)
        answer, _ = self.send("POST", f"/hooks/{STORE}", body, headers)
        return answer.status

    def inbox(self, query: str = "") -> Any:  # noqa: ANN401 - any JSON
        _, text = self.send("GET", f"/inbox/{STORE}{query}")
        return json.loads(text)


def event(message_id: str, order: str = ORDER, status: str = "CREATED", sequence: int = 2) -> bytes:
    told = {
        "id": message_id,
        "type": f"order.{status.lower()}",
        "timestamp": "2026-11-22T10:00:00.000Z",
        "subject": {"kind": "order", "id": order},
        "sequence": sequence,
        "position": 1,
        "previous_position": 0,
        "data": {"order_id": order, "store_id": STORE, "status": status, "url": "/v1/orders/x"},
    }
    return json.dumps(told).encode()


def signed(
    message_id: str, body: bytes, *, secret: str = SECRET, age: timedelta = timedelta()
) -> dict[str, str]:
    at = datetime.now(UTC) - age
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at, body.decode()),
        **JSON,
    }


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def receiver(tmp_path: Path, said: list[str]) -> Iterator[Receiver]:
    running = Receiver(0, Inbox(tmp_path / "receiver.json"), say=said.append, slow_seconds=0.01)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def client(receiver: Receiver) -> Client:
    talking = Client(receiver.url)
    assert talking.tell("/admin/secrets", store_id=STORE, secret=SECRET, name="연남비빔") == 204
    return talking


def test_a_signed_order_is_on_the_screen_and_told_in_one_line(
    client: Client, said: list[str]
) -> None:
    status = client.hook("msg_1")

    assert status == 204
    screen = client.inbox()
    assert screen["name"] == "연남비빔"
    assert [one["body"]["data"]["order_id"] for one in screen["messages"]] == [ORDER]
    assert said == [f"New order {ORDER} for 연남비빔"]


def test_a_message_that_comes_twice_is_kept_and_told_once(client: Client, said: list[str]) -> None:
    statuses = [client.hook("msg_1"), client.hook("msg_1")]

    assert statuses == [204, 204]
    assert len(client.inbox()["messages"]) == 1
    assert len(said) == 1


def test_only_new_orders_are_told(client: Client, said: list[str]) -> None:
    client.hook("msg_1", status="CONFIRMED")

    assert said == []
    assert len(client.inbox()["messages"]) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"secret": OTHER_SECRET}, {"age": timedelta(minutes=6)}, {"age": timedelta(minutes=-6)}],
    ids=["another secret", "too old", "from the future"],
)
def test_a_message_with_a_bad_signature_is_refused(client: Client, wrong: dict[str, Any]) -> None:
    status = client.hook("msg_1", **wrong)

    assert status == 401
    assert client.inbox()["messages"] == []


def test_a_changed_body_is_refused(client: Client) -> None:
    headers = signed("msg_1", event("msg_1"))

    answer, _ = client.send("POST", f"/hooks/{STORE}", event("msg_1", order="ord_other"), headers)

    assert answer.status == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"webhook-id": "m", "webhook-timestamp": "now", "webhook-signature": "v1,AAAA"},
        {"webhook-id": "m", "webhook-timestamp": "1e400", "webhook-signature": "v1,AAAA"},
        {"webhook-id": "m", "webhook-timestamp": "1", "webhook-signature": "nonsense"},
    ],
    ids=["none", "no time", "no number", "no signature"],
)
def test_headers_that_make_no_sense_are_a_bad_signature(
    client: Client, headers: dict[str, str]
) -> None:
    answer, _ = client.send("POST", f"/hooks/{STORE}", b"{}", headers)

    assert answer.status == 401


def test_a_body_that_is_no_text_is_a_bad_signature(client: Client) -> None:
    now = str(int(datetime.now(UTC).timestamp()))
    headers = {"webhook-id": "m", "webhook-timestamp": now, "webhook-signature": "v1,AAAA"}

    answer, _ = client.send("POST", f"/hooks/{STORE}", b"\xff\xfe", headers)

    assert answer.status == 401


def test_a_store_that_nobody_registered_is_unknown(client: Client) -> None:
    answer, _ = client.send("POST", "/hooks/sto_other", event("m"), signed("m", event("m")))

    assert answer.status == 404


def test_while_a_secret_is_changed_both_are_believed_but_not_a_third(client: Client) -> None:
    third = "whsec_dGhlIHRoaXJkIHNlY3JldCBvZiB0aGVt"

    client.tell("/admin/secrets", store_id=STORE, secret=OTHER_SECRET, name="연남비빔")
    both = [client.hook("msg_1", secret=SECRET), client.hook("msg_2", secret=OTHER_SECRET)]
    client.tell("/admin/secrets", store_id=STORE, secret=third, name="연남비빔")

    assert both == [204, 204]
    assert client.hook("msg_3", secret=SECRET) == 401


@pytest.mark.parametrize(
    ("mode", "status", "kept"),
    [("500", 500, 0), ("410", 410, 0), ("redirect", 302, 0), ("slow", 204, 1), ("ok", 204, 1)],
)
def test_a_store_answers_as_it_was_told_to(
    client: Client, mode: str, status: int, kept: int
) -> None:
    client.tell("/admin/behave", store_id=STORE, mode=mode)

    assert client.hook("msg_1") == status
    assert len(client.inbox()["messages"]) == kept


def test_a_forged_message_is_refused_however_the_store_behaves(client: Client) -> None:
    client.tell("/admin/behave", store_id=STORE, mode="500")

    assert client.hook("msg_1", secret=OTHER_SECRET) == 401


@pytest.mark.parametrize(
    "told",
    [{}, {"store_id": STORE}, {"store_id": STORE, "mode": "rude"}],
    ids=["nothing", "no mode", "no such mode"],
)
def test_what_cannot_be_understood_changes_nothing(client: Client, told: dict[str, str]) -> None:
    assert client.tell("/admin/behave", **told) == 400
    assert client.hook("msg_1") == 204


def test_a_secret_that_is_none_is_refused(client: Client) -> None:
    assert client.tell("/admin/secrets", store_id=STORE, secret="whsec_") == 400


def test_a_page_of_another_origin_cannot_administer(client: Client) -> None:
    body = json.dumps({"store_id": STORE, "mode": "500"}).encode()

    answer, _ = client.send("POST", "/admin/behave", body, {"Content-Type": "text/plain"})

    assert answer.status == 415
    assert client.hook("msg_1") == 204


def test_a_message_that_is_too_large_is_refused_unread(client: Client) -> None:
    headers = {"Content-Length": str(10**7)}

    answer, _ = client.send("POST", f"/hooks/{STORE}", b"", headers)

    assert answer.status == 413


def test_the_screen_waits_for_an_order(client: Client) -> None:
    screens: list[Any] = []
    waiting = threading.Thread(
        target=lambda: screens.append(client.inbox(f"?order={ORDER}&wait=10"))
    )

    waiting.start()
    client.hook("msg_1")
    waiting.join(timeout=10)

    assert [one["id"] for one in screens[0]["messages"]] == ["msg_1"]


def test_the_screen_does_not_wait_longer_than_it_was_asked_to(client: Client) -> None:
    assert client.inbox("?order=ord_never&wait=0")["messages"] == []


def test_the_board_shows_each_order_in_its_latest_state(client: Client) -> None:
    client.hook("msg_2", status="CONFIRMED", sequence=3)
    client.hook("msg_1", status="CREATED", sequence=2)

    answer, page = client.send("GET", "/board")

    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.count(ORDER) == 1
    assert "Confirmed" in page
    assert 'name="viewport"' in page
    assert 'http-equiv="refresh"' in page


def test_the_board_escapes_whatever_it_was_told(client: Client) -> None:
    evil = "<script>alert(1)</script>"

    client.tell("/admin/secrets", store_id=STORE, secret=SECRET, name=evil)
    client.hook("msg_1", order=f"ord_{evil}", status=evil)
    _, page = client.send("GET", "/board")

    assert "<script>" not in page
    assert page.count("&lt;script&gt;") == 3


def test_a_quiet_board_says_so(client: Client) -> None:
    _, page = client.send("GET", "/board")

    assert "1 store is quiet." in page


def test_what_was_acknowledged_outlives_the_process(tmp_path: Path) -> None:
    path = tmp_path / "receiver.json"
    before = Inbox(path)
    before.register(STORE, SECRET, "연남비빔")
    before.behave(STORE, Mode.GONE)
    before.take(STORE, Message("msg_1", "2026-11-22T10:00:00.000Z", {"type": "order.created"}))

    after = Inbox(path)

    assert after.messages(STORE) == before.messages(STORE)
    assert after.mode(STORE) is Mode.GONE
    assert after.name(STORE) == "연남비빔"
    assert not after.take(STORE, before.messages(STORE)[0])


def test_a_line_that_was_cut_off_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "receiver.json"
    before = Inbox(path)
    before.register(STORE, SECRET)
    before.take(STORE, Message("msg_1", "2026-11-22T10:00:00.000Z", {}))
    path.write_text(path.read_text() + '{"message": {"store": "sto_')

    after = Inbox(path)
    after.take(STORE, Message("msg_2", "2026-11-22T10:00:01.000Z", {}))

    assert [message.id for message in Inbox(path).messages(STORE)] == ["msg_1", "msg_2"]


def test_only_the_last_messages_are_kept_and_the_file_does_not_grow_for_ever(
    tmp_path: Path,
) -> None:
    path = tmp_path / "receiver.json"
    inbox = Inbox(path)
    inbox.register(STORE, SECRET)

    for number in range(5 * MOST_MESSAGES):
        inbox.take(STORE, Message(f"msg_{number}", "2026-11-22T10:00:00.000Z", {}))

    kept = inbox.messages(STORE)
    assert len(kept) == MOST_MESSAGES
    assert kept[-1].id == f"msg_{5 * MOST_MESSAGES - 1}"
    assert len(path.read_text().splitlines()) < 2500


def test_secrets_are_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "receiver.json"

    Inbox(path).register(STORE, SECRET)

    assert path.stat().st_mode & 0o077 == 0


def test_without_a_secret_nothing_is_believed(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "receiver.json")
    inbox.register(STORE, SECRET)

    with pytest.raises(Forged):
        inbox.verify(STORE, {}, b"{}")


def test_it_stops_within_a_second_though_somebody_waits_and_keeps_all_through_a_kill(
    tmp_path: Path,
) -> None:
    state = tmp_path / "receiver.json"
    first, url = _start(state)
    client = Client(url)
    client.tell("/admin/secrets", store_id=STORE, secret=SECRET, name="연남비빔")
    client.hook("msg_1")
    first.kill()
    first.communicate(timeout=5)
    second, url = _start(state)
    client = Client(url)
    waiting = HTTPConnection(urlsplit(url).netloc)
    waiting.request("GET", f"/inbox/{STORE}?order=ord_never&wait=30")

    kept = client.inbox()["messages"]
    second.send_signal(signal.SIGTERM)
    second.communicate(timeout=1)
    waiting.close()

    assert [one["id"] for one in kept] == ["msg_1"]
    assert second.returncode == 0


def _start(state: Path) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "sandbox.store", "--port", "0", "--state", str(state)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
    assert process.stdout is not None
    return process, process.stdout.readline().split()[4].rstrip(",")
