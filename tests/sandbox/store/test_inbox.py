"""What the stores' receiver keeps, and for how long."""

from pathlib import Path

import pytest

from sandbox.store.inbox import MOST_MESSAGES, Forged, Inbox, Message, Mode
from tests.sandbox.store.sender import SECRET, STORE


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
