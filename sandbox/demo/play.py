"""The play itself: everybody in their places, the first click to the last end."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from sandbox import people
from sandbox.city.record import Record
from sandbox.demo import rehearsal
from sandbox.demo.plan import Plan
from sandbox.robo import photographer, signing_in, till_kitchen
from sandbox.robo.caller import Caller
from sandbox.robo.courier import Courier, Rider
from sandbox.robo.crew import Crew
from sandbox.robo.customer import Customer
from sandbox.robo.desk import Desk
from sandbox.robo.kitchen import Kitchen
from sandbox.robo.line import Line
from sandbox.robo.mail import Mail
from sandbox.robo.pace import Pace
from sandbox.robo.paying import Purse
from sandbox.robo.pushes import Pushes
from sandbox.robo.story import Story, Street
from sandbox.robo.tally import Tally
from sandbox.robo.till_kitchen import TillKitchen
from sandbox.running import Sandbox
from sandbox.till.api import Api
from sandbox.till.till import Till

AT_ONCE = 3  # requests of all actors together: more would make the cloud start more workers
BEFOREHAND = 20.0  # city seconds between the couriers' and the first customer's beginning
LONGEST = 2 * 3600.0  # city seconds after the last click, in which every order must have ended
PUBLISHABLE = "pk_test_ieum_sandbox"
LOOK = 0.25
PICTURES, HUES = 3, 50


@dataclass
class Play:
    """One play on a running sandbox. `run` returns when every order has ended."""

    box: Sandbox
    plan: Plan
    pace: Pace
    record: Record
    seed: int
    tally: Tally = field(default_factory=Tally)
    stripe_tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        box = self.box
        self.begins = 0.0
        self.crew = Crew()
        self.rehearsed = [Story(wish) for wish in rehearsal.quick(self.plan.wishes)]
        self.stories = [Story(wish) for wish in self.plan.wishes]
        self.street = Street()
        self.by_till = till_kitchen.store_of(self.plan.wishes)
        self.till: TillKitchen | None = None
        self.api = Line(box.api, most=AT_ONCE)
        self.track = Line(box.track, most=2)
        self.stripe = Line(box.stripe, most=4)
        self._badges: dict[str, signing_in.Badge] = {}
        self.pushes = Pushes(Line(box.push, most=len(self.plan.wishes) + 200), self.pace, self.crew)
        self.cognito = Line(box.cloud.endpoint, most=2)
        self.mail = Mail(Line(box.receiver, most=2), self._kitchens(), self.street, self.pace)

    def run(
        self,
        watch: Callable[[], None] = lambda: None,
        *,
        enough: Callable[[], bool] = lambda: False,
    ) -> None:
        """Play until all has ended, or it is `enough`. `watch` is called now and then."""
        self.crew.go("mail", self.mail.read)
        if self.till:
            self.crew.go("till", self.till.work)
        self._rehearse()
        self.crew.go("pictures", self._hang_pictures)
        begins = self.begins = self.pace.now() + BEFOREHAND
        for rider in self.plan.riders:
            self.crew.go(rider.email, partial(self._ride, rider, begins))
        self.crew.go("clicks", lambda: self._send_customers(begins))
        latest = begins + self.plan.span + LONGEST
        while not (self._is_over() or enough()) and self.pace.now() < latest:
            watch()
            threading.Event().wait(LOOK)
        watch()

    def _rehearse(self) -> None:
        """Let a few orders walk all the way; what they took does not count."""
        for story in self.rehearsed:
            self.crew.go(f"rehearsal {story.wish.number}", partial(self._live, story), story)
        until = time.monotonic() + rehearsal.LONGEST
        while not _over(self.rehearsed) and time.monotonic() < until:
            threading.Event().wait(LOOK)
        self.mail.heard.forget()
        self.pushes.forget()

    def _hang_pictures(self) -> None:
        """Some stores get a picture on their menu, while people order from it."""
        slugs = list(dict.fromkeys(wish.store for wish in self.plan.wishes))[:PICTURES]
        owner = self._person(people.OWNER.email)
        for number, slug in enumerate(slugs, start=1):
            menu = self.plan.quarter.store(slug).menu
            store_id = str(self.record.store(slug)["id"])
            photographer.hang(owner, self.pace, store_id, menu, HUES * number)

    def lags(self) -> list[float]:
        """City seconds from each event to whoever heard of it by webhook or push."""
        return [*self.mail.heard.lags, *self.pushes.lags]

    def _is_over(self) -> bool:
        carries = self.till is not None and self.till.is_carrying
        return _over([*self.rehearsed, *self.stories]) and not self.street.riding and not carries

    def _send_customers(self, begins: float) -> None:
        for story in sorted(self.stories, key=lambda one: one.wish.at):
            self.pace.wait_until(begins + story.wish.at)
            self.crew.go(f"customer {story.wish.number}", partial(self._live, story), story)

    def _ride(self, rider: Rider, begins: float) -> None:
        self.pace.wait_until(begins + rider.on)
        api = self._person(rider.email)
        courier = Courier(
            rider,
            self.plan.zone,
            api=api,
            track=self._person(rider.email, self.track),
            phone=self.pushes.phone(rider.email, api),
            street=self.street,
            pace=self.pace,
            draw=self._draw(rider.email),
        )
        courier.work(begins)

    def _live(self, story: Story) -> None:
        draw = self._draw(f"customer {story.wish.number}")
        stripe = Caller(self.stripe, self.pace, self.stripe_tally, token=lambda _: PUBLISHABLE)
        api = self._person(story.wish.customer)
        customer = Customer(
            story,
            str(self.record.store(story.wish.store)["id"]),
            api=api,
            purse=Purse(stripe, self.pace, draw, self._desk(story.wish.customer)),
            phone=self.pushes.phone(story.wish.customer, api),
            street=self.street,
            pace=self.pace,
            draw=draw,
        )
        customer.live()

    def _desk(self, email: str) -> Desk:
        """The operator, who helps this person."""
        badge = self._badge(email)
        return Desk(self._person(people.OPERATOR.email), lambda: signing_in.subject(badge()))

    def _kitchens(self) -> dict[str, Kitchen]:
        """Those that hear by webhook: all but the one whose till speaks Open Delivery."""
        kitchens = {}
        for slug in {wish.store for wish in self.plan.wishes}:
            known = self.record.store(slug)
            badge = signing_in.till(self.api, known["client_id"], known["client_secret"])
            till = Caller(self.api, self.pace, self.tally, token=badge)
            store_id = str(known["id"])
            kitchen = Kitchen(till, self.street, self.pace, self.crew, self._draw(slug))
            self.street.at_the_till(store_id, partial(kitchen.run_out, store_id))
            if slug == self.by_till:
                api = Api(
                    f"{self.box.api}/opendelivery", known["client_id"], known["client_secret"]
                )
                self.till = TillKitchen(
                    Till(api, parcels=till_kitchen.parcels_of(api, store_id, slug)),
                    self.street,
                    self.pace,
                    self._draw(slug),
                    till_kitchen.doors_of(self.plan.wishes, slug),
                )
            else:
                kitchens[store_id] = kitchen
        return kitchens

    def _person(self, email: str, line: Line | None = None) -> Caller:
        return Caller(line or self.api, self.pace, self.tally, token=self._badge(email))

    def _badge(self, email: str) -> signing_in.Badge:
        return self._badges.setdefault(
            email, signing_in.person(self.cognito, self.box.client_id, email)
        )

    def _draw(self, name: str) -> random.Random:
        return random.Random(f"{self.seed}:{name}")  # noqa: S311 - how people behave, no secret


def _over(stories: list[Story]) -> bool:
    return all(story.done or story.trouble for story in stories)
