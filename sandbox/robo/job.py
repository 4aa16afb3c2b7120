"""Deliveries in a courier's hands, from the accepted offer to the doors, or back."""

import random
from collections.abc import Callable, Sequence

from sandbox.city.client import Refused
from sandbox.robo.caller import Caller
from sandbox.robo.ground import Corner
from sandbox.robo.line import Json
from sandbox.robo.pace import Pace
from sandbox.robo.phone import Phone
from sandbox.robo.riding import BATCH, Ride
from sandbox.robo.scripts import Script
from sandbox.robo.story import Story, Street
from sandbox.robo.tapping import is_over, tap

LOOKS_ROUND = 10.0  # city seconds between two glances at the counter
ASKS = 240.0  # city seconds between two looks at the app, where no push calls earlier
SILENCE = 900.0
DEAD = frozenset({"CANCELLED", "REJECTED"})


class Lapsed(Exception):  # noqa: N818 - it names what happened
    """The delivery is no longer this courier's."""


class Job:
    """What a courier does with a delivery. A step raises Lapsed where it is not theirs any more."""

    def __init__(
        self,
        delivery: Json,
        service: float,
        *,
        api: Caller,
        phone: Phone,
        ride: Ride,
        street: Street,
        pace: Pace,
        draw: random.Random,
    ) -> None:
        self._delivery = delivery
        self._service = service
        self._api = api
        self._phone = phone
        self._ride = ride
        self._pace = pace
        self._draw = draw
        self._story: Story | None = street.story(str(delivery["order_id"]))

    @property
    def store(self) -> Corner:
        return _corner(self._delivery["pickup"]["location"])

    def set_off(self) -> None:
        """Be on the way to the store."""
        self._tell("heading-to-store")
        if self._is(Script.SILENT_COURIER) and self._first("silent"):
            self._fall_silent()

    def arrive(self) -> None:
        """Be at the store."""
        self._tell("arrived-at-store")

    def fetch(self) -> None:
        """Wait for it, and take it."""
        self._wait_for_the_bag()
        self._tell("picked-up")

    def bring(self) -> None:
        """To its door, from wherever one is."""
        self._tell("heading-to-customer")
        self._ride.to(_corner(self._delivery["drop_off"]["location"]))
        self._tell("arrived-at-customer")
        self._ride.stay(self._service / 2)
        self._at_the_door()
        self._ride.leave_at = self._pace.now() + self._service / 2

    @property
    def _path(self) -> str:
        return f"/v1/deliveries/{self._delivery['id']}"

    def _is(self, script: Script) -> bool:
        return self._story is not None and self._story.wish.script is script

    def _first(self, what: str) -> bool:
        """Whether this has not happened to the order before."""
        assert self._story is not None
        if what in self._story.happened:
            return False
        self._story.happened.add(what)
        return True

    def _tell(self, step: str, body: Json | None = None) -> None:
        twice = self._story is not None and self._story.twice
        try:
            answer = tap(self._api, f"{self._path}/{step}", body, twice=twice)
        except Refused as refused:
            if not is_over(refused):
                raise
            before = self._delivery["status"]
            if self._is_dead():
                raise Lapsed from refused
            if self._delivery["status"] == before:
                raise
            self._note(f"{step} was refused, and yet done: {refused}")
            return
        self._delivery |= {name: value for name, value in answer.items() if value is not None}
        if self._delivery["status"] in DEAD:
            raise Lapsed

    def _note(self, oddity: str) -> None:
        """What should not be, though the courier can go on."""
        if self._story is not None:
            self._story.oddities.append(oddity)

    def _is_dead(self) -> bool:
        self._delivery |= self._api.get(self._path)
        return self._delivery["status"] in DEAD

    def _fall_silent(self) -> None:
        """The phone is dead. When it is back, another has most likely been sent."""
        self._ride.silent = True
        self._pace.wait(SILENCE)
        self._ride.silent = False
        self._ride.report_if_due(0)
        if self._is_dead():
            raise Lapsed

    def _wait_for_the_bag(self) -> None:
        asked = self._pace.now()
        while self._story is not None and not self._story.bag.is_set():
            news = self._phone.wait(LOOKS_ROUND)
            self._ride.report_if_due(BATCH)
            if news or self._pace.now() - asked > ASKS:
                asked = self._pace.now()
                if self._is_dead():
                    raise Lapsed

    def _at_the_door(self) -> None:
        if self._is(Script.UNDELIVERABLE):
            self._tell("undeliverable", {"code": "customer_absent"})
            self._ride.to(_corner(self._delivery["pickup"]["location"]))
            self._tell("returned")
            return
        if self._story is None:
            self._tell("delivered", {})
            return
        pin = self._story.pin()
        if self._is(Script.WRONG_PIN) and self._first("wrong PIN"):
            self._mishear(pin)
        self._tell(
            "delivered", {"pin": pin, "age_checked": bool(self._delivery.get("minimum_age"))}
        )

    def _mishear(self, pin: str) -> None:
        wrong = f"{(int(pin or 0) + 1) % 10_000:04d}"
        try:
            self._api.post(f"{self._path}/delivered", {"pin": wrong})
        except Refused as refused:
            if refused.code != "wrong_pin":
                raise
            self._pace.wait(self._draw.uniform(10, 30))


def go_round(jobs: Sequence[Job], ride: Ride, service: float) -> None:
    """Fetch them all, bring one after the other; what is taken away meanwhile is left out."""
    left = _each(jobs, Job.set_off)
    if left:
        ride.to(left[0].store)
    left = _each(left, Job.arrive)
    if left:
        ride.stay(service / 2)
    left = _each(left, Job.fetch)
    if left:
        ride.stay(service / 2)
    _each(left, Job.bring)


def _each(jobs: Sequence[Job], step: Callable[[Job], None]) -> list[Job]:
    """Those for which the step could be taken."""
    left = []
    for job in jobs:
        try:
            step(job)
        except Lapsed:
            continue
        left.append(job)
    return left


def _corner(location: Json) -> Corner:
    lon, lat = location["coordinates"]
    return (float(lon), float(lat))
