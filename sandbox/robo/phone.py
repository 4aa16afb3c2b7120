"""A phone: its owner puts it down and looks when it buzzes, or after a while."""

import threading

from sandbox.robo.line import Json
from sandbox.robo.pace import Pace

STEP = 1.0  # wall seconds after which whoever waits looks whether the play is over


class Phone:
    """What was pushed to one device. Safe to use from many threads."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._news: list[Json] = []
        self._buzz = threading.Condition()

    def push(self, message: Json) -> None:
        with self._buzz:
            self._news.append(message)
            self._buzz.notify_all()

    def wait(self, seconds: float) -> list[Json]:
        """What has come since the last look: at once if something has, else within the city time.

        Raises Over when the play ends.
        """
        ends = self._pace.now() + seconds
        while True:
            with self._buzz:
                left = self._pace.wall(ends - self._pace.now())
                if not self._news and left > 0:
                    self._buzz.wait(min(STEP, left))
                if self._news or self._pace.now() >= ends:
                    news, self._news = self._news, []
                    self._pace.rest(0)
                    return news
            self._pace.rest(0)
