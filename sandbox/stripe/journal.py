"""Keeps the state through any end of the process: one appended line per request that changed it.

A line is written before the request is answered, so whoever saw an answer will find its effect.
A torn last line (the process died while writing) was never answered and is dropped.
"""

import json
import os
from pathlib import Path

from sandbox.stripe.store import Change, Store


class Journal:
    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)

    def load(self, store: Store) -> None:
        """Replay the lines into `store`, then fold them into one line."""
        if self._path.exists():
            for line in self._path.read_bytes().split(b"\n")[:-1]:
                store.apply([(kind, ident, value) for kind, ident, value in json.loads(line)])
        self._fold(store)
        self._file = self._path.open("ab", buffering=0)

    def append(self, changes: list[Change]) -> None:
        if changes:
            self._file.write(_line(changes))

    def close(self) -> None:
        self._file.close()

    def _fold(self, store: Store) -> None:
        whole: list[Change] = [
            (kind, ident, value)
            for kind, objects in store.snapshot().items()
            for ident, value in objects.items()
        ]
        fresh = self._path.with_suffix(".new")
        with fresh.open("wb") as file:
            file.write(_line(whole) if whole else b"")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)


def _line(changes: list[Change]) -> bytes:
    return json.dumps(changes, separators=(",", ":")).encode() + b"\n"
