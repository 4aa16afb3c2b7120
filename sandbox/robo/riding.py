"""A courier's way through the city: straight lines at one speed, and the positions on them."""

import time

from sandbox.city.client import Refused
from sandbox.robo.caller import Caller
from sandbox.robo.ground import Corner, between, metres, point
from sandbox.robo.pace import Pace, moment_of
from sandbox.robo.tapping import is_over

BATCH = 60.0  # city seconds between two reports while on a job
POINT = 15.0  # city seconds between two points of a report
IDLE = 230.0  # city seconds between two reports while waiting for an offer: 300 is silence


class Ride:
    """Where a courier is. While `silent` nothing is reported.

    Nobody rides on before `leave_at`: what keeps a courier at a door keeps no phone from ringing.
    """

    def __init__(self, track: Caller, pace: Pace, zone: str, *, at: Corner, speed: float) -> None:
        self.at = at
        self.silent = False
        self.leave_at = 0.0
        self._track = track
        self._pace = pace
        self._zone = zone
        self._speed = speed
        self._reported = pace.now()
        self._sequence = int(time.time())

    def to(self, place: Corner) -> None:
        """Ride there in a straight line, reporting on the way."""
        self.stay(self.leave_at - self._pace.now())
        start, began = self.at, self._pace.now()
        needs = metres(start, place) / self._speed
        while (gone := self._pace.now() - began) < needs:
            self._pace.wait(min(BATCH, needs - gone))
            now = self._pace.now()
            self.at = between(start, place, (now - began) / needs)
            if now - self._reported >= BATCH:
                first = max(self._reported, began, now - 20 * POINT)
                moments = _moments(first, now)
                self._report([(between(start, place, (at - began) / needs), at) for at in moments])
        self.at = place

    def stay(self, seconds: float) -> None:
        """Be here for so many city seconds, reporting that one is."""
        ends = self._pace.now() + seconds
        while (left := ends - self._pace.now()) > 0:
            self._pace.wait(min(BATCH, left))
            self.report_if_due(BATCH)

    def report_if_due(self, every: float = IDLE) -> None:
        """Report this place, unless it has been reported within so many city seconds."""
        now = self._pace.now()
        if now - self._reported >= every:
            self._report([(self.at, now)])

    def _report(self, places: list[tuple[Corner, float]]) -> None:
        self._reported = self._pace.now()
        if self.silent:
            return
        self._sequence += 1
        points = [{"location": point(place), "at": moment_of(at)} for place, at in places]
        body = {"zone": self._zone, "sequence": self._sequence, "points": points}
        try:
            self._track.post("/v1/positions", body)
        except Refused as refused:
            if not is_over(refused):
                raise


def _moments(first: float, last: float) -> list[float]:
    """Moments of a report, the last of them now."""
    count = max(1, min(20, int((last - first) / POINT)))
    return [last - POINT * number for number in reversed(range(count))]
