"""Reading along with all stores."""

from pathlib import Path

from sandbox.store.feed import Feed
from sandbox.store.inbox import Inbox, Message

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def message(number: int) -> Message:
    at = f"2026-11-22T16:00:{number:02d}.000Z"
    return Message(f"msg_{number}", at, {"type": "order.created"})


def test_a_reader_is_given_what_came_since(tmp_path: Path) -> None:
    feed = Feed(Inbox(tmp_path / "inbox.jsonl"))
    feed.add("sto_a", message(1))
    last, _ = feed.since(feed.generation, 0, 0)
    feed.add("sto_b", message(2))

    after, entries = feed.since(feed.generation, last, 0)

    assert [(entry.store_id, entry.message.id) for entry in entries] == [("sto_b", "msg_2")]
    assert after == 2


def test_a_feed_without_news_is_empty(tmp_path: Path) -> None:
    feed = Feed(Inbox(tmp_path / "inbox.jsonl"))
    feed.add("sto_a", message(1))

    assert feed.since(feed.generation, 1, 0) == (1, [])


def test_after_a_restart_everything_is_given_again_in_the_order_of_its_coming(
    tmp_path: Path,
) -> None:
    inbox = Inbox(tmp_path / "inbox.jsonl")
    for store in ("sto_a", "sto_b"):
        inbox.register(store, SECRET)
    for number, store in enumerate(("sto_b", "sto_a", "sto_b"), start=1):
        inbox.take(store, message(number))
    before = Feed(Inbox(tmp_path / "inbox.jsonl"))

    again = Feed(Inbox(tmp_path / "inbox.jsonl"))
    _, entries = again.since(before.generation, 3, 0)

    assert [entry.message.id for entry in entries] == ["msg_1", "msg_2", "msg_3"]
