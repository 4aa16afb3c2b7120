"""A courier's way, and what is reported of it."""

import json
import time
from collections.abc import Mapping
from typing import override

from sandbox.robo.caller import Caller
from sandbox.robo.ground import Ground, metres
from sandbox.robo.line import Line, Reply
from sandbox.robo.pace import Pace, seconds_of
from sandbox.robo.riding import Ride
from sandbox.robo.tally import Tally
from sandbox.stripe.clock import RateClock

SEOUL = Ground(126.98, 37.55)
START, END = SEOUL.place(0, 0), SEOUL.place(1_800, 0)


class Told(Pace):
    """A city whose time passes by being waited for."""

    def __init__(self) -> None:
        super().__init__(RateClock(time.time(), 60.0))
        self.time = 1_795_770_000.0

    @override
    def now(self) -> float:
        return self.time

    @override
    def wait(self, seconds: float) -> None:
        self.time += max(0.0, seconds)


class Heard(Line):
    """Keeps what is posted."""

    def __init__(self, status: int = 200) -> None:
        super().__init__("http://127.0.0.1:1")
        self.bodies: list[dict[str, object]] = []
        self.status = status

    @override
    def ask(
        self, method: str, path: str, content: bytes, headers: Mapping[str, str], timeout: float
    ) -> Reply:
        self.bodies.append(json.loads(content))
        return Reply(self.status, {}, '{"code": "off_duty"}')


def ride(line: Line, pace: Pace) -> Ride:
    return Ride(Caller(line, pace, Tally()), pace, "seoul", at=START, speed=6.0)


def test_a_way_takes_as_long_as_its_length_at_that_speed() -> None:
    pace = Told()
    began = pace.now()

    ride(Heard(), pace).to(END)

    assert round(pace.now() - began) == 300


def test_positions_come_in_batches_once_a_minute_in_the_order_of_their_time() -> None:
    pace, line = Told(), Heard()

    ride(line, pace).to(END)

    sequences = [body["sequence"] for body in line.bodies]
    moments = [seconds_of(point["at"]) for body in line.bodies for point in body["points"]]  # type: ignore[attr-defined]  # JSON
    assert 4 <= len(line.bodies) <= 5
    assert sequences == sorted(set(sequences), key=str)
    assert moments == sorted(moments)
    assert len(moments) >= 16


def test_what_is_reported_lies_on_the_straight_way() -> None:
    pace, line = Told(), Heard()

    ride(line, pace).to(END)

    places = [point["location"]["coordinates"] for body in line.bodies for point in body["points"]]  # type: ignore[attr-defined]  # JSON
    detours = [metres(START, place) + metres(place, END) - metres(START, END) for place in places]
    assert max(detours) < 1


def test_a_silent_courier_reports_nothing() -> None:
    pace, line = Told(), Heard()
    silent = ride(line, pace)
    silent.silent = True

    silent.to(END)

    assert line.bodies == []
    assert silent.at == END


def test_who_is_off_duty_by_now_rides_on_all_the_same() -> None:
    pace, line = Told(), Heard(409)
    rider = ride(line, pace)

    rider.to(END)

    assert rider.at == END


def test_nobody_rides_on_before_they_may_leave() -> None:
    pace = Told()
    rider = ride(Heard(), pace)
    rider.leave_at = pace.now() + 120
    began = pace.now()

    rider.to(END)

    assert round(pace.now() - began) == 420
