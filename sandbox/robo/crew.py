"""Threads of actors: each named, each failure noted where it belongs, all gone at the end."""

import threading
from collections.abc import Callable

from sandbox.city.client import Refused
from sandbox.robo.line import Lost
from sandbox.robo.pace import Over
from sandbox.robo.story import Story
from sandbox.robo.tapping import Disagreed


class Crew:
    """Starts actors. One that fails notes it in its story, or in `trouble`."""

    def __init__(self) -> None:
        self.trouble: list[str] = []
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def go(self, name: str, act: Callable[[], None], story: Story | None = None) -> None:
        """Let an actor act, in a thread of its own."""

        def run() -> None:
            try:
                act()
            except Over:
                return
            except (Refused, Lost, Disagreed) as problem:
                note = story.trouble if story else self.trouble
                note.append(f"{name}: {problem}")

        thread = threading.Thread(target=run, name=name, daemon=True)
        with self._lock:
            self._threads.append(thread)
        thread.start()

    def wait(self, seconds: float) -> None:
        """Until everybody has gone, or so many wall seconds for each who has not."""
        for thread in list(self._threads):
            thread.join(seconds)
