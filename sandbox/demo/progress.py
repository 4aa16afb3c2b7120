"""How far the play is: a bar on a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import TextIO

from sandbox.demo.figures import MINUTE, percentile
from sandbox.demo.plan import SEOUL
from sandbox.demo.play import Play

WIDTH = 24
ON_A_TERMINAL, ELSEWHERE = 0.5, 10.0


class Progress:
    """Call it as often as one likes: it writes as often as makes sense."""

    def __init__(
        self, play: Play, out: TextIO, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._play = play
        self._out = out
        self._now = now
        self._live = out.isatty()
        self._last = -ELSEWHERE

    def __call__(self) -> None:
        pause = ON_A_TERMINAL if self._live else ELSEWHERE
        if self._now() - self._last >= pause:
            self._last = self._now()
            self._write(line(self._play))

    def finish(self) -> None:
        """The last line stays."""
        self._write(line(self._play))
        if self._live:
            self._out.write("\n")

    def _write(self, text: str) -> None:
        self._out.write(f"\r\033[K{text}" if self._live else f"{text}\n")
        self._out.flush()


def line(play: Play) -> str:
    """One line: the bar, the city's time, who is where, how the machine fares."""
    stories = play.stories
    ended = sum(story.done for story in stories)
    placed = sum(bool(story.order_id) for story in stories)
    done = round(WIDTH * ended / max(1, len(stories)))
    time_there = datetime.fromtimestamp(play.pace.now(), SEOUL).strftime("%H:%M")
    lag = percentile(play.lags(), 99) / MINUTE
    return (
        f"[{'#' * done}{'.' * (WIDTH - done)}] {time_there}  {placed} placed, {ended} of "
        f"{len(stories)} ended  {play.tally.calls} calls, {play.mail.heard.count} webhooks, "
        f"{play.pushes.count} pushes  lag p99 {lag:.2f} min  {play.tally.retries} retries"
    )
