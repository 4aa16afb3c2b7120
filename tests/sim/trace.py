"""What happened, call by call, and one hash over all of it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One call: when, by whom, what, and what went wrong with it."""

    at: float
    task: str
    site: str
    fault: str


class Trace:
    """The entries of one run. The hash is the same for the same run in any process."""

    def __init__(self, start: float) -> None:
        self._start = start
        self._entries: list[tuple[float, str, str, str]] = []
        self._digest = hashlib.blake2b(digest_size=16)

    def add(self, at: float, task: str, site: str, fault: str = "") -> None:
        self._entries.append((at, task, site, fault))
        self._digest.update(f"{at:.6f}|{task}|{site}|{fault}\n".encode())

    @property
    def hash(self) -> str:
        return self._digest.hexdigest()

    def __len__(self) -> int:
        return len(self._entries)

    def lines(self) -> Iterator[str]:
        """The whole story, with seconds since it began."""
        for at, task, site, fault in self._entries:
            yield f"{at - self._start:11.3f}  {task:<34} {site}{'  !! ' + fault if fault else ''}"
