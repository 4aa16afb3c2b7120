"""Threads of actors: each named, each failure noted where it belongs."""

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

        threading.Thread(target=run, name=name, daemon=True).start()
