"""A courier: on shift, waiting for offers, riding in straight lines, ringing at doors."""

import random
from dataclasses import dataclass

from sandbox.city.client import Refused
from sandbox.robo.caller import Caller
from sandbox.robo.ground import Corner, point
from sandbox.robo.job import Job, go_round
from sandbox.robo.line import Json
from sandbox.robo.pace import Pace
from sandbox.robo.phone import Phone
from sandbox.robo.riding import IDLE, Ride
from sandbox.robo.story import Street
from sandbox.robo.tapping import is_over, tap

LOOKS = 600.0  # city seconds between two looks at the list of offers, where no push calls earlier
THINKS = (2.0, 8.0)
DECLINES = 0.03
OFFERED = "delivery.offered"


@dataclass(frozen=True)
class Rider:
    """Who a courier is, and their shift: city seconds after the play begins.

    `speed` is in metres per city second; `service` the city seconds that each end of a ride takes.
    """

    email: str
    name: str
    vehicle: str
    speed: float
    start: Corner
    on: float
    off: float
    service: float


class Courier:
    """One rider with a phone. `work` is a shift. Positions go to `track`, all else to `api`."""

    def __init__(
        self,
        rider: Rider,
        zone: str,
        *,
        api: Caller,
        track: Caller,
        phone: Phone,
        street: Street,
        pace: Pace,
        draw: random.Random,
    ) -> None:
        self._rider = rider
        self._zone = zone
        self._api = api
        self._phone = phone
        self._street = street
        self._pace = pace
        self._draw = draw
        self._known: set[str] = set()
        self._ride = Ride(track, pace, zone, at=rider.start, speed=rider.speed)

    def work(self, begins: float) -> None:
        """A shift that begins now, to its end. Raises Over, Refused or Lost."""
        rider = self._rider
        profile = {"given_name": rider.name, "vehicle": rider.vehicle}
        self._api.call("PUT", "/v1/courier", profile)
        where = {"zone": self._zone, "vehicle": rider.vehicle, "location": point(rider.start)}
        self._api.post("/v1/duty/start", where)
        ends, looked = begins + rider.off, self._pace.now()
        while self._pace.now() < ends:
            news = self._phone.wait(min(IDLE, max(1.0, ends - self._pace.now())))
            offers = [offer for one in self._new(news) if (offer := self._view(one))]
            if not offers and self._pace.now() - looked > LOOKS:
                looked = self._pace.now()
                offers = self._api.get("/v1/offers")["items"]
                self._known.update(offer["id"] for offer in offers)
            for offer in offers:
                self._consider(offer)
            self._ride.report_if_due()
        self._api.post("/v1/duty/end")

    def _new(self, news: list[Json]) -> list[str]:
        """The offers that pushes tell of, each once: a push may come twice."""
        told = [one["data"] for one in news if one["data"].get("type") == OFFERED]
        offers = [str(data["offer_id"]) for data in told]
        fresh = [offer for offer in dict.fromkeys(offers) if offer not in self._known]
        self._known.update(fresh)
        return fresh

    def _view(self, offer_id: str) -> Json | None:
        try:
            return self._api.post(f"/v1/offers/{offer_id}/view")
        except Refused as refused:
            if is_over(refused):
                return None
            raise

    def _consider(self, offer: Json) -> None:
        self._pace.wait(self._draw.uniform(*THINKS))
        shunned = self._street.is_shunned(offer["pickup"]["store_id"])
        try:
            if shunned or self._draw.random() < DECLINES:
                tap(self._api, f"/v1/offers/{offer['id']}/decline")
                return
            twice = self._draw.random() < DECLINES
            delivery = tap(self._api, f"/v1/offers/{offer['id']}/accept", twice=twice)
        except Refused as refused:
            if is_over(refused):
                return
            raise
        with self._street.ride():
            go_round(self._jobs(offer, delivery), self._ride, self._rider.service)

    def _jobs(self, offer: Json, first: Json) -> list[Job]:
        """All that was accepted, in the order of its doors."""
        others = [one["delivery_id"] for one in offer.get("stops", ())[1:]]
        deliveries = [first, *(self._api.get(f"/v1/deliveries/{one}") for one in others)]
        return [self._job(delivery) for delivery in deliveries]

    def _job(self, delivery: Json) -> Job:
        return Job(
            delivery,
            self._rider.service,
            api=self._api,
            phone=self._phone,
            ride=self._ride,
            street=self._street,
            pace=self._pace,
            draw=self._draw,
        )
