"""All stores' messages in the order in which they came, for whoever reads along.

`generation` names the running process: the numbers begin anew with each, so a reader that names
another generation is given everything again and must know by its id what it has had.
"""

import uuid
from collections import deque
from dataclasses import dataclass
from threading import Condition

from sandbox.store.inbox import Inbox, Message

KEPT = 20_000


@dataclass(frozen=True)
class Entry:
    """A message and the store that it was for."""

    store_id: str
    message: Message


class Feed:
    """The last messages, numbered from 1. Safe to use from many threads."""

    def __init__(self, inbox: Inbox) -> None:
        """Begins with what the inbox has kept from before."""
        kept = [Entry(store, one) for store in inbox.stores() for one in inbox.messages(store)]
        kept.sort(key=lambda entry: entry.message.received_at)
        self.generation = uuid.uuid4().hex
        self._entries: deque[Entry] = deque(kept, maxlen=KEPT)
        self._last = len(kept)
        self._changed = Condition()

    def add(self, store_id: str, message: Message) -> None:
        with self._changed:
            self._entries.append(Entry(store_id, message))
            self._last += 1
            self._changed.notify_all()

    def since(self, generation: str, after: int, seconds: float) -> tuple[int, list[Entry]]:
        """The number of the last message, and what came after the one that is named.

        Waits so many seconds for one where there is none.
        """
        known = after if generation == self.generation else 0
        with self._changed:
            self._changed.wait_for(lambda: self._last > known, seconds)
            missing = min(self._last - known, len(self._entries))
            entries = list(self._entries)
            return self._last, entries[len(entries) - missing :] if missing > 0 else []
